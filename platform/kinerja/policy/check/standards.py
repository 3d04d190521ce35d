"""Standards across files: no post may meet two of equal rank on one day."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from ..diagnostics import Report
from ..model import Standard


def specificity(standard: Standard) -> int:
    """Narrower scope overrides wider: named units and classes before units, before classes, before neither."""
    return 2 * bool(standard.units) + bool(standard.classes)


def check_standards(standards: Sequence[Standard], report: Report) -> None:
    """Report pairs of equal rank that hold for the same post, unit, class and day."""
    for first, second in combinations(standards, 2):
        posts = sorted(set(first.positions) & set(second.positions))
        if not posts or specificity(first) != specificity(second):
            continue
        if first.units and not set(first.units) & set(second.units):
            continue
        if first.classes and not set(first.classes) & set(second.classes):
            continue
        day = max(first.effective.first, second.effective.first)
        if first.effective.holds(day) and second.effective.holds(day):
            if first.name == second.name:
                report.add("R051", second.place, other=str(first.place), day=day)
            else:
                report.add("R063", second.place, first=first.name, second=second.name, who=", ".join(posts), day=day)
