"""Managing cycles in the console: preview, opening as a job, taking back, moving on, standing still, the last rehearsal."""

from __future__ import annotations

import re
from datetime import date

import pytest

from kinerja.core.periods import Period
from kinerja.services.cycles import rehearsal
from kinerja.services.evaluation import measure
from kinerja.store import models as db

QUARTER = {
    "kode": "2026-TW3",
    "judul": "Triwulan III Tahun 2026",
    "templat": "triwulan",
    "mulai": "2026-07-01",
    "akhir": "2026-09-30",
}


def test_a_cycle_is_previewed_opened_followed_and_taken_back(own_console):
    hr = own_console.sign_in("hr")
    assert "Triwulan III Tahun 2026" in hr.get("/kelola-siklus/").text
    seen = hr.get("/kelola-siklus/buka?kode=2026-TW3").text
    ready = int(re.search(r"Kasus akan dibuka</dt><dd>(\d+)", seen).group(1))
    assert ready >= 2
    assert "Terhalang, dan sebabnya" in seen
    assert db.Cycle.select().where(db.Cycle.code == "2026-TW3").count() == 0, "a preview writes nothing"
    answer = hr.post("/kelola-siklus/buka", **QUARTER)
    assert answer.status_code == 302
    job = hr.get(answer.location)
    assert "Refresh" not in job.headers
    assert f"Selesai</dt><dd>{ready}</dd>" in job.text
    assert "Yang ditinggalkan, dan sebabnya" in job.text
    assert db.Case.select().join(db.Cycle).where(db.Cycle.code == "2026-TW3").count() == ready
    again = hr.post("/kelola-siklus/buka", **QUARTER)
    assert "siklus 2026-TW3 sudah ada" in hr.get(again.location).text
    hr.post("/kelola-siklus/batalkan", siklus="2026-TW3")
    assert db.Cycle.select().where(db.Cycle.code == "2026-TW3").count() == 0
    refused = hr.post("/kelola-siklus/batalkan", siklus=own_console.small.CYCLE)
    assert "sudah dikerjakan" in hr.get(refused.location).text
    refused = hr.post("/kelola-siklus/tutup", siklus=own_console.small.CYCLE)
    assert "kasus terbuka" in hr.get(refused.location).text


def test_a_job_that_is_not_done_refreshes_its_page_and_can_be_gone_on_with(own_console, monkeypatch):
    from kinerja_admin.desks import manage

    monkeypatch.setattr(manage, "AT_ONCE", 0)
    hr = own_console.sign_in("hr")
    place = hr.post("/kelola-siklus/buka", **QUARTER).location
    page = hr.get(place)
    assert page.headers["Refresh"] == "2"
    assert "berjalan" in page.text
    monkeypatch.setattr(manage, "AT_ONCE", 9)
    hr.post(place)
    assert "Refresh" not in hr.get(place).headers


def test_what_is_not_a_cycle_is_told(console):
    hr = console.sign_in("hr")
    backwards = "kode=x&mulai=2026-02-01&akhir=2026-01-01"
    for query in ("kode=apa", "kode=2026-TW9", "", "kode=x&mulai=2026-13-01&akhir=2026-01-01", backwards):
        answer = hr.get(f"/kelola-siklus/buka?{query}")
        assert answer.status_code == 302, query
        assert 'class="note bad"' in hr.get(answer.location).text
    assert hr.get("/kelola-siklus/majukan?siklus=tidak-ada").status_code == 404
    assert hr.get("/kelola-siklus/pekerjaan/999").status_code == 404


def test_a_cycle_is_moved_on_with_what_may_and_the_rest_is_told(own_console):
    hr = own_console.sign_in("hr")
    own_console.small.advance(own_console.city, "operator", "setujui_skp")
    page = hr.get(f"/kelola-siklus/majukan?siklus={own_console.small.CYCLE}&tugas=setujui_skp").text
    assert "Setujui rencana kinerja (1)" in page
    assert "tugas ini milik pejabat penilai → yang boleh:" in page
    refused = hr.post("/kelola-siklus/majukan", siklus=own_console.small.CYCLE, tugas="setujui_skp")
    assert "tidak ada yang dapat dimajukan" in hr.get(refused.location).text


def test_a_case_is_let_stand_still_and_go_on(own_console):
    hr, case = own_console.sign_in("hr"), own_console.small.case_of("operator")
    assert "Tangguhkan kasus" in hr.get(f"/kasus/{case}").text
    assert "Tangguhkan kasus" not in own_console.sign_in("operator").get(f"/kasus/{case}").text
    assert own_console.sign_in("operator").post(f"/kasus/{case}/tangguhkan", alasan="Tidak ingin dinilai").status_code == 403
    short = hr.post(f"/kasus/{case}/tangguhkan", alasan="sakit")
    assert "tuliskan alasan" in hr.get(short.location).text
    hr.post(f"/kasus/{case}/tangguhkan", alasan="Sakit lama, dirawat di rumah sakit")
    page = hr.get(f"/kasus/{case}").text
    assert "Ditangguhkan" in page
    assert "Sakit lama, dirawat di rumah sakit" in page
    assert "Kasus ini sudah selesai" not in page
    hr.post(f"/kasus/{case}/lanjutkan")
    assert db.Case.get_by_id(case).state == "open"


@pytest.mark.slow
def test_the_last_rehearsal_is_shown_with_its_chart(own_console):
    hr = own_console.sign_in("hr")
    assert "Belum ada gladi" in hr.get("/kelola-siklus/gladi").text
    assert hr.get("/kelola-siklus/gladi.svg").status_code == 400
    context = own_console.small.context(own_console.city, "hr")
    report = rehearsal.rehearse(context, "Triwulan III", Period(date(2026, 7, 1), date(2026, 9, 30)), 3, seed=1)
    page = hr.get("/kelola-siklus/gladi").text
    assert f"{report.cases}<small>" in page
    chart = hr.get("/kelola-siklus/gladi.svg")
    assert (chart.status_code, chart.mimetype) == (200, "image/svg+xml")
    assert "Gladi siklus Triwulan III" in chart.text
    data = hr.get("/kelola-siklus/gladi.json")
    assert (data.mimetype, data.json["cases"]) == ("application/json", report.cases)


@pytest.mark.slow
def test_a_rehearsal_is_asked_for_and_its_job_is_followed(own_console):
    hr = own_console.sign_in("hr")
    assert "Mainkan gladi" in hr.get("/kelola-siklus/").text
    assert own_console.sign_in("operator").post("/kelola-siklus/gladi", kode="2026-TW3", kasus="3", benih="1").status_code == 403
    wrong = hr.post("/kelola-siklus/gladi", kode="2026-TW3", kasus="-3", benih="1")
    assert "bukan bilangan bulat" in hr.get(wrong.location).text
    asked = hr.post("/kelola-siklus/gladi", kode="2026-TW3", kasus="3", benih="1")
    page = hr.get(asked.location)
    assert page.headers["Refresh"]
    assert "Gladi Triwulan III" in page.text
    job = int(asked.location.rsplit("/", 1)[1])
    assert hr.post(f"/kelola-siklus/pekerjaan/{job}").status_code == 302
    assert db.Job.get_by_id(job).state == "running", "the page does not play it itself"
    rehearsal.play(own_console.city, job)
    assert "Lihat hasil gladi" in hr.get(asked.location).text


def test_papers_are_begun_from_the_page_of_a_case(own_console):
    small, city = own_console.small, own_console.city
    nip, case = small.PEOPLE["operator"][0], small.case_of("operator")
    days = [measure.AttendanceEntry(nip, date(2026, 7, day), None, absent=True) for day in (6, 7, 8)]
    hr = own_console.sign_in("hr")
    assert "berkas-disiplin" not in hr.get(f"/kasus/{case}").text
    measure.import_attendance(small.context(city, "hr"), days, "presensi Juli")
    assert "3 hari tanpa alasan sah dalam tahun 2026" in hr.get(f"/kasus/{case}").text
    assert "berkas-disiplin" not in own_console.sign_in("penilai").get(f"/kasus/{case}").text
    assert own_console.sign_in("operator").post(f"/kasus/{case}/berkas-disiplin").status_code == 403
    begun = hr.post(f"/kasus/{case}/berkas-disiplin")
    page = hr.get(begun.location).text
    assert "Berkas pemeriksaan Dewi Lestari 2026" in page
    assert f'action="/kasus/{case}/berkas-disiplin"' not in page
    assert "Siapkan berkas pemeriksaan" in hr.get("/tugas/").text
    refused = hr.post(f"/kasus/{small.case_of('rekan')}/berkas-disiplin")
    assert "belum ada tingkatnya" in hr.get(refused.location).text


def test_hr_ends_a_case_without_a_rating_from_its_page(own_console):
    """The button is there for HR alone, asks for a reason, and is gone afterwards."""
    case = own_console.small.case_of("operator")
    hr, operator = own_console.sign_in("hr"), own_console.sign_in("operator")
    assert "Akhiri tanpa predikat" in hr.get(f"/kasus/{case}").text
    assert "Akhiri tanpa predikat" not in operator.get(f"/kasus/{case}").text
    assert operator.post(f"/kasus/{case}/akhiri", alasan="Saya tidak mau dinilai").status_code == 403
    hr.post(f"/kasus/{case}/akhiri", alasan="pendek")
    assert db.Case.get_by_id(case).state == "open"
    hr.post(f"/kasus/{case}/akhiri", alasan="Berhenti atas permintaan sendiri")
    page = hr.get(f"/kasus/{case}").text
    assert "diakhiri tanpa predikat: Berhenti atas permintaan sendiri" in page
    assert f"/kasus/{case}/akhiri" not in page
