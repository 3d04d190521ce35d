"""Moving a case through its process: the machine's step becomes the case's state and its open tasks, under the case's version."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from ..core.errors import KinerjaError
from ..process import Machine, ProcessDefinition, ReadyTask, Step
from ..store import models as db
from .acts import changed
from .context import Context

FINISHED = "selesai"
ASSIGNED = {"pegawai": "person_id", "pejabat_penilai": "appraiser_id", "atasan_pejabat_penilai": "superior_id"}
"""Roles that are one person of the case; the others are held by whoever has the role for the case's unit."""

Operate = Callable[[str, dict[str, Any]], dict[str, Any]]


def complete_task(context: Context, case: Any, task: Any, values: Mapping[str, Any], operate: Operate) -> int | None:
    """Hand a task's answers to the process and place what follows; the id of the incident when the process cannot go on.

    What fails inside (an engine, a rule, a condition) is undone to the state before, the task is held with its answers, and an
    incident says why; `resume` goes on from there. Acts that are forbidden or collide still raise.
    """
    at = context.city.clock.now()
    definition = context.city.definition(case.process)
    try:
        with context.city.store.transaction():
            step = Machine(definition, operate, context.city.clock, context.city.calendar).complete(
                case.process_state, task.engine_id, dict(values)
            )
            place_step(context, case, definition, step, at)
    except KinerjaError as error:
        if error.http_status in (403, 404, 409, 503):
            raise
        db.Task.update(state="held").where(db.Task.id == task.id).execute()
        incident = db.Incident.create(
            case=case, task=task, code=error.code, text_id=error.line("id"), text_en=error.line("en"),
            particulars=error.as_json(), occurred_at=at,
        )  # fmt: skip
        return int(incident.id)
    db.Task.update(state="done").where(db.Task.id == task.id).execute()
    return None


def place_step(context: Context, case: Any, definition: ProcessDefinition, step: Step, at: datetime) -> None:
    """Keep the machine's state, open the tasks that are ready, cancel those that no longer are, and set the stage."""
    nodes = {name: node for source in definition.sources() for name, node in source.nodes.items()}
    due = {nodes[timer.node].attached_to: timer.due for timer in step.timers if timer.node in nodes}
    known = {row.engine_id: row for row in db.Task.select().where(db.Task.case == case.id, db.Task.state << ("ready", "held"))}
    ready = {entry.id for entry in step.ready}
    for engine_id, row in known.items():
        if engine_id not in ready:
            db.Task.update(state="cancelled").where(db.Task.id == row.id, db.Task.state == "ready").execute()
    fresh = [_task_row(case, definition, entry, at, due.get(entry.task)) for entry in step.ready if entry.id not in known]
    if fresh:
        db.Task.insert_many(fresh).execute()
    otherwise = FINISHED if step.finished else case.stage
    stage = next((stage for entry in step.ready if (stage := definition.stage_of(entry.task))), otherwise)
    update = db.Case.update(
        process_state=step.state, stage=stage, state="closed" if step.finished else "open",
        closed_at=at if step.finished else None, next_timer=step.next_due, version=db.Case.version + 1,
    )  # fmt: skip
    rows = update.where(db.Case.id == case.id, db.Case.version == case.version).execute()
    changed(rows, "kasus ini baru saja diubah orang lain", "this case has just been changed by somebody else", case=case.id)
    case.process_state, case.stage, case.version = step.state, stage, case.version + 1


def _task_row(case: Any, definition: ProcessDefinition, entry: ReadyTask, at: datetime, due: datetime | None) -> dict[str, Any]:
    task = definition.tasks[entry.task]
    column = ASSIGNED.get(task.role)
    return {
        "case": case.id, "engine_id": entry.id, "task": entry.task, "title": task.name, "role": task.role, "form": task.form,
        "stage": task.stage, "assignee": getattr(case, column) if column else None, "ready_at": at, "due": due,
    }  # fmt: skip
