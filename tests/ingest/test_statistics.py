"""The statistics, against hand-worked values; exact until the last step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction

import pytest

from kinerja.ingest import STATISTICS, EventLog, is_on_time, measure
from kinerja.ingest.timestamps import days, parser, zone
from kinerja.policy.kinds import EVENT_STATISTICS

START = datetime(2026, 1, 5, 8, tzinfo=UTC)


@dataclass
class Request:
    started: datetime
    finished: datetime | None
    due: datetime | None = None


def lasting(*minutes: int) -> list[Request]:
    return [Request(START, START + timedelta(minutes=m), START + timedelta(minutes=100)) for m in minutes]


@pytest.mark.parametrize(
    ("name", "requests", "expected"),
    [
        ("persen_tepat_waktu", lasting(1, 2, 101), "66.67"),
        ("persen_tepat_waktu", lasting(*[1] * 1, *[101] * 7), "12.5"),
        ("persen_tepat_waktu", lasting(100), "100"),
        ("median_menit", lasting(7, 1, 5), "5"),
        ("median_menit", lasting(1, 2), "1.5"),
        ("median_hari", lasting(1440, 2880), "1.5"),
        ("median_hari", lasting(36), "0.03"),  # 0.025: half up
        ("median_hari", lasting(-36), "-0.03"),  # a half goes away from zero
        ("rata_rata_hari", lasting(1440, 1440, 2880), "1.33"),
        ("p90_hari", lasting(*range(1440, 1440 * 11, 1440)), "9"),
        ("p90_hari", lasting(1440), "1"),
        ("jumlah_selesai", [*lasting(1, 2), Request(START, None)], "2"),
    ],
)
def test_a_statistic(name: str, requests: list[Request], expected: str) -> None:
    assert STATISTICS[name](requests) == Fraction(expected)


@pytest.mark.parametrize("name", sorted(set(STATISTICS) - {"jumlah_selesai"}))
def test_nothing_finished_is_not_rated(name: str) -> None:
    assert STATISTICS[name]([Request(START, None, START)]) is None


def test_a_median_rounds_after_the_mean_of_the_middle_two() -> None:
    # 12.96 and 23.04 minutes: 0.009 and 0.016 days; rounded first they would give 0.015 → 0.02, exactly it is 0.0125 → 0.01.
    requests = [Request(START, START + timedelta(seconds=s)) for s in (778, 1382)]
    assert STATISTICS["median_hari"](requests) == Fraction(1, 100)


def test_on_time_compares_instants_across_zones_to_the_microsecond() -> None:
    due = datetime(2026, 1, 6, 15, 0, tzinfo=timezone(timedelta(hours=7)))
    at = datetime(2026, 1, 6, 8, 0, tzinfo=UTC)
    assert is_on_time(Request(START, at, due))
    assert not is_on_time(Request(START, at + timedelta(microseconds=1), due))
    assert not is_on_time(Request(START, None, due))
    assert not is_on_time(Request(START, at, None))


def test_summer_time_does_not_lengthen_a_duration() -> None:
    read = parser("iso", None)
    assert days(read("2026-03-28 12:00:00+01:00"), read("2026-03-29 12:00:00+02:00")) == Fraction(23, 24)


def test_a_stamp_without_zone_takes_the_maps() -> None:
    assert parser("%d/%m/%Y %H:%M", zone("WITA"))("05/01/2026 08:00") == datetime(2026, 1, 5, 0, 0, tzinfo=UTC)
    assert parser("iso", zone("+07:00"))("2026-01-05 08:00") == datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


def test_officers_without_a_finished_request_are_listed_with_null(read: Callable[..., EventLog]) -> None:
    log = read("a,ani,2026-01-05T08:00:00+07:00,,2026-01-06T08:00:00+07:00\n")
    assert [officer.as_json() for officer in measure(log)] == [
        {"petugas": "ani", "selesai": 0, "tepat_waktu": 0, "persen_tepat_waktu": None, "median_hari": None, "terbuka": 1}
    ]


def test_a_standard_may_name_every_statistic_and_no_other() -> None:
    assert set(EVENT_STATISTICS) == set(STATISTICS)
