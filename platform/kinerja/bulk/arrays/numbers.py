"""Arithmetic on columns of whole numbers; each result knows its range, and becomes Python integers where 64 bits are not enough."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ...engine.integer.types import INTEGER, Bool, Type
from ..intervals import Interval, point
from .untyped import np
from .values import Pair, Scalar, as_kind, either, fitting, integer, select, span, truth

Fail = Callable[[Any], None]


def _actual(x: Scalar) -> Scalar:
    """With the range that its rows really have."""
    return replace(x, range=None) if isinstance(x.data, np.ndarray) and x.data.dtype != object else x


def wide(x: Scalar) -> Any:
    return x.data.astype(object) if isinstance(x.data, np.ndarray) else x.data


def _combined(a: Scalar, b: Scalar, kind: Type, reach: Callable[[Interval, Interval], Interval], compute: Any) -> Scalar:
    found = reach(span(a), span(b))
    if not found.bits64:
        found = reach(span(_actual(a)), span(_actual(b)))
    room = fitting(found.hull(span(a)).hull(span(b)))
    first, second = (wide(a), wide(b)) if room.hasobject else (as_kind(a.data, room), as_kind(b.data, room))
    return _narrow(Scalar(compute(first, second), kind, either(a.null, b.null), found))


def _narrow(x: Scalar) -> Scalar:
    if isinstance(x.data, np.ndarray) and x.data.dtype == object and x.range is not None and x.range.bits64:
        inside = [value if -(2**63) <= value < 2**63 else 0 for value in x.data]  # rows beyond their range have failed
        return replace(x, data=np.array(inside, np.int64))
    return x


def add(a: Scalar, b: Scalar, kind: Type = INTEGER) -> Scalar:
    return _combined(a, b, kind, lambda x, y: x + y, lambda x, y: x + y)


def sub(a: Scalar, b: Scalar, kind: Type = INTEGER) -> Scalar:
    return _combined(a, b, kind, lambda x, y: x - y, lambda x, y: x - y)


def mul(a: Scalar, b: Scalar, kind: Type = INTEGER) -> Scalar:
    for one, other in ((a, b), (b, a)):
        if one.constant and one.data == 1 and one.null is None:
            return other.typed(kind)
        if one.constant and one.data == 0 and one.null is None and other.null is None:
            return integer(0, kind)
    return _combined(a, b, kind, lambda x, y: x * y, lambda x, y: x * y)


def scale(a: Scalar, factor: int, kind: Type = INTEGER) -> Scalar:
    return a.typed(kind) if factor == 1 else mul(a, integer(factor, INTEGER), kind)


def neg(a: Scalar, kind: Type = INTEGER) -> Scalar:
    return replace(a, data=-as_kind(a.data, _either_sign(a)), type=kind, range=-span(a))


def absolute(a: Scalar, kind: Type = INTEGER) -> Scalar:
    if span(a).low >= 0:
        return a.typed(kind)
    return replace(a, data=abs(as_kind(a.data, _either_sign(a))), type=kind, range=abs(span(a)))


def _either_sign(a: Scalar) -> Any:
    """What holds the numbers and their opposites."""
    if isinstance(a.data, np.ndarray) and a.data.dtype == object:
        return a.data.dtype
    return fitting(span(a).hull(-span(a)))


def power(a: Scalar, exponent: int, kind: Type) -> Scalar:
    found = integer(1, kind)
    for _ in range(exponent):
        found = mul(found, a, kind)
    return replace(found, type=kind, null=a.null)


# ── comparison ────────────────────────────────────────────────────────────────────────────────────────────────────────
COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "lt": lambda a, b: a < b, "le": lambda a, b: a <= b, "gt": lambda a, b: a > b, "ge": lambda a, b: a >= b,
    "eq": lambda a, b: a == b, "ne": lambda a, b: a != b,
}  # fmt: skip
_ALWAYS: dict[str, Callable[[Interval, Interval], bool]] = {
    "lt": lambda a, b: a.high < b.low, "le": lambda a, b: a.high <= b.low,
    "gt": lambda a, b: a.low > b.high, "ge": lambda a, b: a.low >= b.high,
}  # fmt: skip
_OPPOSITE = {"lt": "ge", "ge": "lt", "gt": "le", "le": "gt"}


def compare(operator: str, a: Scalar, b: Scalar) -> Scalar:
    if a.range is not None and b.range is not None and operator in _ALWAYS:
        if _ALWAYS[operator](a.range, b.range):
            return truth(True)
        if _ALWAYS[_OPPOSITE[operator]](a.range, b.range):
            return truth(False)
    found = COMPARE[operator](a.data, b.data)
    return Scalar(found.astype(np.bool_) if isinstance(found, np.ndarray) else bool(found), Bool())


# ── quotients ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def positive(n: Scalar, d: Scalar, fail: Fail) -> tuple[Scalar, Scalar]:
    """The same quotient with a denominator of 1 or more; failed where it is zero."""
    reach = span(d)
    if reach.low >= 1:
        return n, d
    zero = d.data == 0
    fail(bool(zero) if not isinstance(zero, np.ndarray) else _there(zero.astype(np.bool_), d.null, n.null))
    if reach.low < 0:
        below = d.data < 0
        top = as_kind(n.data, _either_sign(n))
        n = replace(n, data=select(below, -top, top), range=span(n).hull(-span(n)))
    size = abs(as_kind(d.data, _either_sign(d))) if reach.low < 0 else d.data
    sound = size + zero if isinstance(zero, np.ndarray) else max(size, 1)
    return n, replace(d, data=sound, range=Interval(1, max(reach.magnitude, 1)))


def _there(mask: Any, *nulls: Any) -> Any:
    null = either(*nulls)
    return mask if null is None else False if null is True else mask & ~null


def rounded(mode: str, n: Scalar, d: Scalar, kind: Type, fail: Fail) -> Scalar:
    """n / d rounded to a whole number, as engine.integer.primitives.rounding says."""
    n, d = positive(n, d, fail)
    reach = span(n).quotient(span(d))
    if d.constant and d.data == 1:
        return n.typed(kind)
    top = 2 * (span(n).magnitude + 2 * span(d).high)
    if not Interval(-top, top).bits64:
        n, d = _actual(n), _actual(d)
        top = 2 * (span(n).magnitude + 2 * span(d).high)
    room = fitting(Interval(-top, top))
    a, b = (wide(n), wide(d)) if room.hasobject else (as_kind(n.data, room), as_kind(d.data, room))
    if isinstance(b, np.ndarray) and b.dtype == object:
        b = np.where(b == 0, 1, b)  # only in rows that failed before
    below = span(n).low < 0
    size = abs(a) if below and mode not in ("floor", "ceiling", "half_even") else a
    match mode:
        case "half_up":
            found = size * 2
            found += b  # in place: room for a column is not free
            found //= b * 2
        case "half_down":
            found = (2 * size + (b - 1)) // (2 * b)
        case "up":
            found = (size + (b - 1)) // b
        case "down":
            found = size // b
        case "floor":
            found = a // b
        case "ceiling":
            found = -((-a) // b)
        case _:  # half_even
            whole = a // b
            rest = 2 * (a - whole * b)
            found = whole + ((rest > b) | ((rest == b) & (whole % 2 == 1)))
    if size is not a:
        found = select(a < 0, -found, found) if isinstance(a, np.ndarray) else (-found if a < 0 else found)
    found = _narrow(Scalar(found, kind, either(n.null, d.null), reach))
    return replace(found, data=as_kind(found.data, fitting(reach)))


def whole(x: Pair, factor: int, kind: Type, fail: Fail) -> Scalar:
    """x · factor, failed where that is no whole number."""
    n = scale(x.n, factor)
    if x.d.constant and x.d.data == 1:
        return n.typed(kind)
    found = _divided(n, x.d, kind)
    broken = _whole(found) * _whole(x.d) != _whole(n)
    fail(_there(broken, n.null) if isinstance(broken, np.ndarray) else broken and n.null is None)
    return found


def exact(x: Pair, factor: int, kind: Type) -> Scalar:
    """x · factor, null where that is no whole number."""
    n = scale(x.n, factor)
    if x.d.constant and x.d.data == 1:
        return n.typed(kind)
    found = _divided(n, x.d, kind)
    broken = _whole(found) * _whole(x.d) != _whole(n)
    return replace(found, null=either(found.null, broken if isinstance(broken, np.ndarray) else broken or None))


def _divided(n: Scalar, d: Scalar, kind: Type) -> Scalar:
    divisor = _whole(d)
    if isinstance(divisor, np.ndarray):
        divisor = np.where(divisor == 0, 1, divisor)
    return _narrow(Scalar(_whole(n) // divisor, kind, either(n.null, d.null), span(n).quotient(span(d))))


def _whole(x: Scalar) -> Any:
    """In 64 bits, or Python's own."""
    return x.data if isinstance(x.data, np.ndarray) and x.data.dtype == object else as_kind(x.data, np.int64)


def modulo(a: Scalar, b: Scalar, kind: Type, fail: Fail) -> Scalar:
    """a - b·floor(a / b): the sign of the divisor."""
    zero = b.data == 0
    fail(zero if isinstance(zero, np.ndarray) else bool(zero))
    divisor = np.where(zero, 1, _whole(b)) if isinstance(zero, np.ndarray) else b.data or 1
    size = max(span(b).magnitude - 1, 0)
    return Scalar(_whole(a) % divisor, kind, either(a.null, b.null), Interval(-size if span(b).low < 0 else 0, size))


def bounded(x: Scalar, low: int | None, high: int | None, fail: Fail) -> Scalar:
    """x, failed outside these ends."""
    reach = span(x)
    if reach.within(low, high):
        return x
    outside: Any = None
    if low is not None and reach.low < low:
        outside = x.data < low
    if high is not None and reach.high > high:
        above = x.data > high
        outside = above if outside is None else outside | above
    if isinstance(outside, np.ndarray):
        fail(_there(outside.astype(np.bool_), x.null))
    elif outside and x.null is None:
        fail(True)
    inside = reach.meet(low, high) or point(reach.low if low is None else low)
    return _narrow(replace(x, range=inside))


# ── pairs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def pair(n: Scalar, d: Scalar, fail: Fail) -> Pair:
    return Pair(*positive(n, d, fail))


def pair_operation(operator: str, a: Pair, b: Pair, fail: Fail) -> Pair:
    if operator == "mul":
        return Pair(mul(a.n, b.n), mul(a.d, b.d))
    if operator == "div":
        return pair(mul(a.n, b.d), mul(a.d, b.n), fail)
    join = add if operator == "add" else sub
    if a.d.data is b.d.data or (a.d.constant and b.d.constant and a.d.data == b.d.data):
        return Pair(join(a.n, b.n), a.d)
    return Pair(join(mul(a.n, b.d), mul(b.n, a.d)), mul(a.d, b.d))


def pair_compare(operator: str, a: Pair, b: Pair) -> Scalar:
    return compare(operator, mul(a.n, b.d), mul(b.n, a.d))


def pair_extreme(which: str, a: Pair, b: Pair) -> Pair:
    for one, other in ((a, b), (b, a)):
        if other.d.constant and other.d.data == 1:  # brought under one denominator, the numerators tell
            limit = mul(other.n, one.d)
            reach = _extreme_range(which, span(one.n), span(limit))
            if span(limit).bits64 and not _wide(one.n):
                pick, kind = np.minimum if which == "min" else np.maximum, fitting(span(one.n).hull(span(limit)))
                found = pick(as_kind(one.n.data, kind), as_kind(limit.data, kind))
                return Pair(replace(one.n, data=found, range=reach, null=either(one.n.null, other.n.null)), one.d)
    test = pair_compare("le" if which == "min" else "ge", a, b)
    n = chosen(test, a.n, b.n)
    reach, ends = span(n), (span(a.n), span(b.n))
    if which == "max" and any(end.low >= 0 for end in ends):
        reach = Interval(0, max(reach.high, 0))
    if which == "min" and any(end.high <= 0 for end in ends):
        reach = Interval(min(reach.low, 0), 0)
    return Pair(replace(n, range=reach), chosen(test, a.d, b.d))


def _extreme_range(which: str, a: Interval, b: Interval) -> Interval:
    pick = min if which == "min" else max
    return Interval(pick(a.low, b.low), pick(a.high, b.high))


def _wide(x: Scalar) -> bool:
    return isinstance(x.data, np.ndarray) and x.data.dtype == object


def chosen(test: Scalar, a: Scalar, b: Scalar) -> Scalar:
    """a where the test holds, else b: two numbers."""
    if test.constant:
        return a if test.data else b
    if a.data is b.data and a.null is b.null:
        return a
    reach = span(a).hull(span(b))
    if a.constant and b.constant and a.data == b.data and a.null is None and b.null is None:
        return a
    null = None
    if a.null is not None or b.null is not None:
        null = select(test.data, _mask(a.null), _mask(b.null))
    if _wide(a) or _wide(b) or not reach.bits64:
        return Scalar(np.where(test.data, wide(a), wide(b)).astype(object), a.type, null, reach)
    return Scalar(select(test.data, as_kind(a.data, fitting(reach)), as_kind(b.data, fitting(reach))), a.type, null, reach)


def _mask(null: Any) -> Any:
    return False if null is None else null
