"""A period split by posts: a transfer makes two cases, and their days and months always sum to the whole.

A month is credited to the case that holds its last day (of the last month: the period's last day), so that no month counts twice.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from ..core.periods import Period
from ..store.queries import Seat


@dataclass(frozen=True, slots=True)
class Part:
    """What one seat holds of a period. months: credited to it; 0 = too short to be appraised on its own."""

    seat: Seat
    period: Period
    months: int


def parts_of(held: Iterable[Seat], whole: Period) -> tuple[Part, ...]:
    """The parts of a period by the seats one person held in it, in order. Where two overlap the later one counts."""
    ordered = sorted((seat for seat in held if _touches(seat, whole)), key=lambda seat: (seat.first, seat.position))
    parts = []
    for number, seat in enumerate(ordered):
        first = max(seat.first, whole.first)
        last = whole.last if seat.last is None else min(seat.last, whole.last)
        if number + 1 < len(ordered):
            last = min(last, ordered[number + 1].first - timedelta(days=1))
        if first <= last:
            own = Period(first, last)
            parts.append(Part(seat, own, months_credited(own, whole)))
    return tuple(parts)


def months_credited(own: Period, whole: Period) -> int:
    """How many months of the whole period are credited to a part of it."""
    return sum(own.contains(min(day, whole.last)) for day in _month_ends(whole))


def _month_ends(whole: Period) -> Iterable[date]:
    year, month = whole.first.year, whole.first.month
    while date(year, month, 1) <= whole.last:
        yield date(year, month, calendar.monthrange(year, month)[1])
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _touches(seat: Seat, whole: Period) -> bool:
    return seat.first <= whole.last and (seat.last is None or seat.last >= whole.first)
