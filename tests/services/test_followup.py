"""After a decision: certificates by the rules, coaching where the review asked for it, outlook with why."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from kinerja.core.errors import ForbiddenError
from kinerja.demo.acts.reward import show_certificates
from kinerja.services.bpmn import processes
from kinerja.services.casework import cases, tasks
from kinerja.services.context import SYSTEM, Context
from kinerja.services.cycles import timers
from kinerja.services.evaluation import measure
from kinerja.services.papers import printing
from kinerja.settings import shipped
from kinerja.store import models as db

LOW = {"perilaku_kerja": "di_bawah", "alasan_perilaku": "Empat teguran lisan karena meninggalkan loket pada jam layanan."}
REVIEW = {
    "bukti_lengkap": True,
    "tindak_lanjut": "pembinaan",
    "catatan_tinjauan": "Bukti dan alasan tertulis lengkap.",
}
PLAN = {
    "sasaran_pembinaan": "Waktu layanan KTP-el kembali dalam 120 menit pada akhir September.",
    "dukungan_pembinaan": "Pendampingan dua hari seminggu di loket.",
    "jadwal_pertemuan": "Setiap Senin pertama",
}


@pytest.fixture
def coached(town: Any) -> Any:
    """Budi's low result reviewed, decided and read; the review asked for coaching."""
    processes.load(town.system, shipped("workflows") / "pembinaan")
    for who, task, answers in town.way:
        name = who if who != "self" else "budi"
        if task == "nilai_mutu" and not town.desk(name, "budi"):
            continue
        if task == "terbitkan" and town.desk("hr", "budi")[0].task == "tinjau_hasil":
            town.do("hr", "tinjau_hasil", "budi", **REVIEW)
        town.do(name, task, "budi", **(LOW if task == "nilai_perilaku" else answers))
    return town


def coaching() -> Any:
    return db.Case.get(db.Case.subject.startswith("pembinaan:"))


def test_coaching_starts_once_the_result_stands(coached: Any) -> None:
    case = coaching()
    parent = coached.case_of("budi")
    assert parent.state == "closed"
    assert (case.parent_id, case.person_id, case.cycle_id) == (parent.id, parent.person_id, None)
    [task] = [view for view in coached.desk("kabid") if view.subject == case.subject]
    assert task.task == "susun_pembinaan"
    seen = cases.case_page(coached.context("budi"), parent.id)
    assert [(id, title) for id, title, _ in seen.children] == [(case.id, "Pembinaan kinerja Budi")]


def test_six_months_of_coaching_by_the_desk_and_the_clock(coached: Any) -> None:
    coached.do("kabid", "susun_pembinaan", "budi", **PLAN)
    [task] = [view for view in coached.desk("budi") if view.task == "sepakati_pembinaan"]
    page = tasks.page(coached.context("budi"), task.id)
    assert PLAN["sasaran_pembinaan"] in [words for _, _, words, _ in page.answers[0].fields]
    coached.do("budi", "sepakati_pembinaan", "budi", kesepakatan="sepakat")
    [letter] = db.Letter.select().where(db.Letter.kind == "surat_pembinaan")
    assert letter.content["steps"][0]["step"] == PLAN["sasaran_pembinaan"]
    assert letter.content["rating"] == db.Case.get_by_id(coaching().parent_id).rating
    assert printing.letter_file(coached.context("budi"), letter.id).read_bytes().startswith(b"%PDF")
    with pytest.raises(ForbiddenError):
        printing.letter_file(coached.context("sari"), letter.id)
    for task, answers in (
        (
            "tinjau_pembinaan",
            {"kemajuan": "membaik", "catatan_kemajuan": "Rata-rata 140 menit pada September."},
        ),
        (
            "nilai_pembinaan",
            {"hasil_pembinaan": "belum_berhasil", "alasan_hasil": "Masih 150 menit menurut catatan loket."},
        ),
    ):
        page = cases.case_page(coached.context("hr"), coaching().id)
        assert [(timer.node, timer.due) for timer in page.waits] == [(page.here[0], coaching().next_timer)]
        coached.clock.set(coaching().next_timer)
        assert timers.fire(Context(coached.city, SYSTEM)) == 1
        assert timers.fire(Context(coached.city, SYSTEM)) == 0
        coached.do("kabid", task, "budi", **answers)
    reason = "Tugas loket tidak cocok; berkas tidak disiapkan, tugas ditata ulang lebih dahulu."
    coached.do("hr", "tindak_lanjuti", "budi", langkah_lanjut="penataan_tugas", alasan_langkah=reason)
    assert coaching().state == "closed"
    assert coached.clock.now().date() - date(2026, 7, 20) > timedelta(days=180)
    notice = db.Notice.select().join(db.Person).where(db.Person.nip == coached.nips["budi"]).order_by(db.Notice.id.desc()).get()
    assert "Pembinaan" in notice.text
    assert "coaching" in notice.text_en


def work_far_above_target(town: Any, case: Any) -> None:
    for item in db.PlanItem.select().where(db.PlanItem.case == case.id, db.IN_FORCE):
        actual = item.target * Fraction(6, 5) if item.polarity == "lebih_tinggi" else item.target / 2
        measure.record(town.context("hr"), case.id, item.code, actual, "register layanan")


def test_an_excellent_result_without_absence_brings_the_mayors_certificate(town: Any) -> None:
    best = {"perilaku_kerja": "di_atas", "alasan_perilaku": "Memimpin loket darurat tiga kali menurut surat tugas 12/2026."}
    for who, task, answers in town.way:
        name = who if who != "self" else "citra"
        if task == "nilai_mutu" and not town.desk(name, "citra"):
            continue
        if task == "nilai_perilaku":
            work_far_above_target(town, town.case_of("citra"))
        town.do(name, task, "citra", **(best if task == "nilai_perilaku" else answers))
    case = town.case_of("citra")
    [certificate] = db.Letter.select().where(db.Letter.kind == "piagam")
    assert case.rating == "Sangat Baik"
    seen = cases.case_page(town.context("citra"), case.id)
    award = next(one for one in seen.outlook if one.decision == "penghargaan")
    assert award.outputs[0][2] == "piagam_wali_kota"
    assert award.trace[0]["file"].endswith("penghargaan.yaml")
    assert certificate.content["signatory"]["name"] == "Wali Kota"
    sight = show_certificates(town)  # the line of the demo's summary
    assert sight is not None
    assert f"/kasus/{case.id}," in sight.where


def test_the_outlook_says_what_it_lacks_and_why(town: Any) -> None:
    person = db.Person.get(db.Person.nip == town.nips["citra"])
    town.until("citra", "baca_hasil")
    case = town.case_of("citra")
    seen = {one.decision: one for one in cases.case_page(town.context("hr"), case.id).outlook}
    assert "potensi" in seen["kotak_talenta"].missing[0]
    assert "predikat_tahun_lalu" in seen["gerbang_kenaikan"].missing[0]
    db.PersonnelRecord.create(person=person, aspect="potensi", value="tinggi", day=date(2026, 1, 5), source="Asesmen 3")
    db.PersonnelRecord.create(person=person, aspect="predikat", value="Baik", day=date(2026, 1, 5), source="Kep.4")
    seen = {one.decision: one for one in cases.case_page(town.context("hr"), case.id).outlook}
    assert seen["gerbang_kenaikan"].outputs == (("Memenuhi syarat kinerja", "Meets the performance condition", True),)
    assert seen["kotak_talenta"].outputs[0][2] in (8, 9, 6)
    assert seen["hukuman_disiplin"].outputs[0][2] == "tidak_ada"
