"""Reactions as rule files state them: patterns over several happenings of a case, in any order, and what should follow.

Matching them is the engine's; here stand only the checked statements.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Literal

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
class Happening:
    """A dated fact of a case. id: unique among those given together. values: field → Fraction, str, bool, date or None."""

    id: str
    kind: str
    on: date
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Clause:
    """A happening of a kind for which `where` holds (None: any)."""

    name: str
    kind: str
    where: Node | None
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Bands:
    """Thresholds that a decision states: where its output changes as one numeric input grows, the other inputs being `given`.

    ignored: outputs that ask for nothing. The figures stay in the decision, which says when they hold.
    """

    decision: str
    input: str
    output: str
    given: Mapping[str, Any]
    ignored: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class InARow:
    """`times` periods one after another, each with a happening that meets the clause.

    gap: "break" – a period without any happening of the kind ends the row; "skip" – it is passed over.
    once: one key for an unbroken run, named by its first period, with all its facts; it is found while `times` of its periods lie
    in the window. Otherwise one for each period that completes a row.
    bands: where `times` is a decision's (0 until resolved); level: its output there.
    """

    clause: Clause
    every: Period
    times: int
    gap: Literal["break", "skip"]
    once: bool = False
    bands: Bands | None = None
    level: str = ""


@dataclass(frozen=True, slots=True)
class Total:
    """The running sum of a field ("": the number of happenings) within each period reaches a threshold, once a period.

    highest: only the highest threshold reached is reported. bands: where the thresholds are a decision's (none until
    resolved); levels: its output at each.
    """

    clause: Clause
    field: str
    per: Period
    at_least: tuple[Fraction, ...]
    highest: bool = False
    bands: Bands | None = None
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Together:
    """Different happenings, one for each clause, in any order, not further apart than `within` days (None: no matter).

    key: (clause, field) whose values make the key, with the period of the last happening where `per` is given; the first
    combination counts. Without it each combination has a key of its own.
    """

    clauses: tuple[Clause, ...]
    within: int | None
    key: tuple[tuple[str, str], ...] = ()
    per: Period | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """A happening that is due (its day lies ahead) and still lacks another with the `same` fields.

    before: days ahead from which it is looked for, descending; each counts once, the nearest only.
    """

    clause: Clause
    unless: Clause
    same: tuple[str, ...]
    before: tuple[int, ...]


Form = InARow | Total | Together | Missing


@dataclass(frozen=True, slots=True)
class Consequence:
    """act: task, notice or flag. name: of the task or flag. role: whose."""

    act: Literal["task", "notice", "flag"]
    name: str
    role: str
    text: Label


@dataclass(frozen=True, slots=True)
class ReactionExample:
    """A worked case: these happenings, on that day, give exactly these keys (without the reaction's name)."""

    given: tuple[Happening, ...]
    on: date
    expect: tuple[str, ...]
    place: Place
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reaction:
    """events: kind → its fields. labels: "kind" and "kind.field" → its name on the screen."""

    name: str
    label: Label
    events: Mapping[str, Mapping[str, ValueType]]
    labels: Mapping[str, Label]
    window: Window
    form: Form
    then: Consequence
    effective: Effective
    authority: tuple[Citation, ...]
    place: Place
    examples: tuple[ReactionExample, ...] = ()

    @property
    def clauses(self) -> tuple[Clause, ...]:
        match self.form:
            case Together(clauses=clauses):
                return clauses
            case Missing(clause=clause, unless=unless):
                return (clause, unless)
            case InARow(clause=clause) | Total(clause=clause):
                return (clause,)

    @property
    def bands(self) -> Bands | None:
        return self.form.bands if isinstance(self.form, InARow | Total) else None
