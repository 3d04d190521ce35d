"""ISO 8601 durations of timers, and the instant at which they are up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from ..core.clock import JAKARTA
from ..core.errors import InputError
from .calendar import Calendar
from .model import Timer

_DURATION = re.compile(
    r"P(?=[\dT])(?:(\d{1,4})W|(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,5})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?)",
    re.ASCII,
)


LONGEST_DAYS = 3_660


@dataclass(frozen=True, slots=True)
class Duration:
    months: int
    days: int
    seconds: int

    @property
    def days_only(self) -> bool:
        return not self.months and not self.seconds

    @property
    def sensible(self) -> bool:
        """Longer than nothing and no longer than ten years: a slip of the pen is told before a case runs into it."""
        days = self.months * 30 + self.days + self.seconds // 86_400
        return (self.months, self.days, self.seconds) != (0, 0, 0) and days <= LONGEST_DAYS


def parse_duration(text: str) -> Duration | None:
    """The duration, or None when the text is not one (fractions and signs are not used)."""
    match = _DURATION.fullmatch(text)
    if not match:
        return None
    weeks, years, months, days, hours, minutes, seconds = (int(group or 0) for group in match.groups())
    return Duration(years * 12 + months, weeks * 7 + days, hours * 3600 + minutes * 60 + seconds)


def sensible(text: str) -> bool:
    """Whether a text is a duration, and a sensible one."""
    duration = parse_duration(text)
    return duration is not None and duration.sensible


def for_case(timer: Timer, data: Mapping[str, Any]) -> Timer:
    """The timer as a case runs it: of so many days as the process value that `kinerja:days` names says, where it is known."""
    days = data.get(timer.days) if timer.days else None
    if isinstance(days, Fraction | int) and not isinstance(days, bool):
        return replace(timer, duration=f"P{int(days)}D")
    return timer


def due(timer: Timer, start: datetime, calendar: Calendar | None) -> datetime:
    """When a timer started at `start` is up, in Asia/Jakarta. Counted days end with the midnight after the last of them."""
    duration = parse_duration(timer.duration)
    if duration is None:
        raise InputError(
            "durasi_tidak_sah",
            f"“{timer.duration}” bukan durasi ISO 8601",
            f'"{timer.duration}" is not an ISO 8601 duration',
            place=timer.place,
        )
    local = start.astimezone(JAKARTA)
    if not timer.calendar:
        moved = _add_months(local.date(), duration.months)
        return datetime.combine(moved, local.timetz()) + timedelta(days=duration.days, seconds=duration.seconds)
    if timer.calendar == "hari_kalender":
        last = _add_months(local.date(), duration.months) + timedelta(days=duration.days)
    elif calendar is None:
        raise InputError(
            "kalender_tidak_ada",
            "pewaktu menghitung hari kerja, tetapi kalender kota tidak diberikan",
            "the timer counts working days, but no city calendar is given",
            place=timer.place,
            remedy_id="tambahkan berkas di config/calendars/",
            remedy_en="add a file in config/calendars/",
        )
    else:
        last = calendar.deadline(local.date(), duration.days)
    return datetime.combine(last + timedelta(days=1), time(), JAKARTA)


def _add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day when it is shorter."""
    if not months:
        return day
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + month // 11, (month + 1) % 12 + 1, 1)
    last = (following - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))
