"""What a simulation found, as frozen values and as one JSON document of stable shape (docs/commands.md describes it)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

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
class Compared:
    """What two runs say side by side. cases: rows computed; employees: persons among them; months: of how many months the rows are.

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
