"""Long work on many cases, done in batches: the job table is the truth, whoever goes on with it and however often it dies.

A job is fixed when it begins: its items, its parameters, the rules it stays on. Each batch is one transaction with its ledger entry
and the job's new cursor, so that a kill at any moment leaves whole batches behind. Going on means asking again; two processes that
work on one job take turns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any

from ..core.errors import BusyError, ConflictError, KinerjaError, NotFoundError
from ..store import models as db
from ..store.queries import objects
from .acts import Done, changed, perform
from .context import Context
from .views import Receipt

CHUNK = 200
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Item:
    """One part of the work. subject: what it is about, for people; given: plain values; refused: why it is left out (id, en)."""

    subject: str
    given: Mapping[str, Any]
    refused: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an item. state: done, held (an incident waits), refused."""

    state: str = "done"
    note_id: str = ""
    note_en: str = ""


DONE = Outcome()


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of job is done.

    size: items a batch. ready: makes, once a run, what all its batches share. work: does items within the batch's transaction.
    finish: within the last transaction; what is said at the end.
    """

    name: str
    size: int
    ready: Callable[[Context, Any], Any]
    work: Callable[[Context, Any, Any, Sequence[Any]], Sequence[Outcome]]
    finish: Callable[[Context, Any], Done]


@dataclass(frozen=True, slots=True)
class JobView:
    """state: running, stopped (trouble says why), done, undone. total: all items; left: those not yet worked on."""

    id: int
    kind: str
    subject: str
    title: str
    state: str
    total: int
    done: int
    held: int
    refused: int
    actor: str
    started_at: datetime
    touched_at: datetime | None
    finished_at: datetime | None
    trouble: Mapping[str, Any] | None
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def left(self) -> int:
        return max(0, self.total - self.done - self.held - self.refused)

    @property
    def percent(self) -> int:
        return (self.total - self.left) * 100 // self.total if self.total else 100


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item that was not simply done, and why."""

    subject: str
    state: str
    note_id: str
    note_en: str


def enter(
    context: Context, kind: str, subject: str, title: str, parameters: Mapping[str, Any], items: Iterable[Item], release: str = ""
) -> Any:
    """The row of a new job with its items; runs inside the transaction of the act that begins it.

    Raises ConflictError(`pekerjaan_berjalan`) when the same work is under way.
    """
    slot = f"{kind}:{subject}"
    if db.Job.get_or_none(db.Job.slot == slot) is not None:
        raise ConflictError(
            "pekerjaan_berjalan",
            f"pekerjaan “{title}” sedang berjalan",
            f'the job "{title}" is under way',
            remedy_id="lanjutkan yang berjalan: kinerja jobs list",
            remedy_en="go on with the running one: kinerja jobs list",
        )
    at = context.city.clock.now()
    job = db.Job.create(
        kind=kind, subject=subject, title=title, parameters=dict(parameters), slot=slot, actor=context.actor.id, release=release,
        started_at=at,
    )  # fmt: skip
    numbered = enumerate(items, 1)
    while chunk := list(islice(numbered, CHUNK)):
        rows = [_row(job.id, ordinal, item) for ordinal, item in chunk]
        db.JobItem.insert_many(rows).execute()
        job.total += len(rows)
        job.refused += sum(row["state"] == "refused" for row in rows)
    db.Job.update(total=job.total, refused=job.refused).where(db.Job.id == job.id).execute()
    return job


def run(context: Context, kind: Kind, job_id: int, progress: Progress | None = None, batches: int | None = None) -> Receipt | None:
    """Go on with a job until it is done, or for so many batches; its last receipt, None when something is left.

    What stops the job (not what stops one item) is kept as its trouble and raised; asking again goes on.
    """
    job = find(job_id)
    if job.state == "undone":
        raise ConflictError("pekerjaan_dibatalkan", f"pekerjaan {job_id} sudah dibatalkan", f"job {job_id} has been undone")
    db.Job.update(state="running", trouble=None).where(db.Job.id == job_id, db.Job.state == "stopped").execute()
    shared = kind.ready(context, job) if job.finished_at is None else None
    while batches is None or batches > 0:
        job = find(job_id)
        items = _next(job, kind.size) if job.state == "running" else []
        try:
            if not items:
                return perform(context, f"{kind.name}.end", partial(_end, context, kind, job), key=f"job:{job_id}:end")
            _batch(context, kind, job, shared, items)
        except ConflictError:
            if find(job_id).cursor == job.cursor:
                raise
        except BusyError:
            raise
        except KinerjaError as error:
            _stopped(context, job, error)
            raise
        if progress:
            now = view(find(job_id))
            progress(now.total - now.left, now.total)
        batches = None if batches is None else batches - 1
    with context.city.store.transaction():  # somebody else may go on at once
        db.Job.update(touched_at=None).where(db.Job.id == job_id, db.Job.state == "running").execute()
    return None


def running(kind: str, subject: str) -> Any:
    """The job of this work that is under way, None when there is none."""
    return db.Job.get_or_none(db.Job.slot == f"{kind}:{subject}")


def of_cycle(code: str) -> Any:
    """The condition under which a job is about a cycle."""
    subject = f"cycle:{code}"
    return (db.Job.subject == subject) | db.Job.subject.startswith(f"{subject}:")


def find(job_id: int) -> Any:
    job = db.Job.get_or_none(db.Job.id == job_id)
    if job is None:
        raise NotFoundError("pekerjaan_tidak_ada", f"pekerjaan {job_id} tidak ada", f"no job {job_id}")
    return job


def view(job: Any) -> JobView:
    return JobView(
        job.id, job.kind, job.subject, job.title, job.state, job.total, job.done, job.held, job.refused, job.actor, job.started_at,
        job.touched_at, job.finished_at, job.trouble, job.parameters,
    )  # fmt: skip


def not_done(job_id: int, limit: int = 200) -> tuple[ItemView, ...]:
    """The items that were refused or are held, in order."""
    chosen = (db.JobItem.job == job_id) & (db.JobItem.state << ("refused", "held"))
    found = objects(db.JobItem.select().where(chosen).order_by(db.JobItem.ordinal).limit(limit))
    return tuple(ItemView(row.subject, row.state, row.note_id, row.note_en) for row in found)


def _row(job: int, ordinal: int, item: Item) -> dict[str, Any]:
    note_id, note_en = item.refused or ("", "")
    state = "refused" if item.refused else "waiting"
    return {
        "job": job, "ordinal": ordinal, "subject": item.subject[:120], "given": dict(item.given), "state": state,
        "note_id": note_id, "note_en": note_en,
    }  # fmt: skip


def _next(job: Any, size: int) -> list[Any]:
    table = db.JobItem
    waiting = (table.job == job.id) & (table.ordinal > job.cursor) & (table.state == "waiting")
    return list(objects(table.select().where(waiting).order_by(table.ordinal).limit(size)))


def _batch(context: Context, kind: Kind, job: Any, shared: Any, items: Sequence[Any]) -> None:
    def work() -> Done:
        table = db.Job
        claim = table.update(cursor=items[-1].ordinal, touched_at=context.city.clock.now())
        met = claim.where(table.id == job.id, table.cursor == job.cursor, table.state == "running").execute()
        changed(met, "bagian pekerjaan ini sudah diambil proses lain", "another process has taken this part of the job", job=job.id)
        outcomes = kind.work(context, job, shared, items)
        same: dict[Outcome, list[int]] = {}
        for item, outcome in zip(items, outcomes, strict=True):
            same.setdefault(outcome, []).append(item.id)
        for outcome, ids in same.items():
            fields = {"state": outcome.state, "note_id": outcome.note_id, "note_en": outcome.note_en}
            db.JobItem.update(**fields).where(db.JobItem.id << ids).execute()
        counts = Counter(outcome.state for outcome in outcomes)
        table.update(
            done=table.done + counts["done"], held=table.held + counts["held"], refused=table.refused + counts["refused"]
        ).where(table.id == job.id).execute()
        first, last = items[0].ordinal, items[-1].ordinal
        return Done(
            job.subject,
            f"{job.title}: bagian {first}-{last} dari {job.total}",
            f"{job.title}: parts {first} to {last} of {job.total}",
            payload={"job": job.id, "from": first, "to": last} | dict(sorted(counts.items())),
        )

    perform(context, f"{kind.name}.batch", work, key=f"job:{job.id}:{job.cursor}")


def _end(context: Context, kind: Kind, job: Any) -> Done:
    at = context.city.clock.now()
    update = db.Job.update(state="done", slot=None, finished_at=at, touched_at=at)
    met = update.where(db.Job.id == job.id, db.Job.state == "running").execute()
    changed(met, "pekerjaan ini sudah selesai", "this job is done already", job=job.id)
    return kind.finish(context, find(job.id))


def _stopped(context: Context, job: Any, error: KinerjaError) -> None:
    with context.city.store.transaction():
        update = db.Job.update(state="stopped", trouble=error.as_json(), touched_at=context.city.clock.now())
        update.where(db.Job.id == job.id, db.Job.state == "running").execute()
