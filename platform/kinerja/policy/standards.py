"""Which performance standard holds for a post in a unit, of a class, on a day."""

from __future__ import annotations

from datetime import date

from ..core.errors import RuleError
from .check.standards import specificity
from .model import Policy, Standard


def applicable(policy: Policy, position: str, unit: str, job_class: int, day: date) -> tuple[Standard, ...]:
    """The standards of highest rank that hold; more than one only for a policy that was not checked."""
    holding = [
        standard
        for standard in policy.standards
        if position in standard.positions
        and (not standard.units or unit in standard.units)
        and (not standard.classes or job_class in standard.classes)
        and standard.effective.holds(day)
    ]
    best = max((specificity(standard) for standard in holding), default=0)
    return tuple(standard for standard in holding if specificity(standard) == best)


def standard_for(policy: Policy, position: str, unit: str, job_class: int, day: date) -> Standard:
    """The one standard of a post; raises RuleError(`standar_tidak_ada`) when there is none, `standar_ganda` when there are two."""
    found = applicable(policy, position, unit, job_class, day)
    if len(found) == 1:
        return found[0]
    who = f"{position}, {unit}, {job_class}, {day}"
    if not found:
        raise RuleError(
            "standar_tidak_ada",
            f"tidak ada standar kinerja untuk {who}",
            f"there is no performance standard for {who}",
            remedy_id="tambahkan berkas di rules/standards/",
            remedy_en="add a file to rules/standards/",
        )
    names = ", ".join(standard.name for standard in found)
    raise RuleError(
        "standar_ganda",
        f"lebih dari satu standar kinerja untuk {who}: {names}",
        f"more than one performance standard for {who}: {names}",
        place=found[1].place,
        remedy_id="batasi salah satunya dengan units, classes atau effective",
        remedy_en="narrow one by units, classes or effective",
    )
