"""The city's working-day calendar: holidays and collective leave as data, deadlines in working days.

One YAML file a year under config/calendars/. Day 0 is the day of the event; the period ends with its last working day. A day
in a year without a file is a named error, never a guess: a deadline that silently ignores a holiday has legal effect.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from ..core.errors import InputError, Place
from ..core.exactjson import read_text
from ..core.periods import parse_date
from . import strictyaml
from .strictyaml import Problems, Value

WEEKDAYS = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")
KINDS = ("libur_nasional", "cuti_bersama", "libur_daerah")
STATUSES = ("verified", "recalled", "policy")
MAX_WORKING_DAYS = 2_000


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day without work. source, status: the instrument it rests on and how sure we are of it."""

    day: date
    kind: str
    name: str
    source: str
    status: str
    place: Place


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """working_weekdays: weekdays worked (Monday 0). years: the years the calendar knows. estimated: those of them whose official
    list has not come out, so that a deadline in them may still move; year → what their file says about it."""

    name: str
    working_weekdays: frozenset[int]
    holidays: dict[date, Holiday]
    years: frozenset[int]
    estimated: dict[int, str] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        """True on a working day; raise InputError(`kalender_tidak_ada`) in a year the calendar does not know."""
        if day.year not in self.years:
            known = ", ".join(str(year) for year in sorted(self.years))
            raise InputError(
                "kalender_tidak_ada",
                f"kalender hari kerja tahun {day.year} belum ada (ada: {known})",
                f"there is no working-day calendar for {day.year} (there is: {known})",
                remedy_id=f"tambahkan config/calendars/{self.name}-{day.year}.yaml",
                remedy_en=f"add config/calendars/{self.name}-{day.year}.yaml",
                year=day.year,
            )
        return day.weekday() in self.working_weekdays and day not in self.holidays

    def deadline(self, start: date, working_days: int) -> date:
        """The day on which a period of `working_days` working days after `start` (day 0) ends."""
        if not 0 <= working_days <= MAX_WORKING_DAYS:
            raise InputError(
                "jumlah_hari_tidak_sah",
                f"jumlah hari kerja harus 0 sampai {MAX_WORKING_DAYS}",
                f"the number of working days must be 0 to {MAX_WORKING_DAYS}",
                remedy_id="periksa angkanya",
                remedy_en="check the number",
            )
        day, left = start, working_days
        while left:
            day = min(day, date.max - timedelta(days=1)) + timedelta(days=1)  # at the end of time is_working refuses the year
            left -= self.is_working(day)
        return day

    def why_not(self, day: date) -> str:
        """The reason a day is not worked, in Indonesian; "" for a working day."""
        if day in self.holidays:
            return self.holidays[day].name
        return "" if self.is_working(day) else "akhir pekan"


def load_calendar(folder: Path, name: str = "kotalama") -> Calendar:
    """Read every `<name>-<year>.yaml` of a folder; raise InputError with file, line and remedy on the first problem."""
    files = sorted(folder.glob(f"{name}-*.yaml"))
    if not files:
        raise InputError(
            "kalender_tidak_ada",
            f"tidak ada kalender “{name}” di folder ini",
            f'there is no calendar "{name}" in this folder',
            place=Place(str(folder)),
            remedy_id=f"buat berkas {name}-<tahun>.yaml",
            remedy_en=f"create the file {name}-<year>.yaml",
        )
    return merge(name, [read_year(read_text(file, max_bytes=strictyaml.MAX_BYTES), str(file)) for file in files])


@dataclass(frozen=True, slots=True)
class Year:
    year: int
    weekdays: frozenset[int]
    holidays: tuple[Holiday, ...]
    place: Place
    estimate: str = ""


def merge(name: str, years: Iterable[Year]) -> Calendar:
    holidays: dict[date, Holiday] = {}
    known: set[int] = set()
    weekdays: frozenset[int] | None = None
    estimated: dict[int, str] = {}
    for year in years:
        if year.year in known:
            raise _wrong(year.place, f"tahun {year.year} ada di dua berkas", f"the year {year.year} stands in two files")
        if weekdays is not None and weekdays != year.weekdays:
            raise _wrong(year.place, "working_days berbeda antartahun", "working_days differs between years")
        known.add(year.year)
        weekdays = year.weekdays
        holidays |= {holiday.day: holiday for holiday in year.holidays}
        if year.estimate:
            estimated[year.year] = year.estimate
    return Calendar(name, weekdays or frozenset(), holidays, frozenset(known), estimated)


def read_year(text: str, file: str) -> Year:
    """One calendar file; the first of its problems is raised, the others ride in `details["others"]`."""
    problems = Problems("kalender_tidak_sah", "perbaiki berkas kalender", "mend the calendar file")
    root = strictyaml.parse(text, file)
    entries = root.entries or {}
    required = ("calendar", "title", "year", "working_days", "source", "days")
    for key in required:
        if key not in entries:
            problems.add(root.place, f"kunci “{key}” tidak ada", f'the key "{key}" is missing')
    for key in entries.keys() - {*required, "note", "estimate"}:
        problems.add(entries[key].place, f"kunci “{key}” tidak dikenal", f'unknown key "{key}"')
    problems.raise_first()
    year_text = entries["year"].text or ""
    year = int(year_text) if year_text.isdecimal() and len(year_text) == 4 else 0
    if not year:
        problems.add(entries["year"].place, "tahun harus empat angka", "the year must be four digits")
    weekdays = _weekdays(entries["working_days"], problems)
    instrument, status = _source(entries["source"], problems)
    holidays: dict[date, Holiday] = {}
    for item in entries["days"].items or ():
        holiday = _holiday(item, year, instrument, status, problems)
        if holiday and holiday.day in holidays:
            problems.add(item.place, f"{holiday.day} ditulis dua kali", f"{holiday.day} is written twice")
        elif holiday:
            holidays[holiday.day] = holiday
    problems.raise_first()
    estimate = (entries["estimate"].text or "").strip() if "estimate" in entries else ""
    return Year(year, weekdays, tuple(holidays.values()), root.place, estimate)


def _weekdays(value: Value, problems: Problems) -> frozenset[int]:
    found: set[int] = set()
    for item in value.items or ():
        if item.text in WEEKDAYS:
            found.add(WEEKDAYS.index(item.text or ""))
        else:
            problems.add(item.place, f"“{item.text}” bukan nama hari", f'"{item.text}" is not a weekday')
    if not found:
        problems.add(value.place, "working_days harus menyebut hari kerja", "working_days must name the days worked")
    return frozenset(found)


def _source(value: Value, problems: Problems) -> tuple[str, str]:
    entries = value.entries or {}
    instrument = entries["instrument"].text if "instrument" in entries else None
    status = entries["status"].text if "status" in entries else None
    if not instrument or status not in STATUSES:
        problems.add(value.place, "source harus menyebut instrument dan status", "source must name an instrument and a status")
    return instrument or "", status or ""


def _holiday(value: Value, year: int, instrument: str, status: str, problems: Problems) -> Holiday | None:
    entries = value.entries or {}
    text = {key: entry.text or "" for key, entry in entries.items()}
    if not {"date", "kind", "name"} <= entries.keys() <= {"date", "kind", "name", "source", "status"}:
        problems.add(value.place, "tiap hari berisi date, kind, name", "each day has date, kind, name")
        return None
    try:
        day = parse_date(text["date"])
    except InputError as error:
        error.place = value.place
        problems.found.append(error)
        return None
    if day.year != year:
        problems.add(value.place, f"{day} bukan dalam tahun {year}", f"{day} is not in the year {year}")
    if text["kind"] not in KINDS:
        problems.add(value.place, f"kind harus salah satu dari {', '.join(KINDS)}", f"kind must be one of {', '.join(KINDS)}")
    own = text.get("status") or status
    if own not in STATUSES:
        problems.add(value.place, f"status “{own}” tidak dikenal", f'unknown status "{own}"')
    return Holiday(day, text["kind"], text["name"], text.get("source") or instrument, own, value.place)


def _wrong(place: Place, text_id: str, text_en: str) -> InputError:
    return InputError(
        "kalender_tidak_sah",
        text_id,
        text_en,
        place=place,
        remedy_id="perbaiki berkas kalender",
        remedy_en="mend the calendar file",
    )
