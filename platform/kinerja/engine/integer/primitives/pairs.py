"""Arithmetic and order of pairs."""

from __future__ import annotations

from math import gcd

from .. import errors
from ..errors import Fault

Pair = tuple[int, int]
MAX_BITS = 65_536


def ratio(n: int, d: int) -> Pair:
    """n / d with the sign in n; an error where d is 0."""
    if d > 0:
        return (n, d)
    if d == 0:
        raise Fault(errors.ZERO_DIVISION)
    return (-n, -d)


def reduced(x: Pair | None) -> Pair | None:
    """Lowest terms, so that equal values are equal pairs."""
    if x is None:
        return None
    common = gcd(x[0], x[1])
    return (x[0] // common, x[1] // common)


def lowest(n: int, d: int) -> Pair:
    common = gcd(n, d)
    return (n // common, d // common)


def r_add(a: Pair, b: Pair) -> Pair:
    return lowest(a[0] * b[1] + b[0] * a[1], a[1] * b[1])


def r_sub(a: Pair, b: Pair) -> Pair:
    return lowest(a[0] * b[1] - b[0] * a[1], a[1] * b[1])


def r_mul(a: Pair, b: Pair) -> Pair:
    return lowest(a[0] * b[0], a[1] * b[1])


def r_div(a: Pair, b: Pair) -> Pair:
    return reduced(ratio(a[0] * b[1], a[1] * b[0])) or (0, 1)


def r_neg(a: Pair) -> Pair:
    return (-a[0], a[1])


def r_abs(a: Pair) -> Pair:
    return (abs(a[0]), a[1])


def r_pow(a: Pair, b: Pair) -> Pair:
    """Whole exponents only; another has no exact value."""
    if b[0] % b[1]:
        raise Fault(errors.NOT_ROUND)
    exponent = b[0] // b[1]
    bits = max(a[0].bit_length(), a[1].bit_length())
    if bits > 1 and bits * abs(exponent) > MAX_BITS:
        raise Fault("batas_terlampaui")
    if bits <= 1:  # 0, 1 and -1 to any power
        if exponent < 0 and not a[0]:
            raise Fault(errors.ZERO_DIVISION)
        exponent = exponent % 2 or (2 if exponent else 0)
    if exponent >= 0:
        return lowest(a[0] ** exponent, a[1] ** exponent)
    return lowest(*ratio(a[1] ** -exponent, a[0] ** -exponent))


def r_lt(a: Pair, b: Pair) -> bool:
    return a[0] * b[1] < b[0] * a[1]


def r_le(a: Pair, b: Pair) -> bool:
    return a[0] * b[1] <= b[0] * a[1]


def r_gt(a: Pair, b: Pair) -> bool:
    return a[0] * b[1] > b[0] * a[1]


def r_ge(a: Pair, b: Pair) -> bool:
    return a[0] * b[1] >= b[0] * a[1]


def r_eq(a: Pair, b: Pair) -> bool:
    return a[0] * b[1] == b[0] * a[1]


def r_ne(a: Pair, b: Pair) -> bool:
    return a[0] * b[1] != b[0] * a[1]
