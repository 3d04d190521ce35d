"""Dates and units as English readers write them."""

from __future__ import annotations

from datetime import date

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def long_date(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


UNITS = {
    "persen": "percent", "hari": "days", "jam": "hours", "menit": "minutes", "bulan": "months", "tahun": "years", "kali": "times",
    "orang": "people", "nilai": "points", "poin": "points", "kelas": "class",
}  # fmt: skip
"""Units that rule files write, in English; any other is said as written."""


def unit_name(unit: str) -> str:
    return UNITS.get(unit, unit)
