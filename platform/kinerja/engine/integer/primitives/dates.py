"""Dates as day numbers, durations as seconds or months."""

from __future__ import annotations

from datetime import date

from .. import errors
from ..errors import Fault
from ..temporal import DAY, literal
from ..types import Day


def day_of_number(number: int) -> date:
    if not 1 <= number <= date.max.toordinal():
        raise Fault(errors.VALUE)
    return date.fromordinal(number)


def day_number(year: int, month: int, day: int) -> int:
    try:
        return date(year, month, day).toordinal()
    except (ValueError, OverflowError):
        raise Fault(errors.VALUE) from None


def parse_day(text: str) -> int:
    try:
        found = literal(text)
    except errors.NotPortable:
        raise Fault(errors.VALUE) from None
    if not isinstance(found.type, Day):
        raise Fault(errors.VALUE)
    return int(str(found.value))


def day_text(number: int) -> str:
    return day_of_number(number).isoformat()


def later(day: int, seconds: int) -> int:
    return day_of_number((day * DAY + seconds) // DAY).toordinal()


def months_later(day: int, months: int) -> int:
    """The same day of the month, or its last."""
    start = day_of_number(day)
    total = start.year * 12 + start.month - 1 + months
    year, month = total // 12, total % 12 + 1
    for last in (start.day, 30, 29, 28):
        if last <= start.day:
            try:
                return date(year, month, last).toordinal()
            except ValueError:
                continue
    raise Fault(errors.VALUE)


def quotient(total: int, unit: int) -> int:
    return total // unit if total >= 0 else -(-total // unit)


def remainder(total: int, unit: int) -> int:
    return total - unit * quotient(total, unit)
