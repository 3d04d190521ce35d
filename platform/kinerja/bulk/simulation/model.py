"""What a simulation found, as frozen values and as one JSON document of stable shape (docs/commands.md describes it)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ...core.numbers import round_half_up
from ...policy.difference import Change
from ..run import Report

GROUPS = {
    "unit": ("perangkat daerah", "agency"),
    "kelas_jabatan": ("kelas jabatan", "job class"),
    "jenjang": ("jenjang", "level"),
}
"""Columns of `kasus` by which figures are told apart, with what people call them."""

SMALLEST = 5
"""Employees in the smallest group whose bands are shown: below it a figure would be about persons. A matter of privacy, not of
policy, hence no parameter of the rules."""

TOGETHER = "…"
"""The value under which groups too small to be shown stand together."""

YEAR = 12


@dataclass(frozen=True, slots=True)
class Move:
    """Employees whose band becomes another. group: a column, value: its value; "" for all. up: to a better band."""

    output: str
    group: str
    value: str
    before: str
    after: str
    cases: int
    up: bool


@dataclass(frozen=True, slots=True)
class Money:
    """Sums of one output over the rows that both rule sets answer, whole rupiah, all months together. group, value as in Move.

    months: how many months the rows are of, one where they do not say.
    """

    output: str
    group: str
    value: str
    cases: int
    before: int
    after: int
    months: int = 1

    @property
    def change(self) -> int:
        return self.after - self.before

    def monthly(self, figure: int) -> int:
        """The mean of a month, to the rupiah."""
        return int(round_half_up(Fraction(figure, self.months), 0))

    def yearly(self, figure: int) -> int:
        """Twelve months at that mean; the very sum where the rows are of twelve months."""
        times, rest = divmod(YEAR, self.months)
        return int(round_half_up(Fraction(figure * YEAR, self.months), 0)) if rest else figure * times


@dataclass(frozen=True, slots=True)
class Month:
    """The sum of one output in one month."""

    output: str
    month: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Spread:
    """Employees who have a band, before and after. group, value as in Move."""

    output: str
    group: str
    value: str
    band: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Fairness:
    """How a group fares beside the city: percent of its employees in the two best bands, and percentage points apart from all."""

    output: str
    group: str
    value: str
    cases: int
    before: Fraction
    after: Fraction
    apart_before: Fraction
    apart_after: Fraction


@dataclass(frozen=True, slots=True)
class Ceiling:
    """A budget of a year beside what the main sum would take in a year. value: an agency, "" for all together."""

    value: str
    rupiah: int
    before: int
    after: int

    @property
    def exceeded(self) -> bool:
        return self.after > self.rupiah

    @property
    def used(self) -> Fraction | None:
        """Percent of the ceiling, two digits; None where the ceiling is nothing."""
        return round_half_up(Fraction(self.after * 100, self.rupiah), 2) if self.rupiah else None


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be spent in a year, whole rupiah: by agency, and in all (None: the sum, where every agency has a budget)."""

    by_unit: Mapping[str, int] = field(default_factory=dict)
    total: int | None = None
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """One employee. key: `pegawai` of the population, else `kasus`. before, after: the main band.

    month_…: the main money of the row that counts, year_…: of a year.
    """

    key: str
    unit: str
    before: str
    after: str
    month_before: int
    month_after: int
    year_before: int
    year_after: int

    @property
    def touched(self) -> bool:
        return self.before != self.after or self.year_before != self.year_after


@dataclass(frozen=True, slots=True)
class Simulation:
    """cases: rows computed; employees: persons among them; months: of how many months the rows are.

    hidden: group → how many of its values are too small to be shown alone and stand together. people: everyone whom both rule
    sets answer.
    """

    cases: int
    employees: int
    months: int
    both: int
    moved: int
    before: Report
    after: Report
    changes: tuple[Change, ...]
    moves: tuple[Move, ...]
    money: tuple[Money, ...]
    by_month: tuple[Month, ...]
    spreads: tuple[Spread, ...]
    fairness: tuple[Fairness, ...]
    ceilings: tuple[Ceiling, ...]
    hidden: Mapping[str, int]
    newly_failed: Mapping[str, int]
    newly_answered: int
    main_band: str
    main_money: str
    ceiling: int | None = None
    basis: str = ""
    people: tuple[Person, ...] = ()

    def total(self, output: str) -> Money | None:
        return next((one for one in self.money if one.output == output and not one.group), None)

    def sentences(self, language: str = "id") -> list[str]:
        from .words import sentences

        return sentences(self, language)

    def as_json(self) -> dict[str, Any]:
        total = self.total(self.main_money)
        return {
            "release": self.before.release,
            "draft": self.after.release,
            "on": self.after.on,
            "cases": self.cases,
            "employees": self.employees,
            "months": self.months,
            "answered": {"before": self.before.answered, "after": self.after.answered, "both": self.both},
            "main": {"band": self.main_band, "money": self.main_money},
            "rules": [change.as_json() for change in self.changes],
            "movers": {
                "cases": self.moved,
                "up": sum(m.cases for m in self.moves if m.output == self.main_band and not m.group and m.up),
                "down": sum(m.cases for m in self.moves if m.output == self.main_band and not m.group and not m.up),
                "moves": [_move(m) for m in self.moves if not m.group],
                "by_group": [{"group": m.group, "value": m.value, **_move(m)} for m in self.moves if m.group],
            },
            "money": [
                {
                    "output": m.output, "group": m.group, "value": m.value, "cases": m.cases,
                    "before": m.before, "after": m.after, "change": m.change,
                    "monthly": _three(m.monthly(m.before), m.monthly(m.after)),
                    "yearly": _three(m.yearly(m.before), m.yearly(m.after)),
                }
                for m in self.money
            ],
            "by_month": [{"output": m.output, "month": m.month, "before": m.before, "after": m.after} for m in self.by_month],
            "ceiling": None if self.ceiling is None or total is None else {
                "rupiah": self.ceiling, "after": total.monthly(total.after), "exceeded": total.monthly(total.after) > self.ceiling,
            },
            "budget": {
                "basis": self.basis,
                "ceilings": [
                    {
                        "unit": c.value, "rupiah": c.rupiah, "before": c.before, "after": c.after,
                        "exceeded": c.exceeded, "used_percent": c.used,
                    }
                    for c in self.ceilings
                ],
            },
            "distribution": [
                {"output": s.output, "group": s.group, "value": s.value, "band": s.band, "before": s.before, "after": s.after}
                for s in self.spreads
            ],
            "fairness": [
                {
                    "output": f.output, "group": f.group, "value": f.value, "cases": f.cases,
                    "top_percent": {"before": f.before, "after": f.after},
                    "apart": {"before": f.apart_before, "after": f.apart_after},
                }
                for f in self.fairness
            ],
            "hidden": {"smallest": SMALLEST, "groups": dict(self.hidden)},
            "errors": {
                "before": dict(self.before.errors), "after": dict(self.after.errors),
                "newly_failed": dict(self.newly_failed), "newly_answered": self.newly_answered,
            },
            "sentences": {"id": self.sentences("id"), "en": self.sentences("en")},
        }  # fmt: skip


def _three(before: int, after: int) -> dict[str, int]:
    return {"before": before, "after": after, "change": after - before}


def _move(one: Move) -> dict[str, Any]:
    return {"output": one.output, "from": one.before, "to": one.after, "cases": one.cases, "up": one.up}
