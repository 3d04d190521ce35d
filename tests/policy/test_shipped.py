"""The shipped rules: clean, proved in time, and every fault seeded into a table is found."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from kinerja.core.errors import KinerjaError
from kinerja.feel.syntax import Compare, Node, NumberLiteral, Range, UnaryTests
from kinerja.policy import Policy, admit_given, check_policy
from kinerja.policy.model import Cell, Decision, HitPolicy, Row, Table
from kinerja.policy.proof import prove_policy
from kinerja.policy.proof.concrete import evaluate, world_on
from kinerja.policy.proof.conditions import NotSimple
from kinerja.policy.proof.grid import check_rows, lay_out
from kinerja.policy.walk import rewrite

RULES = Path(__file__).parents[2] / "rules"


@pytest.fixture(scope="module")
def policy() -> Policy:
    report = check_policy(RULES)
    assert [found.line("en") for found in report.errors] == []
    assert report.policy is not None
    return report.policy


def test_the_shipped_rules_have_no_warnings() -> None:
    assert [found.line("en") for found in check_policy(RULES).diagnostics if found.severity != "notice"] == []


def test_the_shipped_rules_are_proved_in_ten_seconds(policy: Policy) -> None:
    begun = time.perf_counter()
    report = prove_policy(policy)
    assert [found.line("en") for found in report.findings] == []
    assert report.proved
    assert time.perf_counter() - begun < 10


# ── seeded faults ─────────────────────────────────────────────────────────────────────────────────────────────────────
def widened(tests: UnaryTests) -> UnaryTests:
    """Ranges closed at both ends, strict comparisons made to include their operand; a list of words made "anything"."""
    if all(isinstance(one.expression, Range | Compare) for one in tests.alternatives) and tests.alternatives:
        changed = []
        for one in tests.alternatives:
            node: Any = one.expression
            if isinstance(node, Range):
                node = replace(node, low_closed=node.low is not None, high_closed=node.high is not None)
            else:
                node = replace(node, operator={"<": "<=", ">": ">="}.get(node.operator, node.operator))
            changed.append(replace(one, expression=node))
        return replace(tests, alternatives=tuple(changed))
    return UnaryTests()


def shifted(tests: UnaryTests, step: Fraction) -> UnaryTests:
    literals: dict[Node, Node] = {}
    for one in tests.alternatives:
        for node in (
            one.expression,
            getattr(one.expression, "low", None),
            getattr(one.expression, "high", None),
            getattr(one.expression, "operand", None),
        ):
            if isinstance(node, NumberLiteral):
                literals[node] = NumberLiteral(node.value + step)
    result: UnaryTests = rewrite(tests, literals)
    return result


def faults(table: Table) -> Iterator[tuple[str, tuple[Row, ...]]]:
    rows = table.rows
    for i, row in enumerate(rows):
        yield f"remove {row.id}", (*rows[:i], *rows[i + 1 :])
        yield f"duplicate {row.id}", (*rows, replace(row, id=row.id + "'"))
        other = rows[(i + 1) % len(rows)]
        if other.outputs != row.outputs:
            swapped = [replace(r, outputs=other.outputs if r is row else row.outputs) if r in (row, other) else r for r in rows]
            yield f"swap {row.id}", tuple(swapped)
        for j, (cell, type_) in enumerate(zip(row.cells, table.column_types, strict=True)):
            step = Fraction(1, 10**type_.scale)
            for name, tests in (
                ("widen", widened(cell.tests)),
                ("shift", shifted(cell.tests, step)),
                ("shift back", shifted(cell.tests, -step)),
            ):
                if tests != cell.tests:
                    changed = replace(row, cells=(*row.cells[:j], Cell(cell.text, tests, cell.place), *row.cells[j + 1 :]))
                    yield f"{name} {row.id} column {j + 1}", (*rows[:i], changed, *rows[i + 1 :])


def answer(policy: Policy, decision: Decision, case: dict[str, Any], world: dict[str, Any]) -> Any:
    try:
        return evaluate(policy, decision, case, world)
    except KinerjaError as error:
        return error.code


def found_by_proof(policy: Policy, decision: Decision, world: dict[str, Any]) -> bool:
    """A table whose cells compare inputs with one another has no grid: its cases alone must find the fault."""
    try:
        return bool(check_rows(lay_out(policy, decision, world)).findings)
    except NotSimple:
        return False


def found_by_case(policy: Policy, decision: Decision, world: dict[str, Any]) -> bool:
    for example in decision.examples:
        try:
            given = admit_given(policy, decision, example.given)
        except KinerjaError:
            continue
        got = answer(policy, decision, given, world)
        if example.error is not None:
            if got != example.error:
                return True
        elif not isinstance(got, dict) or any(got[name] != value for name, value in example.expect.items()):
            return True
    return False


def same_meaning(policy: Policy, before: Decision, after: Decision, world: dict[str, Any]) -> bool:
    """No case of either grid is answered differently; without a grid, none of those about a few numbers and each other."""
    inputs = {given.name for given in before.inputs}
    try:
        found = [case for decision in (before, after) for case, _ in lay_out(policy, decision, world).cases()]
    except NotSimple:
        found = list(neighbours(before))
    return all(answer(policy, before, case, world) == answer(policy, after, case, world) for case in found if set(case) <= inputs)


def neighbours(decision: Decision) -> Iterator[dict[str, Any]]:
    """Every combination of the words of each input, and of numbers that are equal, next to and far from one another."""
    choices: list[tuple[Any, ...]] = []
    for given in decision.inputs:
        assert given.type is not None
        step = Fraction(1, 10 ** (given.type.scale or 0))
        choices.append(given.type.values or (Fraction(80), 80 + step, Fraction(90)))
    for values in product(*choices):
        yield dict(zip((given.name for given in decision.inputs), values, strict=True))


@pytest.mark.slow
def test_every_seeded_fault_is_found(policy: Policy) -> None:
    missed: list[str] = []
    seeded = 0
    for name in policy.order:
        for decision in policy.decisions[name]:
            if not isinstance(decision.logic, Table):
                continue
            world = world_on(policy, decision.effective.last or date(2026, 6, 30))
            assert decision.logic.hit in (HitPolicy.UNIQUE, HitPolicy.ANY) or decision.examples
            for what, rows in faults(decision.logic):
                seeded += 1
                broken = replace(decision, logic=replace(decision.logic, rows=rows))
                if found_by_proof(policy, broken, world) or found_by_case(policy, broken, world):
                    continue
                if not same_meaning(policy, decision, broken, world):
                    missed.append(what)
    assert missed == []
    assert seeded > 300
