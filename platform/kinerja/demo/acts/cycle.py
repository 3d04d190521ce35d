"""The cycle's own acts: a tie that planning goes round, reminders and escalations, a case that stands still, a rehearsal."""

from __future__ import annotations

from ...core.indonesian import number
from ...services.context import SYSTEM, Context
from ...services.cycles import cycle, pausing, rehearsal, reminders
from ...services.cycles.planning import Selection
from ...services.cycles.templates import Slot, slot_of_code
from ...services.staff import people
from ...store import models as db
from ..act import Act, Sight
from ..play import Stage

NEXT = "2026-S2"
REHEARSED = 6
SEED = 1
WAITING = "susun_skp"
PAUSED_POST = "pengadministrasi_umum"


def _next() -> Slot:
    slot = slot_of_code(NEXT)
    assert slot is not None
    return slot


def _tie(stage: Stage) -> Sight | None:
    """Somebody whose case is closed declares kinship with the head who appraised them; the next cycle is planned round it."""
    closed = (
        db.Case.select(db.Case, db.Person)
        .join(db.Person, on=(db.Case.person == db.Person.id), attr="person")
        .where(db.Case.state == "closed", db.Case.cycle.is_null(False))
        .order_by(db.Case.id.desc())
        .first()
    )
    if closed is None:
        return None
    slot, today = _next(), stage.city.today()
    nip, head = closed.person.nip, closed.appraiser
    own = stage.holder("bkpsdm")
    people.declare_conflict(own, nip, head.nip, today, "keluarga", "saudara kandung, dinyatakan sendiri")
    seen = cycle.preview(own, slot.code, slot.title, slot.period, Selection(people=(nip,)))
    passed = next((plan for plan in seen.passed_on if plan.nip == nip), None)
    if passed is None:
        return None
    return Sight(
        f"Benturan kepentingan: {closed.person.name} tidak akan dinilai {head.name}; penggantinya {passed.appraiser}",
        f"/kelola-siklus/buka?kode={slot.code} (bkpsdm)",
    )


def _remind(stage: Stage) -> Sight | None:
    """What the server does every minute, once: words about tasks that wait."""
    if not reminders.remind(Context(stage.city, SYSTEM)):
        return None
    said = (db.Task.reminded_at, db.Task.escalated_at)
    reminded, escalated = (db.Task.select().where(column.is_null(False)).count() for column in said)
    return Sight(
        f"Tenggat: {number(reminded)} pengingat, dan {number(escalated)} eskalasi kepada atasan yang disebut namanya",
        "Beranda, Kabar (penilai, bkpsdm)",
    )


def _pause(stage: Stage) -> Sight | None:
    """A case that waits for its plan stands still: its employee has been taken to hospital."""
    held = [member for member in stage.roster.members if member.nip in stage.held[WAITING] and member.post.code == PAUSED_POST]
    if not held:
        return None
    member = held[0]
    case = db.Case.select(db.Case.id).join(db.Person, on=(db.Case.person == db.Person.id)).where(db.Person.nip == member.nip).get()
    pausing.pause(stage.holder("bkpsdm"), case.id, "Sakit lama, dirawat di rumah sakit sejak Januari")
    return Sight(f"Kasus ditangguhkan: {member.name}, tenggatnya berhenti berjalan", f"/kasus/{case.id}")


def _rehearse(stage: Stage) -> Sight:
    slot = _next()
    report = rehearsal.rehearse(stage.holder("bkpsdm"), slot.title, slot.period, REHEARSED, SEED, slot.template)
    return Sight(rehearsal.headline(report), "/kelola-siklus/gladi (bkpsdm)")


ACTS = (
    Act("perencanaan tanpa benturan", 1, _tie),
    Act("tangguhkan kasus", 1, _pause),
    Act("pengingat", 1, _remind),
    Act("gladi siklus", 1, _rehearse),
)
