"""People move: an archive comes in, a head retires and somebody acts, a clerk moves, a tie is declared, an import goes wrong."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date, timedelta
from random import Random
from typing import Any

from ...core.errors import ForbiddenError
from ...core.indonesian import long_date
from ...services.casework import tasks
from ...services.context import Actor
from ...services.cycles import realign
from ...services.posts import vacancies
from ...services.staff import people
from ...services.staff.amend import amend
from ...services.staff.establish import find_position
from ...services.stafftables import imports as staff_import
from ...services.stafftables import undo as staff_undo
from ...store import models as db
from ..act import Act, Sight
from ..conduct import answers, quality
from ..play import Stage
from ..roster import Member

HEAD_LEAVES = date(2026, 4, 30)
MOVES = date(2026, 4, 15)
SENIOR = 8
POTENTIALS = ("rendah", "menengah", "menengah", "tinggi")
RATINGS = ("Baik", "Baik", "Baik", "Sangat Baik", "Butuh Perbaikan")
SKILL = "Kepemimpinan"
QUALITY = quality(80) | {"kalibrasi": "tetap"}


def archives(stage: Stage) -> Sight | None:
    """Ratings of last year, potential and one tested competency, as a file from the archive."""
    rows = []
    for member in stage.roster.members:
        if member.employee and member.post.job_class >= SENIOR:
            random = Random(f"arsip:{member.nip}")  # noqa: S311 - invented people
            rows += [
                (member.nip, "predikat", random.choice(RATINGS), "2025-12-31", "SKP Tahun 2025"),
                (member.nip, "potensi", random.choice(POTENTIALS), "2025-11-20", "Asesmen 2025"),
                (member.nip, f"kompetensi:{SKILL}", str(random.randrange(2, 5)), "2025-11-20", "Asesmen 2025"),
            ]
    _take_in(stage, "catatan", ("nip", "aspek", "nilai", "tanggal", "sumber"), rows, "arsip-2025.csv")
    return None


def wrong_import(stage: Stage) -> Sight | None:
    """A file with two bad rows, taken in and taken back."""
    rows = [
        ("200103152026041001", "Galang Prabowo", "CPNS", "Penata Muda, III/a"),
        ("200207222026042002", "Intan Maharani", "CPNS", "Penata Muda, III/a"),
        ("20010315", "Nomor Terpotong", "CPNS", ""),
        (stage.cast.employee.nip, stage.cast.employee.name, "Honorer", ""),
    ]
    taken = _take_in(stage, "pegawai", ("nip", "nama", "status", "pangkat"), rows, "pegawai-baru.csv")
    staff_undo.undo(stage.holder("bkpsdm"), taken.id)
    return Sight(
        f"Impor pegawai-baru.csv: {taken.added} baris masuk, {len(taken.rejected)} ditolak dengan sebabnya, lalu diurungkan tepat",
        "/impor-data/ atau kinerja people imports --as bkpsdm",
    )


def transfer(stage: Stage) -> Sight | None:
    """A clerk moves in mid-period: two cases with two appraisers, their days summing to the period."""
    clerks = [m for m in stage.roster.members if m.post.code == "pengadministrasi_umum" and m.nip not in _held(stage)]
    if len(clerks) < 2 or clerks[0].post.unit == clerks[-1].post.unit:
        return None
    mover, target = clerks[-1], clerks[0].post
    hr = stage.holder("bkpsdm")
    position: Any = find_position(target.unit, target.code)
    amend(hr, "position", position.id, position.version, {"formation": position.formation + 1})
    people.transfer(hr, mover.nip, target.code, target.unit, MOVES)
    realign.align(hr, mover.nip)
    _plan_again(stage, mover)
    parts = list(people.person_by_nip(mover.nip).cases.order_by(db.Case.first))
    days = " + ".join(str((case.last - case.first).days + 1) for case in parts)
    whole = (parts[0].cycle.last - parts[0].cycle.first).days + 1
    return Sight(
        f"{mover.name} pindah {long_date(MOVES)}: {len(parts)} kasus, {days} = {whole} hari, dinilai "
        + " dan ".join(case.appraiser.name for case in parts),
        f"/orang/{mover.nip} atau kinerja people show {mover.nip} --as bkpsdm",
    )


def acting_head(stage: Stage) -> Sight | None:
    """A head of division retires; the head beside them acts, and the cases that waited for the one pass to the other."""
    heads = [m for m in stage.roster.members if m.post.leads and m.post.unit.startswith("dukcapil.")]
    busy = {stage.cast.appraiser.nip, stage.cast.superior.nip}
    free = [m for m in heads if m.nip not in busy]
    if len(free) < 2:
        return None
    stands_in, leaves = free[0], free[-1]
    hr = stage.holder("bkpsdm")
    position: Any = find_position(leaves.post.unit, leaves.post.code)
    amend(hr, "position", position.id, position.version, {"competency": [{"name": SKILL, "level": 3}]})
    people.leave(hr, leaves.nip, HEAD_LEAVES, "pensiun")
    people.assign(
        hr, people.AssignmentEntry(stands_in.nip, leaves.post.code, leaves.post.unit, HEAD_LEAVES + timedelta(days=1), kind="plt")
    )
    realign.align(hr, leaves.nip)
    passed = realign.hand_over(hr, leaves.nip).values["cases"]
    return Sight(
        f"{leaves.name} pensiun {long_date(HEAD_LEAVES)}; {stands_in.name} menjadi Plt. {leaves.post.title}, "
        f"{passed} kasus diserahkan kepadanya",
        f"/orang/{leaves.nip}, /peta-jabatan/?unit=dukcapil",
    )


def tie(stage: Stage) -> Sight | None:
    """A member of the evaluation team declares a tie, is refused the task, and is told who may do it."""
    judge = stage.cast.team[0]
    member = stage.context(Actor.of(judge.name, judge.nip, ("tim_evaluasi",)))
    held = _held(stage)
    waiting = [view for view in tasks.desk(member) if view.task == "nilai_mutu" and view.nip not in held]
    if not waiting:
        return None
    task = waiting[-1]
    people.declare_conflict(member, judge.nip, task.nip, stage.clock.now().date(), "keluarga", "sepupu")
    try:
        tasks.complete(member, task.id, QUALITY)
    except ForbiddenError as refused:
        alternative = refused.details["alternative"]
        return Sight(
            f"{judge.name} menyatakan hubungan keluarga dengan {task.person}: penilaian mutunya ditolak; yang boleh: {alternative}",
            f"/orang/{judge.nip}, /kasus/{task.case_id}",
        )
    raise AssertionError("a declared tie must keep a judge from the task")


def vacant(stage: Stage) -> Sight | None:
    """The post that the head left, with those whom rules and records propose."""
    hr = stage.holder("bkpsdm")
    found = [one for one in vacancies.vacancies(hr) if one.code == "kepala_bidang"]
    if not found:
        return None
    page = vacancies.candidates(hr, found[0].position)
    best = page.candidates[0] if page.candidates else None
    named = f"; teratas {best.name} ({best.standing.replace('_', ' ')})" if best else ""
    return Sight(
        f"{found[0].title} lowong: {len(page.candidates)} calon dengan alasan mendukung dan menghalangi{named}",
        f"/jabatan-lowong/{found[0].position}",
    )


def _take_in(stage: Stage, kind: str, heading: tuple[str, ...], rows: Iterable[tuple[str, ...]], name: str) -> staff_import.Taken:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([heading, *rows])
    return staff_import.take_in(stage.holder("bkpsdm"), kind, text.getvalue().encode(), name)


def _plan_again(stage: Stage, mover: Member) -> None:
    """The plan of the second part: written and agreed by those whom its tasks name."""
    for name in ("susun_skp", "setujui_skp"):
        case = people.person_by_nip(mover.nip).cases.order_by(db.Case.first.desc()).first()
        task: Any = db.Task.get(db.Task.case == case.id, db.Task.task == name, db.Task.state == "ready")
        doer = stage.context(Actor.of(task.assignee.name, task.assignee.nip))
        tasks.complete(doer, task.id, answers(name, stage.conduct[mover.nip]))


def _held(stage: Stage) -> set[str]:
    return set().union(*stage.held.values())


ACTS = (
    Act("arsip predikat dan potensi", 187, archives),
    Act("impor yang diurungkan", 120, wrong_import),
    Act("perpindahan di tengah periode", 96, transfer),
    Act("kepala bidang pensiun, Plt. ditunjuk", 80, acting_head),
    Act("benturan kepentingan ditolak", 11, tie),
    Act("calon jabatan lowong", 2, vacant),
)
