"""What is found among the happenings of a case by the reactions of a policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ...policy.reactions import Clause, Happening, InARow, Missing, Period, Reaction, Together, Total, Window

__all__ = [
    "Clause", "Happening", "InARow", "Match", "Missing", "Period", "Reacted", "Reaction", "Together", "Total", "Window",
    "period_name", "period_of",
]  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Match:
    """A pattern found: idempotency key (the same facts, or more of them, give the same key again) and the facts that made it."""

    reaction: str
    key: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reacted:
    """A reaction that fires, with the happenings that made it, and sentences that say so.

    level: what the decision that states its threshold says there (`teguran_lisan`); "" where the file states it itself.
    """

    match: Match
    reaction: Reaction
    happenings: tuple[Happening, ...]
    text_id: str
    text_en: str
    level: str = ""


def period_of(day: date, every: Period) -> int:
    """A number for the period a day lies in; the next period has the next number."""
    match every:
        case "day":
            return day.toordinal()
        case "week":
            return (day.toordinal() - 1) // 7  # day 1 was a Monday
        case "month":
            return day.year * 12 + day.month - 1
    return day.year


def period_name(period: int, every: Period) -> str:
    match every:
        case "day":
            return date.fromordinal(period).isoformat()
        case "week":
            year, week, _ = date.fromordinal(period * 7 + 1).isocalendar()
            return f"{year}-W{week:02}"
        case "month":
            return f"{period // 12}-{period % 12 + 1:02}"
    return str(period)
