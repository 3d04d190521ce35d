"""Exact numbers: rationals from text, rounding as rule files name it, and exact text back.

No binary float enters or leaves. A number is a `fractions.Fraction`; text is a decimal literal.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from .errors import InputError

_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?\Z", re.ASCII)
MAX_DIGITS = 400
_blank = object.__new__


def parse_number(text: str) -> Fraction:
    """Read a decimal literal exactly ("88.305", "-3", "1e3"); raise InputError(`angka_tidak_sah`) on anything else."""
    if len(text) > MAX_DIGITS or not _DECIMAL.match(text):
        shown = text if len(text) <= 40 else text[:40] + "…"
        raise InputError(
            "angka_tidak_sah",
            f"“{shown}” bukan angka desimal",
            f'"{shown}" is not a decimal number',
            remedy_id="tulis angka dengan titik desimal, misalnya 76.61",
            remedy_en="write digits with a decimal point, for example 76.61",
        )
    return Fraction(text)


def keeps_two_slots(kind: type[Fraction]) -> bool:
    """Whether a Fraction of this Python is its two slots and nothing else, so that they may be read and written directly.

    Nobody promises that; where it is not so, the plain operations of the standard library do the same more slowly.
    """
    try:
        found: Any = _blank(kind)
        found._numerator, found._denominator = -3, 4
        alike = found == kind(-3, 4) and hash(found) == hash(kind(-3, 4)) and str(found + 1) == "1/4"
    except (AttributeError, TypeError):
        return False
    return alike and tuple(kind.__slots__) == ("_numerator", "_denominator")


def _ratio_by_slots(numerator: int, denominator: int) -> Fraction:
    found: Any = _blank(Fraction)
    found._numerator, found._denominator = numerator, denominator
    value: Fraction = found
    return value


def _compared_by_slots(a: Any, b: Any) -> int:
    left: int = a._numerator * b._denominator
    right: int = b._numerator * a._denominator
    return left - right


def compared_plainly(a: Fraction, b: Fraction) -> int:
    return (a > b) - (a < b)


SLOTS = keeps_two_slots(Fraction)
ratio: Callable[[int, int], Fraction] = _ratio_by_slots if SLOTS else Fraction
"""numerator/denominator that have no factor in common, denominator > 0: a Fraction without looking for one again."""
compared: Callable[[Fraction, Fraction], int] = _compared_by_slots if SLOTS else compared_plainly
"""Negative, 0 or positive as the first is less than, equal to or greater than the second; several times as fast as its `<`."""


def round_half_up(value: Fraction, digits: int = 0) -> Fraction:
    """Round to `digits` after the point; a half goes away from zero."""
    numerator, denominator = value.as_integer_ratio()
    top, bottom = (abs(numerator) * 10**digits, denominator) if digits >= 0 else (abs(numerator), denominator * 10**-digits)
    whole = (2 * top + bottom) // (2 * bottom)
    if numerator < 0:
        whole = -whole
    return Fraction(whole, 10**digits) if digits >= 0 else Fraction(whole * 10**-digits)


def terminates_within(value: Fraction, digits: int) -> bool:
    """True when the value has at most `digits` digits after the decimal point."""
    whole: int = 10**digits
    return whole % value.denominator == 0


def decimal_text(value: Fraction) -> str:
    """The value as a decimal literal, exactly; raise ValueError when its expansion does not terminate."""
    numerator, denominator = value.as_integer_ratio()
    if denominator == 1:
        return str(numerator)
    digits = _digits(denominator)
    if digits is None:
        raise ValueError(f"{value} has no finite decimal expansion")
    unit = 10**digits
    whole, fraction = divmod(abs(numerator) * (unit // denominator), unit)
    return f"{'-' if numerator < 0 else ''}{whole}.{fraction:0{digits}d}"


@lru_cache(maxsize=1024)
def _digits(denominator: int) -> int | None:
    """How many digits after the point a fraction in lowest terms takes; None where they do not end."""
    twos = (denominator & -denominator).bit_length() - 1
    rest, fives = denominator >> twos, 0
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    return max(twos, fives) if rest == 1 else None


def display_text(value: Fraction) -> str:
    """For traces and messages: exact when finite, else as a fraction ("1/3")."""
    try:
        return decimal_text(value)
    except ValueError:
        return f"{value.numerator}/{value.denominator}"


def english_number(value: Fraction) -> str:
    """1234567.5 → "1,234,567.5", exact; a fraction that does not end stays one ("1/3")."""
    whole, point, decimals = display_text(value).partition(".")
    if "/" in whole:
        return whole
    sign = "-" if whole.startswith("-") else ""
    return sign + f"{int(whole.lstrip('-')):,}" + point + decimals


def to_scaled(value: Fraction, scale: int) -> int:
    """value × 10^scale as an integer; raise ValueError when digits would be lost."""
    scaled = Fraction(value * 10**scale)
    if scaled.denominator != 1:
        raise ValueError(f"{display_text(value)} has more than {scale} digits after the point")
    return scaled.numerator


def from_scaled(number: int, scale: int) -> Fraction:
    return Fraction(number, 10**scale)


def exact(value: int | str | Decimal | Fraction) -> Fraction:
    """Any exact Python number as a Fraction. Floats are refused: they have already lost the fact."""
    if isinstance(value, bool | float):
        raise TypeError(f"not an exact number: {value!r}")
    return parse_number(value) if isinstance(value, str) else Fraction(value)
