"""Primitives over columns. What is not here goes by distinct values (see `distinct`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...engine.integer.ir import Lit, Op
from ...engine.integer.temporal import DAY
from ...engine.integer.types import INTEGER, Bool, Day, Text
from ..intervals import Interval
from . import numbers as n
from .distinct import by_distinct
from .untyped import np
from .values import Pair, Scalar, Value, either, integer, recoded, refused, scalar, span, truth

if TYPE_CHECKING:
    from .evaluate import Evaluator

Rule = Callable[["Evaluator", Op, list[Value]], Value]
DAYS = Interval(1, 3_652_059)


def _scalars(args: Sequence[Value], what: str) -> list[Scalar]:
    return [scalar(arg, f"“{what}”") for arg in args]


def _pairs(args: Sequence[Value], what: str) -> list[Pair]:
    found = [arg for arg in args if isinstance(arg, Pair)]
    if len(found) != len(args):
        raise refused(f"“{what}”")
    return found


def _binary(operation: Callable[[Scalar, Scalar, Any], Scalar]) -> Rule:
    def rule(_: Evaluator, x: Op, args: list[Value]) -> Value:
        a, b = _scalars(args, x.name)
        return operation(a, b, x.type)

    return rule


def _unary(operation: Callable[[Scalar, Any], Scalar]) -> Rule:
    return lambda _, x, args: operation(scalar(args[0]), x.type)


def _compare(ev: Evaluator, x: Op, args: list[Value]) -> Value:
    a, b = _scalars(args, x.name)
    if isinstance(a.type, Text):
        if x.name not in ("eq", "ne"):
            return by_distinct(ev, x, args, lambda one, other: bool(n.COMPARE[x.name](one, other)))
        return _equal_texts(a, b, x.name == "ne")
    return n.compare(x.name, a, b)


def _equal_texts(a: Scalar, b: Scalar, differ: bool) -> Scalar:
    for one, other in ((a, b), (b, a)):
        if other.constant:
            assert one.words is not None
            assert other.words is not None
            word = other.words[other.data]
            if word not in one.words:
                return truth(differ)
            found = one.data == one.words.index(word)
            return Scalar(~found if differ and isinstance(found, np.ndarray) else found ^ differ, Bool())
    (first, second), _ = recoded([a, b])
    return Scalar(first != second if differ else first == second, Bool())


def _same(ev: Evaluator, x: Op, args: list[Value]) -> Value:
    """Equal, null equal to null only."""
    first, second = args
    if isinstance(first, Pair) and isinstance(second, Pair):
        a, b = n.mul(first.n, second.d), n.mul(second.n, first.d)
    else:
        a, b = _scalars(args, x.name)
    equal = _equal_texts(a, b, False).data if isinstance(a.type, Text) else a.data == b.data
    if a.null is None and b.null is None:
        return Scalar(equal, Bool())
    one = False if a.null is None else a.null
    other = False if b.null is None else b.null
    return Scalar(np.where(np.logical_or(one, other), np.logical_and(one, other), equal), Bool())


def _not(_: Evaluator, x: Op, args: list[Value]) -> Value:
    a = scalar(args[0])
    return replace(a, data=~a.data if isinstance(a.data, np.ndarray) else not a.data)


def _is_null(_: Evaluator, x: Op, args: list[Value]) -> Value:
    tested = args[0].n if isinstance(args[0], Pair) else scalar(args[0])
    if tested.null is None or tested.null is True:
        return truth(tested.null is True)
    return Scalar(tested.null, Bool())


def _need(ev: Evaluator, x: Op, args: list[Value]) -> Value:
    """Failed where it is null."""
    (a,) = args
    if isinstance(a, Pair):
        ev.fail(a.n.null)
        return a.present()
    if not isinstance(a, Scalar):
        return a
    ev.fail(a.null)
    return a.present()


def _scale(_: Evaluator, x: Op, args: list[Value]) -> Value:
    a, factor = _scalars(args, x.name)
    return n.scale(a, span(factor).low, x.type)


def _pair(_: Evaluator, x: Op, args: list[Value]) -> Value:
    a, den = _scalars(args, x.name)
    return Pair(a.typed(INTEGER), den)


def _ratio(ev: Evaluator, x: Op, args: list[Value]) -> Value:
    a, b = _scalars(args, x.name)
    return n.pair(a, b, ev.fail)


def _pair_operation(ev: Evaluator, x: Op, args: list[Value]) -> Value:
    a, b = _pairs(args, x.name)
    return n.pair_operation(x.name.removeprefix("r_"), a, b, ev.fail)


def _pair_compare(_: Evaluator, x: Op, args: list[Value]) -> Value:
    a, b = _pairs(args, x.name)
    return n.pair_compare(x.name.removeprefix("r_"), a, b)


def _pair_numerator(change: Callable[[Scalar], Scalar]) -> Rule:
    def rule(_: Evaluator, x: Op, args: list[Value]) -> Value:
        (a,) = _pairs(args, x.name)
        return replace(a, n=change(a.n))

    return rule


def _round(ev: Evaluator, x: Op, args: list[Value]) -> Value:
    a, b = _scalars(args, x.name)
    return n.rounded(x.name, a, b, x.type, ev.fail)


def _round_pair(ev: Evaluator, x: Op, args: list[Value]) -> Value:
    (a,) = _pairs(args[:1], x.name)
    up, down = _scalars(args[1:], x.name)
    return n.rounded(x.name.removeprefix("r_"), n.scale(a.n, span(up).low), n.scale(a.d, span(down).low), x.type, ev.fail)


def _whole(ev: Evaluator, x: Op, args: list[Value]) -> Value:
    """round_or_fail, fit, whole: the number must end within the wanted denominator."""
    (a,) = _pairs(args[:1], x.name)
    return n.whole(a, span(scalar(args[1])).low if len(args) > 1 else 1, x.type, ev.fail)


def _exact(_: Evaluator, x: Op, args: list[Value]) -> Value:
    (a,) = _pairs(args[:1], x.name)
    return n.exact(a, span(scalar(args[1])).low, x.type)


def _in_range(ev: Evaluator, x: Op, args: list[Value]) -> Value:
    low, high = (end.value if isinstance(end, Lit) and isinstance(end.value, int) else None for end in x.args[1:3])
    return n.bounded(scalar(args[0]), low, high, ev.fail)


def _in_values(ev: Evaluator, x: Op, args: list[Value]) -> Value:
    listed = x.args[1]
    assert isinstance(listed, Lit)
    assert isinstance(listed.value, tuple)
    a = scalar(args[0])
    wrong = np.array([word not in listed.value for word in a.words or ("",)])
    if wrong.any():
        mask = wrong[a.data]
        if isinstance(mask, np.ndarray):
            ev.fail(mask if a.null is None else mask & ~a.null if a.null is not True else None)
        else:
            ev.fail(bool(mask) and a.null is None)
    return a


def _filled(ev: Evaluator, x: Op, args: list[Value]) -> Value:
    """A count that must not be 0."""
    a = scalar(args[0])
    if span(a).low >= 1:
        return a
    empty = a.data == 0
    ev.fail(empty if isinstance(empty, np.ndarray) else bool(empty))
    data = a.data + empty if isinstance(empty, np.ndarray) else a.data or 1
    return replace(a, data=data, range=Interval(1, max(span(a).high, 1)))


def _modulo(ev: Evaluator, x: Op, args: list[Value]) -> Value:
    a, b = _scalars(args, x.name)
    return n.modulo(a, b, x.type, ev.fail)


def _pow(_: Evaluator, x: Op, args: list[Value]) -> Value:
    a, exponent = _scalars(args, x.name)
    return n.power(a, span(exponent).low, x.type)


def _both(_: Evaluator, x: Op, args: list[Value]) -> Value:
    found: Any = None
    for part in _scalars(args, x.name):
        if not isinstance(part.data, np.ndarray):
            if not part.data:
                return truth(False)
            continue
        found = part.data if found is None else found & part.data
    return truth(True) if found is None else Scalar(found, Bool())


def _later(ev: Evaluator, x: Op, args: list[Value]) -> Value:
    day, seconds = _scalars(args, x.name)
    moved = n.add(n.scale(day, DAY), seconds)
    found = n.rounded("floor", moved, integer(DAY, INTEGER), Day(), ev.fail)
    return n.bounded(replace(found, null=either(day.null, seconds.null)), DAYS.low, DAYS.high, ev.fail)


OPERATIONS: dict[str, Rule] = {
    "add": _binary(n.add), "sub": _binary(n.sub), "mul": _binary(n.mul), "neg": _unary(n.neg),
    "abs": _unary(n.absolute), "pow": _pow, "scale": _scale, "pair": _pair, "ratio": _ratio, "modulo": _modulo,
    "filled": _filled,
    **dict.fromkeys(n.COMPARE, _compare), **{f"r_{name}": _pair_compare for name in n.COMPARE},
    **{f"r_{name}": _pair_operation for name in ("add", "sub", "mul", "div")},
    "r_neg": _pair_numerator(n.neg), "r_abs": _pair_numerator(n.absolute), "reduced": lambda _, x, args: args[0],
    **dict.fromkeys(("half_up", "half_down", "half_even", "up", "down", "floor", "ceiling"), _round),
    **{f"r_{name}": _round_pair for name in ("half_up", "half_down", "half_even", "up", "down", "floor", "ceiling")},
    "round_or_fail": _whole, "fit": _whole, "whole": _whole, "exact": _exact,
    "in_range": _in_range, "in_values": _in_values, "not_null": _need, "need": _need, "need_value": _need,
    "not": _not, "is_null": _is_null, "same": _same, "both": _both, "all_there": lambda *_: truth(True), "later": _later,
}  # fmt: skip
