"""Reactions as rule files state them: patterns over several happenings of a case, in any order, and what should follow.

Matching them is the engine's; here stand only the checked statements.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from ..core.errors import Place
from ..core.findings import Citation
from ..feel.syntax import Node
from .model import Effective, Label, ValueType

Period = Literal["day", "week", "month", "year"]


@dataclass(frozen=True, slots=True)
class Window:
    """How far back from the judgement day happenings count; both 0: all of them up to that day."""

    months: int = 0
    days: int = 0

    def first(self, day: date) -> date:
        """The first day that counts."""
        if not (self.months or self.days):
            return date.min
        total = day.year * 12 + day.month - 1 - self.months
        year, month = divmod(total, 12)
        if year < 1:
            return date.min
        last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(1)).day
        start = date(year, month + 1, min(day.day, last))
        return start - timedelta(self.days) + timedelta(1)


@dataclass(frozen=True, slots=True)
class Clause:
    """A happening of a kind for which `where` holds (None: any)."""

    name: str
    kind: str
    where: Node | None
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class InARow:
    """`times` periods one after another, each with a happening that meets the clause.

    gap: "break" – a period without any happening of the kind ends the row; "skip" – it is passed over.
    """

    clause: Clause
    every: Period
    times: int
    gap: Literal["break", "skip"]


@dataclass(frozen=True, slots=True)
class Total:
    """The running sum of a field within each period reaches a threshold; each threshold counts once a period."""

    clause: Clause
    field: str
    per: Period
    at_least: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """Different happenings, one for each clause, in any order, not further apart than `within` days (None: no matter)."""

    clauses: tuple[Clause, ...]
    within: int | None


@dataclass(frozen=True, slots=True)
class Consequence:
    """act: task, notice or flag. name: of the task or flag. role: whose."""

    act: Literal["task", "notice", "flag"]
    name: str
    role: str
    text: Label


@dataclass(frozen=True, slots=True)
class Reaction:
    """events: kind → its fields."""

    name: str
    label: Label
    events: Mapping[str, Mapping[str, ValueType]]
    window: Window
    form: InARow | Total | Together
    then: Consequence
    effective: Effective
    authority: tuple[Citation, ...]
    place: Place

    @property
    def clauses(self) -> tuple[Clause, ...]:
        return self.form.clauses if isinstance(self.form, Together) else (self.form.clause,)
