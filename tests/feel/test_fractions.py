"""Fractions read by their slots where this Python keeps them so, and plainly where not: the same numbers either way."""

from __future__ import annotations

import fractions
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from random import Random
from types import ModuleType

import pytest

from kinerja.core.numbers import SLOTS, compared, compared_plainly, keeps_two_slots, ratio
from kinerja.feel.arithmetic import EXACT, Exact, ExactBySlots
from kinerja.feel.errors import FeelError

# The standard library's own source with the slots under other names, as a later Python might have them; then what rules compute.
OTHERWISE = r"""
import sys, types, pathlib
source = pathlib.Path(sys.argv[1]).read_text("utf-8").replace("_numerator", "_n").replace("_denominator", "_d")
module = types.ModuleType("fractions")
sys.modules["fractions"] = module
exec(compile(source, "fractions.py", "exec"), module.__dict__)
from kinerja.core.numbers import SLOTS, display_text
from kinerja.feel import compile_expression, parse_expression
print(SLOTS)
for text in sys.argv[2:]:
    value = compile_expression(parse_expression(text, ()))({})
    print(value if isinstance(value, bool) else display_text(value))
"""
EXPRESSIONS = {
    "1 / 3 + 2 / 6": "2/3",
    "sum([0.1, 1/3, 2]) - mean([1, 2/7])": "188/105",
    "round half up(max(88.305, 2/3) * 100 / 7, 2)": "1261.5",
    "modulo(-7.5, 2) < 1/2 or 3 ** -2 = 1/9": "True",
    "min(5/2, 2.5, 7) >= 2.5": "True",
}


def test_the_slots_of_this_python_are_known() -> None:
    assert keeps_two_slots(Fraction)
    assert isinstance(EXACT, ExactBySlots) is SLOTS


def test_a_fraction_that_is_kept_otherwise_is_noticed() -> None:
    source = Path(str(fractions.__file__)).read_text("utf-8")
    for old, new in (("_numerator", "_n"), ("__slots__ = (", "__slots__ = ('_size', ")):
        module = ModuleType("fractions")
        exec(compile(source.replace(old, new), "fractions.py", "exec"), module.__dict__)
        assert not keeps_two_slots(module.Fraction)


@pytest.mark.parametrize("operation", ["add", "subtract", "multiply", "divide"])
def test_both_ways_give_the_same(operation: str) -> None:
    random, plain, quick = Random(7), Exact(), ExactBySlots()
    for _ in range(500):
        a, b = (Fraction(random.randint(-60, 60), random.choice([1, 1, 2, 3, 100])) for _ in range(2))
        assert ratio(a.numerator, a.denominator) == a
        assert (compared(a, b) > 0, compared(a, b) < 0) == (compared_plainly(a, b) > 0, compared_plainly(a, b) < 0)
        for sign in plain.comparisons:
            assert plain.comparisons[sign](a, b) is quick.comparisons[sign](a, b)
        if operation == "divide" and not b:
            with pytest.raises(FeelError):
                quick.divide(a, b)
            continue
        found = getattr(quick, operation)(a, b)
        assert found == getattr(plain, operation)(a, b)
        assert (found.numerator, found.denominator) == Fraction(found).as_integer_ratio(), "in lowest terms"


def test_a_sum_is_the_sum_of_its_parts() -> None:
    random = Random(8)
    for length in range(1, 40):
        values = [Fraction(random.randint(-999, 999), random.choice([1, 1, 100, 100, 7, 12])) for _ in range(length)]
        assert ExactBySlots().total(values) == Exact().total(values) == sum(values)


def test_where_fractions_are_kept_otherwise_rules_compute_the_same() -> None:
    done = subprocess.run(
        [sys.executable, "-c", OTHERWISE, str(fractions.__file__), *EXPRESSIONS],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.stdout.split("\n")[:-1] == ["False", *EXPRESSIONS.values()]
