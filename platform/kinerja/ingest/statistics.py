"""The statistics that standards name, over service requests. Exact inside, rounded half up to two digits at the end only.

Each takes the requests of one officer (or unit) and returns None when none is finished: not rated, never 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Protocol

from ..core.numbers import round_half_up
from .timestamps import days, microseconds

DIGITS = 2
MINUTES_PER_DAY = 1440


class Timed(Protocol):
    """What a request must tell to be measured; instants with their zone."""

    @property
    def started(self) -> datetime: ...
    @property
    def finished(self) -> datetime | None: ...
    @property
    def due(self) -> datetime | None: ...


def is_on_time(request: Timed) -> bool:
    """End instant ≤ deadline instant, across zones, to the microsecond. Open, or without deadline: False."""
    return request.finished is not None and request.due is not None and microseconds(request.finished, request.due) >= 0


def durations(requests: Iterable[Timed]) -> list[Fraction]:
    """Days from start to end of the finished ones, ascending; negative where the end comes before the start."""
    return sorted(days(request.started, request.finished) for request in requests if request.finished is not None)


def median(ascending: list[Fraction]) -> Fraction | None:
    """The middle value; the mean of the middle two of an even number; None of nothing."""
    if not ascending:
        return None
    middle = len(ascending) // 2
    return ascending[middle] if len(ascending) % 2 else (ascending[middle - 1] + ascending[middle]) / 2


def share_on_time(requests: Iterable[Timed]) -> Fraction | None:
    """Per cent of the finished ones that ended by their deadline."""
    finished = [request for request in requests if request.finished is not None]
    if not finished:
        return None
    return round_half_up(Fraction(100 * sum(map(is_on_time, finished)), len(finished)), DIGITS)


def median_days(requests: Iterable[Timed]) -> Fraction | None:
    return _rounded(median(durations(requests)))


def median_minutes(requests: Iterable[Timed]) -> Fraction | None:
    value = median(durations(requests))
    return None if value is None else _rounded(value * MINUTES_PER_DAY)


def mean_days(requests: Iterable[Timed]) -> Fraction | None:
    values = durations(requests)
    return _rounded(sum(values, Fraction(0)) / len(values)) if values else None


def p90_days(requests: Iterable[Timed]) -> Fraction | None:
    """Nearest rank: the smallest duration that nine of ten requests do not exceed."""
    values = durations(requests)
    return _rounded(values[-(-9 * len(values) // 10) - 1]) if values else None


def finished_count(requests: Iterable[Timed]) -> Fraction | None:
    return Fraction(sum(request.finished is not None for request in requests))


def _rounded(value: Fraction | None) -> Fraction | None:
    return None if value is None else round_half_up(value, DIGITS)


Statistic = Callable[[Iterable[Timed]], Fraction | None]

STATISTICS: Mapping[str, Statistic] = {
    "persen_tepat_waktu": share_on_time,
    "median_hari": median_days,
    "median_menit": median_minutes,
    "rata_rata_hari": mean_days,
    "p90_hari": p90_days,
    "jumlah_selesai": finished_count,
}
"""By the names that rule files use (`statistic:` of a standard)."""
