"""Pressing Terbitkan for a whole unit: one Keputusan with its annex, and every case of it goes on."""

from __future__ import annotations

from typing import Any

from ...core.errors import ConflictError
from ...store import models as db
from ..acts import Done, changed, perform
from ..context import Context, in_scope, require
from ..flow import complete_task
from ..reading import CASE_JOINS, TASK_JOINS, latest_evaluation
from ..staff.duties import require_duty, why_not
from ..views import Receipt
from .letterbook import issuing_unit, write_decree
from .printing import letter_file

ISSUE_TASK = "terbitkan"

__all__ = ["issue_unit", "issuing_units", "letter_file"]


def issue_unit(context: Context, cycle: str, unit: str, key: str | None = None) -> Receipt:
    """Press Terbitkan for all cases of an issuing unit that wait for it: one Keputusan with its annex, and each case goes on.

    unit: code of the agency (or of the unit whose head signs for heads of agencies). values: {letter, number, cases, held}.
    Cases the actor may not decide (their own, of somebody they have a tie with) are left for others.
    Raises ConflictError(`tidak_ada_yang_siap`).
    """
    require(context, "letter.issue")

    def work() -> Done:
        organisation = context.city.organisation(context.city.today())
        waiting = [
            (task, case)
            for task, case in _waiting(cycle)
            if in_scope(context, task.role, case.unit) and issuing_unit(context, organisation, case).code == unit
        ]
        ready = [(task, case) for task, case in waiting if why_not(context, task, case) is None]
        if not ready:
            raise ConflictError(
                "tidak_ada_yang_siap",
                f"tidak ada kasus {unit} yang menunggu diterbitkan",
                f"no case of {unit} waits to be issued",
                waiting=len(waiting),
            )
        require(context, "letter.issue", ready[0][1])
        at = context.city.clock.now()
        decided = []
        for task, case in ready:
            require_duty(context, task, case)
            update = db.Task.update(state="done", done_by=context.actor.id, done_at=at, answers={})
            rows = update.where(db.Task.id == task.id, db.Task.state == "ready").execute()
            changed(rows, "tugas ini sudah dikerjakan", "this task has been done already", task=task.id)
            decided.append((case, latest_evaluation(case.id)))
        node = issuing_unit(context, organisation, ready[0][1])
        letter = write_decree(context, organisation, node, decided)
        held = 0
        for task, case in ready:
            answers = _agreed(context, case, task)
            db.Task.update(answers=answers).where(db.Task.id == task.id).execute()
            held += complete_task(context, case, task, answers) is not None
        values = {"letter": letter.id, "number": letter.number, "cases": len(ready), "held": held}
        return Done(
            f"letter:{letter.id}",
            f"{letter.title}: {len(ready)} pegawai" + (f", {held} tertahan" if held else ""),
            f"{letter.number}: {len(ready)} employees" + (f", {held} held" if held else ""),
            payload=values | {"cycle": cycle, "unit": unit, "case_ids": [case.id for _, case in ready]},
            values=values,
        )

    return perform(context, "letter.issue", work, key)


def issuing_units(context: Context, cycle: str) -> dict[str, int]:
    """Unit code → number of cases that wait for its Keputusan."""
    require(context, "letter.issue")
    organisation = context.city.organisation(context.city.today())
    counts: dict[str, int] = {}
    for _, case in _waiting(cycle):
        code = issuing_unit(context, organisation, case).code
        counts[code] = counts.get(code, 0) + 1
    return dict(sorted(counts.items()))


def _waiting(cycle: str) -> list[tuple[Any, Any]]:
    tasks = TASK_JOINS().where(db.Task.task == ISSUE_TASK, db.Task.state == "ready", db.Cycle.code == cycle)
    found = {task.case_id: task for task in tasks}
    if not found:
        return []
    cases = CASE_JOINS().where(db.Case.id << list(found)).order_by(db.Case.id)
    return [(found[case.id], case) for case in cases]


def _agreed(context: Context, case: Any, task: Any) -> dict[str, Any]:
    """The answers of the issuing form as pressing the button for a whole unit gives them: every statement agreed, defaults kept."""
    definition = context.city.definition(case.process)
    if not task.form:
        return {}
    form = definition.form_of(task.task)
    given = form.defaults() | {name: "ya" for name, question in form.fields.items() if question.type == "boolean"}
    for name, question in form.fields.items():
        if name not in given and question.type == "choice" and question.required:
            given[name] = question.choices(context.city.fact_values)[0].value
    return form.clean(given, context.city.fact_values)
