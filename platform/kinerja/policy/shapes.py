"""Shapes: what a node of a rule file may look like. One description serves the checker and the published JSON Schema."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from ..core.errors import InputError
from ..core.numbers import parse_number
from ..core.periods import parse_date
from .diagnostics import Report
from .source import Entry, ListNode, MapNode, Node, Scalar

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")
RANGE = re.compile(r"\s*(?P<low>[+-]?[\d.]+)\s*\.\.\s*(?P<high>[+-]?[\d.]+)\s*\Z", re.ASCII)
_COMMA = re.compile(r"([+-]?\d+),(\d+)\Z", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(\.\d{3}){2,}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Text:
    """Any text; choices narrow it. longest: how many characters it may have (0: as the file). worded: it holds a letter."""

    choices: tuple[str, ...] = ()
    multiline: bool = False
    longest: int = 0
    worded: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """An identifier: lower-case letters, digits, underscores."""


@dataclass(frozen=True, slots=True)
class Number:
    integer: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """An ISO date."""


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false; `also` are words allowed besides."""

    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """low..high"""


@dataclass(frozen=True, slots=True)
class Plain:
    """Any plain value: text, number, list or mapping of those (a case's `given`)."""


@dataclass(frozen=True, slots=True)
class Empty:
    """A key without a value."""


@dataclass(frozen=True, slots=True)
class Key:
    shape: Shape
    doc: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys."""

    keys: Mapping[str, Key]
    title: str = ""


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping from free names (or plain keys) to one shape."""

    value: Shape
    key: Literal["name", "plain"] = "name"


@dataclass(frozen=True, slots=True)
class ListOf:
    item: Shape
    least: int = 0


@dataclass(frozen=True, slots=True)
class Either:
    """One of several shapes, told apart by the kind of node (scalar, list, mapping)."""

    options: tuple[Shape, ...] = field(default=())


Shape = Text | Name | Number | Day | Flag | Span | Plain | Empty | Record | MapOf | ListOf | Either

_EXPECTED: dict[type, tuple[str, str]] = {
    Text: ("teks", "text"),
    Name: ("nama", "a name"),
    Number: ("angka", "a number"),
    Day: ("tanggal", "a date"),
    Flag: ("true atau false", "true or false"),
    Span: ("rentang bawah..atas", "a range low..high"),
    Empty: ("kosong", "nothing"),
    Record: ("pasangan kunci: nilai", "key: value pairs"),
    MapOf: ("pasangan nama: nilai", "name: value pairs"),
    ListOf: ("daftar", "a list"),
    Plain: ("nilai", "a value"),
}


def validate(node: Node, shape: Shape, report: Report) -> bool:
    """Report every place where the node departs from the shape; True when it does not."""
    before = len(report)
    _check(node, shape, report)
    return not report.errors_since(before)


def _check(node: Node, shape: Shape, report: Report) -> None:
    match shape:
        case Plain():
            return
        case Either(options):
            _either(node, options, report)
        case Record(keys):
            if isinstance(node, MapNode):
                _record(node, keys, report)
            else:
                _wrong(node, shape, report)
        case MapOf(value, key):
            if not isinstance(node, MapNode):
                _wrong(node, shape, report)
                return
            for entry in node.entries:
                if key == "name" and not NAME.match(entry.key.text):
                    report.add("R023", entry.key.place, name=entry.key.text)
                _check(entry.value, value, report)
        case ListOf(item, least):
            if not isinstance(node, ListNode) or len(node.items) < least:
                _wrong(node, shape, report)
                return
            for child in node.items:
                _check(child, item, report)
        case _:
            if isinstance(node, Scalar):
                _scalar(node, shape, report)
            else:
                _wrong(node, shape, report)


def _either(node: Node, options: tuple[Shape, ...], report: Report) -> None:
    for option in options:
        if _fits_kind(node, option):
            _check(node, option, report)
            return
    expected = [_EXPECTED[type(option)] for option in options]
    report.add(
        "R006",
        node.place,
        expected_id=" atau ".join(words[0] for words in expected),
        expected_en=" or ".join(words[1] for words in expected),
    )


def _fits_kind(node: Node, shape: Shape) -> bool:
    if isinstance(node, MapNode):
        return isinstance(shape, Record | MapOf | Plain)
    if isinstance(node, ListNode):
        return isinstance(shape, ListOf | Plain)
    if node.is_null:
        return isinstance(shape, Empty | Plain)
    return not isinstance(shape, Record | MapOf | ListOf | Empty)


def _record(node: MapNode, keys: Mapping[str, Key], report: Report) -> None:
    for entry in node.entries:
        key = keys.get(entry.key.text)
        if key is None and _cut_by_comma(entry):
            report.add("R017", entry.key.place, text=entry.key.text)
        elif key is None:
            report.add("R004", entry.key.place, near=(entry.key.text, keys), key=entry.key.text, known=", ".join(keys))
        elif entry.key.text == "authority" and key.required and _is_empty(entry.value):
            report.add("R050", entry.key.place)
        else:
            _check(entry.value, key.shape, report)
    present = {entry.key.text for entry in node.entries}
    for name, key in keys.items():
        if key.required and name not in present:
            code = "R050" if name == "authority" else "R005"
            report.add(code, node.place, key=name, doc=key.doc)


def _is_empty(node: Node) -> bool:
    return (isinstance(node, ListNode) and not node.items) or (isinstance(node, Scalar) and node.is_null)


def _cut_by_comma(entry: Entry) -> bool:
    """{note: first, second} reads as a note "first" and a key "second" without a colon."""
    key, value = entry.key, entry.value
    return isinstance(value, Scalar) and value.is_null and value.place.column == key.place.column + len(key.text)


def _wrong(node: Node, shape: Shape, report: Report) -> None:
    expected_id, expected_en = _EXPECTED[type(shape)]
    report.add("R006", node.place, expected_id=expected_id, expected_en=expected_en)


def _scalar(node: Scalar, shape: Shape, report: Report) -> None:
    if node.is_null and not isinstance(shape, Empty):
        _wrong(node, shape, report)
        return
    match shape:
        case Text(choices) if choices and node.text not in choices:
            report.add("R013", node.place, near=(node.text, choices), text=node.text[:40], known=", ".join(choices))
        case Text(longest=longest, worded=worded):
            _prose(node, longest, worded, report)
        case Name() if not NAME.match(node.text):
            report.add("R023", node.place, name=node.text)
        case Number(integer):
            value = number(node, report)
            if integer and value is not None and value.denominator != 1:
                report.add("R010", node.place, text=node.text)
        case Day():
            day(node, report)
        case Flag(also) if node.text not in ("true", "false", *also):
            report.add("R013", node.place, text=node.text, known=", ".join(("true", "false", *also)))
        case Span():
            span(node, report)
        case Empty():
            if not node.is_null:
                _wrong(node, shape, report)
        case _:
            pass


def _prose(node: Scalar, longest: int, worded: bool, report: Report) -> None:
    if longest and len(node.text) > longest:
        report.add("R018", node.place, why_id=f"{len(node.text)} huruf", why_en=f"{len(node.text)} characters",
                   expected_id=f"paling banyak {longest} huruf", expected_en=f"at most {longest} characters")  # fmt: skip
    if worded and not any(character.isalpha() for character in node.text):
        report.add("R018", node.place, why_id="tanpa kata", why_en="it has no word",
                   expected_id="kata-kata", expected_en="words")  # fmt: skip


# ── reading scalars ───────────────────────────────────────────────────────────────────────────────────────────────────
def number(node: Node | None, report: Report | None = None) -> Fraction | None:
    """The exact number of a scalar; None (and a diagnostic) when it is none. Decimal commas and grouping points are named."""
    if not isinstance(node, Scalar):
        return None
    try:
        return parse_number(node.text.strip())
    except InputError:
        if report is not None:
            report_number(node.text.strip(), node, report)
        return None


def report_number(text: str, node: Scalar, report: Report) -> None:
    comma = _COMMA.match(text)
    if comma:
        first, second = comma.groups()
        report.add("R011", node.place, first=first, second=second, point=f"{first}.{second}")
    elif _GROUPED.match(text):
        report.add("R015", node.place, text=text, plain=text.replace(".", ""))
    else:
        report.add("R010", node.place, text=text[:40])


def day(node: Node | None, report: Report | None = None) -> date | None:
    if not isinstance(node, Scalar):
        return None
    try:
        return parse_date(node.text)
    except InputError:
        if report is not None:
            report.add("R012", node.place, text=node.text[:40])
        return None


def span(node: Node | None, report: Report | None = None) -> tuple[Fraction, Fraction] | None:
    if not isinstance(node, Scalar):
        return None
    found = RANGE.match(node.text)
    try:
        if found:
            low, high = parse_number(found["low"]), parse_number(found["high"])
            if low <= high:
                return low, high
    except InputError:
        pass
    if report is not None:
        report.add("R014", node.place, text=node.text[:40])
    return None


def text(node: Node | None, default: str = "") -> str:
    return node.text.strip() if isinstance(node, Scalar) and not node.is_null else default


def flag(node: Node | None) -> bool:
    return isinstance(node, Scalar) and node.text == "true"


def texts(node: Node | None) -> tuple[str, ...]:
    return tuple(text(item) for item in node.items if isinstance(item, Scalar)) if isinstance(node, ListNode) else ()


def plain(node: Node) -> Any:
    """A node as plain values: plain scalars become numbers, true, false, null where they read so; quoted ones stay text."""
    if isinstance(node, MapNode):
        return {entry.key.text: plain(entry.value) for entry in node.entries}
    if isinstance(node, ListNode):
        return [plain(item) for item in node.items]
    if node.is_null:
        return None
    if node.style == "plain":
        if node.text in ("true", "false"):
            return node.text == "true"
        try:
            return parse_number(node.text)
        except InputError:
            pass
    return node.text
