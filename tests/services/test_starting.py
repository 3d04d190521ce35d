"""Cases of processes outside a cycle: about a unit, an employee or the whole city; tasks, duties and lists know them."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from kinerja.core.errors import ForbiddenError, InputError
from kinerja.services import starting
from kinerja.services.bpmn import processes
from kinerja.services.casework import cases, tasks
from kinerja.services.context import Actor, Context
from kinerja.services.cycles import cycle, timers
from kinerja.settings import shipped
from kinerja.store import models as db

FIRST, LAST = date(2026, 7, 1), date(2026, 7, 31)
SUBMITTED = {
    "judul_aturan": "Batas Baik",
    "alasan_aturan": "Batas Baik naik dari 76 ke 80 karena sasaran kota naik.",
    "berlaku_sejak": "2026-08-01",
}
CHECKED = {"dampak_dibaca": "ya", "catatan_dampak": "Dua belas pegawai turun satu tingkat; jalan keluar dibahas."}


@pytest.fixture
def town(town):

    for name in ("pembinaan", "penetapan-aturan"):
        processes.load(town.system, shipped("workflows") / name)
    return town


def officer(town, name: str, *roles: str) -> Context:
    return Context(town.city, Actor.of(name, roles=roles))


def rules_case(town) -> int:
    receipt = starting.start(town.context("hr"), "penetapan-aturan", "rilis:abc", "Rilis abc", FIRST, LAST)
    return int(receipt.values["case"])


def test_a_case_about_no_person_is_worked_through_the_desk(town):
    author, signatory = officer(town, "Wati", "pejabat_kebijakan"), officer(town, "Joko", "pejabat_penetap")
    case = rules_case(town)
    [task] = tasks.desk(author)
    assert (task.person, task.nip, task.cycle, task.unit, task.subject) == ("Rilis abc", "", "", "", "rilis:abc")
    tasks.complete(author, task.id, SUBMITTED)
    [task] = tasks.desk(author)
    tasks.complete(author, task.id, CHECKED)
    [task] = tasks.desk(signatory)
    page = tasks.page(signatory, task.id)
    assert [answer.task for answer in page.answers] == ["ajukan_aturan", "periksa_dampak"]
    assert page.answers[0].fields[0] == ("Judul perubahan", "Title of the change", "Batas Baik", "Batas Baik")
    seen = cases.case_page(town.context("hr"), case)
    assert "proses-tetapkan_aturan" in seen.picture
    assert seen.case.cycle == ""
    assert [entry.act for entry in seen.timeline] == ["case.start", "task.complete", "task.complete"]


def test_the_same_subject_is_one_case(town):
    case = rules_case(town)
    again = starting.start(town.context("hr2"), "penetapan-aturan", "rilis:abc", "Lain", FIRST, LAST)
    assert (again.values["case"], again.values["new"]) == (case, False)
    assert db.Case.select().where(db.Case.subject == "rilis:abc").count() == 1


def test_who_prepared_does_not_approve(town):
    both = officer(town, "Wati", "pejabat_kebijakan", "pejabat_penetap")
    rules_case(town)
    for answers in (SUBMITTED, CHECKED):
        [task] = tasks.desk(both)
        tasks.complete(both, task.id, answers)
    assert tasks.desk(both) == ()
    [waiting] = db.Task.select().where(db.Task.state == "ready", db.Task.task == "tetapkan_aturan")
    with pytest.raises(ForbiddenError) as caught:
        tasks.complete(both, waiting.id, {"keputusan_aturan": "tetapkan"})
    assert caught.value.code == "pembuat_adalah_penyetuju"
    assert caught.value.remedy_id


def test_a_case_about_an_employee_has_their_authorities(town):
    receipt = starting.start(
        town.context("hr"), "pembinaan", "pembinaan:budi", "Pembinaan Budi", FIRST, LAST, nip=town.nips["budi"]
    )
    [task] = [view for view in tasks.desk(town.context("kabid")) if view.subject]
    assert (task.task, task.person, task.position) == ("susun_pembinaan", "Budi", "Operator Layanan")
    seen = cases.case_page(town.context("budi"), receipt.values["case"])
    assert (seen.case.appraiser, seen.case.superior) == ("Kabid", "Kadis")
    with pytest.raises(ForbiddenError):
        cases.case_page(town.context("sari"), receipt.values["case"])
    with pytest.raises(ForbiddenError):  # the evaluation team reads appraisals, not how somebody is coached
        cases.case_page(town.context("tim"), receipt.values["case"])


def test_a_process_for_people_needs_people(town):
    with pytest.raises(InputError) as caught:
        starting.start(town.context("hr"), "pembinaan", "pembinaan:x", "Pembinaan", FIRST, LAST, unit="dukcapil")
    assert caught.value.code == "subjek_kurang"


def test_lists_of_appraisals_leave_other_cases_out(town):
    before = len(cases.list_cases(town.context("hr")))
    status = cycle.status(town.context("hr"), town.cycle)
    rules_case(town)
    starting.start(town.context("hr"), "pembinaan", "pembinaan:budi", "Pembinaan Budi", FIRST, LAST, nip=town.nips["budi"])
    assert len(cases.list_cases(town.context("hr"))) == before
    assert cycle.status(town.context("hr"), town.cycle) == status


def test_only_those_who_may_start(town):
    with pytest.raises(ForbiddenError):
        starting.start(town.context("sari"), "penetapan-aturan", "rilis:abc", "Rilis", FIRST, LAST)


def test_reminders_name_the_subject(town):
    author = officer(town, "Wati", "pejabat_kebijakan")
    rules_case(town)
    for answers in (SUBMITTED, CHECKED):
        [task] = tasks.desk(author)
        tasks.complete(author, task.id, answers)
    case = db.Case.get(db.Case.subject == "rilis:abc")
    town.clock.set(case.next_timer)
    assert timers.fire(town.system) == 1
    entry = db.LedgerEntry.select().order_by(db.LedgerEntry.seq.desc()).get()
    assert entry.act == "process.timer"


def test_an_unknown_separate_task_is_told(tmp_path: Path):
    from kinerja.process import check_path

    folder = tmp_path / "workflows"
    shutil.copytree(shipped("workflows"), folder)
    file = folder / "penetapan-aturan" / "process.bpmn"
    file.write_text(file.read_text("utf-8").replace('separate="ajukan_aturan', 'separate="ajukan_atura'), "utf-8")
    assert "P059" in [found.code for found in check_path(file).errors]
