"""The cascade (intervensi): which result of the superior each indicator serves, and what of the superior's nobody serves.

The superior is who appraises the case, in the case they themselves have on that day. A standard may say what its indicators serve
(`serves:`); people choose on the form of the plan, or later (`serve`), since a plan never waits for the superior's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ...core.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from ...policy.model import Policy
from ...store import models as db
from ...store.queries import objects, rows
from ..acts import Done, changed, perform
from ..context import Context, allowed, require
from ..reading import CASE_JOINS, load_case, load_cycle
from ..views import Receipt

NOTHING = "-"
"""The answer of who serves no result of the superior in particular."""
OPEN = ("perencanaan", "pelaksanaan")


@dataclass(frozen=True, slots=True)
class Link:
    """An indicator at the other end: of which case and whom."""

    case: int
    person: str
    code: str
    label_id: str
    label_en: str


@dataclass(frozen=True, slots=True)
class Node:
    """One person's plan in the tree. items: (code, label id, label en, serves, served by, unsupported) of each indicator.

    unsupported: the person leads others who are appraised in this cycle, and none of their indicators serves this one.
    """

    case: int
    nip: str
    person: str
    position: str
    unit: str
    items: tuple[tuple[str, str, str, Link | None, tuple[Link, ...], bool], ...]
    below: tuple[Node, ...]


def superior_case(context: Context, case: Any) -> Any:
    """The appraiser's own case in the same cycle, on the day of the case; None where they have none (a mayor, another city's)."""
    day = _day(context, case)
    mine = (db.Case.cycle == case.cycle_id) & (db.Case.person == case.appraiser_id) & (db.Case.first <= day) & (db.Case.last >= day)
    return db.Case.select().where(mine).first()


def _day(context: Context, case: Any) -> date:
    day: date = min(max(context.city.today(), case.first), case.last)
    return day


def choices(context: Context, case: Any) -> list[Any]:
    """The superior's indicators that those of a case may serve, in order."""
    superior = superior_case(context, case)
    return [] if superior is None else _items(superior.id)


def suggested(policy: Policy, item: Any, offered: Sequence[Any]) -> Any:
    """The first of the offered indicators that the standard says this one serves; None where it names none of them."""
    standards = (standard for standard in policy.standards if standard.name == item.standard)
    indicators = (one for standard in standards for one in standard.indicators)
    wanted = next((one.serves for one in indicators if one.code == item.code), ())
    codes = {one.code: one for one in offered}
    return next((codes[code] for code in wanted if code in codes), None)


def serve(context: Context, case_id: int, code: str, target: str, key: str | None = None) -> Receipt:
    """Say which result of the superior an indicator serves. target: its code, `CASE/CODE` of any case, or "-" for none.

    By the employee or the appraiser, until the assessment begins. Raises ConflictError(`penilaian_sudah_mulai`), and as `link`.
    """

    def work() -> Done:
        case = load_case(case_id)
        require(context, "plan.serve", case)
        if case.state != "open" or case.stage not in OPEN:
            raise ConflictError(
                "penilaian_sudah_mulai",
                "penilaian sudah dimulai; dukungan tidak diubah lagi",
                "the assessment has begun; what is served stays as it is",
            )
        item = _item(case_id, code)
        found = None if target == NOTHING else _target(context, case, target)
        link(context, case, item, found)
        said = "tidak mendukung hasil tertentu" if found is None else f"mendukung {found.code}"
        said_en = "serves no result in particular" if found is None else f"serves {found.code}"
        return Done(
            f"case:{case_id}",
            f"{code} – {case.person.name}: {said}",
            f"{code} of {case.person.name}: {said_en}",
            payload={"item": code, "serves": None if found is None else {"case": found.case_id, "kode": found.code}},
        )

    return perform(context, "plan.serve", work, key)


def link(context: Context, case: Any, item: Any, target: Any) -> None:
    """Let an indicator serve a target (None: no more), within the transaction of whoever calls.

    Raises InputError: `mendukung_diri_sendiri`, `bukan_atasan_hari_itu`, `dukungan_melingkar`.
    """
    if target is not None:
        _lawful(context, case, item, target)
    if item.serves_id == (None if target is None else target.id):
        return
    update = db.PlanItem.update(serves=target, version=db.PlanItem.version + 1)
    changed(
        update.where(db.PlanItem.id == item.id, db.PlanItem.version == item.version).execute(),
        "rencana ini baru saja diubah orang lain",
        "this plan has just been changed by somebody else",
        case=case.id,
    )


def _lawful(context: Context, case: Any, item: Any, target: Any) -> None:
    other = target.case
    if other.person_id == case.person_id:
        raise InputError(
            "mendukung_diri_sendiri",
            f"{target.code} adalah hasil kerja pegawai itu sendiri",
            f"{target.code} is a result of the same person",
            remedy_id="pilih hasil kerja atasannya",
            remedy_en="choose a result of their superior",
        )
    if _leads_back(target, case.id):
        raise InputError(
            "dukungan_melingkar",
            f"{target.code} sendiri mendukung rencana ini",
            f"{target.code} serves this plan itself",
            remedy_id="putuskan dukungan di salah satu ujungnya dahulu",
            remedy_en="take away the link at one of its ends first",
        )
    day = _day(context, case)
    if other.cycle_id != case.cycle_id or other.person_id != case.appraiser_id or not other.first <= day <= other.last:
        name = case.appraiser.name if case.appraiser_id else "–"
        raise InputError(
            "bukan_atasan_hari_itu",
            f"pemilik {target.code} bukan atasan yang menilai kasus ini pada {day}",
            f"the owner of {target.code} is not the superior who appraises this case on {day}",
            remedy_id=f"pilih hasil kerja {name}",
            remedy_en=f"choose a result of {name}",
            day=day.isoformat(),
        )


def _leads_back(target: Any, case: int) -> bool:
    """Whether following what a target serves comes to a case again."""
    seen: set[int] = set()
    while target is not None and target.id not in seen:
        if target.case_id == case:
            return True
        seen.add(target.id)
        target = target.serves
    return False


def _target(context: Context, case: Any, text: str) -> Any:
    number, separator, code = text.rpartition("/")
    if separator:
        row = db.PlanItem.get_or_none(
            db.PlanItem.case == (int(number) if number.isdecimal() else 0), db.PlanItem.code == code, db.IN_FORCE
        )
    else:
        row = next((item for item in choices(context, case) if item.code == code), None)
    if row is None:
        raise NotFoundError(
            "hasil_atasan_tidak_ada",
            f"hasil kerja “{text}” tidak ada pada rencana atasan",
            f'no result "{text}" in the superior\'s plan',
            remedy_id="lihat pilihannya dengan: kinerja case plan KASUS",
            remedy_en="see the choices with: kinerja case plan CASE",
        )
    return row


def _items(case_id: int) -> list[Any]:
    return list(objects(db.PlanItem.select().where(db.PlanItem.case == case_id, db.IN_FORCE).order_by(db.PlanItem.ordinal)))


def _item(case_id: int, code: str) -> Any:
    row = db.PlanItem.get_or_none(db.PlanItem.case == case_id, db.PlanItem.code == code, db.IN_FORCE)
    if row is None:
        raise NotFoundError("indikator_tidak_ada", f"indikator {code} tidak ada di kasus ini", f"no indicator {code} in this case")
    return row


# ── both ways ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def links_of(case_id: int) -> tuple[dict[str, Link], dict[str, tuple[Link, ...]]]:
    """(code → what it serves, code → what serves it) of a case."""
    upward, downward = _links(db.PlanItem.case == case_id)
    return upward.get(case_id, {}), downward.get(case_id, {})


def _links(of: Any) -> tuple[dict[int, dict[str, Link]], dict[int, dict[str, tuple[Link, ...]]]]:
    """By case: what its indicators serve, and what serves them. of: a condition on the indicators."""
    other, owner, person = db.PlanItem.alias("other"), db.Case.alias("owner"), db.Person.alias("holder")
    shown = (other.code, other.label_id, other.label_en, owner.id, person.name)
    wanted = db.PlanItem.select(db.PlanItem.case, db.PlanItem.code, *shown)
    upward: dict[int, dict[str, Link]] = {}
    downward: dict[int, dict[str, tuple[Link, ...]]] = {}
    for up in (True, False):
        on = (db.PlanItem.serves == other.id) if up else (other.serves == db.PlanItem.id)
        query = wanted.join(other, on=on).join(owner, on=(other.case == owner.id)).join(person, on=(owner.person == person.id))
        for row in rows(query.where(of, db.IN_FORCE, other.dropped_at.is_null()).order_by(owner.id, other.ordinal)):
            case_id, own, link_to = int(row[0]), str(row[1]), Link(row[5], row[6], row[2], row[3], row[4])
            if up:
                upward.setdefault(case_id, {})[own] = link_to
            else:
                mine = downward.setdefault(case_id, {})
                mine[own] = (*mine.get(own, ()), link_to)
    return upward, downward


def tree(context: Context, cycle_code: str, unit_code: str) -> tuple[Node, ...]:
    """The plans of a unit and all below it as they serve one another, the heads first.

    For HR, the team, auditors and administrators of the unit, and for who leads it or a unit above it.
    """
    cycle = load_cycle(cycle_code)
    unit = db.Unit.get_or_none(db.Unit.code == unit_code)
    if unit is None:
        raise NotFoundError("unit_tidak_ada", f"unit {unit_code} tidak ada", f"no unit {unit_code}")
    if not may_see(context, unit):
        raise ForbiddenError(
            "tidak_berwenang",
            f"{context.actor.name} tidak berwenang melihat pohon {unit.name}",
            f"{context.actor.name} may not see the tree of {unit.name}",
            remedy_id="yang berwenang: pimpinan unit itu atau di atasnya, BKPSDM, tim evaluasi, auditor",
            remedy_en="who may: the leader of that unit or above it, HR, the evaluation team, auditors",
        )
    within = list(context.city.units.below([unit_code]))
    cases = list(CASE_JOINS().where(db.Case.cycle == cycle.id, db.Case.unit << within).order_by(db.Person.name, db.Case.id))
    ids = [case.id for case in cases]
    upward, downward = _links(db.PlanItem.case << (ids or [0]))
    items: dict[int, list[Any]] = {}
    for row in objects(db.PlanItem.select().where(db.PlanItem.case << (ids or [0]), db.IN_FORCE).order_by(db.PlanItem.ordinal)):
        items.setdefault(row.case_id, []).append(row)
    return _grown(cases, items, upward, downward)


def may_see(context: Context, unit: Any) -> bool:
    if allowed(context, "case.list", unit=unit):
        return True
    city = context.city
    day = city.today()
    leaders = city.organisation(day).leaders
    return bool(context.actor.nip) and any(
        seat.nip == context.actor.nip and seat.holds(day) for node in city.units.chain(unit.id) for seat in leaders.get(node.id, ())
    )


def _grown(
    cases: Sequence[Any],
    items: Mapping[int, Iterable[Any]],
    upward: Mapping[int, Mapping[str, Link]],
    downward: Mapping[int, Mapping[str, tuple[Link, ...]]],
) -> tuple[Node, ...]:
    """Cases under the case of their appraiser; of two parts of a period, under the one that shares the later day."""
    over: dict[int, list[Any]] = {}
    heads: list[Any] = []
    for case in cases:
        above = [one for one in cases if one.person_id == case.appraiser_id and one.first <= case.last and one.last >= case.first]
        (over.setdefault(max(above, key=lambda one: one.last).id, []) if above else heads).append(case)

    def node(case: Any, seen: frozenset[int]) -> Node:
        leads = bool(over.get(case.id))
        mine = []
        for row in items.get(case.id, ()):
            served = downward.get(case.id, {}).get(row.code, ())
            above = upward.get(case.id, {}).get(row.code)
            mine.append((row.code, row.label_id, row.label_en, above, served, leads and not served))
        below = tuple(node(one, seen | {case.id}) for one in over.get(case.id, ()) if one.id not in seen)
        return Node(case.id, case.person.nip, case.person.name, case.position.title, case.unit.name, tuple(mine), below)

    return tuple(node(case, frozenset()) for case in heads)
