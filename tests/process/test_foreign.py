"""One process as Camunda Modeler 8 and 7 and bpmn.io write it: read, checked, run, drawn, with what they add ignored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kinerja.cli.process import process as command
from kinerja.process import check_files, check_path, load_process, picture

FOREIGN = Path(__file__).parent / "foreign"
FILES = ("camunda8", "camunda7", "bpmnio")
OPERATIONS = ("notify",)
TOOLS = {"camunda8": "zeebe:", "camunda7": "camunda:", "bpmnio": ""}


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_another_editor_is_sound(name: str) -> None:
    result = CliRunner().invoke(command, ["check", str(FOREIGN / f"{name}.bpmn")])
    assert result.exit_code == 0, result.output
    checked = check_path(FOREIGN / f"{name}.bpmn", OPERATIONS)
    assert [found.code for found in checked.diagnostics] == (["P093"] if TOOLS[name] else [])
    assert all(TOOLS[name] in found.text_id for found in checked.diagnostics)
    assert checked.source is not None
    assert [(lane.name, lane.role) for lane in checked.source.lanes] == [
        ("Pegawai", "pegawai"), ("BKPSDM", "bkpsdm"), ("Sistem", "sistem"),
    ]  # fmt: skip
    drawn = picture(checked.source, language="id")
    assert all(words in drawn for words in ("permohonan", "Kedaluwarsa", "Surat terbit", "BKPSDM"))


@pytest.mark.parametrize("name", FILES)
def test_it_runs_as_a_folder_of_the_city(name: str, tmp_path: Path, case: Callable[..., Any]) -> None:
    checked = check_path(FOREIGN / f"{name}.bpmn", OPERATIONS)
    assert checked.definition is not None
    folder = tmp_path / checked.definition.id
    (folder / "forms").mkdir(parents=True)
    (folder / "process.bpmn").write_bytes((FOREIGN / f"{name}.bpmn").read_bytes())
    for file in (*FOREIGN.glob("forms/*.yaml"), FOREIGN / "notices.yaml"):
        (folder / file.relative_to(FOREIGN)).write_bytes(file.read_bytes())
    run = case(load_process(folder, OPERATIONS))
    run.start()
    [(first, role)] = [(task.task, task.role) for task in run.now.ready]
    assert role == "pegawai"
    run.do(first, maksud="Usaha warung")
    [(second, role)] = [(task.task, task.role) for task in run.now.ready]
    assert role == "bkpsdm"
    run.do(second, keputusan="kembalikan")
    assert run.waiting == (first,)
    run.do(first, maksud="Usaha warung")
    assert run.do(second, keputusan="terima").finished
    assert [name for name, _ in run.calls] == ["notify"], "no listener, script or delegate of another engine runs"
    late = case(load_process(folder, OPERATIONS))
    late.start()
    late.do(first, maksud="Usaha warung")
    late.clock.set(late.now.next_due)
    assert late.refresh().finished


BROKEN = {
    "P002": ("<bpmn:definitions", '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<bpmn:definitions'),
    "P011": (
        '<bpmn:serviceTask id="Activity_0kabari" name="Kabari pemohon" kinerja:operation="notify" kinerja:to="pegawai" '
        'kinerja:template="izin_terbit">',
        '<bpmn:scriptTask id="Activity_0kabari" name="Kabari pemohon" scriptFormat="groovy">',
    ),
    "P023": (
        'sourceRef="Activity_1periksa" targetRef="Gateway_0putusan"',
        'sourceRef="Event_0batas" targetRef="Event_1kedaluwarsa"',
    ),
    "P024": ('sourceRef="Activity_0kabari" targetRef="Event_1selesai"', 'sourceRef="Gateway_0putusan" targetRef="Event_1selesai"'),
    "P050": ('name="BKPSDM"', 'name="Bagian Umum"'),
    "P061": ('kinerja:operation="notify"', 'kinerja:operation="kirim"'),
    "P042": ('=keputusan = "terima"', '="terima"'),
}
"""Code → what an editor's user may get wrong: a foreign entity, a script task, a task nobody reaches, a dead end, a lane without a
role, an operation nobody knows, a condition that is no yes or no."""


@pytest.mark.parametrize("code", BROKEN)
def test_what_cannot_run_is_told_by_code_and_ends_with_1(code: str, tmp_path: Path) -> None:
    old, new = BROKEN[code]
    text = (FOREIGN / "camunda8.bpmn").read_text("utf-8")
    assert old in text
    text = text.replace(old, new)
    if code == "P011":
        text = text.replace("</bpmn:serviceTask>", "</bpmn:scriptTask>")
    (tmp_path / "forms").mkdir()
    for form in FOREIGN.glob("forms/*.yaml"):
        (tmp_path / "forms" / form.name).write_bytes(form.read_bytes())
    (tmp_path / "gambar.bpmn").write_text(text, "utf-8")
    result = CliRunner().invoke(command, ["check", str(tmp_path / "gambar.bpmn")])
    assert result.exit_code == 1
    assert code in [line.split()[1] for line in result.stdout.splitlines()], result.output


def test_a_file_without_a_form_folder_says_which_forms_it_needs() -> None:
    text = (FOREIGN / "bpmnio.bpmn").read_text("utf-8")
    checked = check_files("Process_1bpmnio", {"Process_1bpmnio/process.bpmn": text}, OPERATIONS)
    assert {found.code for found in checked.errors} >= {"P053"}


def test_what_modellers_draw_around_the_flow_is_drawn_and_never_run(tmp_path: Path, case: Callable[..., Any]) -> None:
    """A second pool with a message, lanes within a lane, a group, data with their lines, an annotation, colours."""
    checked = check_path(FOREIGN / "decorated.bpmn", OPERATIONS)
    assert [found.code for found in checked.diagnostics] == ["P093"]
    assert checked.definition is not None
    drawn = picture(checked.definition, language="id")
    for words in ("Berkas", "Arsip izin", "Pemeriksaan", "Paling lama", "Warga", "Dinas", "BKPSDM"):
        assert words in drawn, words
    assert drawn.count('stroke-dasharray="2 3"') == 4, "two lines to data, one to the note, one message"
    assert drawn.count("rotate(-90") == 6
    text = (FOREIGN / "decorated.bpmn").read_text("utf-8").replace('isHorizontal="true"', 'isHorizontal="false"')
    upright = check_files(
        checked.definition.id, {**checked.definition.files, f"{checked.definition.id}/process.bpmn": text}, OPERATIONS
    )
    assert upright.source is not None
    assert "rotate(-90" not in picture(upright.source), "a pool that runs downwards has its name on top"
    folder = tmp_path / checked.definition.id
    for name, content in checked.definition.files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, "utf-8")
    run = case(load_process(folder, OPERATIONS))
    run.start()
    run.do("Activity_isi", maksud="Warung")
    run.do("Activity_periksa", keputusan="kembalikan")
    run.do("Activity_isi", maksud="Usaha warung")
    assert run.do("Activity_periksa", keputusan="terima").finished
    assert [task.role for task in checked.definition.tasks.values()] == ["pegawai", "bkpsdm"]
