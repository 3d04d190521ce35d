"""The position map (peta jabatan): the tree of units with their posts, seats, holders and vacancies on a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ...core.errors import NotFoundError
from ...store import models as db
from ...store.queries import Seat, objects, seats
from ..context import Context, require
from ..staff.seats import DEFINITIVE

KINDS_IN_ORDER = {kind: place for place, kind in enumerate(db.POSITION_KINDS)}


@dataclass(frozen=True, slots=True)
class Holder:
    """Who sits in a seat on the day. acting: plt or plh, "" for a definitive holder; away: kind of absence, "" when present."""

    nip: str
    name: str
    acting: str
    since: date
    away: str


@dataclass(frozen=True, slots=True)
class PostOnMap:
    """formation: seats; filled: definitive holders; vacant: seats without one; over: holders beyond the seats."""

    id: int
    code: str
    title: str
    job_class: int
    kind: str
    level: str | None
    leads: bool
    competency: tuple[tuple[str, int], ...]
    formation: int
    filled: int
    holders: tuple[Holder, ...]

    @property
    def vacant(self) -> int:
        return max(0, self.formation - self.filled)

    @property
    def over(self) -> int:
        return max(0, self.filled - self.formation)


@dataclass(frozen=True, slots=True)
class UnitOnMap:
    """A unit with its own posts and the units below. formation, filled, vacant: of it and all below."""

    id: int
    code: str
    name: str
    kind: str
    posts: tuple[PostOnMap, ...]
    below: tuple[UnitOnMap, ...]
    formation: int
    filled: int
    vacant: int


def position_map(context: Context, unit: str = "", day: date | None = None) -> tuple[UnitOnMap, ...]:
    """The map from a unit down, or of the whole city, on a day (today); () before the first unit.

    Raises NotFoundError(`unit_tidak_ada`).
    """
    require(context, "people.map")
    on = day or context.city.today()
    posts = _posts(context, on)
    tree = context.city.units
    below: dict[int | None, list[int]] = {}
    for node in sorted(tree.nodes.values(), key=lambda node: node.code):
        below.setdefault(node.parent, []).append(node.id)
    roots = [node.id for node in tree.nodes.values() if node.code == unit] if unit else below.get(None, [])
    if unit and not roots:
        raise NotFoundError("unit_tidak_ada", f"unit “{unit}” tidak ada", f'there is no unit "{unit}"')

    def laid_out(id: int) -> UnitOnMap:
        node = tree.nodes[id]
        own = posts.get(id, ())
        units = tuple(laid_out(child) for child in below.get(id, ()))
        counted: tuple[PostOnMap | UnitOnMap, ...] = (*own, *units)
        formation, filled, vacant = (sum(getattr(one, name) for one in counted) for name in ("formation", "filled", "vacant"))
        return UnitOnMap(id, node.code, node.name, node.kind, own, units, formation, filled, vacant)

    return tuple(laid_out(id) for id in roots)


def flat(units: Iterable[UnitOnMap]) -> Iterator[UnitOnMap]:
    """Each unit, then those below it."""
    for unit in units:
        yield unit
        yield from flat(unit.below)


def _posts(context: Context, day: date) -> Mapping[int, tuple[PostOnMap, ...]]:
    holders: dict[int, list[Seat]] = {}
    running = db.Assignment.last.is_null() | (db.Assignment.last >= day)
    for seat in seats(db.Assignment.first <= day, running):
        holders.setdefault(seat.position, []).append(seat)
    organisation = context.city.organisation(day)
    found: dict[int, list[PostOnMap]] = {}
    for row in objects(db.Position.select()):
        sitting = holders.get(row.id, [])
        people = tuple(
            Holder(
                seat.nip, seat.name, "" if seat.kind == DEFINITIVE else seat.kind, seat.first,
                organisation.absence(seat.person, day) or "",
            )
            for seat in sorted(sitting, key=lambda seat: (seat.kind != DEFINITIVE, seat.name))
        )  # fmt: skip
        filled = sum(seat.kind == DEFINITIVE for seat in sitting)
        found.setdefault(row.unit_id, []).append(
            PostOnMap(
                row.id, row.code, row.title, row.job_class, row.kind, row.level, row.leads_unit, competency_of(row), row.formation,
                filled, people,
            )
        )  # fmt: skip
    order = lambda post: (not post.leads, KINDS_IN_ORDER.get(post.kind, 9), -post.job_class, post.title)  # noqa: E731
    return {unit: tuple(sorted(own, key=order)) for unit, own in found.items()}


def competency_of(row: Any) -> tuple[tuple[str, int], ...]:
    """What a post asks of its holder, as (name, level)."""
    return tuple((str(one["name"]), int(one["level"])) for one in row.competency)
