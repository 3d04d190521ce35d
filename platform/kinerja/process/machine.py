"""Runs cases of a checked process: start, complete a task, let time pass. Each call takes a state and gives a new one.

A machine holds no case: the state is text that the caller keeps, in the same transaction as what people did. An error leaves
the old state as it was. Time comes from the clock given; what a case is due next is part of each step.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from ..core.clock import Clock
from ..core.errors import ConflictError, InputError, RuleError
from . import durations
from .calendar import Calendar
from .conditions import compile_condition
from .data import decoded, encoded, plain
from .model import Flow, Node, ProcessDefinition, ProcessSource
from .spiff import Program, Run

STATE_FORMAT = 1
Operate = Callable[[str, dict[str, Any]], Mapping[str, Any] | None]
"""Runs a named operation on a copy of the process data (with `_task`, see `Machine`); answers values to add to the data."""


@dataclass(frozen=True, slots=True)
class ReadyTask:
    """A human task that waits. id: names this instance within its case; task: id in the BPMN file."""

    id: str
    task: str
    name: str
    role: str
    form: str
    stage: str


@dataclass(frozen=True, slots=True)
class WaitingTimer:
    """A timer that runs. node: its event in the BPMN file; due: when it fires. alone: the way goes through it; not on a task."""

    node: str
    name: str
    due: datetime
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """Where a case stands after a call.

    state: keep it. done: ids of the nodes passed and the flows taken so far, each once, in order (what `picture` draws
    strong). timers: those that run, soonest first. fired: timer events that went off in this call.
    """

    state: str
    ready: tuple[ReadyTask, ...]
    finished: bool
    data: dict[str, Any]
    done: tuple[str, ...]
    timers: tuple[WaitingTimer, ...]
    fired: tuple[str, ...]

    @property
    def next_due(self) -> datetime | None:
        return self.timers[0].due if self.timers else None

    @property
    def current(self) -> tuple[str, ...]:
        """Ids in the BPMN file of where the case is: tasks that wait for people, and events that wait for their time."""
        return (*(task.task for task in self.ready), *(timer.node for timer in self.timers if timer.alone))


class Machine:
    """Runs one definition.

    operate is called for service and business rule tasks: `operate("issue_letter", data)` for kinerja:operation,
    `operate("evaluate", data)` for kinerja:decision="kasus", `operate("decide", data)` for any other decision. data is a copy
    of the process data with `_task`: {"id", "name", "process"} and the task's kinerja attributes.
    """

    def __init__(self, definition: ProcessDefinition, operate: Operate, clock: Clock, calendar: Calendar | None = None) -> None:
        self.definition = definition
        self._operate = operate
        self._clock = clock
        self._calendar = calendar
        self._program = _program(definition)

    def start(self, data: Mapping[str, Any]) -> Step:
        """Begin a case with these process data."""
        variables = [variable for source in self.definition.sources() for variable in source.variables if variable.has_initial]
        given = {variable.name: variable.initial for variable in reversed(variables)} | plain(data)
        case = _Case(self.definition, self._operate, self._clock.now(), self._calendar, given, [])
        run = self._program.fresh(case)
        run.advance()
        return self._step(run, case)

    def complete(self, state: str, task: str, data: Mapping[str, Any]) -> Step:
        """Finish a human task with its answers, and run on to the next people.

        task: a `ReadyTask.id`. Raises ConflictError(`tugas_tidak_menunggu`) when that task does not wait any more: done before,
        overtaken by a deadline, or never there.
        """
        case, run = self._restore(state, self._clock.now())
        run.advance()  # what fell due before this moment comes first
        number = int(task) if task.isdecimal() and len(task) < 10 else 0
        if number not in [waiting for waiting, _, _ in run.waiting_people()]:
            raise ConflictError(
                "tugas_tidak_menunggu",
                "tugas ini sudah selesai, sudah lewat batas waktunya, atau tidak ada",
                "this task is done already, past its deadline, or does not exist",
                remedy_id="muat ulang halaman untuk melihat keadaan terakhir",
                remedy_en="reload the page to see how things stand",
                task=task,
            )
        case.data |= plain(data)
        run.complete(number)
        run.advance()
        return self._step(run, case)

    def refresh(self, state: str, now: datetime | None = None) -> Step:
        """Let time pass: fire the timers that are due, each once. Without one due the state stays as it is."""
        case, run = self._restore(state, now or self._clock.now())
        run.advance()
        step = self._step(run, case)
        return step if step.fired else _with_state(step, state)

    def look(self, state: str) -> Step:
        """Where a case stands, without moving it."""
        case, run = self._restore(state, self._clock.now())
        return _with_state(self._step(run, case), state)

    def _restore(self, state: str, now: datetime) -> tuple[_Case, Run]:
        try:
            stored = json.loads(state)
            if stored["format"] != STATE_FORMAT:
                raise ValueError(stored["format"])
            case = _Case(self.definition, self._operate, now, self._calendar, decoded(stored["data"]), list(stored["done"]))
            return case, self._program.restored(stored["tasks"], case)
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(
                "keadaan_tidak_terbaca",
                "keadaan kasus tidak dapat dibaca oleh versi proses ini",
                "the case's state cannot be read by this version of the process",
                remedy_id="pakai versi proses yang tercatat pada kasus",
                remedy_en="use the process version recorded with the case",
                process=self.definition.id,
                version=self.definition.version,
            ) from error

    def _step(self, run: Run, case: _Case) -> Step:
        tasks = run.state()
        state = {
            "format": STATE_FORMAT,
            "process": self.definition.id,
            "data": encoded(case.data),
            "done": case.done,
            "tasks": tasks,
        }
        timers = [self._timer(self._source(process).nodes[node], due) for process, node, due in run.waiting_timers()]
        return Step(
            state=json.dumps(state, ensure_ascii=False, separators=(",", ":")),
            ready=() if run.finished else tuple(self._ready(number, node) for number, _, node in run.waiting_people()),
            finished=run.finished,
            data=dict(case.data),
            done=tuple(case.done),
            timers=() if run.finished else tuple(sorted(timers, key=lambda timer: (timer.due, timer.node))),
            fired=tuple(case.fired),
        )

    def _ready(self, number: int, node: str) -> ReadyTask:
        task = self.definition.tasks[node]
        return ReadyTask(str(number), task.id, task.name, task.role, task.form, task.stage)

    def _timer(self, node: Node, due: datetime) -> WaitingTimer:
        return WaitingTimer(node.id, node.name, due, alone=not node.attached_to)

    def _source(self, process: str) -> ProcessSource:
        return _source(self.definition, process)


class _Case:
    """One case while a call works on it: its data, its way, and the answers the kernel asks for (a `spiff.Conductor`)."""

    def __init__(
        self,
        definition: ProcessDefinition,
        operate: Operate,
        now: datetime,
        calendar: Calendar | None,
        data: dict[str, Any],
        done: list[str],
    ) -> None:
        self.definition, self.operate, self.calendar = definition, operate, calendar
        self.data, self.done = data, done
        self.fired: list[str] = []
        self._now = now
        self._seen = set(done)

    def now(self) -> datetime:
        return self._now

    def due(self, process: str, node: str) -> datetime:
        timer = _source(self.definition, process).nodes[node].timer
        if timer is None:
            raise KeyError(node)
        return durations.due(durations.for_case(timer, self.data), self._now, self.calendar)

    def choose(self, process: str, gateway: str) -> str:
        source = _source(self.definition, process)
        node = source.nodes[gateway]
        holding = [
            flow
            for flow in source.outgoing(gateway)
            if flow.id != node.default
            and flow.condition
            and compile_condition(flow.condition).holds(self.data, flow.condition_place)
        ]
        if len(holding) > 1:
            raise _undecided("lebih_dari_satu_alur", node, holding)
        if holding:
            return holding[0].id
        if not node.default:
            raise _undecided("tidak_ada_alur", node, [])
        return node.default

    def perform(self, process: str, node: str) -> None:
        task = _source(self.definition, process).nodes[node]
        attributes = dict(task.attributes)
        if task.kind == "businessRuleTask":
            operation = "evaluate" if attributes["decision"] == "kasus" else "decide"
        else:
            operation = attributes["operation"]
        given = {**self.data, "_task": {"id": node, "name": task.name, "process": process, **attributes}}
        self.data |= plain(self.operate(operation, given) or {})

    def passed(self, process: str, node: str, flow: str | None) -> None:
        source = _source(self.definition, process)
        taken = [flow] if flow else [way.id for way in source.outgoing(node)]
        prefix = "" if process == self.definition.id else f"{process}:"
        for name in (node, *taken):
            if (known := prefix + name) not in self._seen:
                self._seen.add(known)
                self.done.append(known)
        if source.nodes[node].timer:
            self.fired.append(node)


def _source(definition: ProcessDefinition, process: str) -> ProcessSource:
    return definition.main if process == definition.id else definition.called[process]


def _undecided(code: str, node: Node, holding: list[Flow]) -> RuleError:
    names = ", ".join(flow.condition or flow.id for flow in holding)
    several = bool(holding)
    return RuleError(
        code,
        f"di gateway “{node.name or node.id}” "
        + (f"lebih dari satu syarat berlaku: {names}" if several else "tidak ada syarat yang berlaku"),
        f'at the gateway "{node.name or node.id}" '
        + (f"more than one condition holds: {names}" if several else "no condition holds"),
        place=node.place,
        remedy_id="buat syarat-syaratnya saling lepas, atau tandai alur baku",
        remedy_en="make the conditions exclude each other, or mark a default flow",
    )


def _with_state(step: Step, state: str) -> Step:
    return Step(state, step.ready, step.finished, step.data, step.done, step.timers, step.fired)


@lru_cache(maxsize=64)
def _program(definition: ProcessDefinition) -> Program:
    """The parsed specs, once a definition (definitions compare by identity and are kept by their owners)."""
    return Program(definition.id, [source.xml for source in definition.sources()])
