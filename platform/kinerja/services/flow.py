"""Moving a case through its process: the machine's step becomes the case's state and its open tasks, under the case's version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from ..core.errors import IncidentError, KinerjaError
from ..process import Calendar, Machine, ProcessDefinition, ReadyTask, Step, due_of, first_word
from ..store import models as db
from .acts import changed
from .context import Context

FINISHED = "selesai"
ASSIGNED = {"pegawai": "person_id", "pejabat_penilai": "appraiser_id", "atasan_pejabat_penilai": "superior_id"}
"""Roles that are one person of the case; the others are held by whoever has the role for the case's unit."""


def machine_of(context: Context, case: Any, definition: ProcessDefinition) -> Machine:
    """The machine that moves one case, with the city's operations bound to it."""
    city = context.city

    def operate(name: str, data: dict[str, Any]) -> dict[str, Any]:
        operation = city.operations.get(name)
        if operation is None:
            raise IncidentError(
                "operasi_tidak_dikenal", f"operasi “{name}” tidak dikenal", f'unknown operation "{name}"', operation=name
            )
        return operation(context, case, data)

    return Machine(definition, operate, city.clock, city.calendar)


def look(context: Context, definition: ProcessDefinition, state: str) -> Step:
    """Where a case with this machine's state stands. Nothing moves, so that no operation runs."""
    return Machine(definition, _no_operation, context.city.clock, context.city.calendar).look(state)


def _no_operation(name: str, data: dict[str, Any]) -> dict[str, Any]:
    raise AssertionError("looking at a case runs no operation")


def complete_task(context: Context, case: Any, task: Any, values: Mapping[str, Any]) -> int | None:
    """Hand a task's answers to the process and place what follows; the id of the incident when the process cannot go on.

    What fails inside (an engine, a rule, a condition) is undone to the state before, the task is held with its answers, and an
    incident says why; `resume` goes on from there. Acts that are forbidden or collide still raise.
    """
    at = context.city.clock.now()
    definition = context.city.definition(case.process)
    try:
        with context.city.store.transaction():
            step = machine_of(context, case, definition).complete(case.process_state, task.engine_id, dict(values))
            place_step(context, case, definition, step, at)
    except KinerjaError as error:
        return hold(case, task, error, at)
    db.Task.update(state="done").where(db.Task.id == task.id).execute()
    return None


def hold(case: Any, task: Any, error: KinerjaError, at: datetime) -> int:
    """Hold a task with its answers for what failed, and keep the incident that says why: its id. What is no failure is raised."""
    if error.http_status in (403, 404, 409, 503):
        raise error
    db.Task.update(state="held").where(db.Task.id == task.id).execute()
    incident = db.Incident.create(
        case=case, task=task, code=error.code, text_id=error.line("id"), text_en=error.line("en"),
        particulars=error.as_json(), occurred_at=at,
    )  # fmt: skip
    return int(incident.id)


def stopped(context: Context, case_id: int, error: KinerjaError) -> None:
    """Keep as an incident what failed on a case where no task waits for it, once while it is open: the others go on."""
    with context.city.store.transaction():
        known = db.Incident.get_or_none(
            db.Incident.case == case_id, db.Incident.code == error.code, db.Incident.state == "open", db.Incident.task.is_null()
        )
        if known is None:
            db.Incident.create(
                case=case_id, code=error.code, text_id=error.line("id"), text_en=error.line("en"), particulars=error.as_json(),
                occurred_at=context.city.clock.now(),
            )  # fmt: skip


def place_step(context: Context, case: Any, definition: ProcessDefinition, step: Step, at: datetime) -> None:
    """Keep the machine's state, open the tasks that are ready, cancel those that no longer are, and set the stage."""
    known = {row.engine_id: row for row in db.Task.select().where(db.Task.case == case.id, db.Task.state << ("ready", "held"))}
    ready = {entry.id for entry in step.ready}
    for engine_id, row in known.items():
        if engine_id not in ready:
            db.Task.update(state="cancelled").where(db.Task.id == row.id, db.Task.state == "ready").execute()
    rows_of = task_rows(case, definition, step, at, context.city.calendar)
    fresh = [row for row in rows_of if row["engine_id"] not in known]
    if fresh:
        db.Task.insert_many(fresh).execute()
    fields = case_fields(definition, step, case.stage, at)
    update = db.Case.update(**fields, version=db.Case.version + 1)
    rows = update.where(db.Case.id == case.id, db.Case.version == case.version).execute()
    changed(rows, "kasus ini baru saja diubah orang lain", "this case has just been changed by somebody else", case=case.id)
    case.process_state, case.stage, case.version = step.state, fields["stage"], case.version + 1


def case_fields(definition: ProcessDefinition, step: Step, stage: str, at: datetime) -> dict[str, Any]:
    """What a step says of its case; stage: the one it is in, kept where the step names none."""
    otherwise = FINISHED if step.finished else stage
    return {
        "process_state": step.state,
        "stage": next((stage for entry in step.ready if (stage := definition.stage_of(entry.task))), otherwise),
        "state": "closed" if step.finished else "open",
        "closed_at": at if step.finished else None,
        "next_timer": step.next_due,
    }


def task_rows(
    case: Any, definition: ProcessDefinition, step: Step, at: datetime, calendar: Calendar | None
) -> list[dict[str, Any]]:
    """The rows of the tasks that a step leaves ready. case: its id, its last day and its three people (`…_id`)."""
    attached = _attached(definition)
    due = {attached[timer.node]: timer.due for timer in step.timers if timer.node in attached}
    return [_task_row(case, definition, entry, at, due.get(entry.task), calendar) for entry in step.ready]


@lru_cache(maxsize=64)
def _attached(definition: ProcessDefinition) -> dict[str, str | None]:
    """Node → the task it sits on, for every node of a definition and of the processes it calls."""
    return {name: node.attached_to for source in definition.sources() for name, node in source.nodes.items()}


def _task_row(
    case: Any, definition: ProcessDefinition, entry: ReadyTask, at: datetime, timer: datetime | None, calendar: Calendar | None
) -> dict[str, Any]:
    """timer: when a boundary timer of the task is up; the task's own term comes before it."""
    task = definition.tasks[entry.task]
    due = (due_of(task.term, at, case.last, calendar) if task.term else None) or timer
    column = ASSIGNED.get(task.role)
    return {
        "case": case.id, "engine_id": entry.id, "task": entry.task, "title": task.name, "role": task.role, "form": task.form,
        "stage": task.stage, "assignee": getattr(case, column) if column else None, "ready_at": at, "due": due,
        "remind_at": first_word(task.term, at, due),
    }  # fmt: skip


def cancel_case(context: Context, case: Any) -> None:
    """End a case before its process does: its open tasks are cancelled, its clock stops, the machine's state stays."""
    at = context.city.clock.now()
    db.Task.update(state="cancelled").where(db.Task.case == case.id, db.Task.state << ("ready", "held", "paused")).execute()
    update = db.Case.update(state="closed", stage=FINISHED, closed_at=at, next_timer=None, version=db.Case.version + 1)
    rows = update.where(db.Case.id == case.id, db.Case.version == case.version).execute()
    changed(rows, "kasus ini baru saja diubah orang lain", "this case has just been changed by somebody else", case=case.id)
