"""Memory of a city that runs for long: cases by the ten thousands, releases by the hundreds, measured from outside the process.

Counted is what the system says each process holds, after a warm-up: the process that asks, and the rete worker that answers.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from kinerja.core.errors import IncidentError
from kinerja.engine import Engine
from kinerja.policy import load_policy
from kinerja.services.engines import Engines
from kinerja.services.files import materialise, read_folder
from kinerja.services.rulebook.publish import RULE_FILES

from .cases import city_document

DAY = date(2026, 6, 30)


def resident(pid: int) -> float:
    """Megabytes that the process holds in memory."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise AssertionError(f"process {pid} says nothing of its memory")


def held(engine: Engine) -> tuple[float, float]:
    """(asking process, its worker) in megabytes."""
    gc.collect()
    process = engine._worker._process
    assert process is not None
    pid = process._process.pid
    assert pid is not None
    return resident(os.getpid()), resident(pid)


class City:
    """The shipped rules in as many releases as wanted, through the same keeper of engines that a city uses."""

    def __init__(self, rules: Path, folder: Path) -> None:
        self._files, self._folder = read_folder(rules, RULE_FILES), folder
        self._engines = Engines(folder / "mesin")
        self._tariff = "parameters/tarif_kelas.yaml"
        assert "5764000" in self._files[self._tariff]

    def release(self, number: int) -> Engine:
        """A release like no other: the rate of class 6 raised by that many rupiah; one case is decided on it."""
        files = self._files | {self._tariff: self._files[self._tariff].replace("5764000", str(5_764_000 + number))}
        fingerprint = load_policy(materialise(self._folder / f"aturan-{number}", files)).fingerprint
        policy, engine = self._engines.get(fingerprint, files)
        assert policy.fingerprint == fingerprint
        found = self._engines.decide(engine, "tpp_dasar", {"kelas_jabatan": 6}, DAY)
        assert found.outcome.outputs["tpp_dasar"] > 3_000_000
        return engine

    def close(self) -> None:
        self._engines.close()


def documents(count: int, seed: int) -> Iterator[dict[str, Any]]:
    random = Random(seed)
    for _ in range(count):
        yield city_document(random)


def growth(city: City, releases: int, cases: int, note: Callable[[str], None]) -> tuple[float, float]:
    """Megabytes by which each process grew over so many releases and cases, after a tenth of them (200 cases at least)."""
    warm, begun = max(releases // 10, 5), max(cases // 20, 200)
    for number in range(warm):
        engine = city.release(number)
    evaluate(engine, begun, 1)
    main, worker = held(engine)
    note(f"warm: {main:.1f} MB, worker {worker:.1f} MB")
    for number in range(warm, warm + releases):
        engine = city.release(number)
        if number % 50 == 0:
            note(f"release {number}: {held(engine)[0]:.1f} MB")
    note(f"{releases} releases: {held(engine)[0]:.1f} MB, worker {held(engine)[1]:.1f} MB")
    for part in range(10):
        evaluate(engine, cases // 10, 2 + part)
        note(f"{(part + 1) * cases // 10} cases: {held(engine)[0]:.1f} MB, worker {held(engine)[1]:.1f} MB")
    after = held(engine)
    return after[0] - main, after[1] - worker


def evaluate(engine: Engine, count: int, seed: int) -> None:
    for result in engine.evaluate_many(documents(count, seed), DAY):
        assert not isinstance(result, IncidentError), result.details


@pytest.fixture
def shipped(project: Path, tmp_path: Path) -> Iterator[City]:
    city = City(project / "rules", tmp_path)
    yield city
    city.close()


@pytest.mark.slow
def test_fifty_releases_and_ten_thousand_cases_do_not_grow(shipped: City) -> None:
    main, worker = growth(shipped, 50, 10_000, lambda _: None)
    assert main < 15
    assert worker < 15


@pytest.mark.long
def test_five_hundred_releases_and_a_hundred_thousand_cases_grow_by_less_than_fifty_megabytes(
    shipped: City, capsys: pytest.CaptureFixture[str]
) -> None:
    def note(text: str) -> None:
        with capsys.disabled():
            print(text, file=sys.stderr, flush=True)  # of a worker of xdist, only this reaches the terminal

    main, worker = growth(shipped, 500, 100_000, note)
    note(f"grew by {main:.1f} MB, worker by {worker:.1f} MB")
    assert main < 50
    assert worker < 50
