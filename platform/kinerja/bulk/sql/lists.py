"""Lists in SQL: those that stand in a rule are unrolled, those in a column are mapped by functions, items become aggregates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

from ...engine.integer.ir import Each, Expr, Holds, Keep, Op
from ...engine.integer.types import INTEGER, Bool, Num
from ..intervals import Interval
from . import numbers as n
from .values import (
    Column,
    Fixed,
    Flag,
    Pair,
    Rows,
    Scalar,
    Value,
    clear,
    either,
    flagged,
    integer,
    refused,
    span,
    where,
)  # fmt: skip

if TYPE_CHECKING:
    from .expressions import Emitter

MOST_ITEMS = 10_000
COUNT = Interval(0, MOST_ITEMS)


class Lists:
    """The list operations of one emitter."""

    def __init__(self, emitter: Emitter) -> None:
        self._emitter = emitter

    # ── for, filters, some and every ──────────────────────────────────────────────────────────────────────────────────
    def over(self, x: Each | Keep | Holds, names: Mapping[str, Value]) -> Value:
        source = self._emitter.emit(x.source, names)
        if isinstance(x, Each):
            if x.flat:
                raise refused("for dengan beberapa daftar")
            return self._each(x, source, names)
        if isinstance(x, Keep):
            return self._keep(x, source, names)
        return self._holds(x, source, names)

    def _each(self, x: Each, source: Value, names: Mapping[str, Value]) -> Value:
        match source:
            case Fixed(items):
                return Fixed(tuple(self._emitter.emit(x.body, {**names, x.variable: item}) for item in items), source.flag)
            case Column():
                variable = self._variable(source)
                body = self._emitter.within().emit(x.body, {**names, x.variable: variable})
                if not isinstance(body, Scalar):
                    raise refused("daftar pecahan atau konteks")
                failing = self._failing(source, variable, body.flag)
                sql = source.sql if body.sql == variable.sql else f"list_transform({source.sql}, lambda {variable.sql}: {body.sql})"
                element = replace(body, sql="", flag=None, literal=False, scaled=None)
                return Column(sql, element, max(source.depth, body.depth), source.most, either(source.flag, failing))
            case Rows():
                return self._row(source, x.body, x.variable)
        raise refused("for atas nilai ini")

    def _row(self, source: Rows, body: Expr, variable: str) -> Rows:
        inner = self._emitter.others[source.entity]
        element = inner.keep(inner.emit(body, {variable: clear(source.element)}))
        flag = element.flag
        inner.relation.note(flag if source.keep is None else where(source.keep, flag))
        return replace(source, element=clear(element))

    def _keep(self, x: Keep, source: Value, names: Mapping[str, Value]) -> Value:
        match source:
            case Column():
                variable = self._variable(source)
                test = self._emitter.within().scalar(x.test, {**names, x.variable: variable})
                failing = self._failing(source, variable, test.flag)
                sql = f"list_filter({source.sql}, lambda {variable.sql}: {test.sql})"
                return replace(source, sql=sql, depth=max(source.depth, test.depth), flag=either(source.flag, failing))
            case Rows():
                inner = self._emitter.others[source.entity]
                test = inner.scalar(x.test, {x.variable: clear(source.element)})
                inner.relation.note(test.flag if source.keep is None else where(source.keep, test.flag))
                both = [part for part in (source.keep, replace(test, flag=None)) if part is not None]
                sql = "(" + " AND ".join(part.sql for part in both) + ")"
                return replace(source, keep=Scalar(sql, Bool(), depth=max(part.depth for part in both)))
        raise refused("saringan atas daftar ini")

    def _holds(self, x: Holds, source: Value, names: Mapping[str, Value]) -> Value:
        from .expressions import conjunction, disjunction

        match source:
            case Fixed(items):
                tests = [self._emitter.scalar(x.test, {**names, x.variable: item}) for item in items]
                return flagged((disjunction if x.kind == "some" else conjunction)(tests), source.flag)
            case Column():
                variable = self._variable(source)
                test = self._emitter.within().scalar(x.test, {**names, x.variable: variable})
                mapped = f"list_transform({source.sql}, lambda {variable.sql}: {test.sql})"
                sql = f"list_contains({mapped}, TRUE)" if x.kind == "some" else f"(NOT list_contains({mapped}, FALSE))"
                failing = self._failing(source, variable, test.flag)
                return Scalar(sql, Bool(), depth=max(source.depth, test.depth), flag=either(source.flag, failing))
            case Rows():
                tested = self._row(source, x.test, x.variable)
                return self._aggregate("any" if x.kind == "some" else "all", tested)
        raise refused("some dan every atas daftar ini")

    def _variable(self, source: Column) -> Scalar:
        return replace(source.element, sql=self._emitter.lambda_name(), depth=0, flag=None)

    @staticmethod
    def _failing(source: Column, variable: Scalar, flag: Flag | None) -> Flag | None:
        """Some element's flag holds."""
        if flag is None:
            return None
        tested = f"list_transform({source.sql}, lambda {variable.sql}: coalesce({flag.sql}, TRUE))"
        return Flag(f"list_contains({tested}, TRUE)", max(source.depth, flag.depth))

    # ── operations that take a list ───────────────────────────────────────────────────────────────────────────────────
    def operation(self, x: Op, args: list[Value]) -> Value | None:
        """The result where the first argument is a list, None where this is no list operation."""
        if not args or not isinstance(args[0], Fixed | Column | Rows):
            return None
        source, name = args[0], x.name
        if name in ("need", "not_null"):
            return source
        if name == "need_all":
            return self._need_all(source)
        if name == "has":
            return self._has(source, args[1])
        match source:
            case Fixed():
                return self._fixed(name, source)
            case Rows():
                return self._aggregate(name, source)
        return self._column(name, source)

    def _need_all(self, source: Fixed | Column | Rows) -> Value:
        match source:
            case Fixed(items):
                flags: list[Flag | None] = [source.flag]
                for item in items:
                    part = item.n if isinstance(item, Pair) else item
                    if isinstance(part, Scalar) and part.null:
                        flags.append(Flag(f"({part.sql} IS NULL)", part.depth))
                return replace(source, flag=either(*flags))
            case Column(element=element):
                if not element.null:
                    return source
                missing = Flag(f"(list_count({source.sql}) <> len({source.sql}))", source.depth)
                return replace(source, element=replace(element, null=False), flag=either(source.flag, missing))
            case Rows(element=row):
                part = row.n if isinstance(row, Pair) else row
                if not isinstance(part, Scalar) or not part.null:
                    return source
                inner = self._emitter.others[source.entity]
                empty = Flag(f"({part.sql} IS NULL)", part.depth)
                inner.relation.note(empty if source.keep is None else where(source.keep, empty))
                whole = replace(row, n=replace(row.n, null=False)) if isinstance(row, Pair) else replace(part, null=False)
                return replace(source, element=whole)

    def _has(self, source: Fixed | Column | Rows, element: Value) -> Value:
        sought = element
        if not isinstance(sought, Scalar) or isinstance(source, Rows):
            raise refused("pencarian dalam daftar ini")
        if isinstance(source, Column):
            sql = f"list_contains({source.sql}, {sought.sql})"  # a null element is equal to no value
            if sought.null:
                missing = f"list_count({source.sql}) <> len({source.sql})"
                sql = f"(CASE WHEN {sought.sql} IS NULL THEN {missing} ELSE {sql} END)"
            return Scalar(sql, Bool(), depth=max(source.depth, sought.depth), flag=either(source.flag, sought.flag))
        from .expressions import disjunction

        tests = []
        for item in source.items:
            if not isinstance(item, Scalar):
                raise refused("pencarian dalam daftar ini")
            word = "IS NOT DISTINCT FROM" if item.null or sought.null else "="
            tests.append(Scalar(f"({sought.sql} {word} {item.sql})", Bool(), depth=max(sought.depth, item.depth)))
        flags = [item.flag for item in source.items if isinstance(item, Scalar)]
        return flagged(disjunction(tests), source.flag, sought.flag, *flags)

    def _fixed(self, name: str, source: Fixed) -> Value:
        from .expressions import conjunction, disjunction

        items = [self._emitter.keep(item) for item in source.items]
        flag = either(source.flag, *(item.flag for item in items))
        values = [clear(item) for item in items]
        if name == "size":
            return replace(integer(len(values), INTEGER), flag=flag)
        if name == "sum" and not values:
            return replace(integer(0, INTEGER), flag=flag)
        scalars = [value for value in values if isinstance(value, Scalar)]
        pairs = [value for value in values if isinstance(value, Pair)]
        if pairs and len(pairs) == len(values):
            return flagged(self._fixed_pairs(name, pairs), flag)
        if not scalars or len(scalars) != len(values):
            raise refused(f"“{name}” atas daftar ini")
        if name in ("min", "max"):
            return flagged(self._extreme(name, scalars), flag)
        if name == "sum":
            return flagged(reduce(lambda a, b: n.add(a, b, a.type), scalars), flag)
        if name in ("all", "any"):
            return flagged((conjunction if name == "all" else disjunction)(scalars), flag)
        raise refused(f"“{name}” atas daftar ini")

    def _fixed_pairs(self, name: str, pairs: list[Pair]) -> Value:
        keep = self._emitter.keep
        found = pairs[0]
        for other in pairs[1:]:
            if name in ("r_min", "r_max"):
                step: Value = n.pair_extreme(name.removeprefix("r_"), found, other)
            elif name == "r_sum":
                step = n.pair_operation("add", found, other)
            else:
                raise refused(f"“{name}” atas daftar pecahan")
            step = keep(step)
            assert isinstance(step, Pair)
            found = step
        return found

    def _extreme(self, name: str, scalars: list[Scalar]) -> Scalar:
        flag = either(*(part.flag for part in scalars))
        depth = max(part.depth for part in scalars)
        sql = f"{'least' if name == 'min' else 'greatest'}({', '.join(part.sql for part in scalars)})"
        if any(part.range is None for part in scalars):
            return Scalar(sql, scalars[0].type, depth=depth, flag=flag)
        pick = min if name == "min" else max
        reach = Interval(pick(span(part).low for part in scalars), pick(span(part).high for part in scalars))
        return Scalar(sql, scalars[0].type, depth=depth, range=reach, wide=any(part.wide for part in scalars), flag=flag)

    # ── a column of lists ─────────────────────────────────────────────────────────────────────────────────────────────
    def _column(self, name: str, source: Column) -> Value:
        kept = self._emitter.keep(source)
        assert isinstance(kept, Column)
        sql, element, depth, flag = kept.sql, kept.element, kept.depth, kept.flag
        size = Scalar(f"len({sql})", INTEGER, depth=depth, range=Interval(0, source.most))
        empty = Flag(f"(len({sql}) = 0)", depth)
        if name == "size":
            return replace(size, flag=flag)
        if name == "sum":
            reach = span(element) * Interval(0, source.most)
            return self._total(f"coalesce(list_sum({sql}), 0)", element, reach, depth, flag)
        if name in ("min", "max"):
            return replace(element, sql=f"list_{name}({sql})", depth=depth, flag=either(flag, empty), literal=False)
        if name in ("all", "any"):
            found = f"(NOT list_contains({sql}, FALSE))" if name == "all" else f"list_contains({sql}, TRUE)"
            return Scalar(found, Bool(), depth=depth, flag=flag)
        if name == "twice_median":
            ordered = self._emitter.keep(replace(kept, sql=f"list_sort({sql})"))
            assert isinstance(ordered, Column)
            middle = f"({ordered.sql}[(len({sql}) - 1) // 2 + 1] + {ordered.sql}[len({sql}) // 2 + 1])"
            if not span(element).times(2).bits64:
                raise refused("median atas angka sebesar ini")
            return Scalar(
                middle, Num(2 * _den(element)), depth=ordered.depth, range=span(element).times(2), flag=either(flag, empty)
            )
        raise refused(f"“{name}” atas daftar ini")

    def _total(self, sql: str, element: Scalar, reach: Interval, depth: int, flag: Flag | None) -> Scalar:
        """A sum, which DuckDB gives in 128 bits."""
        if not reach.bits128:
            raise refused("jumlah di atas 128 bit")
        shown = f"{sql}::BIGINT" if reach.bits64 else sql
        return Scalar(shown, element.type, depth=depth, range=reach, wide=not reach.bits64, flag=flag)

    # ── rows of items ─────────────────────────────────────────────────────────────────────────────────────────────────
    def _aggregate(self, name: str, source: Rows) -> Value:
        inner = self._emitter.others[source.entity].relation
        element, kept = source.element, source.keep
        only = "" if kept is None else f" FILTER ({kept.sql})"

        def column(sql: str) -> str:
            return inner.aggregate(sql + only)

        if name == "size":
            return Scalar(f"coalesce({column('count(*)')}, 0)", INTEGER, range=COUNT)
        if not isinstance(element, Scalar):
            raise refused(f"“{name}” atas pecahan tiap butir")
        if name == "sum":
            return self._total(f"coalesce({column(f'sum({element.sql})')}, 0)", element, span(element) * COUNT, 0, None)
        if name in ("min", "max"):
            found = column(f"{name}({element.sql})")
            return replace(element, sql=found, depth=0, flag=Flag(f"({found} IS NULL)"), literal=False, scaled=None)
        if name in ("all", "any"):
            found = column(f"bool_{'and' if name == 'all' else 'or'}({element.sql})")
            return Scalar(f"coalesce({found}, {'TRUE' if name == 'all' else 'FALSE'})", Bool())
        gathered = column(f"list({element.sql})")
        return self._column(
            name, Column(f"coalesce({gathered}, [])", replace(element, sql="", flag=None, literal=False, scaled=None), 0)
        )


def _den(element: Scalar) -> int:
    assert isinstance(element.type, Num)
    assert element.type.den
    return element.type.den


__all__ = ["COUNT", "MOST_ITEMS", "Lists"]
