"""Moving a cycle on in bulk: deadlines that have passed, what an incident stopped, and one named task where its form allows it.

A form file says whether its task may be answered for many at once and how (`bulk:`). Who may do a task is asked for each case, as
on the task page; what may not be done is refused with its reason, and the rest goes on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ...core.errors import BusyError, InputError, KinerjaError
from ...process import Form
from ...store import models as db
from ...store.queries import rows
from ..acts import Done, perform
from ..batches import Item, Kind, Outcome, Progress, enter, run, running
from ..casework import tasks
from ..context import Context, in_scope, reach, require
from ..papers import issue
from ..papers.letterbook import issuing_unit
from ..reading import CASE_JOINS, TASK_JOINS, about, load_cycle
from ..staff.duties import Ties, why_not
from ..views import Receipt
from . import timers

BATCH = 20
"""Small: the store's one writer is kept for as long as a batch lasts, and an evaluation takes tens of milliseconds."""
EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Reason:
    """Why some are left out: how many, and the first of them."""

    text_id: str
    text_en: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AdvancePreview:
    """ready: kind of work (timer, incident, task, issue) → how many; refused: why others are left out."""

    cycle: str
    task: str
    ready: dict[str, int]
    refused: tuple[Reason, ...]

    @property
    def total(self) -> int:
        return sum(self.ready.values())


def preview(context: Context, code: str, task: str = "") -> AdvancePreview:
    """What `advance` would do now, and what it would leave and why; nothing is changed."""
    _may(context, task)
    ready: Counter[str] = Counter()
    left: dict[tuple[str, str], list[str]] = {}
    for item in _items(context, code, task):
        if item.refused:
            left.setdefault(item.refused, []).append(item.subject)
        else:
            ready[str(item.given["do"])] += 1
    reasons = tuple(Reason(*why, len(who), tuple(who[:EXAMPLES])) for why, who in left.items())
    return AdvancePreview(code, task, dict(ready), tuple(sorted(reasons, key=lambda reason: -reason.count)))


def begin(context: Context, code: str, task: str = "", key: str | None = None) -> Receipt:
    """Fix what is to be moved on, as a job. values: {cycle, job, parts, refused}.

    task "": deadlines that have passed and what incidents stopped. Raises InputError(`tidak_ada_yang_dimajukan`) where nothing is.
    """
    _may(context, task)

    def work() -> Done:
        items = list(_items(context, code, task))
        ready = sum(item.refused is None for item in items)
        if not ready:
            first = next((item.refused for item in items if item.refused), ("", ""))
            raise InputError(
                "tidak_ada_yang_dimajukan",
                f"tidak ada yang dapat dimajukan sekaligus di {code}" + (f": {first[0]}" if first[0] else ""),
                f"nothing of {code} can be moved on in bulk" + (f": {first[1]}" if first[1] else ""),
                remedy_id="lihat pratinjaunya: kinerja cycle advance KODE --preview",
                remedy_en="look at the preview: kinerja cycle advance CODE --preview",
                refused=len(items),
            )
        title = f"Majukan {code}" + (f": {task}" if task else "")
        job = enter(context, ADVANCING.name, _subject(code, task), title, {"cycle": code, "task": task}, items)
        values = {"cycle": code, "job": job.id, "parts": ready, "refused": len(items) - ready}
        return Done(
            f"cycle:{code}",
            f"{title}: {ready} bagian dimulai, {len(items) - ready} tidak dapat",
            f"Moving {code} on{' by ' + task if task else ''}: {ready} parts begun, {len(items) - ready} cannot",
            payload=values | {"task": task},
            values=values,
        )

    return perform(context, "cycle.advance", work, key)


def advance(context: Context, code: str, task: str = "", key: str | None = None, progress: Progress | None = None) -> Receipt:
    """Move a cycle on; one that was cut off goes on when the same call comes again. values: {cycle, task, done, held, refused}."""
    _may(context, task)
    job = running(ADVANCING.name, _subject(code, task))
    number = job.id if job is not None else int(begin(context, code, task, key).values["job"])
    receipt = run(context, ADVANCING, number, progress)
    assert receipt is not None, "without a limit of batches a job runs to its end"
    return receipt


def bulk_tasks(context: Context, code: str) -> dict[str, tuple[str, int]]:
    """Tasks of a cycle that wait and may be answered in bulk: id → (title, how many wait)."""
    cycle = load_cycle(code)
    query = TASK_JOINS().where(db.Task.state == "ready", db.Cycle.id == cycle.id)
    found: dict[str, tuple[str, int]] = {}
    for row in query.order_by(db.Task.id):
        if row.task == issue.ISSUE_TASK or _bulk(_form(context, row)) is not None:
            found[row.task] = (row.title, found.get(row.task, ("", 0))[1] + 1)
    return found


# ── what there is to do ───────────────────────────────────────────────────────────────────────────────────────────────
def _may(context: Context, task: str) -> None:
    """Deadlines and incidents are for administrators and HR; a task is for whoever may do it, which each case is asked."""
    if not task:
        require(context, "cycle.advance")


def _subject(code: str, task: str) -> str:
    return f"cycle:{code}" + (f":{task}" if task else "")


def _items(context: Context, code: str, task: str) -> Iterator[Item]:
    cycle = load_cycle(code)
    if task == issue.ISSUE_TASK:
        yield from _decrees(context, code)
    elif task:
        yield from _tasks(context, cycle, task)
    else:
        yield from _deadlines(context, cycle)
        yield from _incidents(context, cycle)


def _deadlines(context: Context, cycle: Any) -> Iterator[Item]:
    within = _within(context, "cycle.advance")
    late = within & (db.Case.cycle == cycle.id) & (db.Case.state == "open") & (db.Case.next_timer <= context.city.clock.now())
    query = db.Case.select(db.Case.id, db.Person.name).join(db.Person, on=(db.Case.person == db.Person.id)).where(late)
    for case, name in rows(query.order_by(db.Case.next_timer, db.Case.id)):
        yield Item(name, {"do": "timer", "id": case})


def _within(context: Context, act: str) -> Any:
    """Cases of the units in which the actor may do an act."""
    places = reach(context, act)
    return db.Case.unit << list(context.city.units.below(places)) if places is not None else db.Case.id.is_null(False)


def _incidents(context: Context, cycle: Any) -> Iterator[Item]:
    stopped = db.Incident.select(db.Incident.id, db.Person.name).join(db.Case)
    stopped = stopped.join(db.Person, on=(db.Case.person == db.Person.id))
    waiting = (
        _within(context, "incident.settle")
        & (db.Incident.state == "open")
        & db.Incident.task.is_null(False)
        & (db.Case.cycle == cycle.id)
    )
    for incident, name in rows(stopped.where(waiting).order_by(db.Incident.id)):
        yield Item(name, {"do": "incident", "id": incident})


def _tasks(context: Context, cycle: Any, task: str) -> Iterator[Item]:
    ties = Ties.of(context)
    query = TASK_JOINS().where(db.Task.task == task, db.Task.state == "ready", db.Cycle.id == cycle.id).order_by(db.Task.id)
    for row in list(query):
        error = why_not(context, row, row.case, ties)
        refused = None if error is None else _sentence(error)
        if refused is None and _bulk(_form(context, row)) is None:
            refused = (
                f"“{row.title}” dijawab satu per satu; formulirnya tidak memuat jawaban serentak",
                f'"{row.title}" is answered one by one; its form gives no answer for many',
            )
        yield Item(about(row.case), {"do": "task", "id": row.id}, refused)


def _decrees(context: Context, code: str) -> Iterator[Item]:
    """One decree for each issuing unit, with the cases that wait for it and that the actor may decide."""
    require(context, "letter.issue")
    organisation = context.city.organisation(context.city.today())
    ties = Ties.of(context)
    units: dict[str, int] = {}
    for row in list(TASK_JOINS().where(db.Task.task == issue.ISSUE_TASK, db.Task.state == "ready", db.Cycle.code == code)):
        unit = issuing_unit(context, organisation, CASE_JOINS().where(db.Case.id == row.case_id).get()).code
        error = why_not(context, row, row.case, ties)
        if error is not None:
            yield Item(about(row.case), {"do": "issue", "unit": unit}, _sentence(error))
        elif in_scope(context, row.role, row.case.unit):
            units[unit] = units.get(unit, 0) + 1
    for unit, count in sorted(units.items()):
        yield Item(f"{unit} ({count})", {"do": "issue", "unit": unit})


# ── doing it ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def _work(context: Context, job: Any, shared: None, items: Sequence[Any]) -> list[Outcome]:
    return [_one(context, job, item) for item in items]


def _one(context: Context, job: Any, item: Any) -> Outcome:
    """One part, in a savepoint of its own: what it may not do or meets changed is refused, and the others go on."""
    given, key = item.given, f"job:{job.id}:item:{item.ordinal}"
    try:
        with context.city.store.transaction():
            return _DO[given["do"]](context, job, given, key)
    except BusyError:
        raise
    except KinerjaError as error:
        return Outcome("refused", *_sentence(error))


def _timer(context: Context, job: Any, given: Any, key: str) -> Outcome:
    moved = timers.fire_one(context, int(given["id"]))
    return Outcome() if moved else Outcome("refused", "tenggatnya sudah diurus", "its deadline has been seen to already")


def _incident(context: Context, job: Any, given: Any, key: str) -> Outcome:
    return _said(tasks.resume(context, int(given["id"]), key))


def _task(context: Context, job: Any, given: Any, key: str) -> Outcome:
    row: Any = TASK_JOINS().where(db.Task.id == int(given["id"])).first()
    answers = _bulk(_form(context, row)) if row is not None else None
    return _said(tasks.complete(context, int(given["id"]), answers or {}, key))


def _issue(context: Context, job: Any, given: Any, key: str) -> Outcome:
    return _said(issue.issue_unit(context, job.parameters["cycle"], given["unit"], key))


def _said(receipt: Receipt) -> Outcome:
    return Outcome("held", receipt.text_id, receipt.text_en) if receipt.held or receipt.values.get("held") else Outcome()


_DO = {"timer": _timer, "incident": _incident, "task": _task, "issue": _issue}


def _finish(context: Context, job: Any) -> Done:
    code, task = job.parameters["cycle"], job.parameters["task"]
    values = {"cycle": code, "task": task, "done": job.done, "held": job.held, "refused": job.refused}
    return Done(
        f"cycle:{code}",
        f"{job.title}: {job.done} selesai, {job.held} tertahan, {job.refused} tidak dapat",
        f"Cycle {code} moved on: {job.done} done, {job.held} held, {job.refused} refused",
        payload=values | {"job": job.id},
        values=values,
    )


def _ready(context: Context, job: Any) -> None:
    """Nothing is shared: each part is done as its own page would do it."""


def _sentence(error: KinerjaError) -> tuple[str, str]:
    """What is wrong and who or what helps, in both languages."""
    pairs = ((error.text_id, error.remedy_id), (error.text_en, error.remedy_en))
    first, second = (f"{text} → {remedy}" if remedy else text for text, remedy in pairs)
    return first, second


def _form(context: Context, task: Any) -> Form | None:
    return context.city.definition(task.case.process).form_of(task.task) if task.form else None


def _bulk(form: Form | None) -> dict[str, str] | None:
    return dict(form.bulk) if form is not None and form.bulk else None


ADVANCING = Kind("cycle.advance", BATCH, _ready, _work, _finish)

__all__ = ["ADVANCING", "AdvancePreview", "Reason", "advance", "begin", "bulk_tasks", "preview"]
