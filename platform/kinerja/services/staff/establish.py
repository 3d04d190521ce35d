"""Units, posts, people and assignments added in one transaction; what one entry refers to may come earlier in the same call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from ...core.errors import ConflictError, InputError, NotFoundError
from ...store import models as db
from ...store.queries import rows
from ..acts import Done, perform
from ..context import WHOLE_CITY, Context, reach, require
from ..views import Receipt

CHUNK = 500


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """kind: region, agency, division. parent: code, "" at the top. head_title: as a decree names its head."""

    code: str
    name: str
    short_name: str = ""
    kind: str = "division"
    parent: str = ""
    head_title: str = ""
    address: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class PositionEntry:
    """code: post type by which standards name it. leads: its holder leads the unit. competency: (name, level 1…5) it asks."""

    code: str
    title: str
    unit: str
    job_class: int
    kind: str = "pelaksana"
    level: str | None = None
    leads: bool = False
    formation: int = 1
    competency: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """nip: 18 digits, or any short code of their own for elected heads (status pejabat_negara)."""

    nip: str
    name: str
    status: str = "PNS"
    rank: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class AssignmentEntry:
    """Who holds which post (code in unit, and class where several are alike). kind: definitif, plt, plh."""

    nip: str
    position: str
    unit: str
    first: date
    last: date | None = None
    kind: str = "definitif"
    job_class: int | None = None


def establish(
    context: Context,
    units: Iterable[UnitEntry] = (),
    positions: Iterable[PositionEntry] = (),
    people: Iterable[PersonEntry] = (),
    assignments: Iterable[AssignmentEntry] = (),
    key: str | None = None,
) -> Receipt:
    """Add all of these in one transaction; values: how many of each. Parents must come before their children.

    Raises NotFoundError naming what an entry refers to and does not exist, ConflictError(`sudah_ada`) for a known code or NIP.
    """
    require(context, "people.edit")
    given = (list(units), list(positions), list(people), list(assignments))

    def work() -> Done:
        _within(context, *given)
        unit_ids = _add_units(given[0])
        position_ids = _add_positions(given[1], unit_ids)
        person_ids = _add_people(given[2])
        _add_assignments(given[3], unit_ids, position_ids, person_ids)
        values = dict(zip(("units", "positions", "people", "assignments"), [len(entries) for entries in given], strict=True))
        return Done(
            _subject(*given),
            "Dicatat: {units} unit, {positions} jabatan, {people} orang, {assignments} penugasan".format(**values),
            "Recorded: {units} units, {positions} posts, {people} people, {assignments} assignments".format(**values),
            payload=values | _single(*given),
            values=values,
        )

    return perform(context, "people.establish", work, key)


def _within(
    context: Context,
    units: list[UnitEntry],
    positions: list[PositionEntry],
    people: list[PersonEntry],
    assignments: list[AssignmentEntry],
) -> None:
    """Whoever edits people in some units only adds there: units below, posts in, and people to posts of what is theirs."""
    places = reach(context, "people.edit")
    if places is None:
        return
    below = context.city.units.below(places)
    mine = {node.code for id, node in context.city.units.nodes.items() if id in below}
    for unit in units:
        if unit.parent in mine:
            mine.add(unit.code)
    asked = [*(entry.code for entry in units), *(entry.unit for entry in positions), *(entry.unit for entry in assignments)]
    if any(code not in mine for code in asked):
        require(context, "people.edit", unit=WHOLE_CITY)


def _single(*given: list[Any]) -> dict[str, Any]:
    """What was entered, when it is one thing: so that its history begins with it."""
    entries = [entry for entries in given for entry in entries]
    return {} if len(entries) != 1 else {"after": {name: value for name, value in asdict(entries[0]).items() if value != ""}}


def _subject(*given: list[Any]) -> str:
    entries = [entry for entries in given for entry in entries]
    return subject_of(entries[0]) if len(entries) == 1 else "people"


def subject_of(entry: UnitEntry | PositionEntry | PersonEntry | AssignmentEntry) -> str:
    """How the ledger names what an entry is about."""
    if isinstance(entry, UnitEntry):
        return f"unit:{entry.code}"
    if isinstance(entry, PositionEntry):
        return f"position:{entry.unit}/{entry.code}/{entry.job_class}"
    return f"person:{entry.nip}"


def find_position(unit: str, code: str, job_class: int | None = None) -> Any:
    """The post by unit and type (and class where several are alike); NotFoundError(`jabatan_tidak_ada`)."""
    query = db.Position.select(db.Position, db.Unit).join(db.Unit).where(db.Unit.code == unit, db.Position.code == code)
    found: list[Any] = [row for row in query if job_class in (None, row.job_class)]
    if len(found) != 1:
        raise _no_position(code, unit, len(found))
    return found[0]


def _no_position(code: str, unit: str, found: int) -> NotFoundError:
    why = ("tidak ada", "there is none") if not found else ("lebih dari satu, sebutkan kelasnya", "several, name the class")
    return NotFoundError("jabatan_tidak_ada", f"jabatan {code} di {unit}: {why[0]}", f"post {code} in {unit}: {why[1]}")


# ── adding ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _add_units(entries: list[UnitEntry]) -> dict[str, int]:
    known: dict[str, int] = dict(rows(db.Unit.select(db.Unit.code, db.Unit.id)))
    for entry in entries:
        _fresh(entry.code, known, "unit")
        parent = None if not entry.parent else _known(known, entry.parent, "unit")
        row = db.Unit.create(
            code=entry.code, name=entry.name, short_name=entry.short_name or entry.name, kind=_one_of(entry.kind, db.UNIT_KINDS),
            parent=parent, head_title=entry.head_title, address=entry.address, contact=entry.contact,
        )  # fmt: skip
        known[entry.code] = row.id
    return known


def _add_positions(entries: list[PositionEntry], units: dict[str, int]) -> dict[tuple[int, str], list[tuple[int, int]]]:
    known: dict[tuple[int, str], list[tuple[int, int]]] = {}
    for unit, code, job_class, row in rows(
        db.Position.select(db.Position.unit, db.Position.code, db.Position.job_class, db.Position.id)
    ):
        known.setdefault((unit, code), []).append((job_class, row))
    for entry in entries:
        unit = _known(units, entry.unit, "unit")
        if any(job_class == entry.job_class for job_class, _ in known.get((unit, entry.code), ())):
            raise _exists("jabatan", f"{entry.code} kelas {entry.job_class} di {entry.unit}")
        row = db.Position.create(
            code=entry.code, title=entry.title, unit=unit, job_class=entry.job_class, kind=entry.kind, level=entry.level,
            leads_unit=entry.leads, formation=entry.formation,
            competency=[{"name": name, "level": level} for name, level in entry.competency],
        )  # fmt: skip
        known.setdefault((unit, entry.code), []).append((entry.job_class, row.id))
    return known


def _add_people(entries: list[PersonEntry]) -> dict[str, int]:
    known: dict[str, int] = dict(rows(db.Person.select(db.Person.nip, db.Person.id)))
    fresh = []
    for entry in entries:
        _fresh(entry.nip, known, "NIP")
        if entry.status != "pejabat_negara" and not (len(entry.nip) == 18 and entry.nip.isascii() and entry.nip.isdecimal()):
            raise InputError("nip_tidak_sah", f"NIP “{entry.nip[:20]}” bukan 18 angka", f'NIP "{entry.nip[:20]}" is not 18 digits')
        known[entry.nip] = 0
        fresh.append(
            {
                "nip": entry.nip, "name": entry.name, "status": _one_of(entry.status, db.PERSON_STATUSES), "rank": entry.rank,
                "email": entry.email,
            }
        )  # fmt: skip
    for start in range(0, len(fresh), CHUNK):
        db.Person.insert_many(fresh[start : start + CHUNK]).execute()
    return dict(rows(db.Person.select(db.Person.nip, db.Person.id)))


def _add_assignments(
    entries: list[AssignmentEntry],
    units: dict[str, int],
    positions: dict[tuple[int, str], list[tuple[int, int]]],
    people: dict[str, int],
) -> None:
    fresh = []
    for entry in entries:
        unit = _known(units, entry.unit, "unit")
        fitting = [row for job_class, row in positions.get((unit, entry.position), ()) if entry.job_class in (None, job_class)]
        if len(fitting) != 1:
            raise _no_position(entry.position, entry.unit, len(fitting))
        fresh.append(
            {
                "person": _known(people, entry.nip, "NIP"), "position": fitting[0], "first": entry.first, "last": entry.last,
                "kind": _one_of(entry.kind, db.ASSIGNMENT_KINDS),
            }
        )  # fmt: skip
    for start in range(0, len(fresh), CHUNK):
        db.Assignment.insert_many(fresh[start : start + CHUNK]).execute()


def _known(known: dict[str, int], code: str, what: str) -> int:
    if code not in known:
        raise NotFoundError("rujukan_tidak_ada", f"{what} “{code}” tidak ada", f'there is no {what} "{code}"')
    return known[code]


def _fresh(code: str, known: dict[str, int], what: str) -> None:
    if code in known:
        raise _exists(what, code)


def _exists(what: str, code: str) -> ConflictError:
    return ConflictError("sudah_ada", f"{what} “{code}” sudah ada", f'{what} "{code}" exists already', code_of=code)


def _one_of(value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        names = ", ".join(allowed)
        raise InputError("nilai_tidak_dikenal", f"“{value}” tidak dikenal; ada: {names}", f'unknown "{value}"; there is: {names}')
    return value
