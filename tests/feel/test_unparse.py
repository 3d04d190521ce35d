"""A tree written as source and read again is the same tree."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from kinerja.feel import FeelError, parse_expression, parse_tests
from kinerja.feel.unparse import unparse, unparse_tests

from .grammar import KEYS, NAMES, expressions


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("(1 + 2) * 3", "(1 + 2) * 3"),
        ("1 - (2 - 3)", "1 - (2 - 3)"),
        ("-(2 ** 2)", "-(2 ** 2)"),
        ("-2 ** 2", "-2 ** 2"),
        ("if a then b else c + 1", "if a then b else c + 1"),
        ("(if a then b else c) + 1", "(if a then b else c) + 1"),
        ('x in (< 5, [7..9), "a|b")', 'x in (< 5, [7..9), "a|b")'),
        ("for i in 1..3, j in [i] return {a b: i * j}.a b", 'for i in 1..3, j in [i] return {"a b": i * j}.a b'),
        ("f(x: 1, y: -2)[item > 0]", "f(x: 1, y: -2)[item > 0]"),
        ("some x in y satisfies x = null or not(z)", "some x in y satisfies x = null or not(z)"),
        ("function(a: number, b) a ** b", "function(a: number, b) a ** b"),
        ("x instance of list<number>", "x instance of list<number>"),
        ('@"2026-01-31" between a and b', '@"2026-01-31" between a and b'),
    ],
)
def test_it_is_written_as_people_write_it(text: str, written: str) -> None:
    members = ("a b",)
    tree = parse_expression(text, (), members=members)
    assert unparse(tree) == written
    assert parse_expression(written, (), members=members) == tree


@pytest.mark.parametrize("text", ["-", "5", "[1..5)", "(< 5)", "not(1, 2)", '"A", "B"', "> x, null", "? > 0 and ? < 9"])
def test_cells(text: str) -> None:
    tests = parse_tests(text)
    assert parse_tests(unparse_tests(tests)) == tests


@settings(max_examples=400, deadline=None)
@given(expressions)
def test_what_can_be_read_is_written_so_that_it_reads_the_same(text: str) -> None:
    try:
        tree = parse_expression(text, NAMES, members=KEYS)
    except FeelError:
        return
    assert parse_expression(unparse(tree), NAMES, members=KEYS) == tree
