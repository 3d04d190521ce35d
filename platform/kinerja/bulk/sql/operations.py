"""What each primitive of the intermediate form is in SQL, but for those over lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ...engine.integer.ir import Lit, Op
from ...engine.integer.temporal import DAY
from ...engine.integer.types import INTEGER, Bool, Day, Num, Text, Type
from ..intervals import Interval, point
from . import numbers as n
from .values import Fields, Flag, Pair, Scalar, Value, either, flagged, quote, refused, span

if TYPE_CHECKING:
    from .expressions import Emitter

Rule = Callable[["Emitter", Op, list[Value]], Value]
DAYS = Interval(1, 3_652_059)


def _scalars(args: Sequence[Value], what: str) -> list[Scalar]:
    found = [arg for arg in args if isinstance(arg, Scalar)]
    if len(found) != len(args):
        raise refused(f"“{what}” atas nilai ini")
    return found


def _pairs(args: Sequence[Value], what: str) -> list[Pair]:
    found = [arg for arg in args if isinstance(arg, Pair)]
    if len(found) != len(args):
        raise refused(f"“{what}” atas nilai ini")
    return found


def _binary(operation: Callable[[Scalar, Scalar, Type], Scalar]) -> Rule:
    def rule(_: Emitter, x: Op, args: list[Value]) -> Value:
        a, b = _scalars(args, x.name)
        return operation(a, b, x.type)

    return rule


def _unary(operation: Callable[[Scalar, Type], Scalar]) -> Rule:
    def rule(_: Emitter, x: Op, args: list[Value]) -> Value:
        (a,) = _scalars(args, x.name)
        return operation(a, x.type)

    return rule


def _compare(emitter: Emitter, x: Op, args: list[Value]) -> Value:
    a, b = _scalars(args, x.name)
    if (
        x.name in ("eq", "ne")
        and a.texts is not None
        and b.texts is not None
        and not a.null
        and not b.null
        and not a.texts & b.texts
    ):
        return n.truth(x.name == "ne", either(a.flag, b.flag))
    return n.compare(x.name, a, b)


def _pair_compare(_: Emitter, x: Op, args: list[Value]) -> Value:
    a, b = _pairs(args, x.name)
    return n.pair_compare(x.name.removeprefix("r_"), a, b)


def _pair_operation(emitter: Emitter, x: Op, args: list[Value]) -> Value:
    a, b = (emitter.keep(arg) for arg in _pairs(args, x.name))
    assert isinstance(a, Pair)
    assert isinstance(b, Pair)
    return n.pair_operation(x.name.removeprefix("r_"), a, b)


def _not(_: Emitter, x: Op, args: list[Value]) -> Value:
    (a,) = _scalars(args, x.name)
    if a.literal:
        return replace(a, sql="FALSE" if a.sql == "TRUE" else "TRUE")
    return replace(a, sql=f"(NOT {a.sql})")


def _is_null(emitter: Emitter, x: Op, args: list[Value]) -> Value:
    (a,) = args
    tested = a.n if isinstance(a, Pair) else a
    if not isinstance(tested, Scalar):
        raise refused("“= null” atas nilai ini")
    if not tested.null:
        return n.truth(False, a.flag)
    if tested.literal and tested.sql.startswith("NULL"):
        return n.truth(True, a.flag)
    shown = tested.scaled[0] if tested.scaled is not None else tested
    return Scalar(f"({shown.sql} IS NULL)", Bool(), depth=shown.depth, flag=a.flag)


def _need(emitter: Emitter, x: Op, args: list[Value]) -> Value:
    """Flagged where it is null."""
    (a,) = args
    if isinstance(a, Pair):
        if not a.n.null:
            return a
        empty = Flag(f"({a.n.sql} IS NULL)", a.n.depth)
        return replace(a, n=replace(a.n, null=False), flag=either(a.flag, empty))
    if not isinstance(a, Scalar):
        return a
    if not a.null:
        return a
    a = _kept(emitter, a)
    return replace(a, null=False, flag=either(a.flag, Flag(f"({a.sql} IS NULL)", a.depth)))


def _kept(emitter: Emitter, value: Scalar) -> Scalar:
    found = emitter.keep(value)
    assert isinstance(found, Scalar)
    return found


def _same(_: Emitter, x: Op, args: list[Value]) -> Value:
    """Equal, null equal to null only."""
    first, second = args
    if isinstance(first, Pair) and isinstance(second, Pair):
        crossed = (replace(n.mul(first.n, second.d), flag=first.flag), replace(n.mul(second.n, first.d), flag=second.flag))
        left, right = crossed
    else:
        left, right = _scalars(args, x.name)
    return Scalar(
        f"({left.sql} IS NOT DISTINCT FROM {right.sql})",
        Bool(),
        depth=max(left.depth, right.depth),
        flag=either(left.flag, right.flag),
    )


def _scale(_: Emitter, x: Op, args: list[Value]) -> Value:
    a, factor = _scalars(args, x.name)
    return n.scale(a, span(factor).low, x.type)


def _pair(_: Emitter, x: Op, args: list[Value]) -> Value:
    a, den = _scalars(args, x.name)
    return Pair(replace(a, flag=None, type=INTEGER), den, a.flag)


def _ratio(emitter: Emitter, x: Op, args: list[Value]) -> Value:
    a, b = (_kept(emitter, arg) for arg in _scalars(args, x.name))
    return n.pair(a, b)


def _round(emitter: Emitter, x: Op, args: list[Value]) -> Value:
    a, b = (_kept(emitter, arg) for arg in _scalars(args, x.name))
    return n.rounded(x.name, a, b, x.type)


def _round_pair(emitter: Emitter, x: Op, args: list[Value]) -> Value:
    (a,) = _pairs(args[:1], x.name)
    up, down = _scalars(args[1:], x.name)
    top, bottom = n.scale(a.n, span(up).low), n.scale(a.d, span(down).low)
    found = n.rounded(x.name.removeprefix("r_"), _kept(emitter, top), _kept(emitter, bottom), x.type)
    return flagged(found, a.flag)


def _whole(_: Emitter, x: Op, args: list[Value]) -> Value:
    """round_or_fail, fit, whole: the number must end within the wanted denominator."""
    (a,) = _pairs(args[:1], x.name)
    factor = span(_scalars(args[1:], x.name)[0]).low if len(args) > 1 else 1
    assert isinstance(x.type, Num)
    return n.whole_or_flag(a, factor, x.type)


def _exact(emitter: Emitter, x: Op, args: list[Value]) -> Value:
    """Null where it is not a multiple of the wanted fraction."""
    (a,) = _pairs(args[:1], x.name)
    factor = span(_scalars(args[1:], x.name)[0]).low
    top = n.scale(a.n, factor)
    if a.d.range is not None and a.d.range.low == a.d.range.high and factor % a.d.range.low == 0:
        return replace(n.scale(a.n, factor // a.d.range.low, x.type), flag=a.flag)
    kept = _kept(emitter, top)
    reach = span(kept).quotient(span(a.d))
    sql = f"(CASE WHEN {kept.sql} % {a.d.sql} = 0 THEN {kept.sql} // {a.d.sql} END)"
    return Scalar(sql, x.type, True, max(kept.depth, a.d.depth), reach, wide=kept.wide or a.d.wide, flag=either(kept.flag, a.flag))


def _in_range(emitter: Emitter, x: Op, args: list[Value]) -> Value:
    (a,) = _scalars(args[:1], x.name)
    low, high = (end.value if isinstance(end, Lit) and isinstance(end.value, int) else None for end in x.args[1:3])
    return n.bounded(_kept(emitter, a), low, high)


def _in_values(emitter: Emitter, x: Op, args: list[Value]) -> Value:
    listed = x.args[1]
    assert isinstance(listed, Lit)
    assert isinstance(listed.value, tuple)
    values = tuple(str(value) for value in listed.value)
    (a,) = _scalars(args, x.name)
    if a.texts is not None and a.texts <= set(values):
        return a
    a = _kept(emitter, a)
    wrong = Flag(f"coalesce({a.sql} NOT IN ({', '.join(quote(value) for value in values)}), FALSE)", a.depth)
    return replace(a, texts=frozenset(values), flag=either(a.flag, wrong))


def _filled(emitter: Emitter, x: Op, args: list[Value]) -> Value:
    """A count that must not be 0."""
    (a,) = _scalars(args, x.name)
    a = _kept(emitter, a)
    if span(a).low >= 1:
        return a
    empty = Flag(f"({a.sql} = 0)", a.depth)
    reach = Interval(1, max(span(a).high, 1))
    return replace(a, sql=f"nullif({a.sql}, 0)", range=reach, literal=False, scaled=None, flag=either(a.flag, empty))


def _modulo(emitter: Emitter, x: Op, args: list[Value]) -> Value:
    a, b = (_kept(emitter, arg) for arg in _scalars(args, x.name))
    if b.range is None or b.range.low < 1:
        raise refused("modulo dengan pembagi yang dapat nol atau negatif")
    reach = Interval(0, b.range.high - 1)
    if span(a).low >= 0:
        return n.sized(f"({a.sql} % {b.sql})", x.type, reach, (a, b))
    return n.sized(f"((({a.sql} % {b.sql}) + {b.sql}) % {b.sql})", x.type, reach, (n.widened(a, span(b).times(2)), b))


def _pow(_: Emitter, x: Op, args: list[Value]) -> Value:
    a, exponent = _scalars(args, x.name)
    return n.power(a, span(exponent).low, x.type)


def _both(_: Emitter, x: Op, args: list[Value]) -> Value:
    parts = _scalars(args, x.name)
    if not parts:
        return n.truth(True)
    flag = either(*(part.flag for part in parts))
    live = [part for part in parts if not (part.literal and part.sql == "TRUE")]
    if not live:
        return n.truth(True, flag)
    if any(part.literal for part in live):
        return n.truth(False, flag)
    sql = "(" + " AND ".join(part.sql for part in live) + ")"
    return Scalar(sql, Bool(), depth=max(part.depth for part in live), flag=flag)


def _all_there(_: Emitter, x: Op, args: list[Value]) -> Value:
    return n.truth(True, either(*(arg.flag for arg in args)))


# ── texts ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _text(template: str, kind: Type, reach: Interval | None = None) -> Rule:
    def rule(_: Emitter, x: Op, args: list[Value]) -> Value:
        parts = _scalars(args, x.name)
        sql = template.format(*(part.sql for part in parts))
        return Scalar(sql, kind, False, max(part.depth for part in parts), reach, flag=either(*(part.flag for part in parts)))

    return rule


def _letters(function: str) -> Rule:
    """upper, lower: as Python has them for ASCII; a text with other letters is left to the one-by-one engine."""

    def rule(emitter: Emitter, x: Op, args: list[Value]) -> Value:
        (a,) = _scalars(args, x.name)
        a = _kept(emitter, a)
        beyond = Flag(f"(strlen({a.sql}) <> length({a.sql}))", a.depth)
        return replace(a, sql=f"{function}({a.sql})", texts=None, literal=False, flag=either(a.flag, beyond))

    return rule


# ── dates ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _day_part(template: str, reach: Interval) -> Rule:
    def rule(emitter: Emitter, x: Op, args: list[Value]) -> Value:
        (a,) = _scalars(args, x.name)
        day = n.bounded(a, DAYS.low, DAYS.high)
        shown = f"(DATE '0001-01-01' + ({day.sql} - 1)::INTEGER)"
        return Scalar(template.format(shown), INTEGER, a.null, day.depth, reach, flag=day.flag)

    return rule


def _unit(unit: int, above: int | None) -> Rule:
    """A component of a duration, cut towards zero: (rest below the unit above) // unit."""

    def rule(_: Emitter, x: Op, args: list[Value]) -> Value:
        (a,) = _scalars(args, x.name)
        reach = Interval(-span(a).magnitude, span(a).magnitude)
        inner = f"({a.sql} % {above})" if above else a.sql
        return replace(n.sized(f"({inner} // {unit})", INTEGER, reach, (a,)), flag=a.flag)

    return rule


def _later(_: Emitter, x: Op, args: list[Value]) -> Value:
    day, seconds = _scalars(args, x.name)
    moved = n.add(n.scale(day, DAY), seconds)
    return n.bounded(replace(n.rounded("floor", moved, _DAY, Day()), type=Day()), DAYS.low, DAYS.high)


_DAY = Scalar(f"{DAY}::BIGINT", INTEGER, range=point(DAY), literal=True)


# ── choice ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def join_choice(test: Scalar, then: Value, otherwise: Value, kind: Type) -> Value:
    """CASE of two values of one type; flags are the caller's."""
    if isinstance(then, Pair) and isinstance(otherwise, Pair):
        return Pair(n.chosen(test, then.n, otherwise.n), n.chosen(test, then.d, otherwise.d))
    if isinstance(then, Fields) and isinstance(otherwise, Fields):
        pairs = {name: (value, otherwise.fields[name]) for name, value in then.fields.items() if name in otherwise.fields}
        return Fields({name: join_choice(test, a, b, _kind(a)) for name, (a, b) in pairs.items()})
    if not (isinstance(then, Scalar) and isinstance(otherwise, Scalar)):
        raise refused("pilihan atas daftar")
    if then.range is not None and otherwise.range is not None:
        if then.literal and then.null:
            return replace(n.chosen(test, replace(then, range=otherwise.range), otherwise), type=kind)
        if otherwise.literal and otherwise.null:
            return replace(n.chosen(test, then, replace(otherwise, range=then.range)), type=kind)
        return replace(n.chosen(test, then, otherwise), type=kind)
    texts = then.texts | otherwise.texts if then.texts is not None and otherwise.texts is not None else None
    depth = max(test.depth, then.depth, otherwise.depth)
    sql = f"(CASE WHEN {test.sql} THEN {then.sql} ELSE {otherwise.sql} END)"
    return Scalar(sql, kind, then.null or otherwise.null, depth, texts=texts)


def _kind(value: Value) -> Type:
    return value.type if isinstance(value, Scalar) else Num(None) if isinstance(value, Pair) else Text()


OPERATIONS: dict[str, Rule] = {
    "add": _binary(n.add), "sub": _binary(n.sub), "mul": _binary(n.mul), "neg": _unary(n.neg),
    "abs": _unary(n.absolute), "pow": _pow, "scale": _scale, "pair": _pair, "ratio": _ratio, "modulo": _modulo,
    "filled": _filled,
    **dict.fromkeys(n.SIGNS, _compare), **{f"r_{name}": _pair_compare for name in n.SIGNS},
    **{f"r_{name}": _pair_operation for name in ("add", "sub", "mul", "div")},
    "r_neg": lambda _, x, args: replace(_pairs(args, x.name)[0], n=n.neg(_pairs(args, x.name)[0].n)),
    "r_abs": lambda _, x, args: replace(_pairs(args, x.name)[0], n=n.absolute(_pairs(args, x.name)[0].n)),
    "reduced": lambda _, x, args: _pairs(args, x.name)[0],
    **dict.fromkeys(("half_up", "half_down", "half_even", "up", "down", "floor", "ceiling"), _round),
    **{f"r_{name}": _round_pair for name in ("half_up", "half_down", "half_even", "up", "down", "floor", "ceiling")},
    "round_or_fail": _whole, "fit": _whole, "whole": _whole, "exact": _exact,
    "in_range": _in_range, "in_values": _in_values, "not_null": _need, "need": _need, "need_value": _need,
    "not": _not, "is_null": _is_null, "same": _same, "both": _both, "all_there": _all_there,
    "join": _text("({0} || {1})", Text()), "length": _text("length({0})::BIGINT", INTEGER, Interval(0, 10**9)),
    "upper": _letters("upper"),
    "lower": _letters("lower"),
    "contains": _text("contains({0}, {1})", Bool()), "starts": _text("starts_with({0}, {1})", Bool()),
    "ends": _text("ends_with({0}, {1})", Bool()),
    "year_of": _day_part("year({0})::BIGINT", Interval(1, 9999)), "month_of": _day_part("month({0})::BIGINT", Interval(1, 12)),
    "day_of": _day_part("day({0})::BIGINT", Interval(1, 31)), "weekday_of": _day_part("isodow({0})::BIGINT", Interval(1, 7)),
    "days_of": _unit(DAY, None), "hours_of": _unit(3600, DAY), "minutes_of": _unit(60, 3600), "seconds_of": _unit(1, 60),
    "years_of": _unit(12, None), "months_of": _unit(1, 12), "later": _later,
}  # fmt: skip

__all__ = ["OPERATIONS", "join_choice"]
