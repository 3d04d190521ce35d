"""Date, time and duration functions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ..arithmetic import Arithmetic
from ..errors import FeelError, bad_value
from ..temporal import (
    MAX_OFFSET,
    SECOND,
    Date,
    DateTime,
    DayTimeDuration,
    Time,
    YearMonthDuration,
    from_python,
    midnight,
)
from ..temporal_text import read_date, read_date_time, read_duration, read_time
from ..values import Value, kind
from .registry import builtin, integer


@builtin("date(from: string) -> date")
def date_from_text(_: Arithmetic, text: str) -> Value:
    return read_date(text)


@builtin("date(from: date) -> date")
def date_from_date(_: Arithmetic, value: Date) -> Value:
    return value


@builtin("date(from: date and time) -> date")
def date_from_date_time(_: Arithmetic, value: DateTime) -> Value:
    return value.date


@builtin("date(year: number, month: number, day: number) -> date")
def date_from_parts(n: Arithmetic, year: Any, month: Any, day: Any) -> Value:
    return Date(integer(n, year, "date, “year”"), integer(n, month, "date, “month”"), integer(n, day, "date, “day”"))


@builtin("time(from: string) -> time")
def time_from_text(_: Arithmetic, text: str) -> Value:
    return read_time(text)


@builtin("time(from: time) -> time")
def time_from_time(_: Arithmetic, value: Time) -> Value:
    return value


@builtin("time(from: date and time) -> time")
def time_from_date_time(_: Arithmetic, value: DateTime) -> Value:
    return value.time


@builtin("time(from: date) -> time")
def time_from_date(_: Arithmetic, value: Date) -> Value:
    return midnight(value).time


@builtin("time(hour: number, minute: number, second: number, offset?: days and time duration?) -> time")
def time_from_parts(n: Arithmetic, hour: Any, minute: Any, second: Any, offset: DayTimeDuration | None = None) -> Value:
    hours, minutes = integer(n, hour, "time, “hour”"), integer(n, minute, "time, “minute”")
    exact_second = n.exact(second)
    if not (0 <= hours <= 23 and 0 <= minutes <= 59 and 0 <= exact_second < 60):
        raise bad_value("jam, menit atau detik di luar rentang", "hour, minute or second out of range")
    nano = (hours * 60 + minutes) * 60 * SECOND + int(exact_second * SECOND)
    return Time(nano, None if offset is None else _offset_seconds(offset))


def _offset_seconds(offset: DayTimeDuration) -> int:
    seconds, rest = divmod(offset.nano, SECOND)
    if rest or abs(seconds) > MAX_OFFSET:
        raise bad_value("selisih zona melebihi 18 jam", "the time offset exceeds 18 hours")
    return seconds


@builtin("date and time(from: string) -> date and time")
def date_time_from_text(_: Arithmetic, text: str) -> Value:
    return read_date_time(text)


@builtin("date and time(from: date and time) -> date and time")
def date_time_from_date_time(_: Arithmetic, value: DateTime) -> Value:
    return value


@builtin("date and time(from: date) -> date and time")
def date_time_from_date(_: Arithmetic, value: Date) -> Value:
    return midnight(value)


@builtin("date and time(date: date | date and time, time: time) -> date and time")
def date_time_from_both(_: Arithmetic, date: Date | DateTime, time: Time) -> Value:
    return DateTime(date.date if isinstance(date, DateTime) else date, time)


@builtin("duration(from: string) -> any")
def duration_from_text(_: Arithmetic, text: str) -> Value:
    return read_duration(text)


@builtin("duration(from: days and time duration) -> days and time duration")
@builtin("duration(from: years and months duration) -> years and months duration")
def duration_from_duration(_: Arithmetic, value: DayTimeDuration | YearMonthDuration) -> Value:
    return value


@builtin("years and months duration(from: date | date and time, to: date | date and time) -> years and months duration")
def years_and_months(_: Arithmetic, start: Date | DateTime, end: Date | DateTime) -> Value:
    """Whole months from one date to the other, times of day left out; what is left of a month is dropped."""
    first, second = _date_of(start), _date_of(end)
    months = (second.year - first.year) * 12 + second.month - first.month
    if months > 0 and second.day < first.day:
        months -= 1
    elif months < 0 and second.day > first.day:
        months += 1
    return YearMonthDuration(months)


def _date_of(value: Date | DateTime) -> Date:
    return value.date if isinstance(value, DateTime) else value


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@builtin("day of year(date: date | date and time) -> number")
def day_of_year(n: Arithmetic, date: Date | DateTime) -> Value:
    return n.number(_date_of(date).day_of_year)


@builtin("day of week(date: date | date and time) -> string")
def day_of_week(_: Arithmetic, date: Date | DateTime) -> Value:
    return _DAYS[_date_of(date).weekday - 1]


@builtin("month of year(date: date | date and time) -> string")
def month_of_year(_: Arithmetic, date: Date | DateTime) -> Value:
    return _MONTHS[_date_of(date).month - 1]


@builtin("week of year(date: date | date and time) -> number")
def week_of_year(n: Arithmetic, date: Date | DateTime) -> Value:
    return n.number(_date_of(date).week_of_year)


@builtin("is(value1: any?, value2: any?) -> boolean")
def is_(_: Arithmetic, first: Value, second: Value) -> Value:
    """The very same value: unlike `=`, 10:00+00:00 is not 11:00+01:00, and values of different types are just different."""
    return kind(first) == kind(second) and bool(first == second)


def _now(n: Arithmetic) -> datetime:
    if n.exact_results:
        raise FeelError(
            "waktu_tidak_tetap",
            "aturan tidak boleh bergantung pada jam; berikan tanggal sebagai masukan",
            "a rule may not depend on the clock; give the date as an input",
        )
    return datetime.now(UTC)


@builtin("now() -> date and time")
def now(n: Arithmetic) -> Value:
    return from_python(_now(n))


@builtin("today() -> date")
def today(n: Arithmetic) -> Value:
    return from_python(_now(n).date())
