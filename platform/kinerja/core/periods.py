"""Periods of evaluation: inclusive dates, whole months."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from .errors import InputError

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """First and last day, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InputError(
                "periode_terbalik",
                f"periode berakhir ({self.last}) sebelum mulai ({self.first})",
                f"the period ends ({self.last}) before it begins ({self.first})",
            )

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def months(self) -> int:
        """Calendar months touched, 1…12 within a year."""
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    def contains(self, day: date) -> bool:
        return self.first <= day <= self.last


def parse_date(text: str) -> date:
    """ISO date; raise InputError(`tanggal_tidak_sah`)."""
    try:
        if not _DAY.fullmatch(text):  # fromisoformat alone would take week dates too
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            "tanggal_tidak_sah",
            f"“{text[:20]}” bukan tanggal",
            f'"{text[:20]}" is not a date',
            remedy_id="tulis TTTT-BB-HH, misalnya 2026-06-30",
            remedy_en="write YYYY-MM-DD, for example 2026-06-30",
        ) from error
