"""Simulating a draft on the city's own people: who would move, what it would cost; kept, so that a release cannot pass without it.

`preview` is for every look at a draft and keeps nothing but caches; `keep` enters the simulation with the draft's fingerprint,
which `require_for` asks for when the draft is submitted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ...bulk.simulation import Budget, Simulation, simulate
from ...core.errors import ConflictError, NotFoundError
from ...policy.model import Policy
from ...store import models as db
from ...store.queries import rows
from ..acts import Done, perform
from ..context import WHOLE_CITY, Context, allowed, require
from ..evaluation.decide import storable
from ..pay import budgets
from ..reading import APPRAISALS
from ..views import Receipt
from .roster import FOLDER, Member, Roster, roster


@dataclass(frozen=True, slots=True)
class Simulated:
    """A simulation as pages show it. id: None while it is a preview. document: as `kinerja simulate --json` prints it."""

    id: int | None
    draft: str
    base: str
    cycle: str
    on: date
    document: Mapping[str, Any]
    made_by: str = ""
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mover:
    """A person whom a draft touches. money: of a year, rupiah."""

    case: int
    nip: str
    name: str
    agency: str
    before: str
    after: str
    money_before: int
    money_after: int


def preview(context: Context, policy: Policy, note: Callable[[str], None] = lambda _: None) -> Simulated | None:
    """The rules in force against a draft on the city's people; None before there is a case. Quick when only the draft changed."""
    require(context, "simulation.read")
    found = _computed(context, policy, note)
    if found is None:
        return None
    roll, simulation = found
    return Simulated(None, policy.fingerprint, simulation.before.release, roll.cycle, roll.on, _document(roll, simulation))


def keep(context: Context, policy: Policy, note: Callable[[str], None] = lambda _: None, key: str | None = None) -> Receipt | None:
    """Simulate and keep; the receipt's `simulation` is its id. The same draft on the same facts is kept once.

    None before there is a case.
    """
    require(context, "simulation.run", unit=WHOLE_CITY)
    found = _computed(context, policy, note)
    if found is None:
        return None
    roll, simulation = found
    facts = _digest(roll, simulation)
    known = _row(policy.fingerprint, simulation.before.release, facts)

    def work() -> Done:
        row = known or db.Simulation.create(
            draft=policy.fingerprint, base=simulation.before.release, facts=facts, cycle=roll.cycle, on_day=roll.on,
            document=storable(_document(roll, simulation)), people=_people(roll.members, simulation),
            made_by=context.actor.id, made_at=context.city.clock.now(),
        )  # fmt: skip
        total = simulation.total(simulation.main_money)
        values = {"simulation": row.id, "draft": policy.fingerprint, "base": simulation.before.release}
        payload = {
            **values, "facts": facts, "employees": simulation.employees, "moved": simulation.moved,
            "yearly": 0 if total is None else total.yearly(total.change),
        }  # fmt: skip
        return Done(
            f"simulation:{row.id}",
            f"Rancangan {policy.fingerprint[:12]} disimulasikan pada {simulation.employees} pegawai",
            f"Draft {policy.fingerprint[:12]} simulated on {simulation.employees} employees",
            payload=payload,
            values=values,
        )

    return perform(context, "rules.simulate", work, key)


def require_for(context: Context, fingerprint: str) -> None:
    """Raise ConflictError(`belum_disimulasikan`) unless this draft was simulated against the release in force.

    A city without a release or without a case has nothing to simulate on.
    """
    release = context.city.find_release()
    if release is None or release.fingerprint == fingerprint or not db.Case.select().where(APPRAISALS).exists():
        return
    table = db.Simulation
    if not table.select().where(table.draft == fingerprint, table.base == release.fingerprint).exists():
        raise ConflictError(
            "belum_disimulasikan",
            "rancangan ini belum disimulasikan terhadap aturan yang berlaku",
            "this draft has not been simulated against the rules in force",
            remedy_id="simulasikan dahulu di bengkel aturan, atau: kinerja simulate --rules DIR --city DIR --as AKUN",
            remedy_en="simulate it first in the rule workshop, or: kinerja simulate --rules DIR --city DIR --as ACCOUNT",
            draft=fingerprint,
        )


def latest(context: Context, fingerprint: str) -> Simulated | None:
    """The last simulation of a draft."""
    require(context, "simulation.read")
    table = db.Simulation
    row = table.select().where(table.draft == fingerprint).order_by(table.id.desc()).first()
    return None if row is None else _view(row)


def listed(context: Context, limit: int = 50) -> tuple[Simulated, ...]:
    """The last simulations, the newest first."""
    require(context, "simulation.read")
    return tuple(_view(row) for row in db.Simulation.select().order_by(db.Simulation.id.desc()).limit(limit))


def get(context: Context, simulation: int) -> Simulated:
    """NotFoundError(`simulasi_tidak_ada`)."""
    require(context, "simulation.read")
    return _view(load(simulation))


def movers(context: Context, simulation: int) -> tuple[Mover, ...]:
    """Those whom the draft touches, in the units where the actor may see people; by agency and name."""
    require(context, "simulation.people")
    touched = [one for one in load(simulation).people if one[3] != one[4] or one[7] != one[8]]
    names = {nip: (case, name) for case, nip, name in _names([one[0] for one in touched])}
    seen = {code for code in {one[2] for one in touched} if _may_see(context, code)}
    found = []
    for nip, _, agency, before, after, _, _, year_before, year_after in touched:
        if agency in seen and nip in names:
            found.append(Mover(*names[nip][:1], nip, names[nip][1], agency, before, after, int(year_before), int(year_after)))
    return tuple(sorted(found, key=lambda one: (one.agency, one.name, one.nip)))


def load(simulation: int) -> Any:
    row = db.Simulation.get_or_none(db.Simulation.id == simulation)
    if row is None:
        raise NotFoundError("simulasi_tidak_ada", f"simulasi {simulation} tidak ada", f"no simulation {simulation}")
    return row


def _computed(context: Context, policy: Policy, note: Callable[[str], None]) -> tuple[Roster, Simulation] | None:
    city = context.city
    release = city.policy(city.release().fingerprint)
    note("pegawai …")
    roll = roster(city, release)
    if roll is None:
        return None
    budget: Budget = budgets.of_city(city, roll.on.year)
    kept = city.folder / FOLDER / "hasil"
    return roll, simulate(release, policy, roll.folder, on=roll.on, budget=budget, kept=kept, facts=roll.facts, note=note)


def _digest(roll: Roster, simulation: Simulation) -> str:
    """Of what the rules were compared on: another budget is another comparison."""
    budget = [(one.value, one.rupiah) for one in simulation.ceilings]
    return hashlib.sha256(f"{roll.facts} {simulation.basis} {budget}".encode()).hexdigest()


def _document(roll: Roster, simulation: Simulation) -> dict[str, Any]:
    left_out = {"left_out": dict(roll.left_out), "cycle": roll.cycle, "facts": roll.facts}
    return {**simulation.as_json(), "population": left_out}


def _people(members: Mapping[str, Member], simulation: Simulation) -> list[list[Any]]:
    found = []
    for one in simulation.people:
        member = members[one.key]
        money = (one.month_before, one.month_after, one.year_before, one.year_after)
        found.append([member.nip, member.evaluation, member.agency, one.before, one.after, *money])
    return found


def _row(draft: str, base: str, facts: str) -> Any:
    table = db.Simulation
    return table.get_or_none(table.draft == draft, table.base == base, table.facts == facts)


def _names(nips: list[str]) -> list[tuple[int, str, str]]:
    """(latest case, NIP, name) of people, some hundreds at a time: SQLite bounds the values of one query."""
    found: list[tuple[int, str, str]] = []
    for start in range(0, len(nips), 500):
        query = db.Case.select(db.Case.id, db.Person.nip, db.Person.name).join(db.Person, on=(db.Case.person == db.Person.id))
        found.extend(rows(query.where(db.Person.nip.in_(nips[start : start + 500])).order_by(db.Case.id)))
    return found


def _may_see(context: Context, code: str) -> bool:
    unit = db.Unit.get_or_none(db.Unit.code == code)
    return unit is not None and allowed(context, "simulation.people", unit=unit)


def _view(row: Any) -> Simulated:
    return Simulated(row.id, row.draft, row.base, row.cycle, row.on_day, row.document, row.made_by, row.made_at)
