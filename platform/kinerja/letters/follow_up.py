"""Letters that follow an evaluation: incentives paid, awards given, coaching ordered, objections decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from ..core.periods import Period
from .view_models import (
    Basis,
    Letterhead,
    Number,
    Person,
    Provenance,
    Reason,
    Signatory,
    annex_parts,
    mengingat,
    plain,
    plain_object,
)


@dataclass(frozen=True, slots=True)
class IncentiveRow:
    """One payment. base: amount the percentage is taken of. percent: paid share. amount: rupiah per month."""

    person: Person
    rating: str
    base: Number
    percent: Number
    amount: Number
    note: str = ""


@dataclass(frozen=True, slots=True)
class KeputusanInsentif:
    """Decree that pays incentives. decided_by: number and date of the Keputusan whose ratings it rests on. payment: months paid, in
    words. budget: the line of the budget that bears it."""

    letterhead: Letterhead
    number: str
    cycle: str
    period: Period
    place: str
    day: date
    signatory: Signatory
    legal_basis: tuple[Basis, ...]
    decided_by: str
    payment: str
    budget: str
    rows: tuple[IncentiveRow, ...]
    provenance: Provenance
    noted: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    sample: bool = False
    sample_reason: str = ""

    def content(self) -> dict[str, Any]:
        """Plain content for `keputusan-insentif.html`; adds the total and the parts of the annex."""
        total = sum((Fraction(row.amount) for row in self.rows), Fraction(0))
        return _decree(self) | {"total": plain(total), "parts": annex_parts(plain(self.rows))}


@dataclass(frozen=True, slots=True)
class Change:
    """One figure before and after an objection, ready to print ("76,20")."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class KeputusanKeberatan:
    """Decision of the appraiser's superior on an objection. outcome: "dikabulkan", "dikabulkan sebagian", "ditolak" or
    "tidak dapat diterima". against: number and date of what is objected to. changes: all figures that were looked at again, also
    those that stayed."""

    letterhead: Letterhead
    number: str
    cycle: str
    place: str
    day: date
    signatory: Signatory
    legal_basis: tuple[Basis, ...]
    employee: Person
    against: str
    filed: date
    statement: str
    explanation: str
    outcome: str
    reasons: tuple[Reason, ...]
    changes: tuple[Change, ...]
    provenance: Provenance
    noted: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    sample: bool = False
    sample_reason: str = ""

    def content(self) -> dict[str, Any]:
        """Plain content for `keputusan-keberatan.html`."""
        return _decree(self)


@dataclass(frozen=True, slots=True)
class Piagam:
    """Certificate of award. reason: for what, with period and figure. It ranks nobody else."""

    letterhead: Letterhead
    number: str
    place: str
    day: date
    signatory: Signatory
    recipient: Person
    title: str
    reason: str
    provenance: Provenance
    sample: bool = False
    sample_reason: str = ""

    def content(self) -> dict[str, Any]:
        """Plain content for `piagam.html`."""
        return plain_object(self)


@dataclass(frozen=True, slots=True)
class CoachingStep:
    """What is to be done until when, and who helps."""

    step: str
    until: date
    helper: str = ""


@dataclass(frozen=True, slots=True)
class SuratPembinaan:
    """Letter that begins coaching after a low rating. findings: what the evaluation showed, a sentence each. review: the day on
    which the appraiser looks at it again. It is no disciplinary sanction, and says so."""

    letterhead: Letterhead
    number: str
    cycle: str
    place: str
    day: date
    signatory: Signatory
    recipient: Person
    rating: str
    score: Number
    findings: tuple[str, ...]
    steps: tuple[CoachingStep, ...]
    review: date
    provenance: Provenance
    objection_days: int = 14
    copies: tuple[str, ...] = ()
    sample: bool = False
    sample_reason: str = ""

    def content(self) -> dict[str, Any]:
        """Plain content for `surat-pembinaan.html`."""
        return plain_object(self)


def _decree(letter: KeputusanInsentif | KeputusanKeberatan) -> dict[str, Any]:
    laws, other = mengingat(letter.legal_basis)
    content = plain_object(letter)
    return content | {"legal_basis": plain(laws), "noted": [*content["noted"], *other]}
