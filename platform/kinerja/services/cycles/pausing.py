"""Letting a case stand still, with a reason (long illness, an investigation): its timers rest and its deadlines move by as long."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from ...core.errors import ConflictError
from ...process.shifting import shifted
from ...store import models as db
from ...store.queries import objects
from ..acts import Done, changed, perform
from ..context import Context, require
from ..reading import about, load_case
from ..reasons import written
from ..views import PauseView, Receipt


def pause(context: Context, case_id: int, reason: str, key: str | None = None) -> Receipt:
    """Let a case stand still: its tasks wait, nothing fires, until it is resumed. values: {case, tasks}.

    Raises InputError(`alasan_terlalu_pendek`), ConflictError(`kasus_tidak_berjalan`).
    """

    def work() -> Done:
        case = load_case(case_id)
        require(context, "case.pause", case)
        why = " ".join(written(reason).split())
        _set(case, "open", "suspended")
        waiting = db.Task.update(state="paused").where(db.Task.case == case.id, db.Task.state == "ready").execute()
        db.CasePause.create(case=case, reason=why, paused_by=context.actor.id, paused_at=context.city.clock.now())
        return Done(
            f"case:{case.id}",
            f"Kasus {about(case)} ditangguhkan: {why}",
            f"The case of {about(case)} stands still: {why}",
            payload={"reason": why, "tasks": waiting},
            values={"case": case.id, "tasks": waiting},
        )

    return perform(context, "case.pause", work, key)


def resume(context: Context, case_id: int, key: str | None = None) -> Receipt:
    """Let a case go on; every deadline moves by the days it stood still. values: {case, days}."""

    def work() -> Done:
        case = load_case(case_id)
        require(context, "case.pause", case)
        _set(case, "suspended", "open")
        at = context.city.clock.now()
        row: Any = db.CasePause.select().where(db.CasePause.case == case.id, db.CasePause.resumed_at.is_null()).get()
        db.CasePause.update(resumed_by=context.actor.id, resumed_at=at).where(db.CasePause.id == row.id).execute()
        days = max(0, (at.date() - row.paused_at.date()).days)
        timer = _later(case.next_timer, days)
        db.Case.update(process_state=shifted(case.process_state, days), next_timer=timer).where(db.Case.id == case.id).execute()
        for task in list(objects(db.Task.select().where(db.Task.case == case.id, db.Task.state == "paused"))):
            fields = {"due": _later(task.due, days), "remind_at": _later(task.remind_at, days)}
            db.Task.update(state="ready", **fields).where(db.Task.id == task.id).execute()
        return Done(
            f"case:{case.id}",
            f"Kasus {about(case)} berjalan lagi; tenggatnya bergeser {days} hari",
            f"The case of {about(case)} goes on; its deadlines move by {days} days",
            payload={"days": days},
            values={"case": case.id, "days": days},
        )

    return perform(context, "case.resume", work, key)


def pauses(case_id: int) -> tuple[PauseView, ...]:
    """How often and why a case stood still, oldest first."""
    found = objects(db.CasePause.select().where(db.CasePause.case == case_id).order_by(db.CasePause.id))
    return tuple(PauseView(row.reason, row.paused_by, row.paused_at, row.resumed_by or "", row.resumed_at) for row in found)


def _set(case: Any, old: str, new: str) -> None:
    if case.state != old:
        raise ConflictError(
            "kasus_tidak_berjalan" if old == "open" else "kasus_tidak_ditangguhkan",
            f"kasus ini tidak sedang {'berjalan' if old == 'open' else 'ditangguhkan'}",
            f"this case is not {'running' if old == 'open' else 'standing still'}",
            state=case.state,
        )
    update = db.Case.update(state=new, version=db.Case.version + 1)
    met = update.where(db.Case.id == case.id, db.Case.state == old, db.Case.version == case.version).execute()
    changed(met, "kasus ini baru saja diubah orang lain", "this case has just been changed by somebody else", case=case.id)


def _later(instant: datetime | None, days: int) -> datetime | None:
    return None if instant is None else instant + timedelta(days=days)
