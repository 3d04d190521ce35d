"""The two arithmetics: exact rationals (strict) and decimals of 34 digits (standard, IEEE 754 decimal128 as DMN asks).

Both raise FeelError; neither returns infinities or NaN. `Arithmetic` is what built-in functions compute with.
"""

from __future__ import annotations

import decimal
import functools
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol

from ..core.numbers import SLOTS, decimal_text, ratio
from .errors import INEXACT, FeelError, bad_value, division_by_zero, limit_exceeded, syntax_error
from .limits import MAX_BITS
from .syntax import Span

MAX_EXPONENT = 6144
MIN_SCALE, MAX_SCALE = -6111, 6176
ROUNDINGS = {
    "half even": decimal.ROUND_HALF_EVEN,
    "up": decimal.ROUND_UP,
    "down": decimal.ROUND_DOWN,
    "half up": decimal.ROUND_HALF_UP,
    "half down": decimal.ROUND_HALF_DOWN,
    "floor": decimal.ROUND_FLOOR,
    "ceiling": decimal.ROUND_CEILING,
}
_UPWARDS: dict[str, Callable[[int, int], bool]] = {  # of a number between two grid points, the lower one given
    "floor": lambda twice, lower: False,
    "ceiling": lambda twice, lower: True,
    "up": lambda twice, lower: lower >= 0,
    "down": lambda twice, lower: lower < 0,
    "half up": lambda twice, lower: twice > 0 or (twice == 0 and lower >= 0),
    "half down": lambda twice, lower: twice > 0 or (twice == 0 and lower < 0),
    "half even": lambda twice, lower: twice > 0 or (twice == 0 and lower % 2 == 1),
}
_TRAPS = [decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow]
CONTEXT = decimal.Context(prec=34, rounding=decimal.ROUND_HALF_EVEN, Emin=-6143, Emax=MAX_EXPONENT, traps=_TRAPS)
_WIDE = decimal.Context(prec=20_000, rounding=decimal.ROUND_HALF_EVEN, Emin=-30_000, Emax=30_000, traps=_TRAPS)


def read_literal(text: str, span: Span | None = None) -> Fraction:
    """A number as FEEL writes it, exactly; digits and exponent are bounded."""
    if len(text) < 300 and text.isdecimal():
        return Fraction(int(text))
    mantissa, _, exponent = text.lower().partition("e")
    if len(mantissa) > 1000 or len(exponent) > 6 or (exponent and abs(int(exponent)) > MAX_EXPONENT):
        raise syntax_error("angka yang lebih kecil", "a smaller number", text[:40], span or Span(0, len(text)))
    return Fraction(mantissa) * Fraction(10) ** int(exponent) if exponent else Fraction(mantissa)


def round_fraction(value: Fraction, scale: int, mode: str) -> Fraction:
    """Round to `scale` digits after the point (negative: tens, hundreds, …)."""
    numerator, denominator = value.as_integer_ratio()
    if scale >= 0:
        numerator *= 10**scale
    else:
        denominator *= 10**-scale
    lower, rest = divmod(numerator, denominator)
    if not rest:
        return value
    twice = 2 * rest - denominator  # negative below the middle, 0 in it
    whole = lower + _UPWARDS[mode](twice, lower)
    return Fraction(whole, 10**scale) if scale >= 0 else Fraction(whole * 10**-scale)


class Arithmetic(Protocol):
    """`type` is the Python type of its numbers; every operation takes and returns those. exact_results: strict mode's."""

    type: type[Any]
    exact_results: bool
    comparisons: Mapping[str, Callable[[Any, Any], bool]]

    def number(self, value: int | Fraction | Decimal) -> Any: ...
    def read(self, text: str) -> Any: ...
    def text(self, value: Any) -> str: ...
    def exact(self, value: Any) -> Fraction: ...
    def integer(self, value: Any) -> int | None: ...
    def add(self, a: Any, b: Any) -> Any: ...
    def subtract(self, a: Any, b: Any) -> Any: ...
    def multiply(self, a: Any, b: Any) -> Any: ...
    def divide(self, a: Any, b: Any) -> Any: ...
    def total(self, values: Sequence[Any]) -> Any:
        """The sum of one value at least, from left to right."""

    def power(self, a: Any, b: Any) -> Any: ...
    def modulo(self, a: Any, b: Any) -> Any: ...
    def round(self, value: Any, scale: int, mode: str) -> Any: ...
    def sqrt(self, value: Any) -> Any: ...
    def exp(self, value: Any) -> Any: ...
    def log(self, value: Any) -> Any: ...


# Fraction's own operations spend most of their time on finding out what the other operand is, and its properties are functions;
# here both are Fractions, read by their slots (Any, since the types of the standard library do not tell of those).
_BY_SLOTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a._numerator == b._numerator and a._denominator == b._denominator,
    "!=": lambda a, b: a._numerator != b._numerator or a._denominator != b._denominator,
    "<": lambda a, b: a._numerator * b._denominator < b._numerator * a._denominator,
    "<=": lambda a, b: a._numerator * b._denominator <= b._numerator * a._denominator,
    ">": lambda a, b: a._numerator * b._denominator > b._numerator * a._denominator,
    ">=": lambda a, b: a._numerator * b._denominator >= b._numerator * a._denominator,
}
_SMALL = 1 << 64
_PLAINLY: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _inexact(name: str) -> FeelError:
    return FeelError(
        INEXACT,
        f"hasil {name} bukan bilangan rasional yang tepat",
        f"the result of {name} is not an exact rational number",
        remedy_id="hindari fungsi ini dalam aturan",
        remedy_en="do without this function in rules",
    )


def _check_size(numerator: int, denominator: int) -> None:
    if numerator.bit_length() > MAX_BITS or denominator.bit_length() > MAX_BITS:
        raise limit_exceeded("bilangan terlalu panjang", "a number with too many digits")


def _reduced(numerator: int, denominator: int) -> Fraction:
    """The fraction in lowest terms, denominator > 0."""
    if denominator != 1:
        common = math.gcd(numerator, denominator)
        if common != 1:
            numerator, denominator = numerator // common, denominator // common
    if not (-_SMALL < numerator < _SMALL and denominator < _SMALL):
        _check_size(numerator, denominator)
    return ratio(numerator, denominator)


class Exact:
    """Rationals. What has no exact result (a root of 2, a logarithm) is an error with a name."""

    type = Fraction
    exact_results = True
    comparisons = _PLAINLY

    def number(self, value: int | Fraction | Decimal) -> Fraction:
        return self._bounded(Fraction(value))

    def read(self, text: str) -> Fraction:
        return read_literal(text)

    def text(self, value: Fraction) -> str:
        try:
            return decimal_text(value)
        except ValueError:
            raise FeelError(
                INEXACT,
                f"{value} tidak dapat ditulis sebagai desimal; bulatkan dahulu",
                f"{value} has no finite decimal form; round it first",
            ) from None

    def exact(self, value: Fraction) -> Fraction:
        return value

    def integer(self, value: Fraction) -> int | None:
        return value.numerator if value.denominator == 1 else None

    def _bounded(self, value: Any) -> Fraction:
        _check_size(value.numerator, value.denominator)
        bounded: Fraction = value
        return bounded

    def add(self, a: Any, b: Any) -> Fraction:
        return self._bounded(a + b)

    def subtract(self, a: Any, b: Any) -> Fraction:
        return self._bounded(a - b)

    def multiply(self, a: Any, b: Any) -> Fraction:
        return self._bounded(a * b)

    def divide(self, a: Any, b: Any) -> Fraction:
        if not b:
            raise division_by_zero()
        return self._bounded(a / b)

    def total(self, values: Sequence[Any]) -> Fraction:
        total: Fraction = functools.reduce(self.add, values)
        return total

    def power(self, a: Fraction, b: Fraction) -> Fraction:
        if b.denominator != 1:
            raise _inexact("**")
        if not a and b < 0:
            raise division_by_zero()
        bits = max(a.numerator.bit_length(), a.denominator.bit_length())
        if bits > 1 and bits * abs(b.numerator) > MAX_BITS:
            raise limit_exceeded("hasil pangkat", "the result of **")
        if bits <= 1:  # 0, 1 and -1: the exponent may be of any size
            return Fraction(1 if not b or a == 1 or (a and b.numerator % 2 == 0) else a)
        return Fraction(a**b.numerator)

    def modulo(self, a: Fraction, b: Fraction) -> Fraction:
        if not b:
            raise division_by_zero()
        return a - b * (a // b)

    def round(self, value: Fraction, scale: int, mode: str) -> Fraction:
        return self._bounded(round_fraction(value, scale, mode))

    def sqrt(self, value: Fraction) -> Fraction:
        if value < 0:
            raise bad_value("akar dari bilangan negatif", "the square root of a negative number")
        root = Fraction(math.isqrt(value.numerator), math.isqrt(value.denominator))
        if root * root != value:
            raise _inexact("sqrt")
        return root

    def exp(self, value: Fraction) -> Fraction:
        if value:
            raise _inexact("exp")
        return Fraction(1)

    def log(self, value: Fraction) -> Fraction:
        if value != 1:
            raise _inexact("log")
        return Fraction(0)


class ExactBySlots(Exact):
    """The same several times as fast, where a Fraction keeps its two slots."""

    comparisons = _BY_SLOTS

    def number(self, value: int | Fraction | Decimal) -> Fraction:
        return self._bounded(value if type(value) is Fraction else ratio(value, 1) if type(value) is int else Fraction(value))

    def _bounded(self, value: Any) -> Fraction:
        numerator, denominator = value._numerator, value._denominator
        if not (-_SMALL < numerator < _SMALL and denominator < _SMALL):
            _check_size(numerator, denominator)
        bounded: Fraction = value
        return bounded

    def add(self, a: Any, b: Any) -> Fraction:
        over, under = a._denominator, b._denominator
        if over == under == 1:
            return _reduced(a._numerator + b._numerator, 1)
        return _reduced(a._numerator * under + b._numerator * over, over * under)

    def subtract(self, a: Any, b: Any) -> Fraction:
        over, under = a._denominator, b._denominator
        return _reduced(a._numerator * under - b._numerator * over, over * under)

    def multiply(self, a: Any, b: Any) -> Fraction:
        return _reduced(a._numerator * b._numerator, a._denominator * b._denominator)

    def divide(self, a: Any, b: Any) -> Fraction:
        numerator, denominator = a._numerator * b._denominator, a._denominator * b._numerator
        if denominator > 0:
            return _reduced(numerator, denominator)
        if not denominator:
            raise division_by_zero()
        return _reduced(-numerator, -denominator)

    def total(self, values: Sequence[Any]) -> Fraction:
        numerator, denominator = 0, 1
        for value in values:
            if value._denominator == denominator:
                numerator += value._numerator
            else:
                found = _reduced(numerator * value._denominator + value._numerator * denominator, denominator * value._denominator)
                numerator, denominator = found.as_integer_ratio()
        return _reduced(numerator, denominator)


EXACT = ExactBySlots() if SLOTS else Exact()


def _guarded(operation: str) -> FeelError:
    return bad_value(f"hasil {operation} tidak dapat dihitung", f"the result of {operation} cannot be computed")


class Decimals:
    """Decimals of 34 digits, rounded half even; exponents as in decimal128."""

    type = Decimal
    exact_results = False
    comparisons = _PLAINLY

    def number(self, value: int | Fraction | Decimal) -> Decimal:
        try:
            if isinstance(value, Fraction):
                return CONTEXT.divide(_WIDE.create_decimal(value.numerator), _WIDE.create_decimal(value.denominator))
            return CONTEXT.create_decimal(value)
        except decimal.DecimalException:
            raise _guarded("bilangan") from None

    def read(self, text: str) -> Decimal:
        return self.number(read_literal(text))

    def text(self, value: Decimal) -> str:
        if not value:
            return "0"
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text

    def exact(self, value: Decimal) -> Fraction:
        return Fraction(value)

    def integer(self, value: Decimal) -> int | None:
        return int(value) if value == value.to_integral_value() else None

    def add(self, a: Decimal, b: Decimal) -> Decimal:
        try:
            return CONTEXT.add(a, b)
        except decimal.DecimalException:
            raise _guarded("+") from None

    def subtract(self, a: Decimal, b: Decimal) -> Decimal:
        try:
            return CONTEXT.subtract(a, b)
        except decimal.DecimalException:
            raise _guarded("-") from None

    def multiply(self, a: Decimal, b: Decimal) -> Decimal:
        try:
            return CONTEXT.multiply(a, b)
        except decimal.DecimalException:
            raise _guarded("*") from None

    def divide(self, a: Decimal, b: Decimal) -> Decimal:
        if not b:
            raise division_by_zero()
        try:
            return CONTEXT.divide(a, b)
        except decimal.DecimalException:
            raise _guarded("/") from None

    def total(self, values: Sequence[Decimal]) -> Decimal:
        return functools.reduce(self.add, values)

    def power(self, a: Decimal, b: Decimal) -> Decimal:
        if not b:
            return Decimal(1)
        if not a and b < 0:
            raise division_by_zero()
        try:
            return CONTEXT.power(a, b)
        except decimal.DecimalException:
            raise _guarded("**") from None

    def modulo(self, a: Decimal, b: Decimal) -> Decimal:
        if not b:
            raise division_by_zero()
        dividend, divisor = Fraction(a), Fraction(b)
        return self.number(dividend - divisor * (dividend // divisor))

    def round(self, value: Decimal, scale: int, mode: str) -> Decimal:
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and -exponent <= scale:
            return value
        try:
            return CONTEXT.plus(value.quantize(Decimal((0, (1,), -scale)), ROUNDINGS[mode], _WIDE))
        except decimal.DecimalException:
            raise _guarded("pembulatan") from None

    def sqrt(self, value: Decimal) -> Decimal:
        if value < 0:
            raise bad_value("akar dari bilangan negatif", "the square root of a negative number")
        return CONTEXT.sqrt(value)

    def exp(self, value: Decimal) -> Decimal:
        try:
            return CONTEXT.exp(value)
        except decimal.DecimalException:
            raise _guarded("exp") from None

    def log(self, value: Decimal) -> Decimal:
        if value <= 0:
            raise bad_value("log dari bilangan yang tidak positif", "the logarithm of a number that is not positive")
        return CONTEXT.ln(value)
