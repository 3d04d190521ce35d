"""Two months of pay of the registry office: one paid and closed, then attendance that came late is the next one's correction."""

from __future__ import annotations

from typing import Any

from ...core.indonesian import rupiah
from ...services.casework import tasks
from ...services.context import Actor, Context
from ...services.evaluation import measure
from ...services.pay import payroll
from ...services.stafftables import imports as staff_import
from ...store import models as db
from ..act import Act, Sight
from ..play import Stage

AGENCY, FIRST, SECOND = "dukcapil", "2026-05", "2026-06"


def archived(stage: Stage) -> None:
    """Ratings of the year before, as the agency's archive has them."""
    rows = ["nip,aspek,nilai,tanggal,sumber"]
    for number, member in enumerate(_staff(stage), 1):
        rows.append(
            f"{member.nip},predikat,{'Butuh Perbaikan' if number % 9 == 0 else 'Baik'},2025-12-31,Keputusan 800/{number}/2026"
        )
    staff_import.take_in(stage.holder("bkpsdm"), "catatan", ("\n".join(rows) + "\n").encode(), "predikat-2025-dukcapil.csv")


def pay_first(stage: Stage) -> Sight | None:
    if not _staff(stage):
        return None
    archived(stage)
    run = _pay(stage, FIRST, "2026-07-05", "0412/2026")
    return Sight(
        f"TPP Mei 2026 Disdukcapil dibayar dan ditutup: {run.heads} orang, {rupiah(run.total)}, oleh dua orang",
        f"/pembayaran/{run.id} · kinerja pay lines {AGENCY} {FIRST} --as bkpsdm",
    )


def late_attendance(stage: Stage) -> Sight | None:
    """A day recorded as absent turns out to be a day on duty; the closed month stays, the next one corrects it."""
    late: Any = (
        db.Attendance.select(db.Attendance, db.Person)
        .join(db.Person)
        .where(
            db.Person.id << db.PayLine.select(db.PayLine.person).where(db.PayLine.kind == "payment"),
            db.Attendance.day.between("2026-05-01", "2026-05-31"),
            db.Attendance.absent | (db.Attendance.minutes_late > 0),
        )
        .order_by(db.Attendance.absent.desc(), db.Attendance.minutes_late.desc(), db.Person.nip, db.Attendance.day)
        .first()
    )  # fmt: skip
    if late is None or not db.PayRun.select().exists():
        return None
    entry = measure.AttendanceEntry(late.person.nip, late.day, 0)
    measure.import_attendance(stage.holder("bkpsdm"), [entry], "presensi susulan Mei (buatan)")
    run = _pay(stage, SECOND, "2026-07-10", "0455/2026")
    corrected: Any = db.PayLine.select().where(db.PayLine.run == run.id, db.PayLine.kind == "correction").first()
    told = f"; pembetulan {rupiah(corrected.amount)} bagi {late.person.name} ({corrected.reason_id})" if corrected else ""
    return Sight(f"TPP Juni 2026 Disdukcapil {rupiah(run.total)}{told}", f"/pembayaran/{run.id}")


def _pay(stage: Stage, month: str, paid_on: str, order: str) -> Any:
    """The whole way of a run, each step by whoever may do it."""
    prepares, signs = stage.holder("bkpsdm"), _signatory(stage)
    case = payroll.open_run(prepares, AGENCY, month).values["case"]
    for context, task, answers in (
        (prepares, "siapkan_pembayaran", {"presensi_lengkap": "ya"}),
        (prepares, "periksa_daftar", {"keputusan_daftar": "benar"}),
        (signs, "setujui_pembayaran", {"keputusan_pembayaran": "setuju"}),
        (prepares, "tutup_bulan", {"tanggal_bayar": paid_on, "nomor_sp2d": order}),
    ):
        waiting: Any = db.Task.get((db.Task.case == case) & (db.Task.task == task) & (db.Task.state == "ready"))
        tasks.complete(context, waiting.id, answers)
    return db.PayRun.get(db.PayRun.case == case)


def _signatory(stage: Stage) -> Context:
    member = stage.cast.signatory
    return stage.context(Actor.of(member.name, member.nip, ("pejabat_penetap",)))


def _staff(stage: Stage) -> list[Any]:
    return [one for one in stage.roster.members if one.employee and one.post.unit.split(".")[0] == AGENCY]


ACTS = (Act("bayar TPP Mei", 16, pay_first), Act("presensi terlambat, bayar TPP Juni", 9, late_attendance))
