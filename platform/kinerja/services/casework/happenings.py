"""What happened in a case, as the reactions of the rules read it: dated facts of attendance, evidence, ratings, monthly results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from ...core.errors import KinerjaError
from ...engine.reactions import Happening
from ...store import models as db
from ...store.queries import objects, rows
from ..context import Context
from ..reading import CASE_JOINS

LOOK_BACK = timedelta(days=750)
"""Attendance read: more than the longest window of a rule; a rule's own window is what counts."""
RATING, BEHAVIOUR, MONTHLY = "nilai_hasil_kerja", "perilaku_kerja", "bulanan"


def happenings(context: Context, case: Any, fingerprint: str, day: date) -> list[Happening]:
    """The dated facts of a case that the reactions of a release look at on a day, as the records are now."""
    kinds = {kind for reaction in context.city.policy(fingerprint).reactions for kind in reaction.events}
    found: list[Happening] = []
    for kind, source in SOURCES.items():
        if kind in kinds:
            found += source(context, case, fingerprint, day)
    return found


def _attendance(context: Context, case: Any, _: str, day: date) -> Iterator[Happening]:
    since = day - LOOK_BACK
    days = db.Attendance.select().where(db.Attendance.person == case.person_id, db.Attendance.day >= since)
    for row in objects(days.order_by(db.Attendance.day)):
        yield Happening(f"kehadiran:{row.day}", "kehadiran", row.day, {"tidak_masuk": row.absent, "alasan_sah": row.excused})


def _deadlines(context: Context, case: Any, *_: Any) -> Iterator[Happening]:
    for (code,) in rows(
        db.PlanItem.select(db.PlanItem.code).where(db.PlanItem.case == case.id, db.IN_FORCE).order_by(db.PlanItem.ordinal)
    ):
        yield Happening(f"batas:{case.id}:{code}", "batas_bukti", case.last, {"kode": code, "mulai": case.first})


def _evidence(context: Context, case: Any, *_: Any) -> Iterator[Happening]:
    for row in _measured(case):
        values = {"kode": row.plan_item.code, "mulai": case.first, "ditahan": row.held}
        yield Happening(f"bukti:{row.id}", "bukti", row.recorded_at.date(), values)


def _progress(context: Context, case: Any, fingerprint: str, _: date) -> Iterator[Happening]:
    """Achievement at each measurement, by the rules, and the lowest of it and those after it; what they cannot say is left out."""
    lowest: dict[str, Any] = {}
    for row in reversed(_measured(case)):
        item, day = row.plan_item, row.recorded_at.date()
        given = {
            "polaritas": item.polarity, "target": item.target, "target_atas": item.target_high, "realisasi": row.value,
        }  # fmt: skip
        left = (case.last - day).days
        if row.held:
            continue
        try:
            outputs = context.city.decide(fingerprint, "capaian_indikator", given, day).outcome.outputs
        except KinerjaError:
            continue
        reached = outputs["capaian"]
        if reached is None:
            continue
        since = lowest[item.code] = min(reached, lowest.get(item.code, reached))
        values = {"kode": item.code, "persen": reached, "terendah": since, "sisa_hari": left}
        if left >= 0:
            yield Happening(f"capaian:{row.id}", "capaian_berjalan", day, values)


def _behaviour(context: Context, case: Any, *_: Any) -> Iterator[Happening]:
    rated = db.Judgement.select().where(db.Judgement.case == case.id, db.Judgement.aspect == BEHAVIOUR)
    for row in objects(rated.where(db.Judgement.role == "pejabat_penilai").order_by(db.Judgement.id)):
        yield Happening(f"perilaku:{row.id}", "rating_perilaku", row.judged_at.date(), {"rating": row.value})


def _monthly(context: Context, case: Any, *_: Any) -> Iterator[Happening]:
    """The latest result of each of the person's cases in monthly cycles."""
    months = CASE_JOINS().where(db.Case.person == case.person_id, db.Cycle.template == MONTHLY).order_by(db.Case.last)
    for month in months:
        row: Any = db.Evaluation.select().where(db.Evaluation.case == month.id).order_by(db.Evaluation.id.desc()).first()
        score = None if row is None else row.finding["outputs"].get(RATING)
        if score is not None:
            yield Happening(f"bulan:{month.id}", "hasil_bulanan", month.last, {"nilai": score})


def _measured(case: Any) -> list[Any]:
    query = db.Measurement.select(db.Measurement, db.PlanItem).join(db.PlanItem).where(db.PlanItem.case == case.id, db.IN_FORCE)
    return list(objects(query.order_by(db.Measurement.id)))


SOURCES: Mapping[str, Any] = {
    "kehadiran": _attendance,
    "batas_bukti": _deadlines,
    "bukti": _evidence,
    "capaian_berjalan": _progress,
    "rating_perilaku": _behaviour,
    "hasil_bulanan": _monthly,
}
"""Kind of happening, as reaction files name it → where it is found."""
