"""A period split by posts: a transfer makes two cases, and their days and months always sum to the whole.

A month is credited to the case that holds its last day (of the last month: the period's last day), so that no month counts twice.
Where two seats overlap, the one that began later counts, and the earlier one again once it has ended.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from ...core.periods import Period
from ...store.queries import Seat

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Part:
    """What one seat holds of a period. months: credited to it; 0 = too short to be appraised on its own."""

    seat: Seat
    period: Period
    months: int


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a period: with a seat, or None where the person held no post. share: its days of the whole's, exact."""

    seat: Seat | None
    period: Period
    months: int
    share: Fraction


def parts_of(held: Iterable[Seat], whole: Period) -> tuple[Part, ...]:
    """The parts of a period by the seats one person held in it, in order."""
    return tuple(Part(span.seat, span.period, span.months) for span in spans_of(held, whole) if span.seat is not None)


def spans_of(held: Iterable[Seat], whole: Period) -> tuple[Span, ...]:
    """The whole period as stretches, those without a post among them: their days and months sum to the period's."""
    seats = [seat for seat in held if _touches(seat, whole)]
    edges = {whole.first, whole.last + DAY}
    for seat in seats:
        edges |= {max(seat.first, whole.first), whole.last + DAY if seat.last is None else min(seat.last, whole.last) + DAY}
    ordered = sorted(edges)
    found: list[tuple[Seat | None, date, date]] = []
    for first, after in pairwise(ordered):
        holding = max((one for one in seats if one.holds(first)), key=lambda one: (one.first, one.position), default=None)
        begun = found.pop()[1] if found and found[-1][0] == holding else first
        found.append((holding, begun, after - DAY))
    spans = []
    for holding, first, last in found:
        own = Period(first, last)
        spans.append(Span(holding, own, months_credited(own, whole), Fraction(own.days, whole.days)))
    return tuple(spans)


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
