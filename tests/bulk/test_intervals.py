"""Ranges: every operation on intervals holds all that the same operation gives on their members."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kinerja.bulk.intervals import NARROW, Interval, point
from kinerja.bulk.sql.numbers import add, mul, rounded, scale, sub
from kinerja.bulk.sql.values import Scalar
from kinerja.engine.integer.types import INTEGER

NUMBERS = st.integers(-(10**6), 10**6)


@st.composite
def member(draw: st.DrawFn) -> tuple[Interval, int]:
    low, middle, high = sorted(draw(st.tuples(NUMBERS, NUMBERS, NUMBERS)))
    return Interval(low, high), middle


@given(member(), member())
def test_arithmetic(one: tuple[Interval, int], other: tuple[Interval, int]) -> None:
    (a, x), (b, y) = one, other
    for reach, value in ((a + b, x + y), (a - b, x - y), (a * b, x * y), (-a, -x), (abs(a), abs(x)), (a.times(-3), -3 * x)):
        assert reach.low <= value <= reach.high
    assert a.hull(b).within(min(a.low, b.low), max(a.high, b.high))


@given(member(), st.integers(1, 10**6), st.integers(0, 10**6))
def test_quotients_of_any_rounding(one: tuple[Interval, int], low: int, more: int) -> None:
    a, x = one
    reach = a.quotient(Interval(low, low + more))
    for divisor in (low, low + more):
        for value in (x // divisor, -(-x // divisor)):
            assert reach.low <= value <= reach.high


def column(name: str, low: int, high: int) -> Scalar:
    return Scalar(name, INTEGER, range=Interval(low, high))


def test_sixty_four_bits_where_they_are_proved_enough() -> None:
    small = column("a", 0, 10**9)
    assert not mul(small, small).wide
    assert not add(small, small).wide
    large = column("b", 0, 10**12)
    product = mul(large, large)
    assert product.wide
    assert "HUGEINT" in product.sql
    back = rounded("half_up", product, column("d", 10**9, 10**9), INTEGER)
    assert not back.wide
    assert "BIGINT" in back.sql
    assert sub(large, large).range == Interval(-(10**12), 10**12)


def test_a_constant_factor_leaves_rare_overflows_to_the_wide_path() -> None:
    found = scale(column("a", 0, 10**17), 1_000)
    assert not found.wide
    assert found.flag is not None
    assert found.range is not None
    assert found.range.high <= NARROW
    assert scale(column("a", 0, 10**15), 1_000).flag is None


def test_nothing_left() -> None:
    assert Interval(1, 3).meet(4, None) is None
    assert Interval(1, 3).meet(2, 9) == Interval(2, 3)
    assert point(4) == Interval(4, 4)
