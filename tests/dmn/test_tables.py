"""Decision tables: every hit policy, defaults, several outputs."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Decide, decision, input_data, table

RULES = ['> 0 | "a"', '> 5 | "b"', '> 5 | "c"', '> 50 | "a"']


@pytest.mark.parametrize(
    ("hit", "x", "expected"),
    [
        ("UNIQUE", 1, "a"),
        ("UNIQUE", 6, None),
        ("UNIQUE", -1, None),
        ("FIRST", 6, "a"),
        ("ANY", 1, "a"),
        ("ANY", 6, None),
        ("PRIORITY", 6, "c"),
        ("PRIORITY", 1, "a"),
        ("RULE ORDER", 6, ["a", "b", "c"]),
        ("OUTPUT ORDER", 60, ["c", "b", "a", "a"]),
        ("COLLECT", 6, ["a", "b", "c"]),
        ("COLLECT", -1, []),
    ],
)
def test_hit_policies(decide: Decide, hit: str, x: int, expected: Any) -> None:
    logic = table(hit, "x", "y", RULES, values='"c", "b", "a"')
    assert decide(input_data("x", "number") + decision(logic, needs="x"), {"x": x}) == expected


@pytest.mark.parametrize(
    ("aggregation", "x", "expected"),
    [("SUM", 6, 6), ("MIN", 6, 1), ("MAX", 6, 3), ("COUNT", 6, 3), ("COUNT", -1, 0), ("SUM", -1, None)],
)
def test_aggregation(decide: Decide, aggregation: str, x: int, expected: Any) -> None:
    logic = table("COLLECT", "x", "y", ["> 0 | 1", "> 5 | 2", "> 5 | 3"], aggregation=aggregation)
    assert decide(input_data("x", "number") + decision(logic, needs="x"), {"x": x}) == expected


def test_any_accepts_rules_that_agree(decide: Decide) -> None:
    logic = table("ANY", "x", "y", ["> 0 | 1 + 1", "> 5 | 2"])
    assert decide(input_data("x", "number") + decision(logic, needs="x"), {"x": 6}) == 2


def test_several_outputs_make_a_context(decide: Decide) -> None:
    logic = table("UNIQUE", "x", "huruf angka", ['<= 5 | "a" | 1', '> 5 | "b" | x * 2'])
    model = input_data("x", "number") + decision(logic, needs="x")
    assert decide(model, {"x": 6}) == {"huruf": "b", "angka": 12}
    assert decide(model, {"x": None}) is None


def test_priority_goes_by_the_first_output_then_the_next(decide: Decide) -> None:
    logic = table("OUTPUT ORDER", "x", "p q", ["> 0 | 1 | 1", "> 0 | 2 | 1", "> 0 | 2 | 2"], values="2, 1")
    expected = [{"p": 2, "q": 2}, {"p": 2, "q": 1}, {"p": 1, "q": 1}]
    assert decide(input_data("x", "number") + decision(logic, needs="x"), {"x": 1}) == expected


def test_the_default_stands_in_when_no_rule_matches(decide: Decide) -> None:
    logic = table("UNIQUE", "x", "y", ['> 0 | "a"'], otherwise='"lain"')
    assert decide(input_data("x", "number") + decision(logic, needs="x"), {"x": -1}) == "lain"


def test_an_input_outside_its_values_gives_null(decide: Decide) -> None:
    logic = table("FIRST", "x", "y", ['- | "ya"']).replace(
        "</inputExpression>", "</inputExpression><inputValues><text>1, 2</text></inputValues>"
    )
    model = input_data("x", "number") + decision(logic, needs="x")
    assert decide(model, {"x": 2}) == "ya"
    assert decide(model, {"x": 3}) is None


def test_cells_see_names_and_the_tested_value(decide: Decide) -> None:
    logic = table(
        "FIRST", "s", "y", ['starts with(?, batas) | "awal"', 'contains(?, "z") | "z"', '"q", "r" | "qr"', 'not("m") | "bukan m"']
    )
    model = input_data("s", "string") + input_data("batas") + decision(logic, needs="s batas")
    assert [decide(model, {"s": s, "batas": "ab"}) for s in ("abc", "xz", "r", "n", "m")] == ["awal", "z", "qr", "bukan m", None]


def test_the_order_of_allowed_values_is_the_order_of_priority(decide: Decide) -> None:
    item = '<itemDefinition name="tHuruf"><typeRef>string</typeRef><allowedValues><text>"c", "b", "a"</text></allowedValues>'
    item += "</itemDefinition>"
    logic = table("PRIORITY", "x", "y", RULES).replace('<output name="y">', '<output name="y" typeRef="tHuruf">')
    assert decide(item + input_data("x", "number") + decision(logic, needs="x"), {"x": 6}) == "c"
