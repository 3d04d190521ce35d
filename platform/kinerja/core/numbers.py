"""Exact numbers: rationals from text, rounding as rule files name it, and exact text back.

No binary float enters or leaves. A number is a `fractions.Fraction`; text is a decimal literal.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from .errors import InputError

_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?\Z", re.ASCII)
MAX_DIGITS = 400


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


def round_half_up(value: Fraction, digits: int = 0) -> Fraction:
    """Round to `digits` after the point; a half goes away from zero."""
    shifted = abs(value) * 10**digits if digits >= 0 else abs(value) / 10**-digits
    whole = (2 * shifted.numerator + shifted.denominator) // (2 * shifted.denominator)
    result = Fraction(whole, 10**digits) if digits >= 0 else Fraction(whole * 10**-digits)
    return -result if value < 0 else result


def terminates_within(value: Fraction, digits: int) -> bool:
    """True when the value has at most `digits` digits after the decimal point."""
    return Fraction(value * 10**digits).denominator == 1


def decimal_text(value: Fraction) -> str:
    """The value as a decimal literal, exactly; raise ValueError when its expansion does not terminate."""
    denominator = value.denominator
    twos = (denominator & -denominator).bit_length() - 1
    rest, fives = denominator >> twos, 0
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    if rest != 1:
        raise ValueError(f"{value} has no finite decimal expansion")
    digits = max(twos, fives)
    whole, fraction = divmod(abs(value.numerator) * 10**digits // denominator, 10**digits)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole}" + (f".{fraction:0{digits}d}".rstrip("0").rstrip(".") if digits else "")


def display_text(value: Fraction) -> str:
    """For traces and messages: exact when finite, else as a fraction ("1/3")."""
    try:
        return decimal_text(value)
    except ValueError:
        return f"{value.numerator}/{value.denominator}"


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
