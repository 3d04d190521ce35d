"""Every state a case can wait in × every kind of new version (R16): moved or blocked with a reason, taken back byte for byte, and
each timer fires once, before the move or after it, whichever way the case is moved to and fro."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from kinerja.process import Machine, Migration, ProcessDefinition, build_process, load_process, revert

from .conftest import OPERATIONS, ROOT, Case

STATES: Mapping[str, tuple[tuple[str, Any], ...]] = {
    "first task": (),
    "first task, timer running for three days": (("wait", 3),),
    "first task, reminder fired": (("wait", 20),),
    "second task, deadline running": (("isi", {"maksud": "coba"}),),
    "second task after the reminder": (("wait", 20), ("isi", {"maksud": "coba"}), ("wait", 4)),
    "sent back": (("isi", {"maksud": "coba"}), ("periksa", {"keputusan": "kembalikan"})),
    "sent back, reminder fired again": (("isi", {"maksud": "coba"}), ("periksa", {"keputusan": "kembalikan"}), ("wait", 20)),
    "second task a second time": (("isi", {}), ("periksa", {"keputusan": "kembalikan"}), ("isi", {"maksud": "lagi"})),
    "finished by its deadline": (("isi", {"maksud": "coba"}), ("wait", 20)),
    "finished": (("isi", {"maksud": "coba"}), ("periksa", {"keputusan": "terima"})),
}
VERSIONS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "the same": (),
    "other threshold": (("76.5", "80"),),
    "other words": (('name="Isi permohonan"', 'name="Tulis permohonan"'),),
    "longer deadline": ((">P10D<", ">P30D<"),),
    "deadline on the other task": (('attachedToRef="periksa"', 'attachedToRef="isi"'),),
    "reminder on the other task": (
        ('attachedToRef="isi" cancelActivity="false"', 'attachedToRef="periksa" cancelActivity="false"'),
    ),
    "reminder cuts off": (('cancelActivity="false"', 'cancelActivity="true"'),),
    "other lane": (('kinerja:role="pegawai"', 'kinerja:role="pejabat_penilai"'),),
    "second task renamed": (
        ('"periksa"', '"telaah"'),
        (">periksa<", ">telaah<"),
        ('kinerja:form="telaah"', 'kinerja:form="periksa"'),
    ),
}


def version(definition: ProcessDefinition, changes: tuple[tuple[str, str], ...]) -> ProcessDefinition:
    name, files = f"{definition.id}/process.bpmn", dict(definition.files)
    for old, new in changes:
        assert old in files[name], old
        files[name] = files[name].replace(old, new)
    return build_process(definition.id, files)


def played(run: Case, steps: tuple[tuple[str, Any], ...]) -> list[str]:
    """The timers that fired on the way."""
    fired = list(run.start().fired)
    for what, given in steps:
        if what == "wait":
            run.clock.advance(timedelta(days=given))
            fired += run.refresh().fired
        else:
            fired += run.do(what, **given).fired
    return fired


@pytest.mark.parametrize("kind", VERSIONS)
@pytest.mark.parametrize("state", STATES)
def test_every_state_in_every_version(permit: ProcessDefinition, case: Callable[..., Case], state: str, kind: str) -> None:
    new = version(permit, VERSIONS[kind])
    run = case(permit, evaluate={"hasil": "Baik", "nilai": 90})
    before = Counter(played(run, STATES[state]))
    renamed = {"periksa": "telaah"} if kind == "second task renamed" else None
    migration = Migration(permit, new, run.clock.now(), run.calendar, mapping=renamed)
    seen = migration.preview({"k": run.now.state})
    if run.now.finished:
        assert (seen.movable, seen.finished) == (0, 1)
        return
    assert (seen.movable, seen.blocked) == (1, ())
    result = migration.move(run.now.state)
    assert revert(result.after, result) == run.now.state
    waiting = tuple((renamed or {}).get(task, task) for task in run.waiting)
    dues = {timer.node: timer.due for timer in run.now.timers}
    data = run.now.data
    run.definition, run.step = new, Machine(new, run.operate, run.clock, run.calendar).look(result.after)
    assert (run.waiting, run.now.data) == (waiting, data)
    for timer in run.now.timers:
        if timer.node in dues and new.main.nodes[timer.node].attached_to == permit.main.nodes[timer.node].attached_to:
            assert timer.due == dues[timer.node], "a running timer keeps its day"
    after: Counter[str] = Counter()
    for days in (40, 40, 40):
        run.clock.advance(timedelta(days=days))
        after.update(run.refresh().fired)
        again = run.refresh()
        assert again.fired == (), "looked at again, nothing fires twice"
    assert max(after.values(), default=0) <= 1, after
    for node in after:
        if not before[node]:
            continue
        entered_again = sum(what == "periksa" for what, _ in STATES[state])
        moved_on = new.main.nodes[node].attached_to != permit.main.nodes[node].attached_to
        assert entered_again or moved_on, f"{node} fired before the move and again after it"


@pytest.mark.parametrize(
    "name", ["keberatan", "pembayaran-tpp", "pembinaan", "penetapan-aturan", "penilaian-kinerja", "survei-perilaku"]
)
def test_each_human_task_of_each_shipped_process_moves(name: str, case: Callable[..., Case]) -> None:
    """Set down at each of its human tasks in turn, from there into a version with other words, and back."""
    old = load_process(ROOT / "workflows" / name, OPERATIONS)
    file = f"{name}/process.bpmn"
    new = build_process(
        name, {**old.files, file: old.files[file].replace("</bpmn:documentation>", " Baru.</bpmn:documentation>", 1)}
    )
    own = [task.id for task in old.tasks.values() if task.process == name]
    run = case(old)
    run.start(**{variable.name: None for variable in old.main.variables})
    [start] = run.waiting
    for task in own:
        there = Migration(old, old, run.clock.now(), run.calendar, mapping={start: task}).move(run.now.state).after
        migration = Migration(old, new, run.clock.now(), run.calendar)
        assert (migration.preview({"k": there}).movable, migration.preview({"k": there}).blocked) == (1, ()), task
        result = migration.move(there)
        machine = Machine(new, run.operate, run.clock, run.calendar)
        assert machine.look(result.after).current == (task,)
        assert revert(result.after, result) == there
