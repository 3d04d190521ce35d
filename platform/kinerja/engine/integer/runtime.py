"""What each primitive of the intermediate form means, over Python integers. Nothing here knows fractions, decimals or floats.

A pair (n, d) has d > 0. Functions named r_… work on pairs. Errors are Fault with a code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from math import gcd
from typing import Any

from . import errors
from .errors import Fault
from .temporal import DAY, literal
from .types import Day

Pair = tuple[int, int]
MAX_BITS = 65_536
MAX_LIST = 200_000


def need(x: Any) -> Any:
    if x is None:
        raise Fault(errors.NULL)
    return x


def need_all(values: Sequence[Any]) -> Sequence[Any]:
    if None in values:
        raise Fault(errors.NULL)
    return values


def need_value(x: Any) -> Any:
    if x is None:
        raise Fault(errors.VALUE)
    return x


def both(a: bool, b: bool) -> bool:
    """Both, each computed whatever the other says."""
    return a and b


def all_there(*_: Any) -> bool:
    """True once its arguments could be computed."""
    return True


def scale0(x: int | None, factor: int) -> int | None:
    return None if x is None else x * factor


def pair0(x: int | None, den: int) -> Pair | None:
    return None if x is None else (x, den)


# ── pairs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
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


def _lowest(n: int, d: int) -> Pair:
    common = gcd(n, d)
    return (n // common, d // common)


def r_add(a: Pair, b: Pair) -> Pair:
    return _lowest(a[0] * b[1] + b[0] * a[1], a[1] * b[1])


def r_sub(a: Pair, b: Pair) -> Pair:
    return _lowest(a[0] * b[1] - b[0] * a[1], a[1] * b[1])


def r_mul(a: Pair, b: Pair) -> Pair:
    return _lowest(a[0] * b[0], a[1] * b[1])


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
        return _lowest(a[0] ** exponent, a[1] ** exponent)
    return _lowest(*ratio(a[1] ** -exponent, a[0] ** -exponent))


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


# ── rounding: of n / d to an integer ──────────────────────────────────────────────────────────────────────────────────
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


_MODES: dict[str, Callable[[int, int], int]] = {
    mode.__name__: mode for mode in (half_up, half_down, half_even, up, down, floor, ceiling)
}


def _round_pair(mode: Callable[[int, int], int]) -> Callable[[Pair, int, int], int]:
    return lambda x, up_, down_: mode(x[0] * up_, x[1] * down_)


def r_round_by(mode: str, x: Pair, digits: Pair) -> Pair:
    """Rounding to a computed number of digits, itself cut to a whole one."""
    k = down(*digits)
    if not -6111 <= k <= 6176:
        raise Fault(errors.VALUE)
    raised, lowered = 10 ** max(k, 0), 10 ** max(-k, 0)
    return _lowest(_MODES[mode](x[0] * raised, x[1] * lowered) * lowered, raised)


def modulo(a: int, b: int) -> int:
    """a - b·floor(a / b): the sign of the divisor."""
    if b == 0:
        raise Fault(errors.ZERO_DIVISION)
    return a % b


def r_modulo(a: Pair, b: Pair) -> Pair:
    return _lowest(modulo(a[0] * b[1], b[0] * a[1]), a[1] * b[1])


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


# ── lists ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def r_sum(values: Sequence[Pair]) -> Pair:
    total: Pair = (0, 1)
    for value in values:
        total = r_add(total, value)
    return total


def r_product(values: Sequence[Pair]) -> Pair:
    total: Pair = (1, 1)
    for value in _filled(values):
        total = r_mul(total, value)
    return total


def _filled(values: Sequence[Any]) -> Any:
    if not values:
        raise Fault(errors.EMPTY_LIST)
    return values


def filled(size: int) -> int:
    if not size:
        raise Fault(errors.EMPTY_LIST)
    return size


def r_mean(values: Sequence[Pair]) -> Pair:
    total = r_sum(_filled(values))
    return _lowest(total[0], total[1] * len(values))


def twice_median(values: Sequence[int]) -> int:
    """Sum of the two middle ones: the median over twice the denominator."""
    ordered = sorted(_filled(values))
    return int(ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2])


class _Key:
    """Orders pairs by value."""

    __slots__ = ("pair",)

    def __init__(self, pair: Pair) -> None:
        self.pair = pair

    def __lt__(self, other: _Key) -> bool:
        return r_lt(self.pair, other.pair)


def r_median(values: Sequence[Pair]) -> Pair:
    ordered = sorted(_filled(values), key=_Key)
    total = r_add(ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2])
    return _lowest(total[0], total[1] * 2)


def least(values: Sequence[Any]) -> Any:
    return min(_filled(values))


def greatest(values: Sequence[Any]) -> Any:
    return max(_filled(values))


def r_min(values: Sequence[Pair]) -> Pair:
    best: Pair = _filled(values)[0]
    for value in values:
        if r_lt(value, best):
            best = value
    return best


def r_max(values: Sequence[Pair]) -> Pair:
    best: Pair = _filled(values)[0]
    for value in values:
        if r_lt(best, value):
            best = value
    return best


def at(values: Sequence[Any], position: int) -> Any:
    """From 1, negative from the end."""
    if not 1 <= abs(position) <= len(values):
        raise Fault(errors.INDEX)
    return values[position - 1 if position > 0 else position]


def count_from_to(low: int, high: int) -> list[int]:
    if abs(high - low) + 1 > MAX_LIST:
        raise Fault("batas_terlampaui")
    return list(range(low, high + 1)) if low <= high else list(range(low, high - 1, -1))


def flat(values: Sequence[Sequence[Any]]) -> list[Any]:
    return [element for value in values for element in value]


def chain(*values: Sequence[Any]) -> list[Any]:
    return flat(values)


def distinct(values: Sequence[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if value not in found:
            found.append(value)
    return found


def reverse(values: Sequence[Any]) -> list[Any]:
    return list(values)[::-1]


def has(values: Sequence[Any], element: Any) -> bool:
    return element in values


def positions(values: Sequence[Any], element: Any) -> list[int]:
    return [index + 1 for index, value in enumerate(values) if value == element]


def sublist(values: Sequence[Any], start: int, length: int | None = None) -> list[Any]:
    if not 1 <= abs(start) <= len(values):
        raise Fault(errors.INDEX)
    first = start - 1 if start > 0 else len(values) + start
    if length is None:
        return list(values[first:])
    if length < 0 or first + length > len(values):
        raise Fault(errors.INDEX)
    return list(values[first : first + length])


# ── texts ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def substring(text: str, start: int, length: int | None = None) -> str:
    if start == 0 or abs(start) > len(text):
        if not text:
            return ""
        raise Fault(errors.INDEX)
    if length is not None and length < 1:
        raise Fault(errors.INDEX)
    first = start - 1 if start > 0 else len(text) + start
    return text[first:] if length is None else text[first : first + length]


def before(text: str, match: str) -> str:
    index = text.find(match)
    return text[:index] if match and index >= 0 else ""


def after(text: str, match: str) -> str:
    index = text.find(match)
    return text[index + len(match) :] if index >= 0 else ""


def text_join(values: Sequence[str | None], delimiter: str) -> str:
    return delimiter.join(value for value in values if value is not None)


def number_text(x: Pair) -> str:
    """The number as a decimal literal, an error where it does not end."""
    n, d = _lowest(*x)
    digits = 0
    while 10**digits % d:
        digits += 1
        if digits > d.bit_length() * 2:
            raise Fault(errors.NOT_ROUND)
    whole_, rest = divmod(abs(n) * 10**digits // d, 10**digits)
    return ("-" if n < 0 else "") + str(whole_) + (f".{rest:0{digits}d}" if digits else "")


def boolean_text(x: bool) -> str:
    return "true" if x else "false"


# ── dates ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _day(number: int) -> date:
    if not 1 <= number <= date.max.toordinal():
        raise Fault(errors.VALUE)
    return date.fromordinal(number)


def day_number(year: int, month: int, day: int) -> int:
    try:
        return date(year, month, day).toordinal()
    except (ValueError, OverflowError):
        raise Fault(errors.VALUE) from None


def parse_day(text: str) -> int:
    try:
        found = literal(text)
    except errors.NotPortable:
        raise Fault(errors.VALUE) from None
    if not isinstance(found.type, Day):
        raise Fault(errors.VALUE)
    return int(str(found.value))


def day_text(number: int) -> str:
    return _day(number).isoformat()


def later(day: int, seconds: int) -> int:
    return _day((day * DAY + seconds) // DAY).toordinal()


def months_later(day: int, months: int) -> int:
    """The same day of the month, or its last."""
    start = _day(day)
    total = start.year * 12 + start.month - 1 + months
    year, month = total // 12, total % 12 + 1
    for last in (start.day, 30, 29, 28):
        if last <= start.day:
            try:
                return date(year, month, last).toordinal()
            except ValueError:
                continue
    raise Fault(errors.VALUE)


def _quotient(total: int, unit: int) -> int:
    return total // unit if total >= 0 else -(-total // unit)


def _remainder(total: int, unit: int) -> int:
    return total - unit * _quotient(total, unit)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    **_MODES,
    **{f"r_{name}": _round_pair(mode) for name, mode in _MODES.items()},
    **{
        f.__name__: f
        for f in (
            need, need_value, need_all, both, all_there, scale0, pair0,
            ratio, reduced, r_add, r_sub, r_mul, r_div, r_neg, r_abs, r_pow, r_lt, r_le, r_gt, r_ge,
            r_eq, r_ne, r_round_by, modulo, r_modulo, whole, exact, fit, r_sum, r_product, filled, r_mean, twice_median, r_median,
            r_min, r_max, at, count_from_to, flat, chain, distinct, reverse, has, positions, sublist, substring, before, after, text_join,
            number_text, boolean_text, day_number, parse_day, day_text, later, months_later,
        )
    },
    "min": least,
    "max": greatest,
    "sum": sum,
    "size": len,
    "abs": abs,
    "all": all,
    "any": any,
    "length": len,
    "upper": str.upper,
    "lower": str.lower,
    "contains": lambda text, match: match in text,
    "starts": str.startswith,
    "ends": str.endswith,
    "same": lambda a, b: a == b,
    "year_of": lambda day: _day(day).year,
    "month_of": lambda day: _day(day).month,
    "day_of": lambda day: _day(day).day,
    "weekday_of": lambda day: _day(day).isoweekday(),
    "days_of": lambda seconds: _quotient(seconds, DAY),
    "hours_of": lambda seconds: _quotient(_remainder(seconds, DAY), 3600),
    "minutes_of": lambda seconds: _quotient(_remainder(seconds, 3600), 60),
    "seconds_of": lambda seconds: _remainder(seconds, 60),
    "years_of": lambda months: _quotient(months, 12),
    "months_of": lambda months: _remainder(months, 12),
}  # fmt: skip
