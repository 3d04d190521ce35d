"""Words about tasks that wait: a reminder to whoever is to do them, then, once the deadline has passed, one to the person above.

Both are said once each, whoever looks, how often, and however the clock moves: that they were said stands on the task.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ...core import english, indonesian
from ...core.clock import last_day
from ...core.errors import BusyError, ConflictError
from ...process import Text
from ...store import models as db
from ...store.queries import rows
from ..acts import Done, perform
from ..context import WHOLE_CITY, Context, require
from ..notices import holders_of
from ..reading import TASK_JOINS, about

BATCH = 100
AFTERWARDS = ("bkpsdm", "administrator")
"""Who is told where nobody holds the role that a task names: an escalation always reaches a person."""


def remind(context: Context) -> int:
    """Say what is due to be said about waiting tasks; how many words went out."""
    require(context, "process.load", unit=WHOLE_CITY)
    said, last = 0, 0
    while batch := _due(context, last):
        last = batch[-1]
        try:
            said += int(_say(context, batch))
        except (ConflictError, BusyError):
            return said
    return said


def _due(context: Context, after: int) -> list[int]:
    now = context.city.clock.now()
    open_case = db.Task.select(db.Task.id).join(db.Case).where(db.Case.state == "open")
    due = open_case.where(db.Task.state == "ready", db.Task.remind_at <= now, db.Task.id > after)
    return [task for (task,) in rows(due.order_by(db.Task.id).limit(BATCH))]


def _say(context: Context, batch: list[int]) -> int:
    at = context.city.clock.now()
    told: dict[str, list[int]] = {"reminded": [], "escalated": []}

    def work() -> Done:
        # what fell due in the batch, read again inside the transaction that says it
        for task in TASK_JOINS().where(db.Task.id << batch, db.Task.state == "ready", db.Task.remind_at <= at).order_by(db.Task.id):
            if task.reminded_at is None and task.due is not None and at < task.due:
                _told(task, reminded_at=at, remind_at=task.due if _escalated(context, task) else None)
                _write(_doers(context, task), _reminder(context, task), task, at)
                told["reminded"].append(task.id)
            elif task.escalated_at is None and _escalated(context, task):
                _told(task, escalated_at=at, remind_at=None)
                people, names = _above(context, task)
                _write(people, _escalation(context, task, names), task, at)
                told["escalated"].append(task.id)
            else:
                _told(task, remind_at=None)
        count = sum(map(len, told.values()))
        return Done(
            "tasks",
            f"{len(told['reminded'])} pengingat dan {len(told['escalated'])} eskalasi dikirim",
            f"{len(told['reminded'])} reminders and {len(told['escalated'])} escalations sent",
            payload=told,
            values={"count": count},
        )

    perform(context, "task.remind", work)
    return sum(map(len, told.values()))


def _told(task: Any, **fields: Any) -> None:
    db.Task.update(**fields).where(db.Task.id == task.id, db.Task.state == "ready").execute()


def _term(context: Context, task: Any) -> Any:
    known = context.city.definition(task.case.process).tasks.get(task.task)
    return known.term if known is not None else None


def _escalated(context: Context, task: Any) -> bool:
    term = _term(context, task)
    return term is not None and bool(term.escalate)


def _doers(context: Context, task: Any) -> list[int]:
    return [task.assignee_id] if task.assignee_id is not None else holders_of(context, task.case, task.role)


def _above(context: Context, task: Any) -> tuple[list[int], str]:
    """Whom an escalation goes to, never the one who is late, and who is late, by name."""
    doers = _doers(context, task)
    for role in (_term(context, task).escalate, *AFTERWARDS):
        people = [person for person in holders_of(context, task.case, role) if person not in doers]
        if people:
            return people, _names(doers)
    return [], _names(doers)


def _names(people: list[int]) -> str:
    found = rows(db.Person.select(db.Person.name).where(db.Person.id << people).order_by(db.Person.name)) if people else ()
    return ", ".join(name for (name,) in found)


def _reminder(context: Context, task: Any) -> Text:
    last, who = last_day(task.due), about(task.case)
    return Text(
        f"Pengingat: “{task.title}” untuk {who} perlu selesai paling lambat {indonesian.long_date(last)}.",
        f'Reminder: "{_english(context, task)}" for {who} is to be done by {english.long_date(last)}.',
    )


def _escalation(context: Context, task: Any, names: str) -> Text:
    last, who = last_day(task.due), about(task.case)
    return Text(
        f"Lewat tenggat: “{task.title}” untuk {who} seharusnya selesai paling lambat {indonesian.long_date(last)} "
        f"({names or 'belum ada yang memegang peran ini'}).",
        f'Overdue: "{_english(context, task)}" for {who} was to be done by {english.long_date(last)} '
        f"({names or 'nobody holds this role yet'}).",
    )


def _english(context: Context, task: Any) -> str:
    """English words for a step are its form's."""
    definition = context.city.definition(task.case.process)
    return str(definition.form_of(task.task).title.en) if task.task in definition.tasks else str(task.title)


def _write(people: Iterable[int], text: Text, task: Any, at: datetime) -> None:
    link = f"case:{task.case_id}"
    told = [{"person": person, "text": text.id, "text_en": text.en, "link": link, "created_at": at} for person in people]
    if told:
        db.Notice.insert_many(told).execute()
