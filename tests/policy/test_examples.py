"""Running worked cases: what passes, what fails and why, which rows nobody hits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from kinerja.core.errors import RuleError
from kinerja.core.findings import Finding, Outcome, Release
from kinerja.policy import Policy, run_examples

from .conftest import POTONGAN, Rules


def decide(name: str, given: Mapping[str, Any], on: date | None) -> Finding:
    """`potongan` worked by hand; three hours and more are refused."""
    minutes = given["terlambat"]
    if minutes >= 180:
        raise RuleError("terlalu_lambat", "terlalu lambat", "too late")
    row, percent = (1, Fraction(0)) if minutes == 0 else (2, Fraction(1, 2)) if minutes <= 30 else (3, Fraction(5, 4))
    return Finding(Outcome({"persen": percent}, {}, ((name, "", (f"{name}#{row}",)),)), (), Release("x"))


CASES = """cases:
  - {given: {terlambat: 0}, expect: {persen: 0}}
  - {given: {terlambat: 31}, expect: {persen: 1.25}}
  - {given: {terlambat: 31}, expect: {persen: 0.5}}
  - {given: {terlambat: 200}, expect: {persen: 1}}
  - {given: {terlambat: 200}, error: terlalu_lambat}
  - {given: {terlambat: 20}, error: terlalu_lambat}
"""


@pytest.fixture
def policy(rules: Rules) -> Policy:
    rules.write(
        "decisions/potongan.yaml",
        POTONGAN + "requires:\n  - {code: terlalu_lambat, that: terlambat < 180, id: x, en: x}\n" + CASES,
    )
    found = rules.check().policy
    assert found is not None
    return found


def test_each_case_is_judged(policy: Policy) -> None:
    run = run_examples(policy, decide, ["potongan"])
    assert [result.passed for result in run.results] == [True, True, False, False, True, False]
    reasons = [result.why_en for result in run.failed]
    assert reasons[0] == "persen expected 0.5, got 1.25"
    assert reasons[1].startswith("expected persen = 1, got terlalu_lambat")
    assert reasons[2] == "expected the error terlalu_lambat, got persen = 0.5"
    assert [found.diagnostic().code for found in run.failed] == ["R081"] * 3
    assert [found.diagnostic().place.line for found in run.failed] == [21, 22, 24]


def test_rows_that_no_case_hits_are_named(policy: Policy) -> None:
    run = run_examples(policy, lambda *args: decide("potongan", {"terlambat": 0}, None), ["potongan"])
    assert [(found.code, found.place.line) for found in run.unhit] == [("R075", 13), ("R075", 14)]
    assert run_examples(policy, decide, ["potongan"]).unhit == ()


def test_a_case_is_judged_on_the_last_day_of_its_version(policy: Policy, rules: Rules) -> None:
    rules.change("decisions/potongan.yaml", "{from: 2022-01-01}", "{from: 2022-01-01, to: 2024-12-31}")
    rules.change("decisions/potongan.yaml", "{given: {terlambat: 31}, expect", "{on: 2023-05-05, given: {terlambat: 31}, expect")
    rules.write("decisions/potongan-2025.yaml", POTONGAN.replace("{from: 2022-01-01}", "{from: 2025-01-01}"))
    changed = rules.check().policy
    assert changed is not None
    days: list[date | None] = []

    def note(name: str, given: Mapping[str, Any], on: date | None) -> Finding:
        days.append(on)
        return decide(name, given, on)

    run_examples(changed, note, ["potongan"])
    assert days[:2] == [date(2024, 12, 31), date(2023, 5, 5)]
