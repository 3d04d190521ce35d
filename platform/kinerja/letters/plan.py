"""The performance plan on paper: what employee and appraiser agree at the start of a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ..core.periods import Period
from .view_models import Expectation, Letterhead, Number, Person, Provenance, plain_object


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One planned result. superior_result: the result of the superior that it serves, "" at the top. aspect: kuantitas, kualitas,
    waktu or biaya. target_high: ranges only. weight: in per cent."""

    result: str
    aspect: str
    indicator: str
    target: Number
    unit: str
    weight: Number
    superior_result: str = ""
    target_high: Number | None = None


@dataclass(frozen=True, slots=True)
class FormulirSkp:
    """Sasaran Kinerja Pegawai of one employee and period. agreed: the day both agreed, None while it is a draft.

    resources, accountability, consequences: the three annexes, a sentence each line; may be empty. notes: targets divided or
    changed.
    """

    letterhead: Letterhead
    cycle: str
    period: Period
    place: str
    employee: Person
    appraiser: Person
    rows: tuple[PlanRow, ...]
    provenance: Provenance
    agreed: date | None = None
    expectations: tuple[Expectation, ...] = ()
    resources: tuple[str, ...] = ()
    accountability: tuple[str, ...] = ()
    consequences: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    sample: bool = False
    sample_reason: str = ""

    def content(self) -> dict[str, Any]:
        """Plain content for `skp.html`."""
        return plain_object(self)
