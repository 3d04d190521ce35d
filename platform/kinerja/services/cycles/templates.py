"""Templates of cycles: the periods of a year, with the codes and titles that letters and lists use."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from ...core.errors import InputError
from ...core.indonesian import MONTHS
from ...core.periods import Period

ROMAN = ("I", "II", "III", "IV")
MONTHS_OF = {"tahunan": 12, "semester": 6, "triwulan": 3, "bulanan": 1}
_CODE = re.compile(r"(\d{4})(?:-(?:(S)([12])|(TW)([1-4])|(0[1-9]|1[0-2])))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Slot:
    """One cycle that a template gives."""

    code: str
    title: str
    template: str
    period: Period


def slots_of(template: str, year: int) -> tuple[Slot, ...]:
    """The cycles of a year by a template, in order; InputError(`templat_siklus`) for another word."""
    if template not in MONTHS_OF:
        known = ", ".join(MONTHS_OF)
        raise InputError("templat_siklus", f"templat “{template}” tidak dikenal; ada: {known}", f"unknown template; known: {known}")
    if not 2000 <= year <= 2999:
        raise InputError("tahun_siklus", f"tahun {year} tidak dapat dipakai", f"the year {year} cannot be used")
    months = MONTHS_OF[template]
    return tuple(_slot(template, year, number, months) for number in range(12 // months))


def slot_of_code(code: str) -> Slot | None:
    """What a code written like those of the templates stands for ("2027-TW1"); None for any other."""
    match = _CODE.fullmatch(code)
    if match is None:
        return None
    year, _, half, _, quarter, month = match.groups()
    template, number = (
        ("semester", half) if half else ("triwulan", quarter) if quarter else ("bulanan", month) if month else ("", "")
    )
    if not 2000 <= int(year) <= 2999:
        return None
    return slots_of(template or "tahunan", int(year))[int(number) - 1 if number else 0]


def _slot(template: str, year: int, number: int, months: int) -> Slot:
    first, last = number * months + 1, number * months + months
    period = Period(date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]))
    code, title = {
        "tahunan": (f"{year}", f"Tahun {year}"),
        "semester": (f"{year}-S{number + 1}", f"Semester {ROMAN[number % 4]} Tahun {year}"),
        "triwulan": (f"{year}-TW{number + 1}", f"Triwulan {ROMAN[number % 4]} Tahun {year}"),
        "bulanan": (f"{year}-{first:02d}", f"{MONTHS[number]} {year}"),
    }[template]
    return Slot(code, title, template, period)
