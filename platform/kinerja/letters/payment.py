"""The list by which an agency's month is paid, with the corrections of earlier months apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from .view_models import Basis, Letterhead, Number, Person, Provenance, Signatory, annex_parts, mengingat, plain, plain_object


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment. days: "30/30"; main: by rating and attendance, acting: the Plt. supplement; amount: their sum."""

    person: Person
    job_class: int
    rating: str
    days: str
    ceiling: Number
    gross: Number
    main: Number
    acting: Number
    amount: Number


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """What an earlier month paid too much (negative) or too little, and why. month: "Mei 2026"."""

    person: Person
    month: str
    reason: str
    amount: Number


@dataclass(frozen=True, slots=True)
class DaftarTpp:
    """month: "Juni 2026". paid, corrected: sums of the two tables; total: of both. prepared, approved: who did what, by name."""

    letterhead: Letterhead
    number: str
    month: str
    place: str
    day: date
    signatory: Signatory
    legal_basis: tuple[Basis, ...]
    rows: tuple[PaymentRow, ...]
    corrections: tuple[CorrectionRow, ...]
    paid: Number
    corrected: Number
    total: Number
    held: tuple[str, ...]
    prepared: str
    approved: str
    provenance: Provenance
    sample: bool = False
    sample_reason: str = ""

    def content(self) -> dict[str, Any]:
        """Plain content for `daftar-tpp.html`; adds the parts of the table."""
        laws, _ = mengingat(self.legal_basis)
        return plain_object(self) | {"legal_basis": plain(laws), "parts": annex_parts(plain(self.rows))}
