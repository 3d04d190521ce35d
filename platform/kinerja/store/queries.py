"""Read-only snapshots that many rows are judged by: the organisation tree and who holds what on a day. One query a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import peewee

from .people import Absence, Assignment, ConflictOfInterest, Person, Position, Unit

AGENCY = "agency"
_STAMP = """SELECT
  (SELECT COUNT(*) FROM "unit"), (SELECT COALESCE(SUM(version), 0) FROM "unit"),
  (SELECT COUNT(*) FROM "position"), (SELECT COALESCE(SUM(version), 0) FROM "position"),
  (SELECT COUNT(*) FROM "assignment"), (SELECT COALESCE(SUM(version), 0) FROM "assignment"),
  (SELECT COUNT(*) FROM "absence"), (SELECT COALESCE(SUM(version), 0) FROM "absence"),
  (SELECT COUNT(*) FROM "conflict_of_interest"), (SELECT COALESCE(SUM(version), 0) FROM "conflict_of_interest"),
  (SELECT COUNT(*) FROM "person"), (SELECT COALESCE(SUM(version), 0) FROM "person")
"""


@dataclass(frozen=True, slots=True)
class UnitNode:
    id: int
    code: str
    name: str
    short_name: str
    kind: str
    parent: int | None
    head_title: str
    address: str
    contact: str


@dataclass(frozen=True, slots=True)
class UnitTree:
    """The organisation tree by id."""

    nodes: Mapping[int, UnitNode]

    @classmethod
    def load(cls) -> UnitTree:
        named = (Unit.id, Unit.code, Unit.name, Unit.short_name, Unit.kind, Unit.parent)
        query = Unit.select(*named, Unit.head_title, Unit.address, Unit.contact)
        return cls({row[0]: UnitNode(*row) for row in rows(query)})

    @staticmethod
    def stamp() -> tuple[int, int]:
        """Changes whenever a unit is added, removed or edited (each edit raises its version)."""
        [(count, versions)] = rows(Unit.select(peewee.fn.COUNT(Unit.id), peewee.fn.COALESCE(peewee.fn.SUM(Unit.version), 0)))
        return int(count), int(versions)

    def chain(self, unit: int | None) -> tuple[UnitNode, ...]:
        """The unit and those above it, nearest first. A cycle in the data ends the walk instead of hanging it."""
        found: list[UnitNode] = []
        while unit is not None and unit in self.nodes and all(node.id != unit for node in found):
            found.append(self.nodes[unit])
            unit = self.nodes[unit].parent
        return tuple(found)

    def codes_above(self, unit: int) -> frozenset[str]:
        """Codes of the unit and of all units above it."""
        return frozenset(node.code for node in self.chain(unit))

    def agency(self, unit: int) -> UnitNode:
        """The nearest unit of kind `agency` from here upwards; the topmost unit where there is none."""
        chain = self.chain(unit)
        return next((node for node in chain if node.kind == AGENCY), chain[-1])

    def below(self, codes: Iterable[str]) -> frozenset[int]:
        """Ids of the units with these codes and of all units below them."""
        wanted = frozenset(codes)
        return frozenset(id for id in self.nodes if not wanted.isdisjoint(self.codes_above(id)))


@dataclass(frozen=True, slots=True)
class Seat:
    """One assignment: a person in a post. kind: definitif, plt, plh."""

    person: int
    nip: str
    name: str
    position: int
    title: str
    unit: int
    leads_unit: bool
    kind: str
    first: date
    last: date | None

    def holds(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Organisation:
    """Tree, leading seats by unit, absences and declared ties, as of one reading."""

    tree: UnitTree
    leaders: Mapping[int, tuple[Seat, ...]]
    led_titles: Mapping[int, str]
    absences: Mapping[int, tuple[tuple[date, date, str], ...]]
    ties: frozenset[tuple[int, int]] = field(default_factory=frozenset)

    @classmethod
    def load(cls, day: date) -> Organisation:
        """Ties are those in force on `day`; seats and absences are read whole and asked by date."""
        leaders: dict[int, list[Seat]] = {}
        for seat in seats(Position.leads_unit == True):  # noqa: E712 - a column, not a bool
            leaders.setdefault(seat.unit, []).append(seat)
        absences: dict[int, list[tuple[date, date, str]]] = {}
        for person, first, last, kind in rows(Absence.select(Absence.person, Absence.first, Absence.last, Absence.kind)):
            absences.setdefault(person, []).append((first, last, kind))
        tie = ConflictOfInterest
        in_force = (tie.first <= day) & (tie.last.is_null() | (tie.last >= day))
        pairs = list(rows(tie.select(tie.person, tie.other).where(in_force)))
        titles = rows(Position.select(Position.unit, Position.title).where(Position.leads_unit == True))  # noqa: E712
        return cls(
            UnitTree.load(),
            {unit: tuple(found) for unit, found in leaders.items()},
            dict(titles),
            {person: tuple(found) for person, found in absences.items()},
            frozenset(pairs) | frozenset((b, a) for a, b in pairs),
        )

    @staticmethod
    def stamp(database: Any) -> tuple[int, ...]:
        """Changes whenever a unit, post, assignment, absence or tie is added, removed or edited (edits raise versions)."""
        return tuple(map(int, database.execute_sql(_STAMP).fetchone()))

    def absence(self, person: int, day: date) -> str | None:
        """The kind of absence of a person on a day, None when present."""
        return next((kind for first, last, kind in self.absences.get(person, ()) if first <= day <= last), None)


def seats(*conditions: Any) -> list[Seat]:
    """Assignments with person and post, oldest first."""
    query = (
        Assignment.select(
            Person.id, Person.nip, Person.name, Position.id, Position.title, Position.unit, Position.leads_unit, Assignment.kind,
            Assignment.first, Assignment.last,
        )
        .join(Person)
        .switch(Assignment)
        .join(Position)
        .order_by(Assignment.first, Assignment.id)
    )  # fmt: skip
    if conditions:
        query = query.where(*conditions)
    return [Seat(*row) for row in rows(query)]


def rows(query: Any) -> Any:
    """The query's rows as plain tuples."""
    return query.tuples()


def objects(query: Any) -> Any:
    """The query's rows as model objects (their type checker stubs do not know the `…_id` columns)."""
    return query
