"""The jobs of a city: what runs, what stopped and why, going on with one, and the slice that a served city does on its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ...core.errors import ForbiddenError, KinerjaError, NotFoundError
from ...store import models as db
from ...store.queries import objects
from ..batches import ItemView, JobView, Kind, Progress, find, not_done, of_cycle, run, view
from ..context import WHOLE_CITY, Context, allowed, require
from ..staff.accounts import actor_by_id
from ..views import Receipt
from .advance import ADVANCING
from .opening import OPENING

if TYPE_CHECKING:
    from ..city import City

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (OPENING, ADVANCING)}
SLICE = 5
STALE = timedelta(minutes=2)
"""A job whose last batch is older than this is nobody's: the process that worked on it has died."""


def jobs(context: Context, limit: int = 100, cycle: str = "") -> tuple[JobView, ...]:
    """The jobs the actor may see, the newest first: all of them for administrators, HR and auditors, else their own."""
    query = db.Job.select().order_by(db.Job.id.desc()).limit(limit)
    if not allowed(context, "jobs.read"):
        query = query.where(db.Job.actor == context.actor.id)
    if cycle:
        query = query.where(of_cycle(cycle))
    return tuple(view(row) for row in objects(query))


def job(context: Context, job_id: int) -> tuple[JobView, tuple[ItemView, ...]]:
    """A job and the parts of it that were refused or are held; NotFoundError(`pekerjaan_tidak_ada`)."""
    row = find(job_id)
    if row.actor != context.actor.id:
        require(context, "jobs.read")
    return view(row), not_done(job_id)


def resume(context: Context, job_id: int, progress: Progress | None = None, batches: int | None = None) -> Receipt | None:
    """Go on with a job that was cut off or stopped; its last receipt, None while something is left (`batches`).

    What a job does it does in the name of the one who began it: only they go on with it, save that any who may open cycles may
    finish an opening.
    """
    row = find(job_id)
    if row.actor != context.actor.id and not (row.kind == OPENING.name and allowed(context, "cycle.open", unit=WHOLE_CITY)):
        raise ForbiddenError(
            "bukan_pekerjaan_anda",
            f"pekerjaan {job_id} dimulai oleh {row.actor}",
            f"job {job_id} was begun by {row.actor}",
            remedy_id="minta yang memulainya melanjutkan",
            remedy_en="ask whoever began it to go on with it",
        )
    return run(context, _kind(row), job_id, progress, batches)


def go_on(city: City) -> bool:
    """Do a few batches of the oldest job that nobody works on, in its own actor's name; whether there may be more to do.

    A rehearsal is not done here but in a process of its own (`rehearsal.play`).
    """
    now = city.clock.now()
    left = db.Job.touched_at.is_null() | (db.Job.touched_at <= now - STALE) | (db.Job.touched_at > now)
    row = db.Job.select().where(db.Job.state == "running", db.Job.kind << list(KINDS), left).order_by(db.Job.id).first()
    if row is None:
        return False
    try:
        run(Context(city, actor_by_id(row.actor)), _kind(row), row.id, batches=SLICE)
    except KinerjaError:
        return False
    return True


def _kind(row: Any) -> Kind:
    if row.kind not in KINDS:
        raise NotFoundError(
            "pekerjaan_tidak_dikenal", f"jenis pekerjaan “{row.kind}” tidak dikenal", f'unknown kind of job "{row.kind}"'
        )
    return KINDS[str(row.kind)]
