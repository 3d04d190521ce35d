"""The machine: exact data, timers by an injected clock, parallel branches, restarts anywhere, loud refusals."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from kinerja.core.clock import JAKARTA
from kinerja.core.errors import ConflictError, FindingsError, IncidentError, InputError, RuleError
from kinerja.process import Machine, ProcessDefinition, build_process

GOOD = {"hasil": "Baik", "nilai": Fraction("76.5")}


def edited(definition: ProcessDefinition, *changes: tuple[str, str]) -> ProcessDefinition:
    files = dict(definition.files)
    name = f"{definition.id}/process.bpmn"
    for old, new in changes:
        assert old in files[name]
        files[name] = files[name].replace(old, new)
    return build_process(definition.id, files)


# ── data ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_numbers_and_dates_survive_exactly(permit: ProcessDefinition, case: Callable[..., Any]) -> None:
    run = case(permit)
    given = {
        "sepertiga": Fraction(1, 3), "besar": 10**30, "kecil": Fraction("0.0000000001"), "hari": date(2026, 3, 13),
        "saat": datetime(2026, 3, 13, 8, tzinfo=JAKARTA), "daftar": [1, None, {"dalam": Fraction("76.61")}], "kosong": None,
        "benar": True,
    }  # fmt: skip
    run.start(**given)
    run.do("isi", maksud="coba")
    expected = given | {"maksud": "coba"}
    assert run.now.data == expected
    assert isinstance(run.now.data["besar"], Fraction)
    assert "." not in json.loads(run.now.state)["data"]["sepertiga"]["$n"]


@pytest.mark.parametrize("value", [0.5, object(), {1: "a"}, {"$n": "1"}, b"x"])
def test_inexact_or_foreign_values_are_refused(permit: ProcessDefinition, case: Callable[..., Any], value: Any) -> None:
    with pytest.raises(InputError) as error:
        case(permit).start(nilai=value)
    assert error.value.code == "data_proses_tidak_sah"


def test_lists_are_replaced_not_merged(permit: ProcessDefinition, case: Callable[..., Any]) -> None:
    run = case(permit)
    run.start(daftar=[1, 2, 3])
    run.do("isi", daftar=[9])
    assert run.now.data["daftar"] == [9]


def test_operations_get_a_copy_with_the_tasks_attributes(permit: ProcessDefinition, case: Callable[..., Any]) -> None:
    def evaluate(data: dict[str, Any]) -> dict[str, Any]:
        data["maksud"] = "diubah diam-diam"
        return GOOD

    run = case(permit, evaluate=evaluate)
    run.start()
    run.do("isi", maksud="coba")
    run.do("periksa", keputusan="terima")
    ((name, data),) = run.calls
    assert name == "evaluate"
    assert data["_task"] == {"id": "hitung", "name": "Hitung", "process": "izin", "decision": "kasus"}
    assert run.now.data == {"maksud": "coba", "keputusan": "terima"} | GOOD
    assert run.now.finished


# ── gateways ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("score", "end"), [("76.5", "selesai_baik"), ("76.4999999999", "selesai_kurang")])
def test_a_threshold_is_met_exactly(permit: ProcessDefinition, case: Callable[..., Any], score: str, end: str) -> None:
    run = case(permit, evaluate={"hasil": "Baik", "nilai": Fraction(score)})
    run.start()
    run.do("isi")
    run.do("periksa", keputusan="terima")
    assert run.now.done[-1] == end


def test_two_conditions_that_hold_are_a_named_error(permit: ProcessDefinition, case: Callable[..., Any]) -> None:
    definition = edited(permit, (' default="kurang"', ' default="lain"'), (
        '<bpmn:sequenceFlow id="kurang" sourceRef="mutu" targetRef="selesai_kurang" />',
        '<bpmn:sequenceFlow id="kurang" sourceRef="mutu" targetRef="selesai_kurang"><bpmn:conditionExpression>'
        'nilai &lt; 80</bpmn:conditionExpression></bpmn:sequenceFlow>'
        '<bpmn:sequenceFlow id="lain" sourceRef="mutu" targetRef="selesai_kurang" />',
    ), ('<bpmndi:BPMNEdge id="kurang_di"', '<bpmndi:BPMNEdge id="lain_di" bpmnElement="lain"><di:waypoint x="1" y="1" />'
        '<di:waypoint x="9" y="9" /></bpmndi:BPMNEdge><bpmndi:BPMNEdge id="kurang_di"'))  # fmt: skip
    run = case(definition, evaluate=GOOD)
    run.start()
    run.do("isi")
    before = run.now.state
    with pytest.raises(RuleError) as error:
        run.do("periksa", keputusan="terima")
    assert error.value.code == "lebih_dari_satu_alur"
    assert error.value.place is not None
    assert error.value.place.line > 0
    assert run.now.state == before  # nothing moved: the case goes on once the file or the facts are mended


def test_a_missing_value_is_an_error_never_the_default_way(permit: ProcessDefinition, case: Callable[..., Any]) -> None:
    run = case(permit, evaluate={"hasil": "Baik"})
    run.start()
    run.do("isi")
    with pytest.raises(RuleError) as error:
        run.do("periksa", keputusan="terima")
    assert "nilai" in error.value.text_id


def test_an_operation_that_fails_leaves_the_state(permit: ProcessDefinition, case: Callable[..., Any]) -> None:
    def broken(_data: dict[str, Any]) -> dict[str, Any]:
        raise IncidentError("mesin_berbeda", "berbeda", "different")

    run = case(permit, evaluate=broken)
    run.start()
    run.do("isi")
    with pytest.raises(IncidentError, match="mesin_berbeda"):
        run.do("periksa", keputusan="terima")
    run.results["evaluate"] = GOOD
    assert run.do("periksa", keputusan="terima").finished


# ── conflicts ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("task", ["", "0", "999", "isi", "-1", "9" * 40, "３", "\u0000"])
def test_an_unknown_task_is_a_conflict(permit: ProcessDefinition, case: Callable[..., Any], task: str) -> None:
    run = case(permit)
    run.start()
    with pytest.raises(ConflictError) as error:
        run.machine.complete(run.now.state, task, {})
    assert error.value.code == "tugas_tidak_menunggu"


def test_a_finished_task_is_a_conflict(permit: ProcessDefinition, case: Callable[..., Any]) -> None:
    run = case(permit)
    (task,) = run.start().ready
    later = run.do("isi")
    with pytest.raises(ConflictError):
        run.machine.complete(later.state, task.id, {})


def test_a_task_past_its_deadline_is_a_conflict(permit: ProcessDefinition, case: Callable[..., Any]) -> None:
    run = case(permit)
    run.start()
    run.do("isi")
    run.clock.advance(timedelta(days=10))
    with pytest.raises(ConflictError):
        run.do("periksa", keputusan="terima")


@pytest.mark.parametrize("state", ["", "{}", "[]", "{", '{"format":1}', '{"format":99,"data":{},"done":[],"tasks":{}}', "null"])
def test_a_state_that_is_none_is_refused(permit: ProcessDefinition, case: Callable[..., Any], state: str) -> None:
    run = case(permit)
    with pytest.raises(InputError) as error:
        run.machine.complete(state, "1", {})
    assert error.value.code == "keadaan_tidak_terbaca"


# ── timers ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_reminder_fires_once_and_the_task_goes_on(permit: ProcessDefinition, case: Callable[..., Any]) -> None:
    run = case(permit)
    run.clock.set(datetime(2026, 3, 13, 15, tzinfo=JAKARTA))
    run.start()
    assert run.now.next_due == datetime(2026, 3, 28, 0, 0, tzinfo=JAKARTA)  # five working days over Nyepi and Idulfitri
    assert run.now.current == ("isi",)  # the timer sits on the task
    run.clock.set(datetime(2026, 3, 27, 23, 59, tzinfo=JAKARTA))
    assert run.refresh().fired == ()
    run.clock.advance(timedelta(minutes=1))
    assert run.refresh().fired == ("ingat",)
    assert [name for name, _ in run.calls] == ["notify"]
    for _ in range(3):
        run.clock.advance(timedelta(days=30))
        assert run.refresh().fired == ()
    assert len(run.calls) == 1
    assert run.waiting == ("isi",)
    assert run.do("isi").current == ("periksa",)


def test_refresh_without_anything_due_changes_no_byte(permit: ProcessDefinition, case: Callable[..., Any]) -> None:
    run = case(permit)
    before = run.start().state
    run.clock.advance(timedelta(hours=5))
    assert run.refresh().state == before


def test_a_clock_set_back_fires_nothing_and_loses_nothing(permit: ProcessDefinition, case: Callable[..., Any]) -> None:
    run = case(permit)
    run.start()
    due = run.now.next_due
    run.clock.advance(timedelta(days=-400))
    assert run.refresh().fired == ()
    run.do("isi")
    run.clock.set(due + timedelta(days=60))
    assert run.refresh().fired == ("batas",)  # started in the past, so long over
    assert run.now.finished


def test_a_timer_of_a_task_that_is_done_is_off(permit: ProcessDefinition, case: Callable[..., Any]) -> None:
    run = case(permit)
    run.start()
    run.do("isi")
    assert [timer.node for timer in run.now.timers] == ["batas"]
    run.do("periksa", keputusan="kembalikan")
    assert [timer.node for timer in run.now.timers] == ["ingat"]  # a fresh one for the second time round
    run.clock.advance(timedelta(days=60))
    assert run.refresh().fired == ("ingat",)


def test_an_interrupting_timer_ends_the_task(permit: ProcessDefinition, case: Callable[..., Any]) -> None:
    run = case(permit)
    run.start()
    run.do("isi")
    assert run.now.next_due == run.clock.now() + timedelta(days=10)
    run.clock.advance(timedelta(days=10))
    assert run.refresh().fired == ("batas",)
    assert run.now.finished
    assert run.now.ready == ()
    assert run.now.timers == ()


def test_the_now_of_a_refresh_can_be_given(permit: ProcessDefinition, case: Callable[..., Any]) -> None:
    run = case(permit)
    run.start()
    assert run.machine.refresh(run.now.state, run.clock.now() + timedelta(days=60)).fired == ("ingat",)


def test_looking_moves_nothing(permit: ProcessDefinition, case: Callable[..., Any]) -> None:
    run = case(permit)
    run.start()
    run.clock.advance(timedelta(days=60))
    seen = run.machine.look(run.now.state)
    assert seen.fired == ()
    assert seen.state == run.now.state
    assert seen.current == ("isi",)


# ── parallel branches and restarts ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("order", [("satu", "dua"), ("dua", "satu")])
def test_parallel_branches_join_in_any_order(parallel: ProcessDefinition, case: Callable[..., Any], order: tuple[str, str]) -> None:
    run = case(parallel)
    assert set(run.start().current) == {"satu", "dua"}
    for turn in range(3):  # a loop back to the split must start both branches again
        for task in order:
            assert "putus" not in run.waiting
            run.do(task, cocok=True)
        assert run.waiting == ("putus",)
        run.do("putus", ulangi=turn < 2)
    assert run.now.finished


def test_a_join_inside_a_loop_beside_an_open_branch_waits_for_both(nested: ProcessDefinition, case: Callable[..., Any]) -> None:
    run = case(nested)
    assert set(run.start().current) == {"tunggu", "satu", "dua"}
    for turn in range(4):
        first, second = ("satu", "dua") if turn % 2 else ("dua", "satu")
        run.do(first)
        assert set(run.waiting) == {"tunggu", second}
        run.do(second)
        assert set(run.waiting) == {"tunggu", "putus"}
        run.do("putus", ulangi=turn < 3)
    assert run.waiting == ("tunggu",)
    assert not run.now.finished
    assert run.do("tunggu").finished


def test_many_rounds_keep_the_state_small(parallel: ProcessDefinition, case: Callable[..., Any]) -> None:
    run = case(parallel)
    run.start()
    sizes = []
    for _ in range(12):
        run.do("satu")
        run.do("dua")
        run.do("putus", ulangi=True)
        sizes.append(len(run.now.state))
    assert sizes[-1] - sizes[1] < 60  # only the numbers grow longer


def test_the_same_steps_give_the_same_bytes(parallel: ProcessDefinition, case: Callable[..., Any]) -> None:
    states = []
    for _ in range(2):
        run = case(parallel)
        run.start(nama="Budi")
        run.do("dua", cocok=True)
        states.append(run.do("satu").state)
    assert states[0] == states[1]


def test_a_foreign_process_states_data_is_kept_apart(parallel: ProcessDefinition, case: Callable[..., Any]) -> None:
    one, other = case(parallel), case(parallel)
    one.start(nama="Budi")
    other.start(nama="Siti")
    one.do("satu")
    assert (one.now.data["nama"], other.now.data["nama"]) == ("Budi", "Siti")
    assert set(other.waiting) == {"satu", "dua"}


def test_endless_automatic_loops_are_stopped(permit: ProcessDefinition, case: Callable[..., Any]) -> None:
    files = dict(permit.files)
    text = files["izin/process.bpmn"].replace('sourceRef="mutu" targetRef="selesai_baik"', 'sourceRef="mutu" targetRef="hitung"')
    text = re.sub(r'<bpmn:endEvent id="selesai_baik".*?</bpmn:endEvent>', "", text, flags=re.DOTALL)
    text = re.sub(r'<bpmndi:BPMNShape id="selesai_baik_di".*?</bpmndi:BPMNShape>', "", text, flags=re.DOTALL)
    files["izin/process.bpmn"] = text.replace("<bpmn:flowNodeRef>selesai_baik</bpmn:flowNodeRef>", "")
    definition = build_process("izin", files)
    run = case(definition, evaluate=GOOD)
    run.start()
    run.do("isi")
    with pytest.raises(IncidentError) as error:
        run.do("periksa", keputusan="terima")
    assert error.value.code == "proses_berputar"


def test_python_in_a_condition_is_never_run(permit: ProcessDefinition, case: Callable[..., Any]) -> None:
    with pytest.raises(FindingsError):
        edited(permit, ('keputusan = "terima"', "__import__('os').system('true') == 0"))


@pytest.mark.slow
def test_speed(appraisal: ProcessDefinition, case: Callable[..., Any]) -> None:
    run = case(appraisal, evaluate={"predikat": "Baik"})
    machine: Machine = run.machine
    machine.start({})
    began = time.perf_counter()
    for _ in range(100):
        step = machine.start({"perlu_penilaian_mutu": True})
    start_ms = (time.perf_counter() - began) * 10
    began = time.perf_counter()
    for _ in range(100):
        machine.complete(step.state, step.ready[0].id, {})
    complete_ms = (time.perf_counter() - began) * 10
    assert start_ms < 5  # measured 0.4 and 0.6 ms on an idle machine; the margin is for a busy one
    assert complete_ms < 15
