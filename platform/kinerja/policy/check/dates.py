"""Dates across versions: overlaps, gaps, what has expired, what must be looked at again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise

from ...core.errors import Place
from ..diagnostics import Report
from ..model import Decision, Effective, Parameter, Standard

STAGES = (7, 30, 90)
Dated = tuple[Effective, Place]


def check_versions(name: str, versions: Sequence[Dated], report: Report, *, gaps: bool = True) -> None:
    """Versions by ascending first day: no two on one day, no day between two without one."""
    for (earlier, earlier_place), (later, later_place) in pairwise(versions):
        if earlier.last is None or earlier.last >= later.first:
            report.add("R051", later_place, other=str(earlier_place), day=later.first)
        elif gaps and later.first - earlier.last > timedelta(days=1):
            report.add("R052", later_place, name=name, first=earlier.last + timedelta(days=1), last=later.first - timedelta(days=1))


def check_calendar(
    parameters: Iterable[Parameter],
    standards: Iterable[Standard],
    decisions: Iterable[Sequence[Decision]],
    today: date,
    report: Report,
) -> None:
    """What has expired by `today`, and review alarms at 90, 30 and 7 days. Only the latest version of each thing counts."""
    for parameter in parameters:
        if parameter.values:
            _one(parameter.name, parameter.values[-1].effective, parameter.values[-1].place, today, report)
    for standard in standards:
        _one(standard.name, standard.effective, standard.place, today, report, expiry=False)
    for versions in decisions:
        _one(versions[-1].name, versions[-1].effective, versions[-1].place, today, report, expiry=False)


def _one(name: str, effective: Effective, place: Place, today: date, report: Report, *, expiry: bool = True) -> None:
    if expiry and effective.last is not None and effective.last < today:
        report.add("R055", place, name=name, last=effective.last)
    if effective.review_by is None:
        return
    days = (effective.review_by - today).days
    if days < 0:
        report.add("R056", place, name=name, day=effective.review_by, days=-days)
    elif stage := next((stage for stage in STAGES if days <= stage), 0):
        report.add("R057", place, name=name, day=effective.review_by, days=days, stage=stage)
