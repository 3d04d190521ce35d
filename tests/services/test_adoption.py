"""A release through `penetapan-aturan`: its submission starts a case; desk, workshop and command line decide in one place."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kinerja.core.errors import ConflictError, ForbiddenError
from kinerja.services import notices
from kinerja.services.bpmn import processes
from kinerja.services.casework import tasks
from kinerja.services.context import Actor, Context
from kinerja.services.rulebook import publish
from kinerja.settings import shipped
from kinerja.store import models as db

ANNOUNCED = {
    "isi_pengumuman": "Predikat Butuh Perbaikan dibayar 85 persen mulai sekarang; yang lain tetap.",
    "tempat_bertanya": "Bidang Penilaian Kinerja, loket 3",
}


@pytest.fixture
def town(quiet: Any) -> Any:
    processes.load(quiet.system, shipped("workflows") / "penetapan-aturan")
    quiet.clock.advance(timedelta(days=1))
    return quiet


def officer(town: Any, name: str, *roles: str) -> Context:
    return Context(town.city, Actor.of(name, roles=roles))


def submitted(town: Any, tmp_path: Path, note: str = "") -> str:
    folder = tmp_path / "aturan"
    shutil.copytree(shipped("rules"), folder)
    file = folder / "incentives" / "persen_tpp.yaml"
    text = file.read_text("utf-8").replace("| Butuh Perbaikan | 80 ", "| Butuh Perbaikan | 85 ")
    file.write_text(text.replace("{persen: 80}", "{persen: 85}"), "utf-8")
    author = officer(town, "Wati", "pejabat_kebijakan", "pejabat_penetap")
    return str(publish.submit(author, folder, "Butuh Perbaikan 85 persen", note).values["fingerprint"])


def state(fingerprint: str) -> str:
    return str(db.Release.get(db.Release.fingerprint == fingerprint).state)


def waiting(context: Context) -> list[str]:
    return [view.task for view in tasks.desk(context) if view.subject.startswith("rilis:")]


@pytest.mark.slow
def test_a_submission_is_decided_and_announced_on_the_desk(town: Any, tmp_path: Path) -> None:
    fingerprint = submitted(town, tmp_path)
    signatory = officer(town, "Joko", "pejabat_penetap")
    assert waiting(officer(town, "Wati", "pejabat_kebijakan", "pejabat_penetap")) == []  # the author does not decide
    [task] = [view for view in tasks.desk(signatory) if view.subject]
    page = tasks.page(signatory, task.id)
    assert [answer.task for answer in page.answers] == ["ajukan_aturan", "periksa_dampak"]
    tasks.complete(signatory, task.id, {"keputusan_aturan": "tetapkan", "adopsi_aturan": "ya"})
    row = db.Release.get(db.Release.fingerprint == fingerprint)
    assert (row.state, row.approver, row.adopted) == ("published", "Joko", True)
    assert town.city.release().fingerprint == fingerprint
    assert waiting(town.context("hr")) == ["umumkan_aturan"]
    [task] = [view for view in tasks.desk(town.context("hr")) if view.subject]
    tasks.complete(town.context("hr"), task.id, ANNOUNCED)
    told = notices.mine(town.context("sari"))
    assert "Butuh Perbaikan 85 persen" in told[0].text
    assert "adopted" in told[0].text_en
    assert db.Case.get(db.Case.subject == f"rilis:{fingerprint}").state == "closed"


@pytest.mark.slow
def test_approving_in_the_workshop_is_the_same_task(town: Any, tmp_path: Path) -> None:
    fingerprint = submitted(town, tmp_path)
    signatory = officer(town, "Joko", "pejabat_penetap")
    receipt = publish.approve(signatory, fingerprint, key="kunci-1")
    assert (receipt.act, receipt.values["fingerprint"]) == ("rules.approve", fingerprint)
    assert publish.approve(signatory, fingerprint, key="kunci-1").seq == receipt.seq
    done = db.Task.get(db.Task.task == "tetapkan_aturan")
    assert (done.state, done.done_by) == ("done", "Joko")
    assert waiting(town.context("hr")) == ["umumkan_aturan"]
    acts = [row.act for row in db.LedgerEntry.select().where(db.LedgerEntry.subject == f"release:{fingerprint}")]
    assert acts == ["rules.submit", "rules.approve"]
    with pytest.raises(ConflictError):
        publish.approve(signatory, fingerprint)


@pytest.mark.slow
def test_the_author_is_refused_either_way(town: Any, tmp_path: Path) -> None:
    fingerprint = submitted(town, tmp_path)
    author = officer(town, "Wati", "pejabat_kebijakan", "pejabat_penetap")
    with pytest.raises(ForbiddenError) as caught:
        publish.approve(author, fingerprint)
    assert caught.value.code == "pengaju_adalah_penyetuju"
    with pytest.raises(ForbiddenError):
        tasks.complete(author, db.Task.get(db.Task.task == "tetapkan_aturan").id, {"keputusan_aturan": "tetapkan"})
    assert state(fingerprint) == "submitted"


@pytest.mark.slow
def test_returned_it_goes_back_to_its_author(town: Any, tmp_path: Path) -> None:
    fingerprint = submitted(town, tmp_path)
    signatory = officer(town, "Joko", "pejabat_penetap")
    [task] = [view for view in tasks.desk(signatory) if view.subject]
    tasks.complete(signatory, task.id, {"keputusan_aturan": "kembalikan", "alasan_penetapan": "Jelaskan dampaknya bagi CPNS."})
    assert waiting(officer(town, "Wati", "pejabat_kebijakan")) == ["ajukan_aturan"]
    with pytest.raises(ConflictError) as caught:
        publish.approve(signatory, fingerprint)
    assert caught.value.code == "tahap_sebelumnya"
    assert state(fingerprint) == "submitted"


@pytest.mark.slow
def test_refused_and_withdrawn_end_the_case(town: Any, tmp_path: Path) -> None:
    fingerprint = submitted(town, tmp_path)
    publish.refuse(officer(town, "Joko", "pejabat_penetap"), fingerprint, "Belum ada anggarannya")
    assert state(fingerprint) == "refused"
    case = db.Case.get(db.Case.subject == f"rilis:{fingerprint}")
    assert (case.state, waiting(town.context("hr"))) == ("closed", [])


@pytest.mark.slow
def test_withdrawing_closes_the_case(town: Any, tmp_path: Path) -> None:
    fingerprint = submitted(town, tmp_path)
    publish.withdraw(officer(town, "Wati", "pejabat_kebijakan"), fingerprint, "Salah berkas")
    case = db.Case.get(db.Case.subject == f"rilis:{fingerprint}")
    assert (case.state, case.next_timer) == ("closed", None)
    assert waiting(officer(town, "Joko", "pejabat_penetap")) == []
