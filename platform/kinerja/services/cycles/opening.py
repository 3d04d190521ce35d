"""Opening a cycle as a job: who gets a case is fixed when it begins, and each batch makes whole cases with plan and first task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ...core.clock import FixedClock
from ...core.errors import InputError
from ...core.periods import Period
from ...policy.model import Indicator, Policy, Standard, shown
from ...process import Machine, ProcessDefinition, Step
from ...store import models as db
from ...store.queries import UnitTree, rows
from ..acts import Done, changed
from ..batches import DONE, Item, Kind, Outcome
from ..context import Context
from ..evaluation.shares import Divided, Shares
from ..flow import case_fields, task_rows
from .planning import Plan

BATCH = 250
FIRST_VERSION = 2
"""A case that was made and then placed at its first task."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What all batches of one run use."""

    cycle: Any
    version: Any
    definition: ProcessDefinition
    policy: Policy


@dataclass(frozen=True, slots=True)
class _New:
    """A case that has just been made, as far as its first tasks ask."""

    id: int
    person_id: int
    appraiser_id: int
    superior_id: int
    last: date


def items_of(context: Context, policy: Policy, plans: Sequence[Plan]) -> list[Item]:
    """The plans as items of a job: those without obstacle to be opened, the others refused with their reasons."""
    numbers = {id(standard): number for number, standard in enumerate(policy.standards)}
    tree = context.city.units
    return [_item(tree, numbers, plan) for plan in plans]


def _item(tree: UnitTree, numbers: dict[int, int], plan: Plan) -> Item:
    subject = f"{plan.seat.name} · {plan.seat.title}"
    if plan.obstacles:
        return Item(subject, {}, ("; ".join(text for text, _ in plan.obstacles), "; ".join(text for _, text in plan.obstacles)))
    assert plan.standard is not None
    assert plan.chain.appraiser is not None
    assert plan.chain.superior is not None
    return Item(
        subject,
        {
            "person": plan.seat.person, "position": plan.position.id, "unit": plan.seat.unit,
            "agency": tree.agency(plan.seat.unit).id, "first": plan.period.first, "last": plan.period.last,
            "appraiser": plan.chain.appraiser.seat.person, "superior": plan.chain.superior.seat.person, "note": plan.chain.note,
            "standard": numbers[id(plan.standard)],
        },
    )  # fmt: skip


def _ready(context: Context, job: Any) -> Shared:
    city = context.city
    cycle = db.Cycle.get(db.Cycle.code == job.parameters["cycle"])
    version = db.ProcessVersion.get_by_id(int(job.parameters["process"]))
    return Shared(cycle, version, city.definition(version), city.policy(job.release))


def _work(context: Context, job: Any, shared: Shared, items: Sequence[Any]) -> list[Outcome]:
    make_cases(context, shared, [item.given for item in items])
    return [DONE] * len(items)


def make_cases(context: Context, shared: Shared, given: Sequence[Mapping[str, Any]]) -> None:
    """Make cases with their plans and first tasks from what `items_of` gave; within the transaction of whoever calls."""
    at = context.city.clock.now()
    starts: dict[bool, Step] = {}
    wanted = [(one, shared.policy.standards[int(one["standard"])]) for one in given]
    steps = [_start(context, shared, starts, standard, at) for _, standard in wanted]
    db.Case.insert_many([_case(shared, one, step, at) for (one, _), step in zip(wanted, steps, strict=True)]).execute()
    ids = _ids(shared.cycle, given)
    shares, whole = Shares(context.city, shared.policy.fingerprint), Period(shared.cycle.first, shared.cycle.last)
    plan: list[dict[str, Any]] = []
    tasks: list[dict[str, Any]] = []
    for (one, standard), step in zip(wanted, steps, strict=True):
        case = _New(ids[_name(one)], int(one["person"]), int(one["appraiser"]), int(one["superior"]), _day(one["last"]))
        part = Period(_day(one["first"]), case.last)
        divided = [shares.of(item.prorate, item.target, item.target_high, part, whole) for item in standard.indicators]
        both = zip(standard.indicators, divided, strict=True)
        plan += [_plan_item(case.id, number, standard.name, *pair) for number, pair in enumerate(both, 1)]
        tasks += task_rows(case, shared.definition, step, at, context.city.calendar)
    for table, new in ((db.PlanItem, plan), (db.Task, tasks)):
        for start in range(0, len(new), BATCH):
            table.insert_many(new[start : start + BATCH]).execute()


def _start(context: Context, shared: Shared, starts: dict[bool, Step], standard: Standard, at: datetime) -> Step:
    """The start of a case. What it depends on is few: the same start serves every case of a batch that is given the same."""
    team = any(item.source == "tim_evaluasi" for item in standard.indicators)
    if team not in starts:
        machine = Machine(shared.definition, _no_operation, FixedClock(at), context.city.calendar)
        starts[team] = machine.start({"perlu_penilaian_mutu": team})
    return starts[team]


def _case(shared: Shared, one: Any, step: Step, at: datetime) -> dict[str, Any]:
    return {
        "cycle": shared.cycle.id, "person": int(one["person"]), "position": int(one["position"]), "unit": int(one["unit"]),
        "agency": int(one["agency"]), "first": _day(one["first"]), "last": _day(one["last"]), "appraiser": int(one["appraiser"]),
        "superior": int(one["superior"]), "chain_note": one["note"], "process": shared.version.id, "opened_at": at,
        "version": FIRST_VERSION, **case_fields(shared.definition, step, "perencanaan", at),
    }  # fmt: skip


def _plan_item(case: int, ordinal: int, standard: str, item: Indicator, divided: Divided) -> dict[str, Any]:
    return {
        "case": case, "ordinal": ordinal, "code": item.code, "label_id": item.label.id, "label_en": item.label.en,
        "polarity": item.polarity, "target": divided.target, "target_high": divided.target_high,
        "share": divided.share, "weight": item.weight, "unit": item.unit,
        "source": item.source, "statistic": item.statistic, "service": item.service, "standard": standard,
        "place": str(shown(item.place)),
    }  # fmt: skip


def _ids(cycle: Any, given: Sequence[Any]) -> dict[tuple[int, int, date], int]:
    people = [int(one["person"]) for one in given]
    found = db.Case.select(db.Case.person, db.Case.position, db.Case.first, db.Case.id)
    mine = rows(found.where(db.Case.cycle == cycle.id, db.Case.person << people))
    return {(person, position, first): case for person, position, first, case in mine}


def _name(one: Any) -> tuple[int, int, date]:
    return int(one["person"]), int(one["position"]), _day(one["first"])


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _no_operation(name: str, data: dict[str, Any]) -> dict[str, Any]:
    raise InputError(
        "operasi_sebelum_tugas",
        f"proses memanggil operasi “{name}” sebelum ada tugas manusia",
        f'the process calls operation "{name}" before any human task',
        remedy_id="mulai proses dengan tugas manusia",
        remedy_en="begin the process with a human task",
    )


def _finish(context: Context, job: Any) -> Done:
    code = job.parameters["cycle"]
    update = db.Cycle.update(state="open", version=db.Cycle.version + 1)
    met = update.where(db.Cycle.code == code, db.Cycle.state == "opening").execute()
    changed(met, f"siklus {code} sudah dibuka", f"cycle {code} is open already")
    title = db.Cycle.get(db.Cycle.code == code).title
    values = {"cycle": code, "opened": job.done, "refused": job.refused}
    return Done(
        f"cycle:{code}",
        f"Siklus {title} dibuka: {job.done} kasus, {job.refused} terhalang",
        f"Cycle {title} opened: {job.done} cases, {job.refused} refused",
        payload=values | {"release": job.release, "job": job.id},
        values=values,
    )


OPENING = Kind("cycle.open", BATCH, _ready, _work, _finish)
