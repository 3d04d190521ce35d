"""What a letter says, as frozen values: the contract between the services that fill letters and the templates that print them.

Facts and figures only. The prose of a letter (Menimbang, KESATU …) stands in its template, where HR edits it; these
dataclasses carry what differs from letter to letter. `plain` turns any of them into the JSON-able content that
`render_pdf` takes and that the register keeps, so that a letter can be printed again, byte for byte.

Numbers are Fraction or int (exact), dates are `datetime.date`; templates print them with the filters `angka`, `rupiah`
and `tanggal`. None means "there is none": every template prints a sensible line, or leaves the part out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from ..core.numbers import display_text
from ..core.periods import Period

Number = Fraction | int


# ── parts that several letters share ──────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Letterhead:
    """government: "Pemerintah Kota Kotalama"; agency: full name of the unit, "" for the mayor's own letters. Capitals are set
    by the template. contact: telephone, e-mail, web in one line."""

    government: str
    agency: str
    address: str = ""
    contact: str = ""
    city: str = "Kotalama"


@dataclass(frozen=True, slots=True)
class Person:
    """One civil servant as letters name them. nip: 18 digits as text, "" where a log knows no NIP (real input).
    rank: "Penata Muda Tk. I, III/b" or ""."""

    name: str
    nip: str = ""
    rank: str = ""
    position: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Signatory:
    """title: as printed above the signature, "Kepala Dinas …". acting: "", "Plt." or "Plh.", printed before the title."""

    title: str
    name: str
    nip: str = ""
    rank: str = ""
    acting: str = ""


@dataclass(frozen=True, slots=True)
class Assumption:
    """A fact that the record lacks and the map of the import supplies; printed in a box headed ASUMSI.

    fact: "Perilaku kerja", value: "Sesuai ekspektasi", reason: why this value."""

    fact: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Basis:
    """One legal basis of Mengingat, or of a reason. status: verified, recalled or policy (see core.findings.Citation)."""

    instrument: str
    part: str = ""
    status: str = "policy"


@dataclass(frozen=True, slots=True)
class Provenance:
    """How anyone can check the letter. release: fingerprint of the rule set (hex). ledger_head: hash of the ledger at issue (hex).
    verify_url: address with a token of 128 bits or more, printed as QR; None prints none."""

    release: str
    ledger_head: str = ""
    release_title: str = ""
    verify_url: str | None = None


ANNEX_PART = 250
"""Rows of an annex in one table: laying out a table takes more than twice the time for twice the rows."""


def annex_parts(rows: list[Any]) -> list[dict[str, Any]]:
    """Rows of an annex as tables of ANNEX_PART rows: {first: number of the first row, rows}; one empty table of no rows."""
    return [{"first": first + 1, "rows": rows[first : first + ANNEX_PART]} for first in range(0, max(len(rows), 1), ANNEX_PART)]


RANKS = ("UUD", "UU", "Perppu", "PP", "Perpres", "Permen", "Peraturan", "Perda", "Perwali", "Kepmen", "Kepwal", "SE")
"""Short names of instruments by rank, as Mengingat lists them."""

NUMBERED = re.compile(r"(\d+)\S*/(\d{4})")


def mengingat(basis: Iterable[Basis]) -> tuple[list[Basis], list[str]]:
    """Laws, each once, by rank and year; and what is no law (a city's policy, a published table), for Memperhatikan."""
    once = {item.instrument: item for item in basis}
    laws = [item for item in once.values() if _rank(item) < len(RANKS)]
    return sorted(laws, key=lambda item: (_rank(item), *_year_and_number(item))), [
        name for name, item in once.items() if _rank(item) == len(RANKS)
    ]


def _rank(basis: Basis) -> int:
    return next((rank for rank, head in enumerate(RANKS) if basis.instrument.startswith(head)), len(RANKS))


def _year_and_number(basis: Basis) -> tuple[int, int]:
    found = NUMBERED.search(basis.instrument)
    return (int(found[2]), int(found[1])) if found else (9999, 0)


# ── Keputusan penetapan predikat kinerja ──────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class AnnexRow:
    """One employee of the annex. score: nilai hasil kerja, unrounded. result, behaviour: level words ready to print
    ("Sesuai ekspektasi", see `level_words`). allowance: TPP bruto per month in rupiah; None where the case pays none."""

    person: Person
    score: Number
    result: str
    behaviour: str
    rating: str
    allowance: Number | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """A line of the recapitulation: how many employees got this rating."""

    label: str
    number: int


@dataclass(frozen=True, slots=True)
class Keputusan:
    """Decree of the head of an agency that fixes the ratings of its employees, with an annex of one row a person.

    number: as the register gave it. cycle: title of the evaluation cycle, "Penilaian Kinerja Semester I Tahun 2026".
    period: of evaluation. signatory.title names the official in the heading ("KEPUTUSAN KEPALA DINAS …").
    legal_basis: citations of the rules that spoke, see `mengingat`. noted: Memperhatikan, may be empty.
    copies: Tembusan. sample: prints CONTOH across each page; sample_reason: one sentence why.
    """

    letterhead: Letterhead
    number: str
    cycle: str
    period: Period
    place: str
    day: date
    signatory: Signatory
    legal_basis: tuple[Basis, ...]
    rows: tuple[AnnexRow, ...]
    provenance: Provenance
    objection_days: int = 14
    noted: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    sample: bool = False
    sample_reason: str = ""

    def content(self) -> dict[str, Any]:
        """Plain content for `keputusan.html`; adds the recapitulation, total and parts that the annex prints."""
        order = ("Sangat Baik", "Baik", "Butuh Perbaikan", "Cukup", "Kurang", "Sangat Kurang")
        seen = list(dict.fromkeys(row.rating for row in self.rows))
        ranked = sorted(seen, key=lambda rating: (order.index(rating) if rating in order else len(order), rating))
        recap = [Count(rating, sum(row.rating == rating for row in self.rows)) for rating in ranked]
        paid = [row.allowance for row in self.rows if row.allowance is not None]
        content = plain_object(self)
        total = plain(sum(paid, Fraction(0))) if paid else None
        laws, other = mengingat(self.legal_basis)
        return content | {
            "parts": annex_parts(content["rows"]),
            "recap": plain(recap),
            "total": total,
            "legal_basis": plain(laws),
            "noted": [*content["noted"], *other],
        }


# ── Dokumen evaluasi kinerja pegawai ──────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One line of the result table. target_high: ranges only. actual, achievement: None = belum dinilai.
    polarity: words ("semakin tinggi semakin baik"). evidence: source, count, date and hash in one short line."""

    code: str
    label: str
    unit: str
    target: Number
    weight: Number
    target_high: Number | None = None
    actual: Number | None = None
    achievement: Number | None = None
    polarity: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's judgement with its author and reason. role: "Pejabat penilai", "Tim evaluasi". aspect: "Perilaku kerja"."""

    role: str
    aspect: str
    value: str
    reason: str
    author: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One step of the allowance. computation: "4.447.069 × 60 % × 100 %" ready to print. total: True for the last line, in bold."""

    label: str
    computation: str
    amount: Number
    total: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence of "Mengapa", from the trace. source: the rule row with file and line ("predikat_kinerja#5,
    rules/decisions/predikat_kinerja.yaml:21"). basis: its article."""

    text: str
    source: str
    basis: str = ""
    status: str = "policy"


@dataclass(frozen=True, slots=True)
class Objection:
    """The objection part of the form. last_day: last day of the window; None while receipt is still open.
    statement, explanation, decision: sections 6, 7 and 8; None = none filed, none given."""

    days: int = 14
    last_day: date | None = None
    statement: str | None = None
    explanation: str | None = None
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class Dates:
    """Section 9: made by the appraiser, received by the employee, received by the superior; None prints a line to fill in."""

    made: date | None = None
    received: date | None = None
    superior: date | None = None


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the leader expects of this employee under one of the values."""

    value: str
    guide: str
    expectation: str = ""


@dataclass(frozen=True, slots=True)
class DokumenEvaluasi:
    """The evaluation of one employee, in the eleven sections of the official form.

    score: nilai hasil kerja, unrounded. result, behaviour: level words. proposed_result: the level the rules proposed, when the
    team moved it (then a Judgement of the team says why). credit_points: None where the post has none. organisation: achievement
    of the organisation in a word, None where not fixed. months: of the period credited.
    appraiser_note: why another than the direct superior appraises (vacancy), or "".
    """

    letterhead: Letterhead
    number: str
    cycle: str
    period: Period
    place: str
    day: date
    employee: Person
    appraiser: Person
    superior: Person | None
    indicators: tuple[IndicatorRow, ...]
    score: Number
    result: str
    behaviour: str
    rating: str
    judgements: tuple[Judgement, ...]
    allowance: tuple[MoneyLine, ...]
    reasons: tuple[Reason, ...]
    provenance: Provenance
    job_class: int | None = None
    months: int | None = None
    proposed_result: str | None = None
    credit_points: Number | None = None
    organisation: str | None = None
    appraiser_note: str = ""
    lift: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    objection: Objection = Objection()
    dates: Dates = Dates()
    expectations: tuple[Expectation, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    sample: bool = False
    sample_reason: str = ""

    def content(self) -> dict[str, Any]:
        """Plain content for `dokumen-evaluasi.html`; adds the sum of the weights."""
        return plain_object(self) | {"weight_total": plain(sum((Fraction(row.weight) for row in self.indicators), Fraction(0)))}


LEVEL_WORDS: Mapping[str, str] = {
    "di_atas": "Di atas ekspektasi",
    "sesuai": "Sesuai ekspektasi",
    "di_bawah": "Di bawah ekspektasi",
}


def level_words(level: str) -> str:
    """The words of a level (di_atas → "Di atas ekspektasi"); an unknown level is returned as it is."""
    return LEVEL_WORDS.get(level, level)


MAX_DEPTH = 24


def plain(value: Any, depth: int = 0) -> Any:
    """Any view model or plain value as JSON-able content: dict, list, str, int, bool, None, of exactly these types.

    Whole numbers become int, other fractions decimal text (or "n/d"), dates ISO text, dataclasses dicts; content read back from
    JSON comes out the same. Raises TypeError on anything else: a template that holds an object holds its methods.
    """
    if depth > MAX_DEPTH:
        raise TypeError(f"nested deeper than {MAX_DEPTH}")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int | Fraction):
        return int(value) if Fraction(value).denominator == 1 else display_text(Fraction(value))
    if isinstance(value, datetime):
        raise TypeError("letters carry dates, not instants")
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return plain_object(value, depth)
    if isinstance(value, Mapping):
        return {_key(key): plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item, depth + 1) for item in value]
    raise TypeError(f"not a plain value: {type(value).__name__}")


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError(f"not a text key: {type(key).__name__}")
    return str.__str__(key)


def plain_object(value: Any, depth: int = 0) -> dict[str, Any]:
    """A dataclass as plain content, by field names."""
    return {field.name: plain(getattr(value, field.name), depth + 1) for field in fields(value)}
