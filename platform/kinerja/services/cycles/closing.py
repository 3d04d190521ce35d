"""What of a cycle is still open, and how it ends: by itself, by those who have it to do, or without a rating, with a reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from ...core.errors import ConflictError, ForbiddenError
from ...core.indonesian import long_date
from ...process import Text
from ...store import models as db
from ...store.queries import objects, rows
from ..acts import Done, perform
from ..context import Context, relations, require
from ..flow import cancel_case
from ..notices import tell
from ..reading import about, load_case
from ..reasons import written
from ..views import Receipt
from ..visibility import decided_evaluation

NEWS = Text(
    "Penilaian {nama} ({siklus}) diakhiri tanpa predikat; alasannya ada di halaman kasusnya.",
    "The appraisal of {nama} ({siklus}) was ended without a rating; the reason stands on its page.",
)


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """by_stage: cases not closed. standing: of them, those that stand still. until: when the last of those whose result is out and
    whom nobody answers closes by itself; None where there is none."""

    by_stage: dict[str, int]
    standing: int
    until: date | None

    @property
    def count(self) -> int:
        return sum(self.by_stage.values())


def left_open(cycle: Any) -> LeftOpen:
    found = list(rows(db.Case.select(db.Case.stage, db.Case.state, db.Case.next_timer).where(
        db.Case.cycle == cycle.id, db.Case.state != "closed"
    )))  # fmt: skip
    stages = Counter(stage for stage, _, _ in found)
    timers = [timer.date() for stage, state, timer in found if stage == "tindak_lanjut" and state == "open" and timer is not None]
    by_stage = {stage: stages[stage] for stage in db.STAGES if stages[stage]}
    return LeftOpen(by_stage, sum(state == "suspended" for _, state, _ in found), max(timers, default=None))


def refuse_while_open(cycle: Any) -> None:
    """Raise ConflictError(`kasus_masih_terbuka`): how many at which stage, and what becomes of them."""
    left = left_open(cycle)
    if not left.count:
        return
    stages = ", ".join(f"{stage.replace('_', ' ')} {count}" for stage, count in left.by_stage.items())
    still = (
        (f", {left.standing} di antaranya ditangguhkan", f", {left.standing} of them standing still") if left.standing else ("", "")
    )
    alone = (
        f"; yang hasilnya sudah terbit selesai sendiri sesudah masa keberatan, paling akhir {long_date(left.until)}",
        f"; those whose result is out close by themselves after the objection window, the last on {left.until.isoformat()}",
    ) if left.until else ("", "")  # fmt: skip
    raise ConflictError(
        "kasus_masih_terbuka",
        f"masih ada {left.count} kasus terbuka: {stages}{still[0]}",
        f"{left.count} cases are open: {stages}{still[1]}",
        remedy_id=f"selesaikan tugasnya (kinerja cycle advance {cycle.code}), atau akhiri tanpa predikat yang tidak akan dinilai "
        f"(kinerja cycle end KASUS --reason …){alone[0]}",
        remedy_en=f"do their tasks (kinerja cycle advance {cycle.code}), or end without a rating what will not be appraised "
        f"(kinerja cycle end CASE --reason …){alone[1]}",
        open=left.count,
        stages=left.by_stage,
    )


def may_end(context: Context, case: Any) -> bool:
    """Whether a case may be ended without a rating now, by whoever holds the permission."""
    return case.state != "closed" and case.cycle_id is not None and decided_evaluation(case.id) is None


def end_case(context: Context, case_id: int, reason: str, key: str | None = None) -> Receipt:
    """End an appraisal without a rating, with the reason: somebody left, died, or is not to be appraised. values: {case, tasks}.

    Its tasks and surveys end with it, nothing is deleted. Raises ConflictError(`kasus_sudah_selesai`, `hasil_sudah_terbit`),
    ForbiddenError(`kasus_sendiri`), InputError(`alasan_terlalu_pendek`).
    """

    def work() -> Done:
        case = load_case(case_id)
        require(context, "case.end", case)
        if "appraiser" in relations(context.actor, case):
            raise ForbiddenError(
                "kasus_sendiri",
                f"{context.actor.name} menilai dalam kasus ini",
                f"{context.actor.name} appraises in this case",
                remedy_id="yang boleh: petugas BKPSDM lain",
                remedy_en="who may: another officer of HR",
            )
        why = " ".join(written(reason).split())
        if case.state == "closed" or case.cycle_id is None:
            raise ConflictError("kasus_sudah_selesai", "kasus ini sudah selesai", "this case is closed already")
        if decided_evaluation(case_id) is not None:
            raise ConflictError(
                "hasil_sudah_terbit",
                f"hasil {about(case)} sudah terbit dan tidak dapat diakhiri tanpa predikat",
                f"the result of {about(case)} is out; it cannot be ended without a rating",
                remedy_id="kasusnya selesai sendiri sesudah masa keberatan; yang keliru dibetulkan lewat keberatan",
                remedy_en="it closes by itself after the objection window; what is wrong is mended by an objection",
            )
        waiting = db.Task.select().where(db.Task.case == case_id, db.Task.state << ("ready", "held", "paused")).count()
        for child in list(objects(db.Case.select().where(db.Case.parent == case_id, db.Case.state != "closed"))):
            cancel_case(context, child)
        cancel_case(context, case)
        db.Case.update(rating=None).where(db.Case.id == case_id).execute()
        tell(context, case, [one for one in (case.person_id, case.appraiser_id) if one is not None], NEWS)
        return Done(
            f"case:{case_id}",
            f"Penilaian {about(case)} diakhiri tanpa predikat: {why}",
            f"The appraisal of {about(case)} is ended without a rating: {why}",
            payload={"reason": why, "tasks": waiting},
            values={"case": case_id, "tasks": waiting},
        )

    return perform(context, "case.end", work, key)
