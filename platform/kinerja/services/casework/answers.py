"""What people answered in the tasks of a case, in the words of the forms, for those who come after them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...process import Form, HumanTaskDef, ProcessDefinition, shown
from ...store import models as db
from ...store.queries import objects, rows
from ..context import Context
from ..evaluation import rubrics
from ..views import AnswerView


def answer_views(context: Context, case: Any, process: str = "") -> tuple[AnswerView, ...]:
    """The answers given so far in a case outside a cycle, or in one process that an appraisal calls (`keberatan`).

    What an appraisal itself asks becomes judgements, which have their own rules of who sees what when.
    """
    definition = context.city.definition(case.process)
    tasks = [name for name, task in definition.tasks.items() if _wanted(definition, case, task, process)]
    if not tasks:
        return ()
    done = db.Task.select().where(db.Task.case == case.id, db.Task.state == "done", db.Task.task << tasks).order_by(db.Task.id)
    found = list(objects(done))
    people = db.Person.select(db.Person.nip, db.Person.name).where(db.Person.nip << [row.done_by or "" for row in found])
    names = dict(rows(people))
    return tuple(
        AnswerView(
            row.task, row.title, names.get(row.done_by, row.done_by or ""), row.done_at,
            _fields(rubrics.opened(context, definition.form_of(row.task), case.last), row.answers),
        )
        for row in found
    )  # fmt: skip


def _wanted(definition: ProcessDefinition, case: Any, task: HumanTaskDef, process: str) -> bool:
    if case.cycle_id is not None and task.process == definition.id:
        return False
    return not process or task.process == process


def _fields(form: Form, answers: Mapping[str, Any] | None) -> tuple[tuple[str, str, str, str], ...]:
    given = answers or {}
    return tuple(
        (question.label.id, question.label.en, shown(question, given[name]), shown(question, given[name], "en"))
        for name, question in form.fields.items()
        if given.get(name) not in (None, "")
    )
