"""What the rows of a staff table are judged by: the organisation as it stands, with what earlier rows of the same file add."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ...store import models as db
from ...store.queries import rows
from ..staff.seats import Held
from .cells import Refused

Key = tuple[Any, ...]


@dataclass
class World:
    """posts: (unit, code) → {class: (id, title, formation)}. seats, by_person, by_post: filled by `load_seats`. between: first
    and last day a file of days speaks of, so that a year is not read for the sake of a week; None where none has been read.
    homes: NIP → unit of the latest post, read when first asked for. named: unit → the one above, as the file in hand says."""

    units: dict[str, int] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    people: dict[str, tuple[int, str]] = field(default_factory=dict)
    posts: dict[tuple[str, str], dict[int, tuple[int, str, int]]] = field(default_factory=dict)
    leading: set[int] = field(default_factory=set)
    seats: dict[Key, Held] = field(default_factory=dict)
    by_person: dict[int, set[Key]] = field(default_factory=dict)
    by_post: dict[int, set[Key]] = field(default_factory=dict)
    absences: dict[str, dict[date, date]] = field(default_factory=dict)
    between: tuple[date, date] | None = None
    homes: dict[str, str] | None = None
    named: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls) -> World:
        world = cls()
        codes: dict[int, str] = {}
        parents: dict[int, int | None] = {}
        for id, code, parent in rows(db.Unit.select(db.Unit.id, db.Unit.code, db.Unit.parent)):
            codes[id], parents[id], world.units[code] = code, parent, id
        world.parents = {codes[id]: codes[parent] for id, parent in parents.items() if parent is not None}
        post = db.Position
        for id, unit, code, job_class, title, seats, leads in rows(
            post.select(post.id, post.unit, post.code, post.job_class, post.title, post.formation, post.leads_unit)
        ):
            world.leading |= {id} if leads else set()
            world.posts.setdefault((codes[unit], code), {})[job_class] = (id, title, seats)
        for id, number, name in rows(db.Person.select(db.Person.id, db.Person.nip, db.Person.name)):
            world.people[number] = (id, name)
        return world

    def speaks_of(self, days: Iterable[date]) -> None:
        found = sorted(days)
        self.between = (found[0], found[-1]) if found else None

    def load_seats(self) -> None:
        seat = db.Assignment
        query = seat.select(seat.person, seat.position, db.Position.title, db.Person.name, seat.kind, seat.first, seat.last)
        for row in rows(query.join(db.Position).switch(seat).join(db.Person)):
            self.take(Held(*row))

    def take(self, seat: Held) -> None:
        key = (seat.person, seat.position, seat.first)
        self.seats[key] = seat
        self.by_person.setdefault(seat.person, set()).add(key)
        self.by_post.setdefault(seat.position, set()).add(key)

    def above(self, unit: str) -> set[str]:
        """Codes of a unit and of those above it, with what earlier rows of the file say."""
        found: set[str] = set()
        while unit and unit not in found:
            found.add(unit)
            unit = self.parents.get(unit, "")
        return found

    def home(self, number: str) -> str:
        """Code of the unit of a person's latest post; "" before they have one."""
        if self.homes is None:
            seat = db.Assignment.select(db.Person.nip, db.Unit.code).join(db.Person).switch(db.Assignment).join(db.Position)
            self.homes = dict(rows(seat.join(db.Unit).order_by(db.Assignment.first, db.Assignment.id)))
        return self.homes.get(number, "")

    def person(self, number: str, column: str = "nip") -> tuple[int, str]:
        if number not in self.people:
            raise Refused(
                column, "pegawai_tidak_ada", (f"NIP {number} tidak tercatat", f"NIP {number} is not recorded"),
                ("impor pegawainya dahulu, atau betulkan NIP", "import the person first, or mend the NIP"),
            )  # fmt: skip
        return self.people[number]

    def unit(self, code: str, column: str = "unit") -> int:
        if code not in self.units:
            raise Refused(
                column, "unit_tidak_ada", (f"unit “{code}” tidak ada", f'there is no unit "{code}"'),
                ("taruh baris unit itu di atas, atau betulkan kodenya", "put that unit's row above, or mend the code"),
            )  # fmt: skip
        return self.units[code]

    def post(self, unit: str, code: str, job_class: int | None) -> tuple[int, str, int]:
        self.unit(unit)
        found = self.posts.get((unit, code), {})
        fitting = [post for level, post in found.items() if job_class in (None, level)]
        if len(fitting) != 1:
            several = len(fitting) > 1
            raise Refused(
                "kelas" if several else "jabatan", "jabatan_tidak_ada",
                (f"{code} di {unit}: {'ada beberapa' if several else 'tidak ada'}", f"{len(fitting)} posts {code} in {unit}"),
                ("sebutkan kelasnya", "name its class") if several else ("impor jabatannya dahulu", "import the post first"),
            )  # fmt: skip
        return fitting[0]
