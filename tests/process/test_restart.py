"""A case kept as text between steps goes exactly the way of one that stays in memory, whatever people do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kinerja.core.clock import JAKARTA, FixedClock
from kinerja.process import Calendar, Machine, ProcessDefinition
from kinerja.process.machine import _Case
from kinerja.process.spiff import Program

ANSWERS: dict[str, list[dict[str, Any]]] = {
    "setujui_skp": [{"keputusan_skp": "setuju"}, {"keputusan_skp": "perbaiki"}],
    "setujui_penilaian": [{"keputusan_atasan": "setuju"}, {"keputusan_atasan": "tinjau_ulang"}],
    "periksa": [{"keputusan": "terima"}, {"keputusan": "kembalikan"}],
    "baca_hasil": [{"tanggapan": "keberatan"}, {"tanggapan": "terima"}],
    "tulis_keberatan": [{"pokok_keberatan": "mutu"}, {"pokok_keberatan": "perilaku"}],
    "putuskan_keberatan": [{"putusan_keberatan": "dikabulkan"}, {"putusan_keberatan": "ditolak"}],
    "putus": [{"ulangi": True}, {"ulangi": False}],
}
ACTS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1), st.integers(0, 12)), max_size=40)


def _operate(name: str, _data: dict[str, Any]) -> dict[str, Any]:
    return {"predikat": "Kurang", "hasil": "Baik", "nilai": 80} if name == "evaluate" else {}


def _both_ways(definition: ProcessDefinition, calendar: Calendar, acts: list[tuple[int, int, int]]) -> None:
    clock = FixedClock(datetime(2026, 3, 2, 9, tzinfo=JAKARTA))
    start = {"perlu_penilaian_mutu": True, "pokok_keberatan": None, "putusan_keberatan": "tidak_diajukan"}
    machine = Machine(definition, _operate, clock, calendar)
    step = machine.start(start)
    case = _Case(definition, _operate, clock.now(), calendar, dict(start), [])
    run = Program(definition.id, [source.xml for source in definition.sources()]).fresh(case)
    run.advance()
    for who, answer, days in acts:
        clock.advance(timedelta(days=days))
        case._now = clock.now()
        step = machine.refresh(step.state)
        run.advance()
        if step.finished:
            break
        task = step.ready[who % len(step.ready)]
        values = ANSWERS.get(task.task, [{}, {}])[answer]
        case.data |= values
        live = sorted(run.waiting_people(), key=lambda entry: entry[2])
        kept = sorted(step.ready, key=lambda entry: entry.task)
        assert [node for _, _, node in live] == [entry.task for entry in kept]
        task_object = next(t for t in run._tasks() if t.id.int == live[kept.index(task)][0])
        task_object.run()
        run._done(task_object)
        run.advance()
        step = machine.complete(step.state, task.id, values)
        assert step.data == case.data
        assert step.done == tuple(case.done)
        assert (
            sorted((timer.node, timer.due) for timer in step.timers) == sorted((node, due) for _, node, due in run.waiting_timers())
            or step.finished
        )
    assert step.finished == run.finished
    assert step.done == tuple(case.done)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["appraisal", "permit", "parallel", "nested"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_kept_and_live_go_the_same_way(request: pytest.FixtureRequest, calendar: Calendar, name: str, acts: list[Any]) -> None:
    _both_ways(request.getfixturevalue(name), calendar, acts)
