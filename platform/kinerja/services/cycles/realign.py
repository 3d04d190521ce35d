"""Cases brought into line with assignments that changed after a cycle was opened: cut where somebody moved, opened for the new
post, handed over where an appraiser has gone. What is decided already is never cut: it is named, for a correction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ...core.periods import Period
from ...policy.model import Policy
from ...store import models as db
from ...store.queries import Organisation, Seat, objects, seats
from ..acts import Done, changed, perform
from ..context import Actor, Context, require
from ..evaluation.shares import Shares, prorate_of, whole_targets
from ..flow import ASSIGNED
from ..reading import load_case
from ..staff.appraisers import Chain, Wanted, chains_of
from ..staff.duties import Ties, substitute
from ..staff.people import own_record, person_by_nip
from ..views import Receipt
from .cycle import PROCESS
from .opening import Shared, items_of, make_cases
from .planning import Plan, Selection, plan_cases, standing
from .relink import relink

CUT, OPEN, DECIDED, REFUSED, STRAY = "dipotong", "dibuka", "sudah_dinilai", "terhalang", "tanpa_penugasan"


@dataclass(frozen=True, slots=True)
class Move:
    """What aligning does in a cycle. kind: dipotong, dibuka; or what it leaves alone: sudah_dinilai, terhalang, tanpa_penugasan.

    first, last: of the part afterwards. why: (id, en).
    """

    cycle: str
    kind: str
    case: int | None
    title: str
    first: date
    last: date
    why: tuple[str, str]


@dataclass(slots=True)
class _Work:
    cycle: Any
    policy: Policy
    moves: list[Move]
    cuts: list[tuple[Any, Plan]]
    fresh: list[Plan]


def preview(context: Context, nip: str) -> tuple[Move, ...]:
    """What `align` would do for a person in the open cycles; () when their cases fit their assignments."""
    person = person_by_nip(nip)
    require(context, "cycle.open", unit=own_record(person).unit)
    return tuple(move for work in _works(context, person) for move in work.moves)


def align(context: Context, nip: str, key: str | None = None) -> Receipt:
    """Cut a person's open cases to the days they held the post, and open cases for posts they came to. values: {cut, opened, left}.

    Both parts keep their own appraisers; days and months sum to the period. Cases with an evaluation are left and counted.
    """
    person = person_by_nip(nip)
    require(context, "cycle.open", unit=own_record(person).unit)

    def work() -> Done:
        works = _works(context, person)
        for one in works:
            for case, plan in one.cuts:
                _cut(case, plan)
                _divide(context, one, case, plan)
            if one.fresh:
                version = context.city.process_version(PROCESS)
                shared = Shared(one.cycle, version, context.city.definition(version), one.policy)
                make_cases(context, shared, [item.given for item in items_of(context, one.policy, one.fresh)])
        moves = [move for one in works for move in one.moves]
        counted = {kind: sum(move.kind == kind for move in moves) for kind in (CUT, OPEN)}
        values = {"cut": counted[CUT], "opened": counted[OPEN], "left": len(moves) - counted[CUT] - counted[OPEN]}
        told = [
            {"cycle": move.cycle, "kind": move.kind, "title": move.title, "first": move.first, "last": move.last} for move in moves
        ]
        return Done(
            f"person:{nip}",
            f"Kasus {person.name} disesuaikan: {values['cut']} dipotong, {values['opened']} dibuka, {values['left']} dibiarkan",
            f"Cases of {person.name} aligned: {values['cut']} cut, {values['opened']} opened, {values['left']} left alone",
            payload={"moves": told},
            values=values,
        )

    return perform(context, "people.align", work, key)


def hand_over(context: Context, nip: str, key: str | None = None) -> Receipt:
    """Open cases that a person may no longer appraise pass to the next lawful authority, with the reason: they hold no post any
    more, are away with nobody to stand in, have declared a tie with the employee, or are appraised by the employee now.

    values: {cases, without, led, let_go}: how many were handed over, and how many have no lawful authority (left as they are); how
    many links to results of the one who left lead to those of the new appraiser now, and how many had to be let go (`relink`).
    """
    person = person_by_nip(nip)
    require(context, "cycle.open", unit=own_record(person).unit)

    def work() -> Done:
        today = context.city.today()
        organisation = context.city.organisation(today)
        moved = without = led = let_go = 0
        for case in _stranded(context, person):
            chain = _next(organisation, case, today)
            if (
                chain.appraiser is None
                or chain.superior is None
                or person.id in (chain.appraiser.seat.person, chain.superior.seat.person)
            ):
                without += 1
                continue
            _pass_on(case, person.id, chain.appraiser.seat, chain.superior.seat, chain.note)
            found = relink(context, load_case(case.id))
            led, let_go, moved = led + found[0], let_go + found[1], moved + 1
        values = {"cases": moved, "without": without, "led": led, "let_go": let_go}
        return Done(
            f"person:{nip}",
            f"{moved} kasus {person.name} diserahkan kepada pejabat berwenang berikutnya",
            f"{moved} cases of {person.name} passed to the next lawful authority",
            payload=values,
            values=values,
        )

    return perform(context, "people.hand_over", work, key)


def stranded(context: Context, nip: str) -> int:
    """How many open cases `hand_over` would pass on."""
    person = person_by_nip(nip)
    require(context, "cycle.open", unit=own_record(person).unit)
    return len(_stranded(context, person))


def _stranded(context: Context, person: Any) -> list[Any]:
    today = context.city.today()
    organisation = context.city.organisation(today)
    gone = not any(seat.holds(today) for seat in seats(db.Person.id == person.id))
    absent = organisation.absence(person.id, today) is not None
    ties = Ties.of(Context(context.city, Actor(person.name, person.nip)))
    mine = (db.Case.appraiser == person) | (db.Case.superior == person)
    found = objects(db.Case.select().where(mine, db.Case.state == "open", db.Case.cycle.is_null(False)).order_by(db.Case.id))
    return [
        case
        for case in found
        if gone
        or (absent and substitute(context, person.id, case) is None)
        or ties.tied_to(case.person_id, case.first, max(case.last, today))
        or ties.rated_by(case.person_id, case.first, case.last)
    ]


def _next(organisation: Organisation, case: Any, day: date) -> Chain:
    """The chain of a case as it would be planned today, beside all other cases of its time."""
    others = standing(Period(case.first, case.last), besides=case.id)
    wanted = Wanted(case.person_id, case.unit_id, day)
    return chains_of(organisation, [wanted], others)[wanted]


def _works(context: Context, person: Any) -> list[_Work]:
    cycles = db.Cycle.select().where(db.Cycle.state == "open").order_by(db.Cycle.first)
    works = [_work(context, person, cycle) for cycle in cycles if db.Case.select().where(db.Case.cycle == cycle).exists()]
    return [work for work in works if work.moves]


def _work(context: Context, person: Any, cycle: Any) -> _Work:
    policy = context.city.policy(cycle.release or context.city.release().fingerprint)
    plans = plan_cases(context, policy, Period(cycle.first, cycle.last), Selection(people=(person.nip,)))
    cases: list[Any] = list(
        objects(db.Case.select().where(db.Case.cycle == cycle, db.Case.person == person).order_by(db.Case.first))
    )
    work = _Work(cycle, policy, [], [], [])
    for plan in plans:
        own = next((case for case in cases if case.position_id == plan.position.id and _meet(case, plan.period)), None)
        if own is not None:
            cases.remove(own)
        _one(work, plan, own)
    for case in cases:
        why = ("tidak ada penugasan pada hari-harinya", "no assignment on its days")
        work.moves.append(Move(cycle.code, STRAY, case.id, case.position.title, case.first, case.last, why))
    return work


def _one(work: _Work, plan: Plan, case: Any) -> None:
    period, title, code = plan.period, plan.seat.title, work.cycle.code
    days = (f"{period.days} hari, {plan.months} bulan", f"{period.days} days, {plan.months} months")
    if case is None and plan.obstacles:
        why = tuple("; ".join(text[number] for text in plan.obstacles) for number in (0, 1))
        work.moves.append(Move(code, REFUSED, None, title, period.first, period.last, (why[0], why[1])))
    elif case is None:
        work.fresh.append(plan)
        work.moves.append(Move(code, OPEN, None, title, period.first, period.last, days))
    elif (case.first, case.last) != (period.first, period.last):
        decided = case.state != "open" or db.Evaluation.select().where(db.Evaluation.case == case.id).exists()
        if not decided:
            work.cuts.append((case, plan))
        why = (
            "sudah dinilai; betulkan lewat keberatan atau pembetulan pembayaran",
            "already evaluated; mend by objection or correction",
        )
        work.moves.append(
            Move(code, DECIDED if decided else CUT, case.id, title, period.first, period.last, why if decided else days)
        )


def _meet(case: Any, period: Period) -> bool:
    return bool(case.first <= period.last and case.last >= period.first)


def _cut(case: Any, plan: Plan) -> None:
    update = db.Case.update(first=plan.period.first, last=plan.period.last, version=db.Case.version + 1)
    changed(
        update.where(db.Case.id == case.id, db.Case.version == case.version).execute(),
        "kasus ini baru saja diubah orang lain",
        "this case has just been changed by somebody else",
        case=case.id,
    )


def _divide(context: Context, work: _Work, case: Any, plan: Plan) -> None:
    """The targets of a case that was cut, anew from those of the whole period."""
    shares, whole = Shares(context.city, work.policy.fingerprint), Period(work.cycle.first, work.cycle.last)
    for item in objects(db.PlanItem.select().where(db.PlanItem.case == case.id, db.IN_FORCE)):
        full, high = whole_targets(item)
        found = shares.of(prorate_of(work.policy, item.standard, item.code), full, high, plan.period, whole)
        if (found.target, found.target_high, found.share) != (item.target, item.target_high, item.share):
            fields = {"target": found.target, "target_high": found.target_high, "share": found.share}
            update = db.PlanItem.update(**fields, version=db.PlanItem.version + 1)
            update.where(db.PlanItem.id == item.id, db.PlanItem.version == item.version).execute()


def _pass_on(case: Any, gone: int, appraiser: Seat, superior: Seat, note: str) -> None:
    before = {"appraiser_id": case.appraiser_id, "superior_id": case.superior_id}
    after = {"appraiser_id": appraiser.person, "superior_id": superior.person}
    fields = {"appraiser": appraiser.person, "superior": superior.person, "chain_note": note, "version": db.Case.version + 1}
    changed(
        db.Case.update(**fields).where(db.Case.id == case.id, db.Case.version == case.version).execute(),
        "kasus ini baru saja diubah orang lain",
        "this case has just been changed by somebody else",
        case=case.id,
    )
    for role, column in ASSIGNED.items():
        if column in after and before[column] != after[column]:
            waiting = (db.Task.case == case.id) & (db.Task.role == role) & (db.Task.state << ("ready", "held"))
            db.Task.update(assignee=after[column]).where(waiting).execute()
