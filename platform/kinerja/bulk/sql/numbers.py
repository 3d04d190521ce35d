"""Arithmetic on whole numbers in SQL; each result knows its range, and takes 128 bits where 64 are not proved enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ...engine.integer.types import INTEGER, Bool, Num, Type
from ..intervals import NARROW, Interval, point
from .values import Flag, Pair, Scalar, either, integer, refused, span


def sized(sql: str, kind: Type, reach: Interval, parts: Sequence[Scalar], *, peak: Interval | None = None) -> Scalar:
    """A result computed from parts. peak: the largest value on the way, where that is more than the result."""
    if not (reach.bits128 and (peak is None or peak.bits128)):
        raise refused("angka di atas 128 bit")
    wide = any(part.wide for part in parts)
    fits = reach.bits64
    if wide and fits:
        sql, wide = f"CAST({sql} AS BIGINT)", False
    return Scalar(
        sql, kind, any(part.null for part in parts), max((part.depth for part in parts), default=0), reach, wide=wide or not fits,
        flag=either(*(part.flag for part in parts)),
    )  # fmt: skip


def widened(x: Scalar, *reaches: Interval) -> Scalar:
    """x in 128 bits where one of these does not fit in 64."""
    if x.wide or all(reach.bits64 for reach in reaches):
        return x
    return replace(x, sql=f"{x.sql}::HUGEINT", wide=True, literal=False)


def _infix(operator: str, a: Scalar, b: Scalar, kind: Type, reach: Interval) -> Scalar:
    first = widened(a, reach)
    return sized(f"({first.sql} {operator} {b.sql})", kind, reach, (first, b))


def add(a: Scalar, b: Scalar, kind: Type = INTEGER) -> Scalar:
    return _infix("+", a, b, kind, span(a) + span(b))


def sub(a: Scalar, b: Scalar, kind: Type = INTEGER) -> Scalar:
    return _infix("-", a, b, kind, span(a) - span(b))


def mul(a: Scalar, b: Scalar, kind: Type = INTEGER) -> Scalar:
    for one, other in ((a, b), (b, a)):
        if one.literal and one.range == point(1):
            return replace(other, type=kind, flag=either(a.flag, b.flag))
        if one.literal and not (span(a) * span(b)).bits64 and not other.wide and span(one).bits64:
            other = _fitting(other, NARROW // span(one).magnitude)
            return _infix("*", other, one, kind, span(other) * span(one))
    return _infix("*", a, b, kind, span(a) * span(b))


def _fitting(a: Scalar, limit: int) -> Scalar:
    """a where 64 bits hold what is done with it; the rare case in which they do not takes the wide path, one by one."""
    return bounded(a, -limit, limit)


def scale(a: Scalar, factor: int, kind: Type = INTEGER) -> Scalar:
    if factor == 1:
        return replace(a, type=kind)
    found = mul(a, integer(factor, INTEGER), kind)
    simple = factor > 0 and a.flag is None and found.flag is None
    return replace(found, scaled=(a, factor)) if simple else found


def neg(a: Scalar, kind: Type = INTEGER) -> Scalar:
    return sized(f"(-{a.sql})", kind, -span(a), (a,))


def absolute(a: Scalar, kind: Type = INTEGER) -> Scalar:
    return replace(a, type=kind) if span(a).low >= 0 else sized(f"abs({a.sql})", kind, abs(span(a)), (a,))


def power(a: Scalar, exponent: int, kind: Type) -> Scalar:
    """By repeated multiplication: DuckDB's own gives DOUBLE."""
    if exponent == 0:
        return replace(integer(1, kind), flag=a.flag)
    found = a
    for _ in range(exponent - 1):
        found = mul(found, a, kind)
    return replace(found, type=kind)


# ── comparison ────────────────────────────────────────────────────────────────────────────────────────────────────────
SIGNS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "=", "ne": "<>"}
_ALWAYS: dict[str, Callable[[Interval, Interval], bool]] = {
    "lt": lambda a, b: a.high < b.low,
    "le": lambda a, b: a.high <= b.low,
    "gt": lambda a, b: a.low > b.high,
    "ge": lambda a, b: a.low >= b.high,
}


def compare(operator: str, a: Scalar, b: Scalar) -> Scalar:
    a, b = _unscaled(operator, a, b)
    flag, depth = either(a.flag, b.flag), max(a.depth, b.depth)
    if a.range is not None and b.range is not None and operator in _ALWAYS and not a.null and not b.null:
        opposite = {"lt": "ge", "ge": "lt", "gt": "le", "le": "gt"}[operator]
        if _ALWAYS[operator](a.range, b.range):
            return truth(True, flag)
        if _ALWAYS[opposite](a.range, b.range):
            return truth(False, flag)
    return Scalar(f"({a.sql} {SIGNS[operator]} {b.sql})", Bool(), depth=depth, flag=flag)


def _unscaled(operator: str, a: Scalar, b: Scalar) -> tuple[Scalar, Scalar]:
    """x · 100 >= 3100 is x >= 31: the same, and quicker."""
    if a.scaled is None or not b.literal or b.range is None:
        return a, b
    base, factor = a.scaled
    limit = b.range.low
    if operator in ("eq", "ne") and limit % factor:
        return a, b
    bound = -(-limit // factor) if operator in ("ge", "lt") else limit // factor
    return replace(base, flag=a.flag, null=a.null), integer(bound, b.type)


def truth(value: bool, flag: Flag | None = None) -> Scalar:
    return Scalar("TRUE" if value else "FALSE", Bool(), flag=flag, literal=True)


# ── quotients ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def positive(n: Scalar, d: Scalar) -> tuple[Scalar, Scalar]:
    """The same quotient with a denominator of 1 or more; flagged, and NULL, where it is zero."""
    reach = span(d)
    if reach.low >= 1:
        return n, d
    zero = Flag(f"({d.sql} = 0)", d.depth)
    if reach.high < 1 and reach.low >= 0:
        return replace(n, flag=either(n.flag, Flag("TRUE"))), integer(1, INTEGER)
    if reach.low >= 0:
        safe = replace(
            d, sql=f"nullif({d.sql}, 0)", range=Interval(1, max(reach.high, 1)), flag=either(d.flag, zero), literal=False
        )
        return n, safe
    flipped = sized(
        f"(CASE WHEN {d.sql} < 0 THEN -{n.sql} ELSE {n.sql} END)", n.type, span(n).hull(-span(n)), (n, replace(d, flag=None))
    )
    high = max(reach.magnitude, 1)
    safe = replace(d, sql=f"nullif(abs({d.sql}), 0)", range=Interval(1, high), flag=either(d.flag, zero), literal=False)
    return flipped, safe


def _signed(n: Scalar, whole: Callable[[str], str], other: Callable[[str], str] | None = None) -> str:
    """whole(of |n|), with the sign of n; other: for negative n, of |n|, where it is not the same."""
    reach = span(n)
    below = other or whole
    if reach.low >= 0:
        return whole(n.sql)
    if reach.high <= 0:
        return f"(-{below(f'(-{n.sql})')})"
    return f"(CASE WHEN {n.sql} < 0 THEN -{below(f'(-{n.sql})')} ELSE {whole(n.sql)} END)"


def rounded(mode: str, n: Scalar, d: Scalar, kind: Type) -> Scalar:
    """One primitive: n / d rounded to a whole number. Quotients of what is not negative are cut, which is the same everywhere."""
    n, d = positive(n, d)
    if d.range == point(1):
        return replace(n, type=kind)
    top = span(n).magnitude + 2 * span(d).high
    peak = Interval(-2 * top, 2 * top)
    n, d = widened(n, peak), widened(d, peak)
    by = d.sql

    def cut(x: str) -> str:
        return f"({x} // {by})"

    def away(x: str) -> str:
        return f"(({x} + ({by} - 1)) // {by})"

    def half_up(x: str) -> str:
        return f"((2 * {x} + {by}) // (2 * {by}))"

    def half_down(x: str) -> str:
        return f"((2 * {x} + ({by} - 1)) // (2 * {by}))"

    def half_even(x: str) -> str:
        q, r = f"({x} // {by})", f"({x} % {by})"
        return f"({q} + CASE WHEN 2 * {r} > {by} OR (2 * {r} = {by} AND {q} % 2 = 1) THEN 1 ELSE 0 END)"

    forms: dict[str, tuple[Callable[[str], str], Callable[[str], str] | None]] = {
        "half_up": (half_up, None), "half_down": (half_down, None), "half_even": (half_even, None),
        "up": (away, None), "down": (cut, None), "floor": (cut, away), "ceiling": (away, cut),
    }  # fmt: skip
    sql = _signed(n, *forms[mode])
    return sized(sql, kind, span(n).quotient(span(d)), (n, d), peak=peak)


def whole_or_flag(x: Pair, factor: int, kind: Num) -> Scalar:
    """x · factor, flagged where that is no whole number."""
    n = scale(x.n, factor)
    if x.d.range == point(1):
        return replace(n, type=kind, flag=either(n.flag, x.flag))
    broken = Flag(f"coalesce({n.sql} % {x.d.sql} <> 0, FALSE)", max(n.depth, x.d.depth))
    found = sized(f"({n.sql} // {x.d.sql})", kind, span(n).quotient(span(x.d)), (n, x.d))
    return replace(found, flag=either(found.flag, x.flag, broken))


def bounded(x: Scalar, low: int | None, high: int | None) -> Scalar:
    """x, flagged and NULL outside these ends."""
    reach = span(x)
    if reach.within(low, high):
        return x
    inside = reach.meet(low, high) or point(reach.low if low is None else low)
    tests = []
    if low is not None and reach.low < low:
        tests.append(f"{x.sql} < {low}")
    if high is not None and reach.high > high:
        tests.append(f"{x.sql} > {high}")
    outside = f"({' OR '.join(tests)})"
    sql = f"(CASE WHEN {outside} THEN NULL ELSE {x.sql} END)"
    if x.wide and inside.bits64:
        sql = f"CAST({sql} AS BIGINT)"
    raised = Flag(f"coalesce({outside}, FALSE)" if x.null else outside, x.depth)
    return replace(x, sql=sql, range=inside, wide=x.wide and not inside.bits64, flag=either(x.flag, raised), literal=False)


# ── pairs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def pair(n: Scalar, d: Scalar) -> Pair:
    n, d = positive(n, d)
    return Pair(replace(n, flag=None), replace(d, flag=None), either(n.flag, d.flag))


def pair_operation(operator: str, a: Pair, b: Pair) -> Pair:
    """r_add, r_sub, r_mul, r_div."""
    flag = either(a.flag, b.flag)
    if operator == "mul":
        return Pair(mul(a.n, b.n), mul(a.d, b.d), flag)
    if operator == "div":
        found = pair(mul(a.n, b.d), mul(a.d, b.n))
        return replace(found, flag=either(found.flag, flag))
    join = add if operator == "add" else sub
    if a.d.sql == b.d.sql:
        return Pair(join(a.n, b.n), a.d, flag)
    return Pair(join(mul(a.n, b.d), mul(b.n, a.d)), mul(a.d, b.d), flag)


def pair_compare(operator: str, a: Pair, b: Pair) -> Scalar:
    found = compare(operator, mul(a.n, b.d), mul(b.n, a.d))
    return replace(found, flag=either(found.flag, a.flag, b.flag))


def pair_extreme(which: str, a: Pair, b: Pair) -> Pair:
    test = pair_compare("le" if which == "min" else "ge", a, b)
    n = chosen(test, a.n, b.n)
    reach = span(n)
    ends = (span(a.n), span(b.n))
    if which == "max" and any(end.low >= 0 for end in ends):
        reach = Interval(0, max(reach.high, 0))
    if which == "min" and any(end.high <= 0 for end in ends):
        reach = Interval(min(reach.low, 0), 0)
    return Pair(replace(n, range=reach, flag=None), replace(chosen(test, a.d, b.d), flag=None), test.flag)


def chosen(test: Scalar, a: Scalar, b: Scalar) -> Scalar:
    """CASE of two numbers, without their flags."""
    if test.literal:
        return a if test.sql == "TRUE" else b
    reach = span(a).hull(span(b))
    depth = max(test.depth, a.depth, b.depth)
    same = a.sql == b.sql
    sql = a.sql if same else f"(CASE WHEN {test.sql} THEN {a.sql} ELSE {b.sql} END)"
    return Scalar(sql, a.type, a.null or b.null, depth, reach, wide=a.wide or b.wide, literal=same and a.literal)
