"""Whatever the text, the language answers with a value or with an error of its own, soon. Set KINERJA_FUZZ for more examples."""

from __future__ import annotations

import os
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
from kinerja.feel.errors import LIMIT
from kinerja.feel.types import ANY, NUMBER

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


def check(text: str) -> None:
    try:
        node = parse_expression(text, NAMES)
    except FeelError as error:
        assert error.span is not None
        assert 0 <= error.span.start <= error.span.end <= len(text)
        return
    _, errors = infer(node, dict.fromkeys(SCOPE, ANY))
    assert all(error.span is not None for error in errors)
    assert isinstance(names_used(node), set)
    try:
        compile_expression(node, STRICT)(SCOPE)
    except FeelError as error:
        assert error.code
    try:
        compile_expression(node, STANDARD)(SCOPE)
    except FeelError as error:
        assert error.code == LIMIT  # standard mode has null for everything else


@fuzz
@given(expressions)
def test_expressions_never_crash(text: str) -> None:
    check(text)


@fuzz
@given(noise)
def test_noise_never_crashes(text: str) -> None:
    check(text)


@fuzz
@given(cells, st.sampled_from([None, 5, "a", True, date(2026, 1, 1), [1, 2], {"a": 1}]))
def test_cells_never_crash(text: str, value: Any) -> None:
    try:
        tests = parse_tests(text, NAMES)
    except FeelError:
        return
    assert isinstance(infer_tests(tests, NUMBER, dict.fromkeys(SCOPE, ANY)), list)
    try:
        assert compile_tests(tests, STRICT)(value, SCOPE) in (True, False)
    except FeelError as error:
        assert error.code
    try:
        assert compile_tests(tests, STANDARD)(value, SCOPE) in (True, False)
    except FeelError as error:
        assert error.code == LIMIT


@pytest.mark.slow
@settings(max_examples=int(os.environ.get("KINERJA_FUZZ", "5000")), deadline=20_000, suppress_health_check=list(HealthCheck))
@given(expressions)
def test_many_expressions_never_crash(text: str) -> None:
    check(text)
