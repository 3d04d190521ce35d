"""Memory over many cases and many releases stays where it was."""

from __future__ import annotations

import resource
from datetime import date
from fractions import Fraction

import pytest

from kinerja.engine.rete import machine as machine_module
from kinerja.engine.rete.machine import Machine
from kinerja.policy import Policy

pytestmark = pytest.mark.slow
MEGABYTE = 1024  # ru_maxrss counts kilobytes on Linux


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE


def test_many_cases_do_not_grow(policy: Policy) -> None:
    machine = Machine(policy)
    given = {"x": 7000}
    for _ in range(2_000):
        machine.decide("pita", None, given)
    before = peak()
    for number in range(30_000):
        machine.decide("pita", None, {"x": number % 40_000})
    assert peak() - before < 20
    machine.close()


def test_many_releases_do_not_grow(policy: Policy) -> None:
    """Rulesets of releases that are no longer asked for are freed."""
    for _ in range(20):
        _one_release(policy)
    before = peak()
    for _ in range(200):
        _one_release(policy)
    assert peak() - before < 25


def _one_release(policy: Policy) -> None:
    machine = Machine(policy)
    for name in ("pita", "kosong", "urut_hasil"):
        machine.decide(name, date(2026, 1, 1), {"x": 7000, "y": None, "teks": "Baik"})
    machine.close()


def test_rulesets_in_use_are_bounded(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_module, "MAX_RULESETS", 3)
    machine = Machine(policy)
    for name in ("pita", "kosong", "pertama", "jumlah", "hitung"):
        machine.decide(name, None, {"x": int(Fraction(10)), "y": None, "teks": "Baik"})
    assert len(machine._rulesets) == 3
    assert machine.decide("pita", None, {"x": 7000}).values["pita"] == [("tengah",)]  # type: ignore[union-attr]
    machine.close()
