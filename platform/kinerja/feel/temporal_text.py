"""Dates, times and durations read from text and written to it: XML Schema forms, as DMN has them, plus `@Zone/Name`."""

from __future__ import annotations

import re

from .errors import bad_value
from .temporal import (
    DAY,
    MAX_OFFSET,
    SECOND,
    Date,
    DateTime,
    DayTimeDuration,
    Temporal,
    Time,
    YearMonthDuration,
    zone_info,
)

_YEAR = r"(?P<year>-?(?:[1-9][0-9]{4,8}|[0-9]{4}))"
_DATE = re.compile(rf"{_YEAR}-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}})", re.ASCII)
_TIME = re.compile(
    r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,40}))?"
    r"(?:(?P<utc>[Zz])|(?P<sign>[+-])(?P<oh>[0-9]{2}):(?P<om>[0-9]{2})(?::(?P<os>[0-9]{2}))?|@(?P<zone>[A-Za-z0-9_+\-/]{1,60}))?",
    re.ASCII,
)
_DAYS = re.compile(
    r"(?P<sign>-?)P(?:(?P<days>[0-9]{1,18})D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]{1,18})H)?(?:(?P<minutes>[0-9]{1,18})M)?(?:(?P<seconds>[0-9]{1,18})(?:\.(?P<fraction>[0-9]*))?S)?)?",
    re.ASCII,
)
_MONTHS = re.compile(r"(?P<sign>-?)P(?:(?P<years>[0-9]{1,18})Y)?(?:(?P<months>[0-9]{1,18})M)?", re.ASCII)


def _nanos(fraction: str | None) -> int:
    return int((fraction or "").ljust(9, "0")[:9])


def read_date(text: str) -> Date:
    match = _DATE.fullmatch(text)
    if not match:
        raise bad_value(f"“{text[:40]}” bukan tanggal (2026-01-31)", f'"{text[:40]}" is not a date (2026-01-31)')
    return Date(int(match["year"]), int(match["month"]), int(match["day"]))


def read_time(text: str) -> Time:
    match = _TIME.fullmatch(text)
    time = _time(match) if match else None
    if time is None or time.nano >= DAY:
        raise bad_value(f"“{text[:40]}” bukan jam (10:30:00)", f'"{text[:40]}" is not a time (10:30:00)')
    return time


def _time(match: re.Match[str]) -> Time | None:
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"])
    nano = ((hour * 60 + minute) * 60 + second) * SECOND + _nanos(match["fraction"])
    if minute > 59 or second > 59 or nano > DAY:
        return None
    if match["utc"]:
        return Time(nano, 0)
    if match["zone"]:
        zone_info(match["zone"])
        return Time(nano, None, match["zone"])
    if match["sign"]:
        offset = int(match["oh"]) * 3600 + int(match["om"]) * 60 + int(match["os"] or 0)
        if offset > MAX_OFFSET or int(match["om"]) > 59 or int(match["os"] or 0) > 59:
            return None
        return Time(nano, -offset if match["sign"] == "-" else offset)
    return Time(nano)


def read_date_time(text: str) -> DateTime:
    """A date and time; a date alone is its midnight; 24:00:00 is the next day's."""
    day, marker, clock = text.partition("T")
    if not marker:
        return DateTime(read_date(text), Time(0))
    match = _TIME.fullmatch(clock)
    time = _time(match) if match else None
    if time is None:
        raise bad_value(
            f"“{text[:60]}” bukan tanggal dan jam (2026-01-31T10:30:00)",
            f'"{text[:60]}" is not a date and time (2026-01-31T10:30:00)',
        )
    date = read_date(day)
    if time.nano == DAY:
        return DateTime(date.plus_days(1), Time(0, time.offset, time.zone))
    return DateTime(date, time)


def read_duration(text: str) -> DayTimeDuration | YearMonthDuration:
    months = _MONTHS.fullmatch(text)
    if months and (months["years"] or months["months"]):
        total = int(months["years"] or 0) * 12 + int(months["months"] or 0)
        return YearMonthDuration(-total if months["sign"] else total)
    match = _DAYS.fullmatch(text)
    if not match or not any(match[part] for part in ("days", "hours", "minutes", "seconds")):
        raise bad_value(f"“{text[:40]}” bukan durasi (P1Y2M atau P1DT2H)", f'"{text[:40]}" is not a duration (P1Y2M or P1DT2H)')
    hours = int(match["days"] or 0) * 24 + int(match["hours"] or 0)
    seconds = (hours * 60 + int(match["minutes"] or 0)) * 60 + int(match["seconds"] or 0)
    nano = seconds * SECOND + _nanos(match["fraction"])
    return DayTimeDuration(-nano if match["sign"] else nano)


def read_temporal(text: str) -> Temporal:
    """The text of an @"…" literal: a duration, a date and time, a time or a date."""
    if text.lstrip("-").startswith("P"):
        return read_duration(text)
    if "T" in text.partition("@")[0]:
        return read_date_time(text)
    return read_time(text) if text[2:3] == ":" else read_date(text)


def date_text(date: Date) -> str:
    sign = "-" if date.year < 0 else ""
    return f"{sign}{abs(date.year):04d}-{date.month:02d}-{date.day:02d}"


def offset_text(seconds: int) -> str:
    if seconds == 0:
        return "Z"
    hours, rest = divmod(abs(seconds), 3600)
    text = f"{'-' if seconds < 0 else '+'}{hours:02d}:{rest // 60:02d}"
    return text + (f":{rest % 60:02d}" if rest % 60 else "")


def time_text(time: Time) -> str:
    text = f"{time.hour:02d}:{time.minute:02d}:{time.second:02d}"
    if time.fraction:
        text += f".{time.fraction:09d}".rstrip("0")
    if time.zone is not None:
        return f"{text}@{time.zone}"
    return text + ("" if time.offset is None else offset_text(time.offset))


def date_time_text(value: DateTime) -> str:
    return f"{date_text(value.date)}T{time_text(value.time)}"


def day_time_text(duration: DayTimeDuration) -> str:
    sign = "-" if duration.nano < 0 else ""
    seconds, fraction = divmod(abs(duration.nano), SECOND)
    days, seconds = divmod(seconds, 86_400)
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if seconds or fraction:
        clock += f"{seconds}" + (f".{fraction:09d}".rstrip("0") if fraction else "") + "S"
    text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return f"{sign}P{text}" if text else "PT0S"


def year_month_text(duration: YearMonthDuration) -> str:
    years, months = divmod(abs(duration.months), 12)
    text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
    return f"{'-' if duration.months < 0 else ''}P{text}" if text else "P0M"


def temporal_text(value: Temporal) -> str:
    if isinstance(value, Date):
        return date_text(value)
    if isinstance(value, Time):
        return time_text(value)
    if isinstance(value, DateTime):
        return date_time_text(value)
    return day_time_text(value) if isinstance(value, DayTimeDuration) else year_month_text(value)
