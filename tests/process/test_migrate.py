"""Running cases move to another version: counted, previewed, revertible; every timer fires once; nothing is guessed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from SpiffWorkflow.util.task import TaskState

from kinerja.core.errors import ConflictError
from kinerja.process import Migration, ProcessDefinition, build_process, kernelstate, revert

BATAS = """<bpmn:boundaryEvent id="batas" name="Sepuluh hari" attachedToRef="periksa">"""


def version(definition: ProcessDefinition, *changes: tuple[str, str]) -> ProcessDefinition:
    files = dict(definition.files)
    name = f"{definition.id}/process.bpmn"
    for old, new in changes:
        assert old in files[name], old
        files[name] = files[name].replace(old, new)
    return build_process(definition.id, files)


@pytest.fixture
def stricter(permit: ProcessDefinition) -> ProcessDefinition:
    """The permit process with another threshold."""
    return version(permit, ("76.5", "80"))


@pytest.fixture
def renamed(permit: ProcessDefinition) -> ProcessDefinition:
    return version(
        permit, ('"periksa"', '"telaah"'), (">periksa<", ">telaah<"), ('kinerja:form="telaah"', 'kinerja:form="periksa"')
    )


def moved(run: Any, new: ProcessDefinition, **options: Any) -> Any:
    migration = Migration(run.definition, new, run.clock.now(), run.calendar, **options)
    result = migration.move(run.now.state)
    run.definition = new
    run.step = run.machine.look(result.after)
    return result


def test_the_kernels_numbers_are_spiffs() -> None:
    named = (kernelstate.WAITING, kernelstate.READY, kernelstate.STARTED, kernelstate.COMPLETED, kernelstate.CANCELLED)
    assert named == (TaskState.WAITING, TaskState.READY, TaskState.STARTED, TaskState.COMPLETED, TaskState.CANCELLED)


def test_a_preview_counts_and_moves_nothing(
    permit: ProcessDefinition, stricter: ProcessDefinition, case: Callable[..., Any]
) -> None:
    runs = [case(permit) for _ in range(5)]
    for run in runs:
        run.start()
    for run in runs[:3]:
        run.do("isi")
    runs[0].clock.advance(timedelta(days=20))
    runs[0].refresh()
    states = {f"kasus {number}": run.now.state for number, run in enumerate(runs)}
    preview = Migration(permit, stricter, runs[1].clock.now(), runs[1].calendar).preview(states)
    assert [(move.task, move.to, count) for move, count in preview.moves] == [("isi", "isi", 2), ("periksa", "periksa", 2)]
    assert (preview.movable, preview.finished, preview.blocked) == (4, 1, ())
    assert preview.as_json()["moves"][0]["cases"] == 2
    assert {name: run.now.state for name, run in zip(states, runs, strict=True)} == states


def test_a_moved_case_goes_the_new_way_and_keeps_its_task(
    permit: ProcessDefinition, stricter: ProcessDefinition, case: Callable[..., Any]
) -> None:
    ends = []
    for move in (False, True):
        run = case(permit, evaluate={"hasil": "Baik", "nilai": 78})
        run.start()
        run.do("isi", maksud="coba")
        task = run.now.ready
        if move:
            moved(run, stricter)
            assert run.now.ready == task
            assert run.now.data == {"maksud": "coba"}
        run.do("periksa", keputusan="terima")
        ends.append(run.now.done[-1])
    assert ends == ["selesai_baik", "selesai_kurang"]


def test_a_running_timer_keeps_its_day(permit: ProcessDefinition, stricter: ProcessDefinition, case: Callable[..., Any]) -> None:
    run = case(permit)
    run.start()
    due = run.now.next_due
    run.clock.advance(timedelta(days=3))
    moved(run, stricter)
    assert run.now.next_due == due
    run.clock.set(due)
    assert run.refresh().fired == ("ingat",)
    assert run.refresh().fired == ()
    assert len(run.calls) == 1


def test_a_timer_that_fired_stays_silent_through_any_number_of_moves(
    permit: ProcessDefinition, stricter: ProcessDefinition, case: Callable[..., Any]
) -> None:
    without = version(
        permit,
        ('attachedToRef="isi" cancelActivity="false"', 'attachedToRef="periksa" cancelActivity="false"'),
    )
    run = case(permit)
    run.start()
    run.clock.set(run.now.next_due)
    assert run.refresh().fired == ("ingat",)
    for definition in (stricter, without, permit, stricter):
        moved(run, definition)
        run.clock.advance(timedelta(days=40))
        assert run.refresh().fired == ()
    assert run.waiting == ("isi",)
    assert len(run.calls) == 1


def test_a_new_timer_starts_at_the_move(permit: ProcessDefinition, case: Callable[..., Any]) -> None:
    before = version(permit, (' attachedToRef="periksa"', ' attachedToRef="hitung"'))
    run = case(before)
    run.start()
    run.do("isi")
    assert run.now.timers == ()
    run.clock.advance(timedelta(days=30))
    result = Migration(before, permit, run.clock.now(), run.calendar).preview({"a": run.now.state})
    assert result.moves[0][0].new_timers == 1
    moved(run, permit)
    assert run.now.next_due == run.clock.now() + timedelta(days=10)
    run.clock.advance(timedelta(days=10))
    assert run.refresh().fired == ("batas",)
    assert run.now.finished


def test_a_new_timer_is_as_long_as_the_case_says(permit: ProcessDefinition, case: Callable[..., Any]) -> None:
    before = version(permit, (' attachedToRef="periksa"', ' attachedToRef="hitung"'))
    after = version(permit, (' attachedToRef="periksa"', ' attachedToRef="periksa" kinerja:days="nilai"'))
    for given, days in ((None, 10), (4, 4), (0, 0), (21, 21)):
        run = case(before)
        run.start(**({} if given is None else {"nilai": given}))
        run.do("isi")
        moved(run, after)
        assert run.now.next_due == run.clock.now() + timedelta(days=days)
    run = case(before)
    run.start()
    run.do("isi")
    moved(run, after, data={"nilai": 3})  # a value that the move itself brings
    assert run.now.next_due == run.clock.now() + timedelta(days=3)


def test_a_timer_that_is_gone_is_off(permit: ProcessDefinition, case: Callable[..., Any]) -> None:
    after = version(permit, (' attachedToRef="periksa"', ' attachedToRef="hitung"'))
    run = case(permit)
    run.start()
    run.do("isi")
    moved(run, after)
    run.clock.advance(timedelta(days=90))
    assert run.refresh().fired == ()
    assert run.do("periksa", keputusan="kembalikan").current == ("isi",)


def test_a_renamed_task_needs_a_mapping(permit: ProcessDefinition, renamed: ProcessDefinition, case: Callable[..., Any]) -> None:
    run = case(permit)
    run.start()
    run.do("isi")
    migration = Migration(permit, renamed, run.clock.now(), run.calendar)
    (blocked,) = migration.preview({"kasus 7": run.now.state}).blocked
    assert (blocked.case, blocked.code) == ("kasus 7", "tugas_tidak_ada")
    with pytest.raises(ConflictError, match="tidak_dapat_dipindah"):
        migration.move(run.now.state)
    ready = run.now.ready[0].id
    moved(run, renamed, mapping={"periksa": "telaah"})
    assert (run.now.ready[0].id, run.waiting) == (ready, ("telaah",))
    assert [timer.node for timer in run.now.timers] == ["batas"]
    assert run.do("telaah", keputusan="kembalikan").current == ("isi",)


def test_a_changed_lane_is_shown(permit: ProcessDefinition, case: Callable[..., Any]) -> None:
    other = version(permit, ('kinerja:role="bkpsdm"', 'kinerja:role="tim_evaluasi"'))
    run = case(permit)
    run.start()
    run.do("isi")
    ((move, _),) = Migration(permit, other, run.clock.now(), run.calendar).preview({"a": run.now.state}).moves
    assert (move.role, move.to_role) == ("bkpsdm", "tim_evaluasi")


def test_values_the_new_version_needs(permit: ProcessDefinition, case: Callable[..., Any]) -> None:
    declared = '<kinerja:data name="nilai" type="number" />'
    needing = version(permit, (declared, declared + '<kinerja:data name="mendesak" type="boolean" />'))
    knowing = version(permit, (declared, declared + '<kinerja:data name="mendesak" type="boolean" initial="false" />'))
    run = case(permit)
    run.start()
    (blocked,) = Migration(permit, needing, run.clock.now(), run.calendar).preview({"a": run.now.state}).blocked
    assert blocked.code == "data_kurang"
    assert "mendesak" in blocked.text_id
    given = Migration(permit, needing, run.clock.now(), run.calendar, data={"mendesak": True}).move(run.now.state)
    assert json.loads(given.after)["data"]["mendesak"] is True
    moved(run, knowing)
    assert run.now.data["mendesak"] is False


def test_a_move_can_be_taken_back_byte_for_byte(
    permit: ProcessDefinition, stricter: ProcessDefinition, case: Callable[..., Any]
) -> None:
    run = case(permit)
    run.start()
    before = run.now.state
    result = moved(run, stricter)
    assert (result.old_version, result.new_version) == (permit.version, stricter.version)
    assert revert(result.after, result) == before
    run.do("isi")
    with pytest.raises(ConflictError, match="kasus_sudah_bergerak"):
        revert(run.now.state, result)
    moved(run, permit)  # the ordinary way back
    assert run.waiting == ("periksa",)


def test_there_and_back_is_where_it_was(permit: ProcessDefinition, stricter: ProcessDefinition, case: Callable[..., Any]) -> None:
    run = case(permit)
    run.start()
    run.do("isi")
    before = run.now.state
    moved(run, stricter)
    moved(run, permit)
    assert run.now.state == before


def test_open_branches_move_only_where_they_are_unchanged(parallel: ProcessDefinition, case: Callable[..., Any]) -> None:
    reworded = version(parallel, ('name="Putuskan"', 'name="Ambil putusan"'))
    rebuilt = version(parallel, ('sourceRef="dua" targetRef="gabung"', 'sourceRef="dua" targetRef="antara"'), (
        "  </bpmn:process>", '  <bpmn:exclusiveGateway id="antara" /><bpmn:sequenceFlow id="f_antara" sourceRef="antara" '
        'targetRef="gabung" />\n  </bpmn:process>'), ("</bpmndi:BPMNPlane>", '<bpmndi:BPMNShape id="a_di" bpmnElement="antara">'
        '<dc:Bounds x="1" y="1" width="9" height="9" /></bpmndi:BPMNShape><bpmndi:BPMNEdge id="fa_di" bpmnElement="f_antara">'
        '<di:waypoint x="1" y="1" /><di:waypoint x="9" y="9" /></bpmndi:BPMNEdge></bpmndi:BPMNPlane>'))  # fmt: skip
    run = case(parallel)
    run.start()
    run.do("satu")
    (blocked,) = Migration(parallel, rebuilt, run.clock.now()).preview({"a": run.now.state}).blocked
    assert blocked.code == "cabang_terbuka"
    moved(run, reworded)
    assert run.waiting == ("dua",)
    assert run.do("dua").ready[0].name == "Ambil putusan"


def test_a_case_inside_a_called_process_moves(appraisal: ProcessDefinition, case: Callable[..., Any]) -> None:
    files = dict(appraisal.files)
    files["keberatan/process.bpmn"] = files["keberatan/process.bpmn"].replace("P10D", "P12D")
    newer = build_process("penilaian-kinerja", files)
    run = case(appraisal, evaluate={"predikat": "Baik"})
    run.start(perlu_penilaian_mutu=False)
    for task, answers in [
        ("susun_skp", {}),
        ("setujui_skp", {"keputusan_skp": "setuju"}),
        ("lapor_realisasi", {}),
        ("nilai_perilaku", {}),
        ("setujui_penilaian", {"keputusan_atasan": "setuju"}),
        ("terbitkan", {}),
        ("baca_hasil", {"tanggapan": "keberatan"}),
    ]:
        assert run.waiting == (task,)
        moved(run, newer if run.definition is appraisal else appraisal)  # back and forth at every step
        run.do(task, **answers)
    moved(run, newer)
    due = run.now.next_due
    assert run.waiting == ("tulis_keberatan",)
    run.do("tulis_keberatan", pokok_keberatan="perilaku")
    assert run.now.next_due > due + timedelta(days=10)
    run.do("tanggapi_keberatan")
    assert run.do("putuskan_keberatan", putusan_keberatan="ditolak").finished


def test_finished_cases_stay(permit: ProcessDefinition, stricter: ProcessDefinition, case: Callable[..., Any]) -> None:
    run = case(permit, evaluate={"hasil": "Baik", "nilai": 80})
    run.start()
    run.do("isi")
    run.do("periksa", keputusan="terima")
    with pytest.raises(ConflictError):
        Migration(permit, stricter, run.clock.now(), run.calendar).move(run.now.state)
