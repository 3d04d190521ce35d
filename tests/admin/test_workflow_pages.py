"""“Alur kerja”: the processes as drawn; an administrator changes a file, moves the running cases and puts them back."""

from __future__ import annotations

import io

import pytest

from kinerja.store import models as db

PROCESS = "penilaian-kinerja"
FILE = f"{PROCESS}/process.bpmn"


def newest(process: str = PROCESS) -> str:
    row = db.ProcessVersion.select().where(db.ProcessVersion.process == process)
    return str(row.order_by(db.ProcessVersion.loaded_at.desc(), db.ProcessVersion.id.desc()).first().version)


def text_of(file: str) -> str:
    row = db.ProcessVersion.select().where(db.ProcessVersion.process == file.split("/")[0]).order_by(db.ProcessVersion.id.desc())
    return str(row.first().files[file])


def test_everyone_reads_the_steps_of_a_process(console):
    page = console.sign_in("operator").get(f"/alur-kerja/{PROCESS}").text
    assert "<svg" in page
    assert "Laporkan realisasi dan bukti" in page
    assert "Periksa dan simpan" not in console.sign_in("operator").get(f"/alur-kerja/{PROCESS}/berkas?nama={FILE}").text
    assert console.sign_in("operator").get(f"/alur-kerja/{PROCESS}/berkas?nama=../kinerja.toml").status_code == 404
    assert console.sign_in("operator").get("/alur-kerja/antah").status_code == 404


def test_only_administrators_change_a_process(own_console):
    before = newest()
    answer = own_console.sign_in("hr").post(f"/alur-kerja/{PROCESS}/berkas", nama=FILE, teks="x")
    assert answer.status_code == 403
    assert own_console.sign_in("hr").post(f"/alur-kerja/{PROCESS}/pindahkan").status_code == 403
    assert newest() == before


@pytest.mark.slow
def test_a_changed_file_becomes_a_version_cases_move_to_and_back(own_console):
    admin, text = own_console.sign_in("admin"), text_of(FILE)
    before = newest()
    broken = text.replace('kinerja:form="susun_skp"', 'kinerja:form="susun_spk"')
    refused = admin.post(f"/alur-kerja/{PROCESS}/berkas", nama=FILE, teks=broken)
    assert refused.status_code == 422
    assert "P053" in refused.text
    assert "susun_spk" in refused.text
    assert newest() == before
    changed = text.replace('name="Setujui rencana kinerja"', 'name="Sepakati rencana kinerja"')
    upload = (io.BytesIO(changed.encode()), "process.bpmn")
    assert admin.post(f"/alur-kerja/{PROCESS}/berkas", nama=FILE, berkas=upload).status_code == 302
    assert newest() != before
    assert "dapat dipindah" in admin.get(f"/alur-kerja/{PROCESS}").text
    assert admin.post(f"/alur-kerja/{PROCESS}/pindahkan").status_code == 302
    moved = db.CaseMove.select().where(db.CaseMove.reverted_at.is_null()).count()
    assert moved > 0
    batch = db.CaseMove.select().first().batch
    assert admin.post(f"/alur-kerja/{PROCESS}/kembalikan", batch=batch).status_code == 302
    assert db.CaseMove.select().where(db.CaseMove.reverted_at.is_null()).count() == 0
    assert {row.process.version for row in db.Case.select().where(db.Case.cycle.is_null(False))} == {before}


def test_a_process_that_is_called_takes_its_callers_along(own_console):
    admin, file = own_console.sign_in("admin"), "keberatan/process.bpmn"
    before = {name: newest(name) for name in (PROCESS, "keberatan", "pembinaan")}
    text = text_of(file)
    changed = text.replace("</bpmn:documentation>", " Baru.</bpmn:documentation>", 1)
    assert admin.post("/alur-kerja/keberatan/berkas", nama=file, teks=changed).status_code == 302
    assert newest("keberatan") != before["keberatan"]
    assert newest(PROCESS) != before[PROCESS]
    assert newest("pembinaan") == before["pembinaan"]
    assert admin.post("/alur-kerja/keberatan/berkas", nama=file, teks=text).status_code == 302
    assert {name: newest(name) for name in before} == before, "the same files again are the same version again"
