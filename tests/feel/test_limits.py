"""No expression fills the memory or hangs: sizes, steps and depth are bounded, in either dialect."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from kinerja.feel import FeelError

Run = Callable[..., Any]

_DOUBLING = ", ".join(f"x{n}: [x{n - 1}, x{n - 1}]" for n in range(1, 60))
_TEXTS = ", ".join(f"x{n}: x{n - 1} + x{n - 1}" for n in range(1, 60))


def _stopped(run: Run, text: str) -> None:
    begun = time.perf_counter()
    with pytest.raises(FeelError) as caught:
        run(text)
    assert caught.value.code == "batas_terlampaui"
    assert time.perf_counter() - begun < 20


@pytest.mark.parametrize(
    "text",
    [
        "for i in 1..1000000000 return i",
        f"{{x0: [1], {_DOUBLING}, y: flatten(x59)}}.y",
        f'{{x0: "abcdefgh", {_TEXTS}}}',
        "{f: function(f, n) f(f, n + 1), y: f(f, 0)}.y",
    ],
)
def test_what_grows_without_bound_is_stopped(strict: Run, standard: Run, text: str) -> None:
    _stopped(strict, text)
    _stopped(standard, text)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "for i in 1..1000, j in 1..1000, k in 1..1000 return i",
        "count(for i in 1..150000 return for j in 1..150000 return j)",
        "some i in 1..100000 satisfies some j in 1..100000 satisfies false",
        f"{{x0: [1], {_DOUBLING}, y: string(x59)}}.y",
        f"{{x0: [1], {_DOUBLING}, z0: [1], {_DOUBLING.replace('x', 'z')}, y: x59 = z59}}.y",
        "sort(for i in 1..200000 return modulo(i * 7919, 10007), function(a, b) a < b)",
        f"for i in 1..100000 return {' + '.join(['i'] * 200)}",
    ],
)
def test_what_takes_too_long_is_stopped(strict: Run, text: str) -> None:
    _stopped(strict, text)


def test_numbers_stay_within_bounds(strict: Run, standard: Run) -> None:
    _stopped(strict, "9 ** 9 ** 9 ** 9 ** 9")
    _stopped(strict, "1e6000 * 1e6000")
    assert standard("1e6000 * 1e6000") is None
    assert standard("9 ** 9 ** 9 ** 9 ** 9 ** 9") is None


@pytest.mark.slow
def test_the_budget_is_given_anew_to_each_evaluation(strict: Run) -> None:
    for _ in range(3):
        assert strict("count(for i in 1..150000 return i)") == 150_000


def test_deep_trees_and_values_end_in_an_error_of_the_language(standard: Run) -> None:
    deep = "if true then " * 90 + "1" + " else 0" * 90
    assert standard(deep) == 1
    _stopped(standard, "string(for i in 1..5000 return [partial[-1]])")


def test_a_context_of_too_many_keys_is_refused(standard: Run) -> None:
    _stopped(standard, "{" + ", ".join(f"k{n}: {n}" for n in range(2000)) + "}")


def test_a_range_in_a_long_text_is_refused_soon(standard: Run) -> None:
    begun = time.perf_counter()
    assert standard("range(x)", {"x": "[" + ".." * 200_000}) is None
    assert time.perf_counter() - begun < 5
