"""A rehearsal asked for in the console: a job that a process of its own plays month by month, and plays anew when cut off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ....core.errors import ConflictError, IncidentError, InputError, KinerjaError
from ....core.periods import Period, parse_date
from ....store import models as db
from ...acts import Done, changed, perform
from ...batches import Item, enter, find
from ...context import WHOLE_CITY, Context, require
from ...staff.accounts import actor_by_id
from ...views import Receipt
from .conduct import AFTERWARDS, rehearse
from .report import Report

if TYPE_CHECKING:
    from ...city import City

KIND = "cycle.rehearse"
MOST = 2_000
"""Cases of a rehearsal that is asked for in the console; more is for a night and the command line."""
STALE = timedelta(minutes=10)
"""A month of the play takes less; a job that was touched longer ago is nobody's."""


def begin(
    context: Context, title: str, period: Period, cases: int, seed: int, template: str = "tahunan", code: str = "",
    key: str | None = None,
) -> Receipt:  # fmt: skip
    """Ask for a rehearsal: values {job}. Raises InputError(`jumlah_kasus`), ConflictError(`pekerjaan_berjalan`) while one runs."""
    require(context, "cycle.rehearse", unit=WHOLE_CITY)
    if not 1 <= cases <= MOST:
        raise InputError("jumlah_kasus", f"gladi di konsol 1 sampai {MOST} kasus", f"here a rehearsal takes 1 to {MOST} cases")

    def work() -> Done:
        parameters = {
            "cycle": code, "title": title, "first": period.first.isoformat(), "last": period.last.isoformat(), "cases": cases,
            "seed": seed, "template": template,
        }  # fmt: skip
        items = [Item(month, {}) for month in _months(period)]
        job = enter(context, KIND, f"gladi:{code or period.first.isoformat()}", f"Gladi {title}", parameters, items)
        return Done(
            f"job:{job.id}",
            f"Gladi {title} diminta: {cases} kasus",
            f"Rehearsal of {title} asked for: {cases} cases",
            payload={"job": job.id, **parameters},
            values={"job": job.id},
        )

    return perform(context, "cycle.rehearse.ask", work, key)


def waiting(city: City) -> int | None:
    """The oldest rehearsal that is to be played and that nobody plays."""
    now = city.clock.now()
    left = db.Job.touched_at.is_null() | (db.Job.touched_at <= now - STALE) | (db.Job.touched_at > now)
    row = db.Job.select(db.Job.id).where(db.Job.kind == KIND, db.Job.state == "running", left).order_by(db.Job.id).first()
    return None if row is None else int(row.id)


def again(context: Context, job_id: int, key: str | None = None) -> None:
    """Let a rehearsal that was stopped, or whose process died, be played anew."""
    require(context, "cycle.rehearse", unit=WHOLE_CITY)
    find(job_id)

    def work() -> Done:
        mine = (db.Job.id == job_id) & (db.Job.kind == KIND)
        update = db.Job.update(state="running", trouble=None, touched_at=None)
        update.where(mine, db.Job.state << ("running", "stopped")).execute()
        return Done(f"job:{job_id}", "Gladi dimainkan lagi", "Rehearsal played anew", payload={"job": job_id})

    perform(context, "cycle.rehearse.again", work, key)


def stopped(city: City, job_id: int, status: int) -> None:
    """Say of a rehearsal that its process ended (exit status) without playing it."""
    error = IncidentError(
        "gladi_berhenti",
        f"proses gladi berhenti dengan status {status} sebelum selesai",
        f"the rehearsal's process ended with status {status} before it was done",
        remedy_id=f"jalankan kinerja jobs play {job_id} untuk melihat sebabnya, lalu teruskan",
        remedy_en=f"run kinerja jobs play {job_id} to see why, then go on",
    )
    with city.store.transaction():
        db.Job.update(state="stopped", trouble=error.as_json()).where(db.Job.id == job_id, db.Job.state == "running").execute()


def play(city: City, job_id: int, progress: Callable[[str], None] | None = None) -> Report:
    """Play a rehearsal in the name of whoever asked for it, from its beginning; opens a second store: not in a process that serves.

    Raises ConflictError(`pekerjaan_berjalan`) where another process plays it.
    """
    row, database = find(job_id), city.store.database
    context = Context(city, actor_by_id(row.actor))
    if waiting(city) != job_id:
        raise ConflictError("pekerjaan_berjalan", f"pekerjaan {job_id} sudah dimainkan", f"job {job_id} is being played")
    _touch(city, job_id, done=0)
    asked = row.parameters

    def month(name: str) -> None:
        with city.store.transaction():  # the models speak of the copy just now
            step = {"done": db.Job.done + 1, "touched_at": city.clock.now()}
            db.Job.update(**step).where(db.Job.id == job_id, db.Job.done < db.Job.total).execute(database)
        if progress:
            progress(name)

    try:
        report = rehearse(
            context, str(asked["title"]), Period(parse_date(asked["first"]), parse_date(asked["last"])), int(asked["cases"]),
            int(asked["seed"]), str(asked["template"]), str(asked["cycle"]), month,
        )  # fmt: skip
    except KinerjaError as error:
        with city.store.transaction():
            db.Job.update(state="stopped", trouble=error.as_json()).where(db.Job.id == job_id).execute()
        raise
    perform(context, "cycle.rehearse.end", lambda: _ended(context, row), key=f"job:{job_id}:end")
    return report


def _ended(context: Context, row: Any) -> Done:
    at = context.city.clock.now()
    update = db.Job.update(state="done", slot=None, done=row.total, finished_at=at, touched_at=at)
    met = update.where(db.Job.id == row.id, db.Job.state == "running").execute()
    changed(met, "gladi ini sudah selesai", "this rehearsal is done already", job=row.id)
    db.JobItem.update(state="done").where(db.JobItem.job == row.id).execute()
    return Done(f"job:{row.id}", f"{row.title} selesai", f"{row.title}: done", payload={"job": row.id}, values={"job": row.id})


def _touch(city: City, job_id: int, done: int) -> None:
    with city.store.transaction():
        db.Job.update(touched_at=city.clock.now(), done=done).where(db.Job.id == job_id).execute()


def _months(period: Period) -> list[str]:
    """The months a play may last, as its progress names them."""
    end, day, found = period.last + timedelta(days=AFTERWARDS), period.first.replace(day=1), []
    while day <= end:
        found.append(f"{day:%Y-%m}")
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return found
