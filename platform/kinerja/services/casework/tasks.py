"""A person's work: the desk, the page of a task, and doing it. The same for every form of every process."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from peewee import JOIN

from ...core.errors import ConflictError, InputError, KinerjaError, NotFoundError
from ...core.exactjson import digest
from ...process import Form, FormError
from ...store import models as db
from ...store.prepared import Prepared
from ..acts import Done, changed, perform
from ..context import WHOLE_CITY, Actor, Context, relations, require
from ..custody import Upload, check, filed, take
from ..evaluation import rubrics
from ..evaluation.judge import record_judgements
from ..flow import complete_task, hold
from ..reading import TASK_JOINS, about, case_summary, evaluation_view, item_views, load_case, task_view
from ..staff.duties import Ties, may_do, require_duty, why_not
from ..views import Receipt, TaskPage, TaskView
from ..visibility import require_case, sight
from . import objecting, plans
from .answers import answer_views
from .peers import keep_unsigned

DESK_LIMIT = 500
_JOINED = Prepared(lambda number: TASK_JOINS().where(db.Task.id == number))
_BARE = Prepared(
    lambda number: (
        db.Task.select(db.Task, db.Person)
        .join(db.Person, JOIN.LEFT_OUTER, on=(db.Task.assignee == db.Person.id), attr="assignee")
        .where(db.Task.id == number)
    )
)


def desk(context: Context, limit: int = DESK_LIMIT) -> tuple[TaskView, ...]:
    """The open tasks the actor may do now, the oldest due first."""
    actor = context.actor
    mine = db.Task.state == "ready"
    roles = [role for role in actor.roles if role not in ("pegawai",)]
    person = db.Person.get_or_none(db.Person.nip == actor.nip) if actor.nip else None
    reach = db.Task.assignee.is_null() & (db.Task.role << (roles or [""]))
    if person is not None:
        substituted = _substituted_people(context, person)
        reach = reach | (db.Task.assignee << [person.id, *substituted])
    query = TASK_JOINS().where(mine, reach).order_by(db.Task.due.is_null(), db.Task.due, db.Task.id).limit(limit)
    now = context.city.clock.now()
    ties = Ties.of(context)
    return tuple(_view(context, task, now) for task in query if why_not(context, task, task.case, ties) is None)


def page(context: Context, task_id: int) -> TaskPage:
    """A task with its form and what the person must know to do it; also for people who may only look."""
    task = _task(task_id)
    case = load_case(task.case_id)
    if not may_do(context, task, case):
        require_case(context, case)
    form = form_for(context, case, task)
    seen = sight(context, case)
    choices = {}
    if form is not None:
        for name, question in form.fields.items():
            if question.type == "choice":
                options = question.choices(context.city.fact_values)
                choices[name] = tuple((option.value, option.label.id, option.label.en) for option in options)
    return TaskPage(
        task=_view(context, task, context.city.clock.now()),
        form=form,
        case=seen.summary(case_summary(case)),
        items=item_views(case.id, seen.evaluation),
        judgements=seen.judgements(case.id),
        evaluation=evaluation_view(seen.evaluation),
        defaults=form.defaults() if form else {},
        choices=choices,
        answers=answer_views(context, case, context.city.definition(case.process).tasks[task.task].process),
        plan=plans.read_plan(context, case) if case.cycle_id else None,
    )


def complete(context: Context, task_id: int, data: Mapping[str, Any], key: str | None = None) -> Receipt:
    """Do a task with the answers of its form.

    data: field → what was typed; for a question about evidence also a `custody.Upload`. The same answers sent twice bring the same
    receipt. Raises ForbiddenError naming who may instead, FormError with each field's error, ConflictError(`tugas_sudah_selesai`).
    receipt.held: incident id when the rules could not answer yet.
    """
    key = key or _answer_key(context, task_id, data)

    def work() -> Done:
        task = _bare_task(task_id)
        case = load_case(task.case_id)
        require_duty(context, task, case)
        if task.state != "ready":
            raise _no_longer(task)
        form = form_for(context, case, task)
        values = objecting.completed(case, task, _cleaned(context, case, form, data)) if form else {}
        at = context.city.clock.now()
        if form is not None and form.confidential:
            values = keep_unsigned(context, case, task, form, values)
        update = db.Task.update(state="done", done_by=context.actor.id, done_at=at, answers=values, key=key)
        rows = update.where(db.Task.id == task.id, db.Task.state == "ready").execute()
        changed(rows, "tugas ini sudah dikerjakan", "this task has been done already", task=task.id)
        plans.record_step(context, case, task, form, values, at)
        objecting.record_step(context, case, task, values, at)
        told, judged, held = _carry_on(context, case, task, form, values, context.actor)
        text_id = f"{task.title} – {about(case)}: " + ("tertahan, lihat insiden" if held else "selesai")
        stood_in = _as_substitute(context, task)
        return Done(
            f"case:{case.id}",
            text_id,
            f"{task.task} of {about(case)}: " + ("held, see the incident" if held else "done"),
            payload={
                "task": task.task,
                "answers": told,
                "judgements": judged,
                "held": held,
                "substitute_for": stood_in,
                **filed(*_evidence(form, told)),
            },
            values={"task": task.id, "case": case.id, "stage": case.stage},
            held=held,
        )

    return perform(context, "task.complete", work, key)


def resume(context: Context, incident_id: int, key: str | None = None) -> Receipt:
    """Try again what an incident stopped, with the answers that were kept (after the rules or facts were mended)."""
    require(context, "incident.settle")

    def work() -> Done:
        incident: Any = db.Incident.get_or_none(db.Incident.id == incident_id)
        if incident is None:
            raise NotFoundError("insiden_tidak_ada", f"insiden {incident_id} tidak ada", f"no incident {incident_id}")
        require(context, "incident.settle", load_case(incident.case_id) if incident.case_id else None, WHOLE_CITY)
        at = context.city.clock.now()
        settle = db.Incident.update(state="settled", settled_at=at, settled_by=context.actor.id)
        rows = settle.where(db.Incident.id == incident.id, db.Incident.state == "open").execute()
        changed(rows, "insiden ini sudah diselesaikan", "this incident has been settled already", incident=incident_id)
        if incident.task_id is None:
            return _settled(incident)
        task, case = _bare_task(incident.task_id), load_case(incident.case_id)
        form = form_for(context, case, task)
        _, _, held = _carry_on(context, case, task, form, task.answers or {}, _author(task))
        text_id = f"Insiden {incident_id} dicoba lagi: " + ("masih tertahan" if held else "kasus berjalan")
        return Done(
            f"case:{case.id}",
            text_id,
            f"Incident {incident_id} tried again: " + ("still held" if held else "the case goes on"),
            payload={"incident": incident_id, "held": held},
            values={"case": case.id, "stage": case.stage},
            held=held,
        )

    return perform(context, "incident.settle", work, key)


def _cleaned(context: Context, case: Any, form: Form, data: Mapping[str, Any]) -> dict[str, Any]:
    """Exact answers, files among them kept with the case: only once everything else is right. Raises FormError."""
    uploads = {name: given for name, given in data.items() if isinstance(given, Upload) and _asks_evidence(form, name)}
    wrong: dict[str, KinerjaError] = {}
    for name, upload in uploads.items():
        try:
            check(context.city.settings, upload)
        except InputError as error:
            wrong[name] = error
    try:
        values = form.clean(dict(data) | _referred(uploads), context.city.fact_values)
    except FormError as error:
        raise FormError(form, error.fields | wrong) from error
    for name in () if wrong else form.fields:
        if values[name] and _asks_evidence(form, name):
            try:
                values[name] = take(context, case, uploads.get(name, values[name]))
            except InputError as error:
                wrong[name] = error
    if wrong:
        raise FormError(form, wrong)
    return values


def _asks_evidence(form: Form, name: str) -> bool:
    return name in form.fields and form.fields[name].type == "evidence"


def _evidence(form: Form | None, values: Mapping[str, Any]) -> list[str]:
    return [str(values[name]) for name in form.fields if values.get(name) and _asks_evidence(form, name)] if form else []


def _referred(data: Mapping[str, Any]) -> dict[str, Any]:
    """Answers with each file as its reference."""
    return {name: given.reference if isinstance(given, Upload) else given for name, given in data.items()}


def _carry_on(
    context: Context, case: Any, task: Any, form: Form | None, values: Mapping[str, Any], author: Actor
) -> tuple[Mapping[str, Any], list[dict[str, Any]], int | None]:
    """Make the author's judgements of the answers, unless an earlier try did, and go on: (answers, judgements, incident).

    A rubric that the rules cannot total holds the task like any failure after it.
    """
    at = context.city.clock.now()
    judged: list[dict[str, Any]] = []
    if form is not None and form.records and not db.Judgement.select().where(db.Judgement.task == task.id).exists():
        try:
            with context.city.store.transaction():
                values, rated = rubrics.rate(context, form, values, case.last)
                judged = record_judgements(Context(context.city, author), case, task, rubrics.judgements(form, values, rated), at)
        except KinerjaError as error:
            return values, [], hold(case, task, error, at)
        if rated:
            db.Task.update(answers=values).where(db.Task.id == task.id).execute()
    return values, judged, complete_task(context, case, task, plans.for_process(values))


def _author(task: Any) -> Actor:
    """Who gave the answers of a task that is held: what is judged of them stays theirs."""
    person: Any = db.Person.get_or_none(db.Person.nip == task.done_by)
    return Actor(person.name, person.nip) if person is not None else Actor(task.done_by or "")


def _settled(incident: Any) -> Done:
    """An incident of no task (a deadline): there is nothing to try again here, the next round of deadlines does."""
    return Done(
        f"case:{incident.case_id}",
        f"Insiden {incident.id} ditutup",
        f"Incident {incident.id} closed",
        payload={"incident": incident.id},
        values={"case": incident.case_id},
    )


def explain(context: Context, task_id: int) -> str:
    """Why the actor may not do the task, with the lawful alternative; "" when they may."""
    task = _task(task_id)
    error = why_not(context, task, load_case(task.case_id))
    return "" if error is None else error.line("id")


def standing(context: Context, case: Any) -> frozenset[str]:
    """How the actor stands to a case: self, appraiser, superior."""
    return relations(context.actor, case)


def _view(context: Context, task: Any, now: datetime) -> TaskView:
    return task_view(task, now, context.city.definition(task.case.process))


def _task(task_id: int) -> Any:
    return _found(_JOINED.first(task_id), task_id)


def _bare_task(task_id: int) -> Any:
    """The task with its assignee only."""
    return _found(_BARE.first(task_id), task_id)


def _found(task: Any, task_id: int) -> Any:
    if task is None:
        raise NotFoundError("tugas_tidak_ada", f"tugas {task_id} tidak ada", f"no task {task_id}")
    return task


def form_for(context: Context, case: Any, task: Any) -> Form | None:
    """The form of a task as it is asked of its case: rubrics laid out by the rules of its day, what the plan says filled in."""
    if not task.form:
        return None
    form = rubrics.opened(context, context.city.definition(case.process).form_of(task.task), case.last)
    return plans.form_for(context, case, objecting.form_for(context, case, task, form))


def _answer_key(context: Context, task_id: int, data: Mapping[str, Any]) -> str:
    """The same answers have the same key; a confidential answer leaves no trace in it, since few answers are soon guessed."""
    task = _bare_task(task_id)
    form = form_for(context, load_case(task.case_id), task)
    told = {} if form is not None and form.confidential else _referred(data)
    return f"tugas:{task_id}:{context.actor.id}:{digest(told)[:24]}"


def _no_longer(task: Any) -> ConflictError:
    words = {
        "done": "sudah dikerjakan",
        "held": "tertahan oleh insiden",
        "paused": "menunggu: kasusnya ditangguhkan",
        "cancelled": "tidak diperlukan lagi",
    }[task.state]
    by = f" oleh {task.done_by}" if task.done_by else ""
    return ConflictError(
        "tugas_sudah_selesai",
        f"tugas ini {words}{by}",
        f"this task is {task.state}{' by ' + task.done_by if task.done_by else ''}",
        remedy_id="muat ulang Tugas saya",
        remedy_en="reload your desk",
        state=task.state,
    )


def _substituted_people(context: Context, person: Any) -> list[int]:
    """People whose absence today makes this person their substitute: the definitive leaders of the units they act in."""
    day = context.city.today()
    organisation = context.city.organisation(day)
    found = []
    for holders in organisation.leaders.values():
        if any(seat.person == person.id and seat.kind != "definitif" and seat.holds(day) for seat in holders):
            found += [
                seat.person
                for seat in holders
                if seat.kind == "definitif" and seat.holds(day) and organisation.absence(seat.person, day) is not None
            ]
    return found


def _as_substitute(context: Context, task: Any) -> str | None:
    """For the ledger: whom the actor stood in for, None when they acted in their own right."""
    return task.assignee.nip if task.assignee_id is not None and task.assignee.nip != context.actor.nip else None
