"""Lists over columns: those that stand in a rule are unrolled, the others are rows of an inner space."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING, Any

from ...engine.integer.ir import Each, Expr, Holds, Keep, Op
from ...engine.integer.types import INTEGER, Bool, ListOf, Num, Type
from ..intervals import Interval
from . import numbers as n
from .untyped import np
from .values import (
    Faults,
    Fixed,
    Nested,
    Pair,
    Scalar,
    Space,
    Value,
    as_kind,
    both,
    full,
    integer,
    mapped,
    refused,
    scalar,
    select,
    span,
    truth,
)

if TYPE_CHECKING:
    from .evaluate import Evaluator, Names


class Lists:
    """The list operations of one evaluator."""

    def __init__(self, ev: Evaluator) -> None:
        self._ev = ev

    # ── for, filters, some and every ──────────────────────────────────────────────────────────────────────────────────
    def over(self, x: Each | Keep | Holds, names: Names) -> Value:
        source = self._ev.emit(x.source, names)
        match x, source:
            case Each(flat=True), _:
                raise refused("for dengan beberapa daftar")
            case Each(), Fixed(items):
                return Fixed(tuple(self._ev.emit(x.body, names.extend({x.variable: item})) for item in items))
            case Each(), Nested():
                return replace(source, element=self._inside(source, x.variable, x.body, names))
            case Keep(), Nested():
                test = scalar(self._inside(source, x.variable, x.test, names))
                return replace(source, keep=both(source.keep, full(test.data, source.space.size)))
            case Holds(), Fixed(items):
                return self._fixed_holds(x, items, names)
            case Holds(), Nested():
                tested = replace(source, element=self._inside(source, x.variable, x.test, names))
                return self._truths(tested, every=x.kind != "some")
        raise refused("saringan atas daftar ini")

    def _fixed_holds(self, x: Holds, items: tuple[Value, ...], names: Names) -> Value:
        some = x.kind == "some"
        found: Any = None
        for item in items:
            one = self._ev.scalar(x.test, names.extend({x.variable: item})).data
            found = one if found is None else (found | one if some else found & one)
        return truth(not some) if found is None else Scalar(found, Bool())

    def _inside(self, source: Nested, variable: str, body: Expr, names: Names) -> Value:
        """The body for each element; what fails in one fails in its row. Each of a few different values is computed once."""
        from .evaluate import Evaluator, Names, domain, gather, places, simple

        space = source.space
        faults = Faults(space.size)
        whole = domain(source.element) if self._ev.world.recall(simple, body, variable) else None
        if whole is not None and whole[1] * 2 < space.size:
            assert isinstance(source.element, Scalar)
            values, size = whole
            own = Faults(size)
            key = (id(body), values.type, values.range, values.words, values.null is None)
            found = self._ev.world.memory.get(key)
            if found is None:
                found = (Evaluator(self._ev.world, Space(size), own).emit(body, Names({variable: values})), own.mask, body)
                self._ev.world.memory[key] = found
            element, failed, _ = found
            index = places(source.element)
            result = gather(element, index)
            if failed is not None:
                faults.add(both(failed.take(index, mode="clip"), source.keep))
        else:
            inner = Evaluator(self._ev.world, space, faults, source.keep)
            lifted = Names({variable: source.element}, names, lambda value: mapped(value, space.spread))
            result = inner.emit(body, lifted)
        if faults.mask is not None:
            self._ev.fail(space.fold(np.logical_or, faults.mask, False))
        return result

    # ── operations that take a list ───────────────────────────────────────────────────────────────────────────────────
    def operation(self, x: Op, args: list[Value]) -> Value | None:
        """The result where the first argument is a list, None where this is no list operation."""
        if not args or not isinstance(args[0], Fixed | Nested):
            return None
        source, name = args[0], x.name
        if name in ("need", "not_null"):
            return source
        if name == "need_all":
            return self._need_all(source)
        if name == "has":
            return self._has(source, scalar(args[1]))
        return self._fixed(name, source, x.type) if isinstance(source, Fixed) else self._nested(name, source)

    def _need_all(self, source: Fixed | Nested) -> Value:
        if isinstance(source, Fixed):
            items = []
            for item in source.items:
                part = item.n if isinstance(item, Pair) else scalar(item)
                self._ev.fail(part.null)
                items.append(item.present() if isinstance(item, Pair) else part.present())
            return Fixed(tuple(items))
        element = source.element
        part = element.n if isinstance(element, Pair) else scalar(element)
        if part.null is not None:
            missing = both(full(part.null, source.space.size), source.keep)
            self._ev.fail(source.space.fold(np.logical_or, missing, False))
        return replace(source, element=element.present() if isinstance(element, Pair) else part.present())

    def _has(self, source: Fixed | Nested, sought: Scalar) -> Value:
        from .operations import OPERATIONS

        same: Callable[..., Value] = OPERATIONS["same"]
        x = Op("same", (), Bool())
        if isinstance(source, Fixed):
            found: Any = False
            for item in source.items:
                found = found | scalar(same(self._ev, x, [item, sought])).data
            return Scalar(found, Bool()) if isinstance(found, np.ndarray) else truth(bool(found))
        lifted = scalar(mapped(sought, source.space.spread))
        return self._truths(replace(source, element=same(self._ev, x, [source.element, lifted])), every=False)

    def _truths(self, source: Nested, *, every: bool) -> Value:
        held = full(scalar(source.element).data, source.space.size)
        if source.keep is not None:
            held = held | ~source.keep if every else held & source.keep
        return Scalar(source.space.fold(np.logical_and if every else np.logical_or, held, every), Bool())

    # ── lists that stand in a rule ────────────────────────────────────────────────────────────────────────────────────
    def _fixed(self, name: str, source: Fixed, kind: Type) -> Value:
        values = list(source.items)
        if name == "size":
            return integer(len(values), INTEGER)
        if name == "sum" and not values:
            return integer(0, INTEGER)
        pairs = [value for value in values if isinstance(value, Pair)]
        if pairs and len(pairs) == len(values):
            return self._fixed_pairs(name, pairs)
        scalars = [scalar(value) for value in values]
        if not scalars or isinstance(kind, ListOf):
            raise refused(f"“{name}”")
        if name in ("min", "max") and scalars[0].words is None:
            return reduce(lambda a, b: n.chosen(n.compare("le" if name == "min" else "ge", a, b), a, b), scalars)
        if name == "sum":
            return reduce(lambda a, b: n.add(a, b, a.type), scalars)
        if name in ("all", "any"):
            found = reduce(lambda a, b: a & b if name == "all" else a | b, [part.data for part in scalars])
            return Scalar(found, Bool())
        raise refused(f"“{name}”")

    def _fixed_pairs(self, name: str, pairs: list[Pair]) -> Value:
        found = pairs[0]
        for other in pairs[1:]:
            if name in ("r_min", "r_max"):
                found = n.pair_extreme(name.removeprefix("r_"), found, other)
            elif name == "r_sum":
                found = n.pair_operation("add", found, other, self._ev.fail)
            else:
                raise refused(f"“{name}”")
        return found

    # ── lists of rows ─────────────────────────────────────────────────────────────────────────────────────────────────
    def _nested(self, name: str, source: Nested) -> Value:
        space, keep = source.space, source.keep
        counts: Any = space.counts if keep is None else space.total(keep.astype(np.int64))
        most = int(counts.max(initial=0))
        if name == "size":
            return Scalar(counts.astype(np.int64, copy=False), INTEGER, range=Interval(int(counts.min(initial=0)), most))
        element = scalar(source.element, f"“{name}”")
        if name in ("all", "any"):
            return self._truths(source, every=name == "all")
        if element.words is not None:
            raise refused(f"“{name}”")
        data = full(element.data, space.size)
        if name == "sum":
            reach = span(element) * Interval(0, most)
            held = data if keep is None else select(keep, data, 0)
            if not reach.bits64:
                return Scalar(space.fold(np.add, held.astype(object), 0), element.type, range=reach)
            return Scalar(space.total(held), element.type, range=reach)
        self._ev.fail(counts == 0)
        if name in ("min", "max"):
            worst = span(element).high if name == "min" else span(element).low
            held = data if keep is None else select(keep, data, worst)
            fold = np.minimum if name == "min" else np.maximum
            return Scalar(space.fold(fold, held, worst), element.type, range=span(element))
        if name == "twice_median" and span(element).times(2).bits64:
            return self._median(source, element, data, counts)
        raise refused(f"“{name}”")

    def _median(self, source: Nested, element: Scalar, data: Any, counts: Any) -> Scalar:
        """The two middle ones of each row's elements, those that do not count sorted to the end."""
        space = source.space
        owner = space.spread(np.arange(len(space.starts)))
        last = np.zeros(space.size, np.bool_) if source.keep is None else ~source.keep
        ordered = data[np.lexsort((data, last, owner))]
        ordered = ordered if len(ordered) else np.zeros(1, np.int64)
        low = ordered.take(space.starts + np.maximum(counts - 1, 0) // 2, mode="clip")
        high = ordered.take(space.starts + np.minimum(counts // 2, np.maximum(counts - 1, 0)), mode="clip")
        assert isinstance(element.type, Num)
        return Scalar(
            as_kind(low, np.int64) + as_kind(high, np.int64), Num(2 * (element.type.den or 1)), range=span(element).times(2)
        )
