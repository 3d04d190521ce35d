"""The prover against brute force: random small decisions, every legal case enumerated with FEEL."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction
from typing import Any

import pytest

from kinerja.core.errors import KinerjaError
from kinerja.core.numbers import terminates_within
from kinerja.policy import Policy
from kinerja.policy.model import Decision
from kinerja.policy.proof import prove_policy
from kinerja.policy.proof.concrete import evaluate

from .conftest import AUTHORITY, Rules

A = [Fraction(n, 10) for n in range(-25, 26)]
B = [Fraction(n) for n in range(5)]
E = ["merah", "hijau", None]


def number(chance: random.Random, depth: int) -> str:
    """A number expression over a (one decimal), b (whole) and e (a word or null)."""
    if depth == 0:
        return chance.choice(["a", "b", "1", "2.5", "-3", "0"])
    one, two = number(chance, depth - 1), number(chance, depth - 1)
    return chance.choice(
        [
            f"({one} + {two})",
            f"({one} - {two})",
            f"({one} * {chance.choice(['2', '-0.5', 'b'])})",
            f"({one} / {chance.choice(['2', '4', 'b', '(b + 1)'])})",
            f"min({one}, {two})",
            f"max({one}, {two})",
            f"abs({one})",
            f"round half up({one}, {chance.choice('01')})",
            f"round half down({one}, {chance.choice('01')})",
            f"round up({one}, 0)",
            f"round down({one}, 0)",
            f"floor({one})",
            f"ceiling({one})",
            f"(if {truth(chance, depth - 1)} then {one} else {two})",
        ]
    )


def truth(chance: random.Random, depth: int) -> str:
    one, two = number(chance, depth), number(chance, depth)
    return chance.choice(
        [
            f"{one} {chance.choice(['<', '<=', '>', '>=', '=', '!='])} {two}",
            f"a in ({chance.choice(['[0..1]', '< 0', '(1..2)'])})",
            "e = null",
            'e != null and e = "merah"',
            'if e = null then false else e = "hijau"',
            f"b between 1 and 3 or {one} > 1",
        ]
    )


def cases() -> list[dict[str, Any]]:
    return [{"a": a, "b": b, "e": e} for a, b, e in itertools.product(A, B, E)]


def faults(policy: Policy, decision: Decision) -> set[str]:
    """What enumeration finds wrong: "error", "range", "scale"."""
    found: set[str] = set()
    output = decision.outputs[0]
    for case in cases():
        try:
            value = evaluate(policy, decision, case, {})[output.name]
        except KinerjaError:
            found.add("error")
            continue
        if output.type.low is not None and output.type.high is not None and not output.type.low <= value <= output.type.high:
            found.add("range")
        elif not terminates_within(value, output.type.scale):
            found.add("scale")
    return found


TYPES = {
    "a": "a: {type: number, scale: 1, range: -2.5..2.5}",
    "b": "b: {type: number, range: 0..4}",
    "e": "e: {values: [merah, hijau], nullable: true}",
}
INPUTS = "{" + ", ".join(TYPES.values()) + "}"


@pytest.mark.parametrize("seed", [seed if seed < 25 else pytest.param(seed, marks=pytest.mark.slow) for seed in range(120)])
def test_formulas(rules: Rules, seed: int) -> None:
    chance = random.Random(seed)
    formula = number(chance, chance.randint(1, 3))
    low, high = sorted((chance.randint(-6, 3), chance.randint(0, 9)))
    output = f"{{y: {{type: number, scale: {chance.randint(0, 3)}, range: {low}..{high}}}}}"
    text = f"title: U\ndecision: uji\n{AUTHORITY}inputs: {INPUTS}\noutputs: {output}\nformula: >-\n  {formula}\n"
    rules.write("decisions/uji.yaml", text)
    policy = rules.check().policy
    assert policy is not None, [found.line("en") for found in rules.check().errors]
    report = prove_policy(policy, ("uji",))
    wrong = faults(policy, policy.decisions["uji"][0])
    assert report.proved == (not wrong) or any(o.status == "unknown" for o in report.obligations), (formula, wrong)
    if not report.proved and not wrong:
        assert all(o.status != "failed" for o in report.obligations), formula


def cell(chance: random.Random, name: str) -> str:
    if name == "e":
        return chance.choice(["-", "merah", "hijau", "null", "not(merah)", "merah, null"])
    legal = range(-2, 3) if name == "a" else range(5)
    low, high = sorted((chance.choice(legal), chance.choice(legal)))
    if low == high:
        return chance.choice(["-", str(low)])
    between = [f"[{low}..{high}]", f"({low}..{high})", f"[{low}..{high})"]
    return chance.choice(["-", str(low), *between, f">= {low}", f"< {high}", f"not({low}, {high})"])


@pytest.mark.slow
@pytest.mark.parametrize("seed", [seed if seed < 40 else pytest.param(seed, marks=pytest.mark.slow) for seed in range(200)])
def test_tables(rules: Rules, seed: int) -> None:
    chance = random.Random(seed)
    columns = chance.sample(["a", "b", "e"], chance.randint(1, 3))
    rows = [[cell(chance, name) for name in columns] + [str(n)] for n in range(chance.randint(1, 4))]
    grid = "\n".join("  | " + " | ".join(row) + " |" for row in ([*columns, "y"], *rows))
    inputs = "{" + ", ".join(TYPES[name] for name in columns) + "}"
    text = (
        f"title: U\ndecision: uji\n{AUTHORITY}inputs: {inputs}\noutputs: {{y: {{type: number, range: 0..9}}}}\ntable: |\n{grid}\n"
    )
    rules.write("decisions/uji.yaml", text)
    policy = rules.check().policy
    assert policy is not None, [found.line("en") for found in rules.check().errors]
    report = prove_policy(policy, ("uji",))
    decision = policy.decisions["uji"][0]
    errors = set()
    for case in cases():
        try:
            evaluate(policy, decision, {name: case[name] for name in columns}, {})
        except KinerjaError as error:
            errors.add(error.code)
    found = {finding.code for finding in report.findings}
    assert ("P101" in found) == ("tidak_ada_baris" in errors), grid
    assert ("P102" in found) == ("lebih_dari_satu_baris" in errors), grid
    assert all(obligation.status != "unknown" for obligation in report.obligations)
