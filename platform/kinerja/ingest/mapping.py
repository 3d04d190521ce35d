"""The map of an event log: which column means what, how its times are read and shifted, and what the log does not know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

from ..core.errors import InputError, Place
from ..core.periods import Period
from .timestamps import Parser, parser, zone
from .yamlfile import Block, Scalar, Sequence, Value, fault, load_block

PlainFact = Fraction | str | bool | None | tuple["PlainFact", ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """Column names of the file. service: None when the log holds one service only (then EventMap.service names it)."""

    request: str
    officer: str
    started: str
    finished: str
    due: str
    service: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        names = (self.request, self.officer, self.started, self.finished, self.due)
        return (*names, self.service) if self.service else names


@dataclass(frozen=True, slots=True)
class AssumedFact:
    """A fact of the case that the log lacks. value: of the vocabulary's type. text, reason: as letters print them."""

    value: PlainFact
    text: str
    reason: str
    place: Place


@dataclass(frozen=True, slots=True)
class EventMap:
    """columns, delimiter, parse: how rows are read. shift: added to every instant, a constant, so that durations and the order of
    instants stay as they were. period: the evaluation period the log is declared to be. unit, position: codes for the officers, who
    become employees when they have minimum_finished finished requests or more. no_letter: exact account name → reason; such
    accounts are measured like the others. assumptions: name of a fact of `kasus` → what is assumed."""

    title: str
    source: str
    columns: Columns
    delimiter: str
    parse: Parser
    shift: timedelta
    period: Period
    service: str
    unit: str
    position: str
    minimum_finished: int
    no_letter: Mapping[str, str]
    assumptions: Mapping[str, AssumedFact]
    place: Place


def load_map(path: Path) -> EventMap:
    """Read a mapping file; raise InputError with file, line and remedy at its first error."""
    top = load_block(path)
    columns = _columns(top.block("columns"))
    service = top.optional("service")
    if (service is None) == (columns.service is None):
        raise fault(
            top.place,
            "jenis layanan harus dari tepat satu tempat",
            "the service must come from exactly one place",
            "tulis columns.service: (nama kolom) atau service: (satu nama), bukan keduanya",
            "write columns.service: (a column) or service: (one name), not both",
        )
    employee = top.block("employee")
    result = EventMap(
        title=top.scalar("title").text(),
        source=top.scalar("source").text(),
        columns=columns,
        delimiter=_delimiter(top.optional("delimiter")),
        parse=_parser(top.block("timestamps")),
        shift=_shift(top.optional_block("shift")),
        period=_period(top.block("period")),
        service=service.text() if service else "",
        unit=employee.scalar("unit").text(),
        position=employee.scalar("position").text(),
        minimum_finished=employee.scalar("minimum_finished").whole(1, 100_000),
        no_letter=_no_letter(top.sequence("no_letter")),
        assumptions=_assumptions(top.optional_block("assumptions")),
        place=Place(str(path)),
    )
    employee.done()
    top.done()
    return result


def _columns(block: Block) -> Columns:
    service = block.optional("service")
    texts = {key: block.scalar(key).text() for key in ("request", "officer", "started", "finished", "due")}
    block.done()
    if len(set(texts.values())) != len(texts):
        raise fault(
            block.place,
            "satu kolom dipakai untuk dua hal",
            "one column is used for two things",
            "beri setiap hal kolomnya sendiri",
            "give each its own column",
        )
    return Columns(**texts, service=service.text() if service else None)


def _delimiter(scalar: Scalar | None) -> str:
    if scalar is None:
        return ","
    if scalar.raw not in (",", ";", "\t", "|"):
        raise fault(
            scalar.place,
            f"pemisah “{scalar.raw}” tidak dikenal",
            f'unknown delimiter "{scalar.raw}"',
            'pakai ",", ";", "|" atau "\\t"',
            'use ",", ";", "|" or "\\t"',
        )
    return scalar.raw


def _parser(block: Block) -> Parser:
    pattern, offset = block.scalar("format"), block.scalar("zone")
    block.done()
    try:
        default = None if offset.text() == "in_file" else zone(offset.text())
    except ValueError as error:
        raise fault(
            offset.place,
            f"zona “{offset.raw}” tidak dikenal",
            f'unknown zone "{offset.raw}"',
            "tulis in_file, WIB, WITA, WIT, UTC atau selisih seperti +07:00",
            "write in_file, WIB, WITA, WIT, UTC or an offset such as +07:00",
        ) from error
    try:
        return parser(pattern.text(), default)
    except ValueError as error:
        raise fault(
            pattern.place,
            f"pola waktu “{pattern.raw}” tidak dikenal",
            f'unknown time format "{pattern.raw}"',
            "tulis iso, atau pola dari %d %m %Y %H %M %S %f %z",
            "write iso, or a pattern of %d %m %Y %H %M %S %f %z",
        ) from error


def _shift(block: Block | None) -> timedelta:
    if block is None:
        return timedelta(0)
    # Whole weeks: a Monday stays a Monday, so waits over week ends keep their meaning.
    weeks = block.scalar("weeks").whole(-5200, 5200)
    block.scalar("reason").text()
    block.done()
    return timedelta(weeks=weeks)


def _period(block: Block) -> Period:
    first, last = block.scalar("from").day(), block.scalar("to").day()
    block.done()
    try:
        return Period(first, last)
    except InputError as error:
        raise fault(block.place, error.text_id, error.text_en, "tukar from dan to", "swap from and to") from error


def _no_letter(sequence: Sequence) -> dict[str, str]:
    accounts: dict[str, str] = {}
    for item in sequence.items:
        if not isinstance(item, Block):
            raise fault(
                item.place,
                "akun tanpa alasan",
                "account without a reason",
                "tulis {account: …, reason: …}",
                "write {account, reason}",
            )
        name = item.scalar("account").text()
        if name in accounts:
            raise fault(item.place, f"akun “{name}” ditulis dua kali", f'account "{name}" twice', "hapus salah satu", "remove one")
        accounts[name] = item.scalar("reason").text()
        item.done()
    return accounts


def _assumptions(block: Block | None) -> dict[str, AssumedFact]:
    facts: dict[str, AssumedFact] = {}
    for name in block.entries if block else ():
        assert block is not None
        entry = block.block(name)
        value = entry.get("value")
        if value is None:
            raise fault(entry.place, f"“{name}” tanpa value", f'"{name}" has no value', "tambahkan value:", "add value:")
        facts[name] = AssumedFact(_fact(value), entry.scalar("text").text(), entry.scalar("reason").text(), entry.place)
        entry.done()
    return facts


def _fact(value: Value) -> PlainFact:
    """Quoted: text. Unquoted: null, true, false, a number, or else text. Lists of those."""
    if isinstance(value, Sequence):
        return tuple(_fact(item) for item in value.items)
    if isinstance(value, Block):
        raise fault(
            value.place, "bukan nilai fakta", "not the value of a fact", "tulis nilai atau daftar", "write a value or a list"
        )
    if value.is_null:
        return None
    if not value.quoted and value.raw in ("true", "false"):
        return value.raw == "true"
    if not value.quoted and value.raw[:1] in "+-.0123456789":
        return value.number()
    return value.text()
