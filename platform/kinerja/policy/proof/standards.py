"""Exactly one performance standard for each post, unit, class and day, from the first day any holds for that post."""

from __future__ import annotations

from datetime import date, timedelta

from ..diagnostics import Diagnostic, make
from ..model import Policy, Standard
from ..standards import applicable
from .obligation import Verdict

OTHER_UNIT, OTHER_CLASS = "", 0


def check_standards(policy: Policy, position: str) -> Verdict:
    """Look at every day on which something changes, every unit and class that a standard of the post names, and one more of each
    where a standard is not limited by them."""
    mine = [standard for standard in policy.standards if position in standard.positions]
    found: list[Diagnostic] = []
    looked = 0
    for unit in _units(mine):
        for job_class in _classes(mine):
            for day in _days(mine):
                looked += 1
                holding = applicable(policy, position, unit, job_class, day)
                if len(holding) != 1:
                    found.append(_finding(position, unit, job_class, day, holding, mine))
                    break
    return Verdict(f"grid {looked}", tuple(found))


def _units(mine: list[Standard]) -> list[str]:
    named = sorted({unit for standard in mine for unit in standard.units})
    return [*named, OTHER_UNIT] if any(not standard.units for standard in mine) else named


def _classes(mine: list[Standard]) -> list[int]:
    named = sorted({one for standard in mine for one in standard.classes})
    return [*named, OTHER_CLASS] if any(not standard.classes for standard in mine) else named


def _days(mine: list[Standard]) -> list[date]:
    days = {standard.effective.first for standard in mine}
    days |= {standard.effective.last + timedelta(days=1) for standard in mine if standard.effective.last is not None}
    return sorted(days)


def _finding(
    position: str, unit: str, job_class: int, day: date, holding: tuple[Standard, ...], mine: list[Standard]
) -> Diagnostic:
    unit_id, unit_en = (", unit lain", ", any other unit") if unit == OTHER_UNIT else (f", unit {unit}", f", unit {unit}")
    class_id, class_en = (
        (", kelas lain", ", any other class") if job_class == OTHER_CLASS else (f", kelas {job_class}", f", class {job_class}")
    )
    unit_id, unit_en = (unit_id, unit_en) if any(standard.units for standard in mine) else ("", "")
    class_id, class_en = (class_id, class_en) if any(standard.classes for standard in mine) else ("", "")
    names = f" ({', '.join(standard.name for standard in holding)})" if holding else ""
    return make(
        "P109",
        holding[-1].place if holding else mine[-1].place,
        who_id=f"jabatan {position}{unit_id}{class_id} pada {day}{names}",
        who_en=f"position {position}{unit_en}{class_en} on {day}{names}",
        count=len(holding),
    )
