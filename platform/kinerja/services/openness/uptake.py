"""Where uptake lags: by agency, who has read the plan and the rules, attended and asked. Small groups are hidden (`disclosure`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ...store import models as db
from ...store.queries import rows, seats
from ..casework.plans import STANDARD
from ..context import Context, require
from . import disclosure
from .training import RELEASE

SHOWN = "kelompok_minimum_tampil"


@dataclass(frozen=True, slots=True)
class Uptake:
    """People of an agency (unit "" = all) and how many of them: read their standard, acknowledged the rules, attended, asked."""

    unit: str
    name: str
    people: int
    read: int
    acknowledged: int
    attended: int
    asked: int

    @property
    def share(self) -> Fraction:
        """Of everything that could have been read, acknowledged and attended."""
        return Fraction(self.read + self.acknowledged + self.attended, 3 * self.people) if self.people else Fraction(0)


@dataclass(frozen=True, slots=True)
class Adoption:
    """agencies: the ones that lag most first. hidden: agencies not shown, with how many people together.

    city: None where the whole city is a small group.
    """

    city: Uptake | None
    agencies: tuple[Uptake, ...]
    hidden: int
    hidden_people: int
    least: int


def adoption(context: Context) -> Adoption:
    """Uptake today, over everyone who holds a post and is appraised."""
    require(context, "training.adoption")
    city = context.city
    day = city.today()
    tree = city.units
    held = seats(db.Person.active == True, db.Person.status != "pejabat_negara", db.Assignment.kind == "definitif")  # noqa: E712
    agency = {seat.person: tree.agency(seat.unit).id for seat in held if seat.holds(day)}
    release = city.find_release()
    done = {
        "read": _people(
            db.Acknowledgement.select(db.Acknowledgement.person).where(db.Acknowledgement.subject.startswith(STANDARD))
        ),
        "acknowledged": _people(
            db.Acknowledgement.select(db.Acknowledgement.person).where(
                db.Acknowledgement.subject == (f"{RELEASE}{release.fingerprint}" if release else "")
            )
        ),
        "attended": _people(db.TrainingAttendance.select(db.TrainingAttendance.person)),
        "asked": _people(db.Question.select(db.Question.person)),
    }
    sizes = Counter(agency.values())
    whole: dict[Hashable, int] = dict(sizes.items())
    visible = disclosure.shown({place: {place: size} for place, size in sizes.items()}, _least(context), whole)
    lines = [
        _uptake(
            tree.nodes[place].code,
            tree.nodes[place].short_name or tree.nodes[place].name,
            [p for p in agency if agency[p] == place],
            done,
        )
        for place in sizes
        if place in visible
    ]
    lines.sort(key=lambda line: (line.share, line.name))
    hidden = [size for place, size in sizes.items() if place not in visible]
    least = _least(context)
    whole_city = _uptake("", "", list(agency), done) if len(agency) >= least else None
    return Adoption(whole_city, tuple(lines), len(hidden), sum(hidden), least)


def _least(context: Context) -> int:
    policy = context.city.policy(context.city.release().fingerprint)
    figure = policy.parameters[SHOWN].on(context.city.today()) or policy.parameters[SHOWN].values[-1]
    return int(figure.value)


def _uptake(code: str, name: str, people: list[int], done: dict[str, set[int]]) -> Uptake:
    return Uptake(
        code,
        name,
        len(people),
        *(sum(person in done[what] for person in people) for what in ("read", "acknowledged", "attended", "asked")),
    )


def _people(query: Any) -> set[int]:
    return {person for (person,) in rows(query)}
