"""Around the assessment: socialisation, coaching, a disputed actual, a survey among subordinates, and a pattern set aside."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ...core.errors import ConflictError
from ...core.indonesian import number
from ...services.casework import monitoring, peers, tasks
from ...services.context import Actor, Context
from ...services.evaluation import calibration
from ...services.openness import fairness, questions, training, uptake
from ...services.reading import item_views
from ...store import models as db
from ...store.queries import objects
from ..act import Act, Sight
from ..play import Stage
from ..roster import Member

LAGGING = ("satpolpp", "setda")
"""The agency that nobody of came to the event; the second in a city without the first."""
PATTERNED = (("dukcapil", "Baik"), ("dpmptsp", "Istimewa"), ("dishub", "Baik"))
STANDING = ("dishub", "bkpsdm")
SAID = ("sesuai", "sesuai", "di_atas", "sesuai", "di_atas", "sesuai", "di_bawah", "sesuai")
COMMENTS = (
    "Selalu mau turun ke loket saat antrean panjang.", "", "Arahan pagi kadang datang terlambat.", "", "", "Adil membagi giliran.",
)  # fmt: skip
ACKNOWLEDGING = 24


def acting_as(stage: Stage, member: Member) -> Context:
    return stage.context(Actor.of(member.name, member.nip))


def case_of(stage: Stage, member: Member) -> Any:
    query = db.Case.select(db.Case).join(db.Person, on=(db.Case.person == db.Person.id)).switch(db.Case).join(db.Cycle)
    return query.where(db.Person.nip == member.nip, db.Cycle.code == stage.cycle).first()


def _operators(stage: Stage) -> list[Member]:
    return [member for member in stage.roster.members if member.post.code == "operator_layanan_adminduk"]


# ── socialisation ─────────────────────────────────────────────────────────────────────────────────────────────────────
def _invite(stage: Stage) -> Sight | None:
    training.create(
        stage.holder("bkpsdm"), "sosialisasi", "Aturan penilaian kinerja 2026", stage.clock.now() + timedelta(days=7),
        "Aula Balai Kota", "Predikat, standar jabatan, dan cara membaca alasan setiap angka.",
    )  # fmt: skip
    return None


def _attend(stage: Stage) -> Sight | None:
    """All agencies but one came in part; some say that they have read the rules; one asks and is answered."""
    hr = stage.holder("bkpsdm")
    event = db.TrainingEvent.select().order_by(db.TrainingEvent.id.desc()).get()
    present = {unit.code for unit in stage.roster.agencies}
    absent = next(code for code in LAGGING if code in present)
    staff = [member for member in stage.roster.members if member.employee]
    came = [member for place, member in enumerate(staff) if stage.roster.agency_of(member.post.unit) != absent and place % 4]
    training.record_attendance(hr, event.id, [member.nip for member in came], "daftar hadir aula")
    release = stage.city.release().fingerprint
    for member in came[:: max(1, len(came) // ACKNOWLEDGING)][:ACKNOWLEDGING]:
        training.acknowledge(acting_as(stage, member), f"release:{release}")
    asked = questions.ask(
        acting_as(stage, came[0]), "Apakah cuti bersama dihitung sebagai hari tidak masuk?", event.id, unsigned=True
    )
    questions.answer(hr, int(asked.values["question"]), "Tidak. Yang dihitung hanya hari tidak masuk tanpa keterangan.")
    found = uptake.adoption(hr)
    if found.city is None or not found.agencies:
        return None
    return Sight(
        f"Sosialisasi dihadiri {number(found.city.attended)} dari {number(found.city.people)} pegawai; "
        f"yang paling tertinggal {found.agencies[0].name}",
        "/sosialisasi/serapan · kinerja training adoption",
    )


# ── while work goes on ────────────────────────────────────────────────────────────────────────────────────────────────
def _coach(stage: Stage) -> Sight | None:
    employee, appraiser = stage.cast.employee, stage.cast.appraiser
    case = case_of(stage, employee)
    if case is None:
        return None
    monitoring.note(
        acting_as(stage, appraiser),
        case.id,
        "bimbingan",
        "Latihan memeriksa berkas KTP-el setiap Senin pagi, ditemani petugas senior.",
    )
    monitoring.note(
        acting_as(stage, employee),
        case.id,
        "umpan_balik",
        "Latihannya menolong; antrean Kamis masih perlu satu loket lagi.",
        "ADM-4",
    )
    return Sight(
        f"Bimbingan dan umpan balik dua arah pada kasus {employee.name}", f"/pantau/{case.id} · kinerja case monitor {case.id}"
    )


def _dispute(stage: Stage) -> Sight | None:
    """One actual is disputed, examined and found right; another waits for the superior's decision, held meanwhile."""
    operators = _operators(stage)
    decided, waiting = operators[8], operators[3]
    places = []
    for member in (decided, waiting):
        case = case_of(stage, member)
        item = next((item for item in item_views(case.id) if item.actual is not None), None)
        if item is None:
            return None
        places.append(f"/pantau/{case.id}")
        receipt = monitoring.dispute(
            acting_as(stage, member), case.id, item.code, "Dua permohonan pada catatan ini ditangani rekan saat saya cuti."
        )
        if member is decided:
            monitoring.decide_dispute(
                acting_as(stage, stage.cast.superior), int(receipt.values["dispute"]), False,
                "Catatan loket dan daftar cuti menunjukkan permohonan itu memang ditangani sendiri.",
            )  # fmt: skip
    return Sight(
        f"Realisasi disanggah: milik {decided.name} ditolak beralasan, milik {waiting.name} ditahan sampai diputus",
        " dan ".join(places) + ", masuk sebagai atasan",
    )


# ── before and after rating ───────────────────────────────────────────────────────────────────────────────────────────
def _survey(stage: Stage) -> Sight | None:
    """The subordinates of a division's head are heard; about somebody in a room of four, nobody is asked."""
    head = stage.cast.appraiser
    case = case_of(stage, head)
    hr = stage.holder("bkpsdm")
    peers.ask(hr, case.id)
    asked = db.Task.select(db.Task, db.Person).join(db.Case).switch(db.Task).join(db.Person, on=(db.Task.assignee == db.Person.id))
    waiting = objects(asked.where(db.Case.parent == case.id, db.Task.state == "ready").order_by(db.Task.id))
    for place, row in enumerate(waiting):
        form = tasks.page(stage.context(Actor.of(row.assignee.name, row.assignee.nip)), row.id).form
        chosen = [name for name, question in form.fields.items() if question.type == "choice"] if form else []
        values = {name: SAID[(place * (shift + 1) + shift) % len(SAID)] for shift, name in enumerate(chosen)}
        values["catatan_rekan"] = COMMENTS[place % len(COMMENTS)]
        tasks.complete(stage.context(Actor.of(row.assignee.name, row.assignee.nip)), row.id, values)
    found = peers.survey(acting_as(stage, stage.cast.superior), case.id)
    if found is None:
        return None
    return Sight(
        f"{found.answered} bawahan menjawab survei perilaku {head.name}, tanpa nama{_too_few(stage, hr)}",
        f"/kasus/{case.id} · kinerja peers result {case.id}",
    )


def _too_few(stage: Stage, hr: Context) -> str:
    room = [member for member in stage.roster.members if member.post.unit == "dukcapil.1" and not member.post.leads]
    case = case_of(stage, room[-1])
    try:
        peers.ask(hr, case.id)
    except ConflictError:
        return f"; {room[-1].name} tidak disurvei, rekannya terlalu sedikit"
    return ""


def _pattern(stage: Stage) -> Sight | None:
    """Achievements are recorded; one agency's ratings stand against the pattern, with the reason on its decree."""
    present = {unit.code: unit for unit in stage.roster.agencies}
    hr, team = stage.holder("bkpsdm"), stage.holder("tim_evaluasi")
    standing = next(code for code in STANDING if code in present)
    for code, word in (*PATTERNED, (standing, "Baik")):
        if code in present:
            calibration.record_achievement(hr, stage.cycle, code, word, "Laporan kinerja perangkat daerah 2025")
    report = fairness.report(team, stage.cycle)
    check = next((check for check in report.patterns if check.unit == standing and check.follows is False), None)
    if check is None:
        return None
    calibration.set_aside(
        team, stage.cycle, standing,
        "Seluruh target tercapai dan tidak ada pelanggaran; tidak seorang pun pantas diturunkan demi pola.", "BA kalibrasi 3/2026",
    )  # fmt: skip
    return Sight(
        f"Pola distribusi {present[standing].short_name} dikesampingkan dengan alasan yang tercetak di Keputusan; "
        f"{report.appraisers.hidden} kelompok penilai kecil disembunyikan",
        "/keadilan/ · kinerja fairness report " + stage.cycle,
    )


ACTS = (
    Act("undangan sosialisasi", 100, _invite),
    Act("sosialisasi", 92, _attend),
    Act("bimbingan", 60, _coach),
    Act("sanggahan atas realisasi", 17, _dispute),
    Act("survei perilaku", 16, _survey),
    Act("pola distribusi", 6, _pattern),
)
