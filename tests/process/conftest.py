"""Definitions and machines that the process tests share. Every machine here is restored from text before each step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kinerja.core.clock import JAKARTA, FixedClock
from kinerja.process import Calendar, Machine, ProcessDefinition, Step, load_calendar, load_process

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(__file__).parent / "data"
OPERATIONS = ("evaluate", "issue_letter", "notify", "compute_pay", "close_pay", "follow_up", "publish_release", "refuse_release")
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=JAKARTA)
Answers = Mapping[str, Mapping[str, Any]]


class Case:
    """One case driven as a service drives it: only the state text survives between steps."""

    def __init__(self, definition: ProcessDefinition, calendar: Calendar | None, results: Mapping[str, Any]) -> None:
        self.definition, self.calendar, self.results = definition, calendar, dict(results)
        self.clock = FixedClock(MONDAY)
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.step: Step | None = None

    def operate(self, name: str, data: dict[str, Any]) -> Mapping[str, Any]:
        self.calls.append((name, data))
        answer = self.results.get(name, {})
        return answer(data) if callable(answer) else answer

    @property
    def machine(self) -> Machine:
        return Machine(self.definition, self.operate, self.clock, self.calendar)

    @property
    def now(self) -> Step:
        assert self.step is not None
        return self.step

    def start(self, **data: Any) -> Step:
        self.step = self.machine.start(data)
        return self.step

    def do(self, task: str, **answers: Any) -> Step:
        ready = next(entry for entry in self.now.ready if entry.task == task)
        self.step = self.machine.complete(self.now.state, ready.id, answers)
        return self.step

    def refresh(self) -> Step:
        self.step = self.machine.refresh(self.now.state)
        return self.step

    @property
    def waiting(self) -> tuple[str, ...]:
        return self.now.current


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    return load_calendar(ROOT / "config" / "calendars")


@pytest.fixture(scope="session")
def appraisal() -> ProcessDefinition:
    return load_process(ROOT / "workflows" / "penilaian-kinerja", OPERATIONS)


@pytest.fixture(scope="session")
def permit() -> ProcessDefinition:
    return load_process(DATA / "izin", OPERATIONS)


@pytest.fixture(scope="session")
def parallel() -> ProcessDefinition:
    return load_process(DATA / "paralel", OPERATIONS)


@pytest.fixture
def case(calendar: Calendar) -> Callable[..., Case]:
    def build(definition: ProcessDefinition, **results: Any) -> Case:
        return Case(definition, calendar, results)

    return build


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def nested() -> ProcessDefinition:
    return load_process(DATA / "bersarang", OPERATIONS)
