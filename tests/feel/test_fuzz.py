"""Whatever the text, the language answers with a value or with an error of its own, soon. Set KINERJA_FUZZ for more examples."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kinerja.feel import (
    STANDARD,
    STRICT,
    FeelError,
    compile_expression,
    compile_tests,
    infer,
    infer_tests,
    names_used,
    parse_expression,
    parse_tests,
)
from kinerja.feel.conformance import has_type
from kinerja.feel.errors import LIMIT
from kinerja.feel.types import ANY, DATE, NULL, NUMBER, STRING, context_of, list_of

from .grammar import NAMES, cells, expressions, noise

EXAMPLES = int(os.environ.get("KINERJA_FUZZ", "300"))
SCOPE: dict[str, Any] = {
    "x": Fraction(7, 2),
    "nilai kerja": 80,
    "daftar": [3, 1, None, 2],
    "orang": [{"a": 1, "b c": "ya", "nilai": 80}, {"a": 2, "b c": "tidak", "nilai": None}],
    "tanggal": date(2026, 1, 31),
    "kosong": None,
}
fuzz = settings(max_examples=EXAMPLES, deadline=10_000, suppress_health_check=list(HealthCheck))


def error_of(call: Callable[[], Any]) -> FeelError | None:
    """The language's own error that a call ends in, if it does; any other exception goes through."""
    try:
        call()
    except FeelError as error:
        return error
    return None


def check(text: str) -> None:
    unreadable = error_of(lambda: parse_expression(text, NAMES))
    if unreadable is not None:
        assert unreadable.span is not None
        assert 0 <= unreadable.span.start <= unreadable.span.end <= len(text)
        return
    node = parse_expression(text, NAMES)
    _, errors = infer(node, dict.fromkeys(SCOPE, ANY))
    assert all(error.span is not None for error in errors)
    assert isinstance(names_used(node), set)
    error_of(lambda: compile_expression(node, STRICT)(SCOPE))
    lenient = error_of(lambda: compile_expression(node, STANDARD)(SCOPE))
    assert lenient is None or lenient.code == LIMIT  # standard mode has null for everything else


@fuzz
@given(expressions)
def test_expressions_never_crash(text: str) -> None:
    check(text)


@fuzz
@given(noise)
def test_noise_never_crashes(text: str) -> None:
    check(text)


@pytest.mark.slow
@fuzz
@given(cells, st.sampled_from([None, 5, "a", True, date(2026, 1, 1), [1, 2], {"a": 1}]))
def test_cells_never_crash(text: str, value: Any) -> None:
    if error_of(lambda: parse_tests(text, NAMES)) is not None:
        return
    tests = parse_tests(text, NAMES)
    assert isinstance(infer_tests(tests, NUMBER, dict.fromkeys(SCOPE, ANY)), list)
    error_of(lambda: compile_tests(tests, STRICT)(value, SCOPE))
    lenient = error_of(lambda: compile_tests(tests, STANDARD)(value, SCOPE))
    assert lenient is None or lenient.code == LIMIT


@pytest.mark.slow
@settings(max_examples=int(os.environ.get("KINERJA_FUZZ", "1500")), deadline=20_000, suppress_health_check=list(HealthCheck))
@given(expressions)
def test_many_expressions_never_crash(text: str) -> None:
    check(text)


TYPES = {
    "x": NUMBER,
    "nilai kerja": NUMBER,
    "daftar": list_of(NUMBER),
    "orang": list_of(context_of({"a": NUMBER, "b c": STRING, "nilai": NUMBER})),
    "tanggal": DATE,
    "kosong": NULL,
}


@fuzz
@given(expressions)
def test_a_value_is_of_the_type_inferred_for_it(text: str) -> None:
    if error_of(lambda: parse_expression(text, NAMES)) is not None:
        return
    node = parse_expression(text, NAMES)
    type_, errors = infer(node, TYPES)
    if errors or error_of(lambda: compile_expression(node, STRICT)(SCOPE)) is not None:
        return
    value = STRICT.adopt(compile_expression(node, STRICT)(SCOPE))
    assert has_type(value, type_), f"{value!r} is no {type_}"
