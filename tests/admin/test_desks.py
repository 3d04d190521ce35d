"""The desks: a task done from its form, mistakes shown at their field, sent twice kept once, text escaped, results when decided."""

from __future__ import annotations

import re

import pytest

from kinerja.services.casework import tasks
from kinerja.store import models as db

KEY = re.compile(r'name="kunci" value="([0-9a-f]{32})"')
ATTACK = "<script>alert(1)</script> menjaga antrean tetap tertib"


def send(person, task: int, **answers: str):
    page = person.get(f"/tugas/{task}")
    key = KEY.search(page.text)
    assert key is not None, page.text[-1500:]
    return person.post(f"/tugas/{task}", kunci=key.group(1), **answers)


def test_a_desk_lists_ones_own_tasks_by_stage(console):
    page = console.sign_in("operator").get("/tugas/").text
    assert "Perencanaan" in page
    assert "Dewi Lestari" in page
    assert "Agus Setiawan" not in page
    assert "Tidak ada yang menunggu Anda" in console.sign_in("asing").get("/tugas/").text


def test_the_form_file_is_the_form(console):
    task = console.small.task_of("operator")
    page = console.sign_in("operator").get(f"/tugas/{task.id}").text
    assert "Susun rencana kinerja (SKP)" in page
    assert 'name="sudah_baca_standar"' in page
    assert "KTP-el terbit tepat waktu" in page
    assert "rekap-layanan-2026.xlsx" in page


def test_others_may_look_but_not_send(console):
    task = console.small.task_of("operator").id
    key = "0" * 32
    answer = console.sign_in("hr").post(f"/tugas/{task}", kunci=key, sudah_baca_standar="ya")
    assert answer.status_code == 403
    assert "pegawai" in answer.text
    assert db.Task.get_by_id(task).state == "ready"


def test_a_task_is_done_once_however_often_it_is_sent(own_console):
    own_console.small.advance(own_console.city, "operator", "nilai_perilaku")
    task = own_console.small.task_of("operator").id
    person = own_console.sign_in("penilai")
    token, key = person.token(), "a" * 32
    answers = own_console.small.ANSWERS["nilai_perilaku"] | {"csrf_token": token, "kunci": key}
    first = person.client.post(f"/tugas/{task}", data=answers)
    entries = db.LedgerEntry.select().count()
    again = person.client.post(f"/tugas/{task}", data=answers)
    assert (first.status_code, again.status_code) == (302, 302)
    assert db.LedgerEntry.select().count() == entries
    assert db.Judgement.select().where(db.Judgement.aspect == "perilaku_kerja").count() == 1
    other = person.client.post(f"/tugas/{task}", data=answers | {"kunci": "b" * 32})
    assert other.status_code == 409
    assert "sudah dikerjakan" in other.text


def test_mistakes_are_said_at_their_field_and_nothing_is_lost(own_console):
    own_console.small.advance(own_console.city, "operator", "nilai_perilaku")
    task = own_console.small.task_of("operator").id
    person = own_console.sign_in("penilai")
    answer = send(person, task, perilaku_kerja="di_atas", alasan_perilaku="baik")
    assert answer.status_code == 422
    assert "tulis paling sedikit 20 huruf" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert re.search(r'value="di_atas" checked', answer.text)
    assert ">baik</textarea>" in answer.text
    assert db.Task.get_by_id(task).state == "ready"


def test_unknown_choices_and_extra_fields_do_nothing(own_console):
    own_console.small.advance(own_console.city, "operator", "nilai_perilaku")
    task = own_console.small.task_of("operator").id
    person = own_console.sign_in("penilai")
    assert send(person, task, perilaku_kerja="luar_biasa", alasan_perilaku="x" * 30).status_code == 422
    answer = send(person, task, **own_console.small.ANSWERS["nilai_perilaku"], rating="Sangat Baik", state="done", stage="selesai")
    assert answer.status_code == 302
    case = db.Case.get_by_id(own_console.small.case_of("operator"))
    assert (case.rating, case.stage) == (None, "penilaian")


@pytest.mark.parametrize("key", ["", "x" * 61, "../../etc", "a b"])
def test_a_form_without_its_key_is_refused(console, key):
    task = console.small.task_of("operator").id
    assert console.sign_in("operator").post(f"/tugas/{task}", kunci=key, sudah_baca_standar="ya").status_code == 400


def test_stored_text_is_escaped_wherever_it_shows(own_console):
    small = own_console.small
    small.advance(own_console.city, "operator", "nilai_perilaku")
    task = small.task_of("operator")
    tasks.complete(small.context(own_console.city, "penilai"), task.id, {"perilaku_kerja": "sesuai", "alasan_perilaku": ATTACK})
    case = small.case_of("operator")
    for account, path in (
        ("atasan", f"/tugas/{small.task_of('operator').id}"),
        ("hr", f"/kasus/{case}"),
        ("admin", "/catatan/penilaian/"),
    ):
        page = own_console.sign_in(account).get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in own_console.sign_in("hr").get(f"/kasus/{case}").text


def test_the_employee_sees_the_result_once_it_is_decided(ready_console):
    small = ready_console.small
    case = small.case_of("operator")
    before = ready_console.sign_in("operator").get(f"/kasus/{case}").text
    assert "Mengapa?" not in before
    hr = ready_console.sign_in("hr")
    desk = hr.get("/penetapan/").text
    assert "Dinas Kependudukan dan Pencatatan Sipil" in desk
    key = KEY.search(desk)
    assert key is not None
    sent = {"kunci": key.group(1), "unit": "dukcapil", "siklus": small.CYCLE}
    assert hr.post("/penetapan/terbitkan", **sent).status_code == 302
    letters = db.Letter.select().count()
    assert hr.post("/penetapan/terbitkan", **sent).status_code == 302
    assert db.Letter.select().count() == letters == 2
    employee = ready_console.sign_in("operator")
    page = employee.get("/hasil-saya/").text
    assert "Mengapa?" in page
    assert "decisions/predikat_kinerja.yaml:" in page
    own = db.Letter.get(db.Letter.kind == "dokumen_evaluasi")
    with employee.get(f"/surat/{own.id}.pdf") as pdf:
        assert pdf.status_code == 200
        assert pdf.mimetype == "application/pdf"
        assert pdf.data.startswith(b"%PDF-")
        assert "default-src" not in pdf.headers["Content-Security-Policy"]
    for account in ("asing", "rekan"):
        for letter in list(db.Letter.select()):
            assert ready_console.sign_in(account).get(f"/surat/{letter.id}.pdf").status_code == 403


def test_only_hr_issues(ready_console):
    for account in ("admin", "penilai", "operator", "tim"):
        answer = ready_console.sign_in(account).post("/penetapan/terbitkan", kunci="c" * 32, unit="dukcapil", siklus="2026-S1")
        assert answer.status_code == 403, account
    assert db.Letter.select().count() == 0


def test_a_trace_leads_to_its_line(ready_console):
    hr = ready_console.sign_in("hr")
    page = hr.get(f"/kasus/{ready_console.small.case_of('operator')}").text
    link = re.search(r'href="(/aturan/berkas\?[^"]+)#L(\d+)"', page)
    assert link is not None
    source = hr.get(link.group(1).replace("&amp;", "&"))
    assert source.status_code == 200
    assert f'id="L{link.group(2)}"' in source.text


def test_a_rule_file_that_is_not_in_the_release_is_not_found(console):
    person = console.sign_in("operator")
    for file in ("../kinerja.toml", "/etc/passwd", "nothing.yaml", ""):
        assert person.get(f"/aturan/berkas?file={file}").status_code == 404


def test_the_board_counts_every_case(console):
    page = console.sign_in("hr").get("/siklus/").text
    assert "Semester I Tahun 2026" in page
    assert "Dewi Lestari" in page
    assert "Agus Setiawan" in page
    found = console.sign_in("hr").get("/siklus/?cari=dewi").text
    assert "Agus Setiawan" not in found
    assert console.sign_in("hr").get("/siklus/?hal=99999999999999999999&cari=%00").status_code == 200


def test_steps_are_named_in_the_readers_language(console):
    person, task = console.sign_in("operator"), console.small.task_of("operator")
    form = console.city.definition(task.case.process).form_of(task.task)
    assert task.title in person.get("/tugas/").text
    person.client.set_cookie("bahasa", "en")
    assert task.title not in person.get("/tugas/").text
    for path in ("/tugas/", f"/tugas/{task.id}", f"/kasus/{task.case_id}", "/hasil-saya/"):
        assert form.title.en in person.get(path).text, path


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_has_one_heading_landmarks_and_labels(console, language):
    person = console.sign_in("hr")
    person.client.set_cookie("bahasa", language)
    for path in (
        "/",
        "/tugas/",
        "/hasil-saya/",
        "/siklus/",
        "/penetapan/",
        "/aturan/",
        f"/kasus/{console.small.case_of('operator')}",
        "/organisasi/unit/new/",
    ):
        page = person.get(path).text
        assert page.count("<h1") == 1, path
        assert '<main id="isi"' in page
        assert 'class="skip" href="#isi"' in page
        for field in re.findall(r'<(?:input|select|textarea)[^>]*\bid="([^"]+)"', page):
            assert f'for="{field}"' in page, (path, field)
        assert not re.search(r"\son[a-z]+=|\sstyle=|<style|javascript:", page), path


def test_a_held_case_goes_on_once_its_cause_is_mended(own_console):
    """Nothing measured: the rules cannot answer, the case is held with an incident, never guessed."""
    small = own_console.small
    small.advance(own_console.city, "rekan", "nilai_mutu")
    case = small.case_of("rekan")
    db.PlanItem.update(weight=19).where(db.PlanItem.case == case, db.PlanItem.ordinal == 1).execute()
    task = small.task_of("rekan").id
    answer = send(own_console.sign_in("tim"), task, **small.ANSWERS["nilai_mutu"])
    assert answer.status_code == 302
    incident = db.Incident.get()
    hr = own_console.sign_in("hr")
    page = hr.get(f"/kasus/{case}").text
    assert incident.code in page
    assert "Coba lagi" in page
    assert "Coba lagi" not in own_console.sign_in("penilai").get(f"/kasus/{case}").text
    address = f"/kasus/{case}/insiden/{incident.id}"
    assert own_console.sign_in("penilai").post(address).status_code == 403
    assert hr.post(address).status_code == 302
    assert db.Case.get_by_id(case).stage == "evaluasi"
    db.PlanItem.update(weight=30).where(db.PlanItem.case == case, db.PlanItem.ordinal == 1).execute()
    again = db.Incident.get(db.Incident.state == "open")
    assert hr.post(f"/kasus/{case}/insiden/{again.id}").status_code == 302
    assert db.Case.get_by_id(case).stage == "penetapan"
    assert hr.post(f"/kasus/{case}/insiden/{again.id}").status_code == 409
