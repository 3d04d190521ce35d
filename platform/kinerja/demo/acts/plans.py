"""Around the plan: a plan talked about before it is agreed, and behaviour expected in words of the leader's own."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from ...core.indonesian import number
from ...services.casework import amending, monitoring, plans, tasks
from ...services.casework.amendment import Amendment, Edit
from ...services.context import Actor, Context
from ...services.evaluation.shares import arithmetic
from ...store import models as db
from ..act import Act, Sight
from ..conduct import answers
from ..play import Stage
from ..roster import Member

OPERATOR = "operator_layanan_adminduk"
TALKED, AMENDED, GUIDED = 2, 3, 7
"""Which operators: whose plan waits for its answer, whose actuals are still out, and one whom nothing else happens to."""
CHANGED, LONGER = "ADM-4", Fraction(5, 4)
EXPECTED = "Dampingi dua operator baru di loket sampai mereka mandiri, paling lambat akhir Maret."


def _operator(stage: Stage, place: int) -> tuple[Member, Any] | None:
    """A registry operator with the case of the cycle played; None in a city with fewer."""
    found = [member for member in stage.roster.members if member.post.code == OPERATOR]
    if len(found) <= place:
        return None
    query = db.Case.select(db.Case).join(db.Person, on=(db.Case.person == db.Person.id)).switch(db.Case).join(db.Cycle)
    return found[place], query.where(db.Person.nip == found[place].nip, db.Cycle.code == stage.cycle).get()


def _appraiser(stage: Stage, case: Any) -> Context:
    return stage.context(Actor.of(case.appraiser.name, case.appraiser.nip))


def _talk(stage: Stage) -> Sight | None:
    """An employee asks about a target before it is agreed, and the appraiser answers."""
    found = _operator(stage, TALKED)
    if found is None:
        return None
    member, case = found
    monitoring.note(
        stage.context(Actor.of(member.name, member.nip)), case.id, plans.TALK,
        "Mesin cetak KTP-el di loket hanya satu sampai Maret. Apakah median 120 menit berlaku sejak Januari?", "ADM-4",
    )  # fmt: skip
    monitoring.note(
        _appraiser(stage, case), case.id, plans.TALK,
        "Ya, sejak Januari; hari mesin rusak dicatat sebagai gangguan dan tidak dihitung dalam median.", "ADM-4",
    )  # fmt: skip
    return Sight(f"Dialog rencana: {member.name} bertanya tentang target sebelum disepakati, dan dijawab", f"/rencana/{case.id}")


def _expect(stage: Stage) -> Sight | None:
    """An appraiser agrees to a plan and says what they expect of this employee in particular."""
    found = _operator(stage, GUIDED)
    if found is None:
        return None
    member, case = found
    waiting = db.Task.get(db.Task.case == case.id, db.Task.task == "setujui_skp", db.Task.state == "ready")
    given = answers("setujui_skp", stage.conduct[member.nip]) | {"ekspektasi_kompeten": EXPECTED}
    tasks.complete(_appraiser(stage, case), waiting.id, given)
    return Sight(
        f"Ekspektasi perilaku (tujuh nilai BerAKHLAK): untuk {member.name} pimpinan menulis harapan khusus", f"/rencana/{case.id}"
    )


def _amend(stage: Stage) -> Sight | None:
    """A target is changed in April, by agreement: the printer for identity cards stood still for two months."""
    found = _operator(stage, AMENDED)
    if found is None:
        return None
    member, case = found
    before = db.PlanItem.get(db.PlanItem.case == case.id, db.PlanItem.code == CHANGED).target
    after = before * LONGER
    changes = Amendment(
        "Satu-satunya mesin cetak KTP-el di loket rusak Februari–Maret; permohonan dialihkan ke kecamatan.", date(2026, 4, 1),
        {CHANGED: Edit(target=after)},
    )  # fmt: skip
    amending.propose(stage.context(Actor.of(member.name, member.nip)), case.id, changes)
    amending.answer(_appraiser(stage, case), case.id, True)
    return Sight(
        f"Perubahan rencana: target {CHANGED} {member.name} dari {number(before)} menjadi {number(after)} menit, disepakati "
        "kedua pihak; versi lama tersimpan",
        f"/rencana/{case.id}, kinerja case plan {case.id}",
    )


def _divide(stage: Stage) -> Sight | None:
    """Who held a post for a part of the period only has a part of its targets."""
    shared = (
        db.PlanItem.select(db.PlanItem, db.Case, db.Person)
        .join(db.Case)
        .join(db.Person, on=(db.Case.person == db.Person.id), attr="person")
    )
    item = shared.where(db.PlanItem.share.is_null(False)).order_by(db.PlanItem.id).first()
    if item is None:
        return None
    told, _ = arithmetic(item.share, item.target, item.target_high)
    return Sight(f"Target bagian periode: {item.code} {item.case.person.name}, {told}", f"/rencana/{item.case_id}")


def _tree(stage: Stage) -> Sight | None:
    """The head of a division looks at what of theirs is served, and by whom."""
    found = _operator(stage, GUIDED)
    if found is None:
        return None
    _, case = found
    led = case.appraiser
    own = (
        db.Case.select(db.Case)
        .join(db.Cycle)
        .where(db.Case.person == led, db.Cycle.code == stage.cycle)
        .order_by(db.Case.id)
        .first()
    )
    if own is None:
        return None
    served = db.PlanItem.select(db.PlanItem.serves).where(db.PlanItem.serves.is_null(False)).distinct()
    mine = db.PlanItem.select().where(db.PlanItem.case == own)
    bare = mine.where(db.PlanItem.id.not_in(served)).count()
    return Sight(
        f"Pohon kinerja: {mine.count() - bare} dari {mine.count()} hasil kerja {led.name} didukung rencana bawahannya",
        f"/rencana/pohon?siklus={stage.cycle}&unit={own.unit.code} (pimpinannya, bkpsdm)",
    )


ACTS = (
    Act("dialog rencana", 186, _talk),
    Act("ekspektasi perilaku", 184, _expect),
    Act("perubahan rencana", 104, _amend),
    Act("target bagian", 1, _divide),
    Act("pohon kinerja", 1, _tree),
)
