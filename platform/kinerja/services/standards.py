"""Which performance standard holds for a post on a day: exactly one, or a named obstacle. Targets and weights come from it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ..core.errors import RuleError
from ..policy.model import Policy, Standard


def standard_for(policy: Policy, position: str, units: Iterable[str], job_class: int, day: date) -> Standard:
    """The standard in force for a post: position code × units (own code and those above) × class × day.

    A narrower standard (named units or classes) goes before a general one. Raises RuleError(`standar_tidak_ada`) or
    RuleError(`standar_lebih_dari_satu`) naming the files.
    """
    codes = frozenset(units)
    fitting = [
        standard
        for standard in policy.standards
        if position in standard.positions
        and (not standard.units or not codes.isdisjoint(standard.units))
        and (not standard.classes or job_class in standard.classes)
        and standard.effective.holds(day)
    ]
    if not fitting:
        raise RuleError(
            "standar_tidak_ada",
            f"tidak ada standar kinerja bagi jabatan “{position}” kelas {job_class} pada {day}",
            f'no performance standard for post "{position}" class {job_class} on {day}',
            remedy_id=f"tambahkan “{position}” pada applies_to.positions suatu berkas di rules/standards/",
            remedy_en=f'add "{position}" to applies_to.positions of a file in rules/standards/',
            position=position,
        )
    narrowest = max(_narrowness(standard) for standard in fitting)
    best = [standard for standard in fitting if _narrowness(standard) == narrowest]
    if len(best) > 1:
        places = ", ".join(str(standard.place) for standard in best)
        raise RuleError(
            "standar_lebih_dari_satu",
            f"lebih dari satu standar kinerja berlaku bagi jabatan “{position}” pada {day}: {places}",
            f'more than one performance standard holds for post "{position}" on {day}: {places}',
            remedy_id="persempit applies_to atau effective salah satunya",
            remedy_en="narrow applies_to or effective of one of them",
            position=position,
        )
    return best[0]


def _narrowness(standard: Standard) -> int:
    return bool(standard.units) * 2 + bool(standard.classes)
