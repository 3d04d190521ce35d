"""Evidence and the rubric: progress with a file, the same file given twice, and how a quality score came about."""

from __future__ import annotations

from typing import Any

from ...core.indonesian import number
from ...services.casework import evidence, monitoring
from ...services.custody import Upload
from ...services.reading import item_views
from ...store import models as db
from ..act import Act, Sight
from ..play import Stage
from .assessment import acting_as, case_of

REGISTER = Upload(
    "buku agenda triwulan I.csv",
    b"tanggal,kegiatan,selesai\n2026-01-28,rapat loket,ya\n2026-02-25,pemutakhiran arsip,ya\n2026-03-30,layanan keliling,ya\n",
)


def _progress(stage: Stage) -> Sight | None:
    """The head of a division reports on an indicator with a file; one of the staff gives the very same file."""
    head, employee, superior = stage.cast.appraiser, stage.cast.employee, stage.cast.superior
    led, own = case_of(stage, head), case_of(stage, employee)
    if led is None or own is None:
        return None
    item = next(
        (one for one in item_views(led.id) if one.code in monitoring.monitoring(acting_as(stage, head), led.id).reportable), None
    )
    if item is None:
        return None
    said = "Tiga dari empat kegiatan triwulan pertama selesai; buktinya buku agenda."
    monitoring.note(acting_as(stage, head), led.id, monitoring.PROGRESS, said, item.code, REGISTER, item.target)
    monitoring.note(
        acting_as(stage, employee), own.id, monitoring.PROGRESS, "Ikut layanan keliling tanggal 30 Maret.", evidence=REGISTER
    )
    [seen] = evidence.files(acting_as(stage, superior), led.id)
    return Sight(
        f"{head.name} mencatat kemajuan {item.code} dengan berkas bukti; berkas yang sama pada {seen.elsewhere} kasus lain "
        "ditandai bagi yang menilai",
        f"/pantau/{led.id} (masuk sebagai atasan) · kinerja case evidence {led.id} --as atasan",
    )


def _rubric(stage: Stage) -> Sight | None:
    """What stands behind the first quality score that the team gave."""
    query = db.RubricRating.select(db.RubricRating, db.Judgement, db.Case, db.Person).join(db.Judgement).join(db.Case)
    rated: Any = query.join(db.Person, on=(db.Case.person == db.Person.id), attr="person").order_by(db.RubricRating.id).first()
    if rated is None:
        return None
    case = rated.judgement.case
    scores = ", ".join(f"{one['label']['id'].lower()} {number(one['score'])}" for one in rated.scores)
    return Sight(
        f"Mutu {case.person.name} dinilai menurut rubrik: {scores}, masing-masing dengan komentar dan bukti; "
        f"jumlahnya {number(rated.total)} dihitung aturan",
        f"/kasus/{case.id} (masuk sebagai tim), bagian Penilaian orang",
    )


ACTS = (
    Act("kemajuan dengan bukti", 58, _progress),
    Act("rubrik mutu", 8, _rubric),
)
