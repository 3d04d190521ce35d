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


NEW_TASK = """
<bpmn:userTask id="cek_ulang" name="Cek ulang" kinerja:form="cek_ulang" kinerja:stage="pembinaan" kinerja:escalate="bkpsdm"/>
<bpmn:boundaryEvent id="cek_lambat" name="Lima hari" attachedToRef="cek_ulang" cancelActivity="false">
  <bpmn:timerEventDefinition><bpmn:timeDuration>P5D</bpmn:timeDuration></bpmn:timerEventDefinition>
</bpmn:boundaryEvent>
<bpmn:endEvent id="cek_lewat"/>
<bpmn:sequenceFlow id="ke_lewat" sourceRef="cek_lambat" targetRef="cek_lewat"/>
<bpmn:sequenceFlow id="sesudah_cek" sourceRef="cek_ulang" targetRef="sepakati_pembinaan"/>
"""
NEW_FORM = """form: cek_ulang
title: {id: Cek ulang, en: Check again}
intro: {id: Baca rencananya., en: Read the plan.}
fields:
  sudah_cek: {label: {id: Sudah dicek, en: Checked}, type: boolean, required: true}
"""


def with_a_new_task(text: str) -> str:
    box, way = '<dc:Bounds x="1" y="1" width="90" height="60" />', '<di:waypoint x="1" y="1" /><di:waypoint x="9" y="9" />'
    nodes, flows = ("cek_ulang", "cek_lambat", "cek_lewat"), ("ke_lewat", "sesudah_cek")
    drawn = "".join(f'<bpmndi:BPMNShape bpmnElement="{name}">{box}</bpmndi:BPMNShape>' for name in nodes)
    drawn += "".join(f'<bpmndi:BPMNEdge bpmnElement="{name}">{way}</bpmndi:BPMNEdge>' for name in flows)
    for old, new in (
        ('targetRef="sepakati_pembinaan" />', 'targetRef="cek_ulang" />\n' + NEW_TASK),
        ("<bpmn:flowNodeRef>tindak_lanjuti</bpmn:flowNodeRef>", "<bpmn:flowNodeRef>tindak_lanjuti</bpmn:flowNodeRef>"
         "<bpmn:flowNodeRef>cek_ulang</bpmn:flowNodeRef>"),
        ("</bpmndi:BPMNPlane>", drawn + "</bpmndi:BPMNPlane>"),
    ):  # fmt: skip
        assert old in text
        text = text.replace(old, new, 1)
    return text


def test_a_new_task_comes_with_its_form_and_shows(own_console):
    """Drawing and form go in together, since neither passes the check alone; what is wrong is told with file and line."""
    admin, text = own_console.sign_in("admin"), with_a_new_task(text_of("pembinaan/process.bpmn"))
    before = newest("pembinaan")

    def form() -> tuple[io.BytesIO, str]:
        return io.BytesIO(NEW_FORM.encode()), "cek_ulang.yaml"

    def drawing() -> tuple[io.BytesIO, str]:
        return io.BytesIO(text.encode()), "gambar baru.bpmn"

    alone = admin.post("/alur-kerja/pembinaan/unggah", berkas=[drawing()])
    assert (alone.status_code, newest("pembinaan")) == (422, before)
    line = next(n for n, row in enumerate(text.splitlines(), 1) if 'id="cek_ulang"' in row)
    assert f"workflows/pembinaan/process.bpmn:{line}: " in alone.text
    assert admin.post("/alur-kerja/pembinaan/unggah", berkas=[drawing(), form()]).status_code == 302
    assert newest("pembinaan") != before
    page = admin.get("/alur-kerja/pembinaan").text
    assert "Cek ulang" in page
    assert "cek_ulang.yaml" in page
    latin = admin.post("/alur-kerja/pembinaan/unggah", berkas=[(io.BytesIO(NEW_FORM.encode("utf-16")), "cek_ulang.yaml")])
    assert latin.status_code == 400
    assert "bukan_utf8" in latin.text
    assert own_console.sign_in("hr").post("/alur-kerja/pembinaan/unggah", berkas=[drawing(), form()]).status_code == 403


def test_a_process_of_ones_own_begins_in_the_console(own_console):
    """From the files of an editor; a call to another process of the city needs no file of that."""
    admin = own_console.sign_in("admin")
    text = (
        text_of("pembinaan/process.bpmn").replace('id="pembinaan"', 'id="pendampingan"').replace('"pembinaan"', '"pendampingan"', 1)
    )
    text = text.replace('processRef="pembinaan"', 'processRef="pendampingan"')
    files = {name: words for name, words in row_files("pembinaan").items() if not name.endswith(".bpmn")}

    def sent() -> list[tuple[io.BytesIO, str]]:
        return [(io.BytesIO(text.encode()), "x.bpmn"), *((io.BytesIO(words.encode()), name) for name, words in files.items())]

    assert admin.post("/alur-kerja/", proses="../x", berkas=sent()).status_code == 400
    assert admin.post("/alur-kerja/", proses="lain", berkas=sent()).status_code == 422
    assert admin.post("/alur-kerja/", proses="pendampingan", berkas=sent()).status_code == 302, "the same id as in the file"
    assert "pendampingan" in admin.get("/alur-kerja/").text
    assert own_console.sign_in("hr").post("/alur-kerja/", proses="pendampingan", berkas=sent()).status_code == 403


def row_files(process: str) -> dict[str, str]:
    row = db.ProcessVersion.select().where(db.ProcessVersion.process == process).order_by(db.ProcessVersion.id.desc()).first()
    return {name.removeprefix(f"{process}/").removeprefix("forms/"): text for name, text in row.files.items()}
