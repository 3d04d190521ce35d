"""The papers by which an examination of absences is proposed. They state facts, band and rights, and impose nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from .view_models import Basis, Letterhead, Person, Provenance, Signatory, mengingat, plain, plain_object


@dataclass(frozen=True, slots=True)
class AbsentDay:
    """A working day without a valid reason. evidence: file, its hash and day of record, in one short line."""

    day: date
    weekday: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Band:
    """What the rules say of the facts: the band in words, the row that says it, with file and line, and its article."""

    name: str
    source: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class BerkasPemeriksaan:
    """Proposal to examine absences. year: whose days are added up. total: days of the year; longest: of the longest row of working
    days, from `since`. examiner, place_of_examination, day_of_examination: as HR proposes them. considerations: HR's own words."""

    letterhead: Letterhead
    number: str
    place: str
    day: date
    signatory: Signatory
    employee: Person
    superior: Person | None
    year: int
    days: tuple[AbsentDay, ...]
    total: int
    longest: int
    since: date
    band: Band
    legal_basis: tuple[Basis, ...]
    considerations: str
    examiner: str
    day_of_examination: date
    place_of_examination: str
    provenance: Provenance
    copies: tuple[str, ...] = ()
    sample: bool = False
    sample_reason: str = ""

    def content(self) -> dict[str, Any]:
        """Plain content for `berkas-pemeriksaan.html`."""
        laws, other = mengingat(self.legal_basis)
        return plain_object(self) | {"legal_basis": plain(laws), "other_basis": other}
