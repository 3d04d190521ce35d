"""The standard dialect: 34 digits, three-valued logic, null for errors, implicit conversions."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.mark.parametrize(
    "text",
    [
        "1 + null",
        "1 / 0",
        '"a" < 1',
        '1 = "1"',
        "tidak ada",
        "{a: 1}.b",
        "[1, 2][3]",
        "min([])",
        "sum([])",
        'date("2026-02-30")',
        "true and null",
        "null or false",
        "not(null)",
        "1(2)",
        "for i in null return i",
        "sqrt(-1)",
        "abs(n: 1, m: 2)",
        'number("1,000")',
        "[1..3].tengah",
        '5 in ["a".."z"]',
    ],
)
def test_errors_are_null(standard: Run, text: str) -> None:
    assert standard(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("false and null", False),
        ("true or null", True),
        ('false and "x"', False),
        ("1 / 3", Decimal("0." + "3" * 34)),
        ("2 / 3", Decimal("0." + "6" * 33 + "7")),
        ("sqrt(16)", Decimal(4)),
        ("[1, 2, 3][item > 1]", [Decimal(2), Decimal(3)]),
        ("[1, 2, 3][-1]", Decimal(3)),
        ("5[1]", Decimal(5)),
        ('upper case(["a"])', "A"),
        ("sum(1, 2, 3)", Decimal(6)),
        ("[{a: 1}, {b: 2}].a", [Decimal(1), None]),
        ("1 in [2, 3, 1]", True),
        ("1 in ([2..4], [1..3])", True),
        ("(< 10) = (< 10)", True),
        ("[1..10].end", Decimal(10)),
        ("1 instance of number", True),
        ("[1, 2] instance of list<number>", True),
        ('{a: "x"} instance of context<a: string>', True),
        ("(function(a: number) a) instance of function<number> -> Any", True),
        ('string({a: "x", b: [1, null]})', '{a: "x", b: [1, null]}'),
        ("string(0.10)", "0.1"),
        ('{"b c": 1}.b c', Decimal(1)),
        ("(function(x, y) x - y)(y: 1, x: 3)", Decimal(2)),
        ('range("(1..5]").start included', False),
        ('context put({a: {b: 1}}, ["a", "b"], 2)', {"a": {"b": Decimal(2)}}),
        ("// komentar\n1 /* dan */ + 1", Decimal(2)),
        ("{f: function(n) n * 2, g: f(4)}.g", Decimal(8)),
        ("list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5)", [Decimal(5), Decimal(5), Decimal(7), Decimal(8)]),
        ('string join(["a", null, "c"], "-")', "a-c"),
        ("if null then 1 else 2", Decimal(2)),
        ("for i in 1..3 return [partial]", [[[]], [[[[]]]], [[[[]], [[[[]]]]]]]),
        ("for i in 1..5000 return if i = 1 then 1 else partial[-1] + 1", [Decimal(n) for n in range(1, 5001)]),
        ("for i in 1..4 return if i = 1 then 1 else sum(partial)", [Decimal(1), Decimal(1), Decimal(2), Decimal(4)]),
        ("for i in 1..2, j in 1..2 return count(partial)", [Decimal(0), Decimal(1), Decimal(2), Decimal(3)]),
        ("[{item: 1}, {item: 3}][item > 2]", [{"item": Decimal(3)}]),
        ('number("1.000,5", ".", ",")', Decimal("1000.5")),
        ("mode([6, 3, 9, 6, 6, 3, 3])", [Decimal(3), Decimal(6)]),
        ("median(8, 2, 5, 3)", Decimal(4)),
        ("union([1, 2], [2, 3])", [Decimal(1), Decimal(2), Decimal(3)]),
        ('distinct values([1, 1.0, "a", null, null])', [Decimal(1), "a", None]),
        ("flatten([[1, [2]], 3])", [Decimal(1), Decimal(2), Decimal(3)]),
        ('"\\uD83D\\uDC0E" = "\\U01F40E"', True),
        ('string length("🐎")', Decimal(1)),
    ],
)
def test_values(standard: Run, text: str, value: Any) -> None:
    assert standard(text) == value


def test_four_months_of_half_pay_shows_why_rules_are_exact(standard: Run, strict: Run) -> None:
    text = "round half up(4 / 12 * 0.5 * 3.75, 2)"
    assert standard(text) == Decimal("0.62")
    assert strict(text) * 100 == 63
