"""Dates, times and durations: any year, zones, arithmetic, text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinerja.feel.temporal import Date, DateTime, DayTimeDuration, Time, from_python
from kinerja.feel.temporal_text import read_temporal, temporal_text

Run = Callable[..., Any]


@given(st.dates())
def test_the_calendar_is_pythons_where_python_has_one(day: date) -> None:
    ours = Date(day.year, day.month, day.day)
    assert ours.ordinal == day.toordinal() - date(1970, 1, 1).toordinal()
    assert Date.from_ordinal(ours.ordinal) == ours
    assert ours.weekday == day.isoweekday()
    assert ours.week_of_year == day.isocalendar().week
    assert ours.day_of_year == day.timetuple().tm_yday
    assert ours.to_python() == day


@given(st.integers(-300_000_000_000, 300_000_000_000))
def test_ordinals_of_any_year_lead_back(ordinal: int) -> None:
    assert Date.from_ordinal(ordinal).ordinal == ordinal


@pytest.mark.slow
@given(st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1)), st.timedeltas(timedelta(-300), timedelta(300)))  # noqa: DTZ001
def test_moments_move_as_pythons_do(moment: datetime, step: timedelta) -> None:
    ours = from_python(moment)
    assert isinstance(ours, DateTime)
    duration = from_python(step)
    assert isinstance(duration, DayTimeDuration)
    assert ours.plus_nano(duration.nano).to_python() == moment + step


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31",
        "-0044-03-15",
        "999999999-12-31",
        "10:30:00",
        "10:30:00.123456789",
        "10:30:00Z",
        "10:30:00-03:30",
        "10:30:00@Asia/Jakarta",
        "2026-01-31T10:30:00@Asia/Jakarta",
        "2026-01-31T00:00:00+07:00",
        "P1DT2H3M4.5S",
        "-P1DT1S",
        "PT0S",
        "P1Y2M",
        "-P11M",
        "P0M",
    ],
)
def test_text_leads_back(text: str) -> None:
    assert temporal_text(read_temporal(text)) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('date("2024-02-29") + duration("P1Y")', "2025-02-28"),
        ('date("2024-01-31") - duration("P1M")', "2023-12-31"),
        ('date("2024-03-01") + duration("PT23H")', "2024-03-01"),
        ('date("2024-03-01") - duration("PT1H")', "2024-02-29"),
        ('@"2024-02-28T23:00:00" + @"PT2H"', "2024-02-29T01:00:00"),
        ('time("23:30:00") + duration("PT1H")', "00:30:00"),
        ('date and time("2024-12-31T24:00:00")', "2025-01-01T00:00:00"),
        ('date and time(date("2024-01-01"), time("10:00:00+07:00"))', "2024-01-01T10:00:00+07:00"),
        ('duration("P1D") * 1.5', "P1DT12H"),
        ('duration("P1Y") / 5', "P2M"),
        ('duration("P2D") / duration("PT12H")', "4"),
        ('date("2024-03-01") - date("2024-02-01")', "P29D"),
        ('years and months duration(date("2011-12-22"), date("2013-08-24"))', "P1Y8M"),
        ('years and months duration(date("2013-08-24"), date("2011-12-22"))', "-P1Y8M"),
        ('@"2021-07-01T12:00:00@Australia/Melbourne" - @"2021-01-01T12:00:00@Australia/Melbourne"', "P181DT1H"),
        ('day of week(date("2026-08-17"))', "Monday"),
        ('month of year(date("2026-08-17"))', "August"),
        ('week of year(date("2021-01-01"))', "53"),
        ('@"2026-01-01T10:00:00+07:00".time offset', "PT7H"),
        ('@"2026-01-01T10:00:00@Asia/Jakarta".timezone', "Asia/Jakarta"),
        ('date("-2017-12-31").year', "-2017"),
        ('time(10, 30, 15.5, duration("PT7H"))', "10:30:15.5+07:00"),
    ],
)
def test_arithmetic(standard: Run, text: str, shown: str) -> None:
    assert standard(f"string({text})") == shown


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('@"2002-04-02T12:00:00-01:00" = @"2002-04-02T17:00:00+04:00"', True),
        ('is(@"2002-04-02T12:00:00-01:00", @"2002-04-02T17:00:00+04:00")', False),
        ('time("10:00:00Z") = time("10:00:00+00:00")', True),
        ('time("10:00:00") < time("10:00:00Z")', None),
        ('date("2024-01-01") < date and time("2024-01-02T00:00:00")', None),
        ('date("2024-01-01") in [date("2023-01-01")..date("2025-01-01")]', True),
        ('duration("P1Y") = duration("P365D")', None),
        ('duration("P1D") = duration("PT24H")', True),
        ('@"2024-06-01T12:00:00@Tidak/Ada"', None),
        ('date("2024-02-30")', None),
        ('time("25:00:00")', None),
        ('date("998-12-31")', None),
        ('-@"P1D" = @"-P1D"', True),
        ('@"P1D" + @"P1M"', None),
    ],
)
def test_comparison(standard: Run, text: str, value: Any) -> None:
    assert standard(text) is value


def test_now_has_a_zone_and_today_is_a_date(standard: Run) -> None:
    before = datetime.now(UTC)
    now = standard("now()")
    assert isinstance(now, DateTime)
    found = now.to_python()
    assert isinstance(found, datetime)
    assert before <= found <= datetime.now(UTC)
    assert isinstance(standard("today()"), Date)


def test_a_zone_that_python_lacks_the_years_of() -> None:
    assert DateTime(Date(12_026, 1, 1), Time(0, None, "Asia/Jakarta")).offset == 7 * 3600
