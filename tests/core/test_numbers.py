from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinerja.core.errors import InputError
from kinerja.core.numbers import decimal_text, exact, from_scaled, parse_number, round_half_up, terminates_within, to_scaled


@pytest.mark.parametrize(
    ("text", "value"),
    [("88.305", Fraction(88305, 1000)), ("-3", Fraction(-3)), ("1e3", Fraction(1000)), (".5", Fraction(1, 2)), ("7.", Fraction(7))],
)
def test_literals_are_read_exactly(text: str, value: Fraction) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize("text", ["", "76,61", "1/3", "NaN", "Infinity", "0x10", "٣", "1e9999", "9" * 500, " 1"])
def test_anything_else_is_refused_by_name(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_number(text)
    assert caught.value.code == "angka_tidak_sah"


@pytest.mark.parametrize(
    ("value", "digits", "rounded"),
    [
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("2.4999999999999999999999", 0, "2"),
        ("0.625", 2, "0.63"),
        ("-0.625", 2, "-0.63"),
        ("88.305", 2, "88.31"),
        ("1550", -2, "1600"),
        ("0", 3, "0"),
    ],
)
def test_a_half_goes_away_from_zero(value: str, digits: int, rounded: str) -> None:
    assert round_half_up(parse_number(value), digits) == parse_number(rounded)


def test_order_of_operations_does_not_change_an_exact_product() -> None:
    months, percent, coefficient = Fraction(4, 12), Fraction(50, 100), parse_number("3.75")
    assert (
        round_half_up(months * percent * coefficient, 2) == round_half_up(coefficient * percent * months, 2) == parse_number("0.63")
    )


@given(st.integers(-(10**18), 10**18), st.integers(0, 9))
def test_text_and_scaled_integers_go_round(number: int, scale: int) -> None:
    value = from_scaled(number, scale)
    assert parse_number(decimal_text(value)) == value
    assert to_scaled(value, scale) == number
    assert terminates_within(value, scale)


@given(st.fractions(), st.integers(0, 6))
def test_rounding_is_the_nearest(value: Fraction, digits: int) -> None:
    rounded = round_half_up(value, digits)
    assert abs(rounded - value) * 2 * 10**digits <= 1
    assert terminates_within(rounded, digits)


def test_a_third_has_no_decimal_text_and_no_scaled_form() -> None:
    with pytest.raises(ValueError, match="no finite"):
        decimal_text(Fraction(1, 3))
    with pytest.raises(ValueError, match="digits"):
        to_scaled(Fraction(1, 3), 9)


def test_floats_never_enter() -> None:
    assert exact(Decimal("0.1")) == Fraction(1, 10)
    with pytest.raises(TypeError):
        exact(0.1)  # type: ignore[arg-type]
