"""Rounding of n / d to an integer, and what must be whole."""

from __future__ import annotations

from collections.abc import Callable

from .. import errors
from ..errors import Fault
from .pairs import Pair, lowest, ratio


def half_up(n: int, d: int) -> int:
    """(2|n| + d) quot 2d with the sign of n / d: a half goes away from zero."""
    n, d = ratio(n, d)
    whole = (2 * abs(n) + d) // (2 * d)
    return -whole if n < 0 else whole


def half_down(n: int, d: int) -> int:
    """A half goes towards zero."""
    n, d = ratio(n, d)
    whole = -((d - 2 * abs(n)) // (2 * d))
    return -whole if n < 0 else whole


def half_even(n: int, d: int) -> int:
    n, d = ratio(n, d)
    whole, rest = divmod(n, d)
    if 2 * rest > d or (2 * rest == d and whole % 2):
        whole += 1
    return whole


def up(n: int, d: int) -> int:
    """Away from zero."""
    n, d = ratio(n, d)
    whole = -(-abs(n) // d)
    return -whole if n < 0 else whole


def down(n: int, d: int) -> int:
    """Towards zero."""
    n, d = ratio(n, d)
    whole = abs(n) // d
    return -whole if n < 0 else whole


def floor(n: int, d: int) -> int:
    n, d = ratio(n, d)
    return n // d


def ceiling(n: int, d: int) -> int:
    n, d = ratio(n, d)
    return -(-n // d)


MODES: dict[str, Callable[[int, int], int]] = {
    mode.__name__: mode for mode in (half_up, half_down, half_even, up, down, floor, ceiling)
}


def round_pair(mode: Callable[[int, int], int]) -> Callable[[Pair, int, int], int]:
    return lambda x, up_, down_: mode(x[0] * up_, x[1] * down_)


def r_round_by(mode: str, x: Pair, digits: Pair) -> Pair:
    """Rounding to a computed number of digits, itself cut to a whole one."""
    k = down(*digits)
    if not -6111 <= k <= 6176:
        raise Fault(errors.VALUE)
    raised, lowered = 10 ** max(k, 0), 10 ** max(-k, 0)
    return lowest(MODES[mode](x[0] * raised, x[1] * lowered) * lowered, raised)


def modulo(a: int, b: int) -> int:
    """a - b·floor(a / b): the sign of the divisor."""
    if b == 0:
        raise Fault(errors.ZERO_DIVISION)
    return a % b


def r_modulo(a: Pair, b: Pair) -> Pair:
    return lowest(modulo(a[0] * b[1], b[0] * a[1]), a[1] * b[1])


def whole(x: Pair) -> int:
    if x[0] % x[1]:
        raise Fault(errors.TYPE)
    return x[0] // x[1]


def exact(x: Pair, den: int) -> int | None:
    """x as a multiple of 1/den, None where it is not one (no key can equal it)."""
    scaled, rest = divmod(x[0] * den, x[1])
    return None if rest else scaled


def fit(x: Pair | None, den: int) -> int | None:
    """x under a constant denominator, an error where digits would be lost."""
    if x is None:
        return None
    found = exact(x, den)
    if found is None:
        raise Fault("terlalu_banyak_desimal")
    return found
