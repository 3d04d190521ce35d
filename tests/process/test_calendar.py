"""Working days of Kotalama, deadlines, durations, and calendar files that are wrong."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from kinerja.cli.calendar import calendar as command
from kinerja.core.clock import JAKARTA
from kinerja.core.errors import InputError, Place
from kinerja.process import Calendar, load_calendar
from kinerja.process.calendar import read_year
from kinerja.process.durations import due, parse_duration
from kinerja.process.model import Timer

FILE = """\
calendar: uji
title: Uji
year: 2026
working_days: [senin, selasa, rabu, kamis, jumat]
source: {instrument: SKB, part: "1", status: recalled}
days:
  - {date: 2026-01-01, kind: libur_nasional, name: Tahun Baru}
"""


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 3, 13), 5, date(2026, 3, 27)),  # Nyepi 19 March, Idulfitri 21–22, collective leave 18, 20, 23, 24
        (date(2026, 3, 13), 0, date(2026, 3, 13)),
        (date(2026, 3, 13), 1, date(2026, 3, 16)),
        (date(2026, 3, 14), 1, date(2026, 3, 16)),  # from a Saturday
        (date(2026, 3, 17), 1, date(2026, 3, 25)),
        (date(2026, 5, 13), 1, date(2026, 5, 18)),  # Ascension and its collective leave, then a weekend
        (date(2026, 8, 14), 1, date(2026, 8, 18)),
        (date(2026, 12, 23), 1, date(2026, 12, 28)),
        (date(2026, 1, 2), 14, date(2026, 1, 23)),
    ],
)
def test_deadlines(calendar: Calendar, start: date, days: int, end: date) -> None:
    assert calendar.deadline(start, days) == end
    if days:
        assert sum(calendar.is_working(start + timedelta(days=step)) for step in range(1, (end - start).days + 1)) == days
        assert calendar.is_working(end)


def test_the_year_has_its_holidays(calendar: Calendar) -> None:
    kinds = [holiday.kind for holiday in calendar.holidays.values() if holiday.day.year == 2026]
    assert kinds.count("libur_nasional") == 17
    assert kinds.count("cuti_bersama") == 8
    assert all(holiday.source and holiday.status and holiday.place.line for holiday in calendar.holidays.values())
    assert sum(calendar.is_working(date(2026, 1, 1) + timedelta(days=day)) for day in range(365)) == 261 - 21
    assert calendar.why_not(date(2026, 3, 19)).startswith("Hari Suci Nyepi")
    assert calendar.why_not(date(2026, 3, 14)) == "akhir pekan"
    assert calendar.why_not(date(2026, 3, 16)) == ""


def test_an_unknown_year_is_an_error_not_a_guess(calendar: Calendar) -> None:
    with pytest.raises(InputError) as error:
        calendar.deadline(date(max(calendar.years), 12, 30), 5)
    assert error.value.code == "kalender_tidak_ada"
    assert f"kotalama-{max(calendar.years) + 1}.yaml" in error.value.remedy_id


def test_the_year_ahead_is_marked_as_not_official(calendar: Calendar) -> None:
    ahead = [holiday for holiday in calendar.holidays.values() if holiday.day.year == 2027]
    assert len(ahead) == 17
    assert {holiday.status for holiday in ahead} == {"recalled", "policy"}, "nothing of it is verified"
    assert all("(perkiraan)" in holiday.name for holiday in ahead if holiday.status == "policy")


@pytest.mark.parametrize("days", [-1, 2_001])
def test_an_absurd_number_of_days_is_refused(calendar: Calendar, days: int) -> None:
    with pytest.raises(InputError, match="jumlah_hari_tidak_sah"):
        calendar.deadline(date(2026, 1, 2), days)


def test_the_command_prints_only_the_date() -> None:
    result = CliRunner().invoke(command, ["deadline", "2026-03-13", "--working-days", "5"])
    assert (result.exit_code, result.output) == (0, "2026-03-27\n")


@pytest.mark.parametrize(
    "arguments", [["deadline", "13-03-2026", "--working-days", "5"], ["deadline", "2031-12-30", "--working-days", "9"]]
)
def test_the_command_names_what_is_wrong(arguments: list[str]) -> None:
    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1


def test_the_command_says_that_a_year_is_an_estimate() -> None:
    known = CliRunner().invoke(command, ["deadline", "2026-03-13", "--working-days", "5"])
    assert (known.stdout, known.stderr) == ("2026-03-27\n", "")
    unsure = CliRunner().invoke(command, ["deadline", "2026-12-28", "--working-days", "9"])
    assert (unsure.exit_code, unsure.stdout) == (0, "2027-01-12\n")
    assert unsure.stderr.startswith("perkiraan: 2027: ")


def test_only_the_year_without_an_official_list_is_an_estimate(calendar: Calendar) -> None:
    assert set(calendar.estimated) == {2027}
    assert calendar.years == {2026, 2027}


BROKEN = [
    ("year: 2026", "year: dua ribu", 3),
    ("senin, ", "senen, ", 4),
    ("status: recalled", "status: yakin", 5),
    ("2026-01-01", "2026-02-30", 7),
    ("2026-01-01", "2025-01-01", 7),
    ("libur_nasional", "libur", 7),
    ("name: Tahun Baru}", "name: Tahun Baru}\n  - {date: 2026-01-01, kind: libur_nasional, name: Lagi}", 8),
    ("name: Tahun Baru}", "nama: Tahun Baru}", 7),
    ("title: Uji", "judul: Uji", 1),
    ("title: Uji", "title: Uji\ntitle: Lagi", 3),
    ("days:", "days: [", 0),
]


@pytest.mark.parametrize(("old", "new", "line"), BROKEN)
def test_a_broken_calendar_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int) -> None:
    assert read_year(FILE, "uji").year == 2026
    path = tmp_path / "kotalama-2026.yaml"
    path.write_text(FILE.replace(old, new), "utf-8")
    with pytest.raises(InputError) as error:
        load_calendar(tmp_path)
    place = error.value.place
    assert place is not None
    assert place.file == str(path)
    assert place.line >= 1
    if line:
        assert place.line == line


def test_two_years_make_one_calendar(tmp_path: Path) -> None:
    (tmp_path / "kotalama-2026.yaml").write_text(FILE, "utf-8")
    (tmp_path / "kotalama-2027.yaml").write_text(FILE.replace("2026", "2027"), "utf-8")
    both = load_calendar(tmp_path)
    assert both.deadline(date(2026, 12, 30), 2) == date(2027, 1, 4)
    (tmp_path / "kotalama-2028.yaml").write_text(FILE, "utf-8")
    with pytest.raises(InputError, match="two files"):
        load_calendar(tmp_path)


def test_a_folder_without_a_calendar(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="kalender_tidak_ada"):
        load_calendar(tmp_path)


# ── durations ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("P14D", (0, 14, 0)),
        ("P2W", (0, 14, 0)),
        ("P1Y2M3DT4H5M6S", (14, 3, 4 * 3600 + 306)),
        ("PT8H", (0, 0, 28_800)),
        ("P", None),
        ("PT", None),
        ("P1DT", None),
        ("14D", None),
        ("P-1D", None),
        ("P1.5D", None),
        ("R3/P1D", None),
        ("2026-01-01", None),
        ("P١D", None),
        ("P1D ", None),
    ],
)
def test_durations(text: str, parts: tuple[int, int, int] | None) -> None:
    found = parse_duration(text)
    assert (found and (found.months, found.days, found.seconds)) == parts


START = datetime(2026, 1, 31, 15, 30, tzinfo=JAKARTA)


@pytest.mark.parametrize(
    ("duration", "mode", "end"),
    [
        ("P14D", "", "2026-02-14T15:30:00+07:00"),
        ("P1M", "", "2026-02-28T15:30:00+07:00"),
        ("P13M", "", "2027-02-28T15:30:00+07:00"),
        ("PT36H", "", "2026-02-02T03:30:00+07:00"),
        ("P14D", "hari_kalender", "2026-02-15T00:00:00+07:00"),
        ("P5D", "hari_kerja", "2026-02-07T00:00:00+07:00"),
    ],
)
def test_when_a_timer_is_up(calendar: Calendar, duration: str, mode: str, end: str) -> None:
    assert due(Timer(duration, mode, Place("x")), START, calendar).isoformat() == end


def test_a_day_is_a_day_in_jakarta(calendar: Calendar) -> None:
    late_evening_in_utc = datetime.fromisoformat("2026-01-31T20:00:00+00:00")  # 1 February, 03:00 in Kotalama
    assert due(Timer("P1D", "hari_kalender", Place("x")), late_evening_in_utc, calendar).isoformat() == "2026-02-03T00:00:00+07:00"


def test_working_days_need_a_calendar() -> None:
    with pytest.raises(InputError, match="kalender_tidak_ada"):
        due(Timer("P5D", "hari_kerja", Place("x")), START, None)
