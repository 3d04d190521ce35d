"""Simulated people take the cases through the workflow: the same services, permissions and duties as for real ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..core.clock import FixedClock
from ..core.errors import ForbiddenError
from ..core.indonesian import number
from ..services.casework import tasks
from ..services.city import City
from ..services.context import Actor, Context
from ..services.evaluation import measure
from ..services.papers import issue
from ..store import models as db
from .build import Cast, Progress
from .conduct import Conduct, actual, answers
from .roster import Member, Roster

# When each human task is done, in days before the demo's clock; the plan is made in January, the rest after the period.
DAYS_BEFORE = {
    "susun_skp": 189,
    "setujui_skp": 182,
    "lapor_realisasi": 17,
    "nilai_perilaku": 14,
    "setujui_penilaian": 12,
    "nilai_mutu": 10,
    "tinjau_hasil": 7,
    "terbitkan": 5,
    "baca_hasil": 3,
}


@dataclass
class Stage:
    """The people on stage. cast: who plays which part. role_holders: role → who may take a task of it, in turn. held: task → NIPs
    whose case stays there. end: the demo's clock, from which days are counted back."""

    city: City
    clock: FixedClock
    conduct: Mapping[str, Conduct]
    role_holders: Mapping[str, tuple[Member, ...]]
    held: dict[str, set[str]]
    progress: Progress
    cycle: str
    cast: Cast
    roster: Roster
    end: datetime
    done: dict[str, int] = field(default_factory=dict)

    def context(self, actor: Actor) -> Context:
        return Context(self.city, actor)

    def holder(self, role: str, place: int = 0) -> Context:
        member = self.role_holders[role][place]
        return self.context(Actor.of(member.name, member.nip, (role,)))


def play_round(
    stage: Stage,
    task: str,
    at: datetime,
    before: Callable[[Stage, Any], None] | None = None,
    said: Mapping[str, str] | None = None,
) -> int:
    """Everyone with this task does it, except where the case is to stay open here; how many did.

    before: what the person does first. said: answers that replace what they would say of themselves.
    """
    stage.clock.set(at)
    waiting: list[Any] = list(
        db.Task.select(db.Task, db.Case, db.Person)
        .join(db.Case)
        .join(db.Person, on=(db.Case.person == db.Person.id), attr="person")
        .where(db.Task.task == task, db.Task.state == "ready")
        .order_by(db.Task.id)
    )
    held = stage.held.get(task, set())
    count = 0
    for row in waiting:
        nip = row.case.person.nip
        if nip in held:
            continue
        if before:
            before(stage, row)
        _do(stage, row, answers(task, stage.conduct[nip]) | dict(said or {}))
        count += 1
        if count % 50 == 0:
            stage.progress(f"{task}: {count}/{len(waiting)}")
    stage.done[task] = count
    return count


def _do(stage: Stage, row: Any, given: Mapping[str, str]) -> None:
    """The assignee does the task; for a role the first of its holders who lawfully may."""
    if row.assignee_id is not None:
        person = row.assignee
        tasks.complete(stage.context(Actor.of(person.name, person.nip)), row.id, given)
        return
    refused: ForbiddenError | None = None
    for member in stage.role_holders[row.role]:
        try:
            tasks.complete(stage.context(Actor.of(member.name, member.nip, (row.role,))), row.id, given)
        except ForbiddenError as error:  # own case, own unit, a tie: the next holder of the role takes it
            refused = error
        else:
            return
    if refused is not None:
        raise refused


def report_actuals(stage: Stage, row: Any) -> None:
    """Before confirming, the employee records what reports prove."""
    from ..services.reading import item_views

    person = row.case.person
    context = stage.context(Actor.of(person.name, person.nip))
    for item in item_views(row.case_id):
        if item.source == "laporan":
            value = actual(item, stage.conduct[person.nip])
            note = f"{item.label_id}: {number(value)} {item.unit}"
            measure.record(context, row.case_id, item.code, value, "laporan kinerja semester", note=note)


def issue_all(stage: Stage, at: datetime) -> None:
    """HR presses Terbitkan, unit by unit; cases that are to stay open here were not let through before."""
    stage.clock.set(at)
    for place in range(len(stage.role_holders["bkpsdm"])):
        context = stage.holder("bkpsdm", place)
        for unit in issue.issuing_units(context, stage.cycle):
            try:
                issue.issue_unit(context, stage.cycle, unit)
            except ForbiddenError:
                continue
            stage.progress(f"terbitkan: {unit}")
