"""Dates, times and durations of FEEL: proleptic Gregorian, years −999999999…999999999, nanoseconds, zones by offset or name.

Python's own types stop at the years 1 and 9999 and at microseconds; `to_python` gives those where a value fits.
"""

from __future__ import annotations

import datetime as py
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from .errors import FeelError, bad_value

MAX_YEAR = 999_999_999
SECOND = 1_000_000_000
DAY_SECONDS = 86_400
DAY = DAY_SECONDS * SECOND
MAX_OFFSET = 18 * 3600
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_CYCLE_YEARS, _CYCLE_DAYS = 400, 146_097


def days_in_month(year: int, month: int) -> int:
    leap = month == 2 and (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
    return _MONTH_DAYS[month - 1] + leap


def _out_of_calendar() -> FeelError:
    return bad_value("tanggal di luar kalender", "a date outside the calendar")


@dataclass(frozen=True, slots=True, order=True)
class Date:
    year: int
    month: int
    day: int

    def __post_init__(self) -> None:
        if not (
            -MAX_YEAR <= self.year <= MAX_YEAR and 1 <= self.month <= 12 and 1 <= self.day <= days_in_month(self.year, self.month)
        ):
            raise bad_value(
                f"{self.year}-{self.month}-{self.day} bukan tanggal yang ada", f"{self.year}-{self.month}-{self.day} is not a date"
            )

    @property
    def ordinal(self) -> int:
        """Days since 1970-01-01 (the civil calendar counted in years that begin in March)."""
        year = self.year - (self.month <= 2)
        era, year_of_era = divmod(year, _CYCLE_YEARS)
        day_of_year = (153 * ((self.month + 9) % 12) + 2) // 5 + self.day - 1
        return era * _CYCLE_DAYS + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719_468

    @classmethod
    def from_ordinal(cls, ordinal: int) -> Date:
        era, day = divmod(ordinal + 719_468, _CYCLE_DAYS)
        year_of_era = (day - day // 1460 + day // 36_524 - day // 146_096) // 365
        day_of_year = day - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
        shifted = (5 * day_of_year + 2) // 153
        month = shifted + 3 if shifted < 10 else shifted - 9
        return cls(era * _CYCLE_YEARS + year_of_era + (month <= 2), month, day_of_year - (153 * shifted + 2) // 5 + 1)

    @property
    def weekday(self) -> int:
        """1 = Monday … 7 = Sunday."""
        return (self.ordinal + 3) % 7 + 1

    @property
    def day_of_year(self) -> int:
        return self.ordinal - Date(self.year, 1, 1).ordinal + 1

    @property
    def week_of_year(self) -> int:
        """The ISO 8601 week."""
        thursday = Date.from_ordinal(self.ordinal - self.weekday + 4)
        return (thursday.day_of_year - 1) // 7 + 1

    def plus_months(self, months: int) -> Date:
        """The same day so many months later, or the last day of that month when it has no such day."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        if abs(year) > MAX_YEAR:
            raise _out_of_calendar()
        return Date(year, month + 1, min(self.day, days_in_month(year, month + 1)))

    def plus_days(self, days: int) -> Date:
        return Date.from_ordinal(self.ordinal + days)

    def to_python(self) -> py.date | Date:
        return py.date(self.year, self.month, self.day) if 1 <= self.year <= 9999 else self


@lru_cache(maxsize=512)
def zone_info(name: str) -> ZoneInfo:
    """A zone of the tz database; raise FeelError for a name it does not know."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise bad_value(f"zona waktu “{name}” tidak dikenal", f'unknown time zone "{name}"') from None


def _offset_on(zone: str, date: Date, second_of_day: int) -> int:
    """Seconds east of UTC at a local time; years that Python lacks borrow one 400 years on, whose calendar is the same."""
    year = date.year if 2 <= date.year <= 9998 else date.year % _CYCLE_YEARS + (2000 if date.year > 0 else 1600)
    local = py.datetime(year, date.month, date.day, tzinfo=zone_info(zone)) + py.timedelta(seconds=second_of_day)
    offset = local.utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


@dataclass(frozen=True, slots=True)
class Time:
    """nano: nanoseconds since midnight. offset: seconds east of UTC; zone: a name of the tz database; at most one is set."""

    nano: int
    offset: int | None = None
    zone: str | None = None

    @property
    def hour(self) -> int:
        return self.nano // (3600 * SECOND)

    @property
    def minute(self) -> int:
        return self.nano // (60 * SECOND) % 60

    @property
    def second(self) -> int:
        return self.nano // SECOND % 60

    @property
    def fraction(self) -> int:
        return self.nano % SECOND

    @property
    def zoned(self) -> bool:
        return self.offset is not None or self.zone is not None

    def offset_on(self, date: Date) -> int | None:
        if self.zone is not None:
            return _offset_on(self.zone, date, self.nano // SECOND)
        return self.offset

    def utc_nano(self) -> int:
        """Nanoseconds since midnight UTC; a named zone is taken with its offset of 1970-01-01, as a time has no date."""
        return self.nano - (self.offset_on(Date(1970, 1, 1)) or 0) * SECOND

    def plus(self, nano: int) -> Time:
        return Time((self.nano + nano) % DAY, self.offset, self.zone)

    def to_python(self) -> py.time | Time:
        if self.zone is not None or self.nano % 1000:
            return self
        zone = None if self.offset is None else py.timezone(py.timedelta(seconds=self.offset))
        return py.time(self.hour, self.minute, self.second, self.fraction // 1000, zone)


@dataclass(frozen=True, slots=True)
class DateTime:
    date: Date
    time: Time

    @property
    def offset(self) -> int | None:
        return self.time.offset_on(self.date)

    @property
    def instant(self) -> int:
        """Nanoseconds since 1970-01-01T00:00:00, in UTC when the time is zoned, else local."""
        return self.date.ordinal * DAY + self.time.nano - (self.offset or 0) * SECOND

    def plus_nano(self, nano: int) -> DateTime:
        days, rest = divmod(self.time.nano + nano, DAY)
        return DateTime(self.date.plus_days(days), Time(rest, self.time.offset, self.time.zone))

    def plus_months(self, months: int) -> DateTime:
        return DateTime(self.date.plus_months(months), self.time)

    def to_python(self) -> py.datetime | DateTime:
        date, time = self.date.to_python(), self.time.to_python()
        return py.datetime.combine(date, time) if isinstance(date, py.date) and isinstance(time, py.time) else self


@dataclass(frozen=True, slots=True, order=True)
class DayTimeDuration:
    """Days and time duration, in nanoseconds."""

    nano: int

    def to_python(self) -> py.timedelta | DayTimeDuration:
        whole = self.nano % 1000 == 0 and abs(self.nano) < 999_999_999 * DAY
        return py.timedelta(microseconds=self.nano // 1000) if whole else self


@dataclass(frozen=True, slots=True, order=True)
class YearMonthDuration:
    """Years and months duration, in months."""

    months: int


Temporal = Date | Time | DateTime | DayTimeDuration | YearMonthDuration


def midnight(date: Date) -> DateTime:
    """A date where a date and time is wanted: its first moment, in UTC as DMN 1.5 says (10.3.2.3.6)."""
    return DateTime(date, Time(0, 0))


def from_python(value: object) -> Temporal:
    """The FEEL value of a Python date, time, datetime or timedelta."""
    if isinstance(value, py.datetime):
        return DateTime(Date(value.year, value.month, value.day), _time_from_python(value.timetz()))
    if isinstance(value, py.date):
        return Date(value.year, value.month, value.day)
    if isinstance(value, py.time):
        return _time_from_python(value)
    if isinstance(value, py.timedelta):
        return DayTimeDuration((value.days * DAY_SECONDS + value.seconds) * SECOND + value.microseconds * 1000)
    raise TypeError(f"no date, time or duration: {type(value).__name__}")


def _time_from_python(value: py.time) -> Time:
    nano = ((value.hour * 60 + value.minute) * 60 + value.second) * SECOND + value.microsecond * 1000
    if isinstance(value.tzinfo, ZoneInfo):
        return Time(nano, None, value.tzinfo.key)
    offset = value.utcoffset()
    return Time(nano, None if offset is None else int(offset.total_seconds()))
