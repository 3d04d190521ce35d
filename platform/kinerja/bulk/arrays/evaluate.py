"""Nodes of the intermediate form over columns.

Both branches of a choice are computed on all rows; what fails counts only in rows that are `live`, those that take the branch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from ...engine.integer.ir import Ask, Cond, Each, Expr, Get, Holds, Keep, Let, Lit, Lookup, Make, Many, Op, Var, chained, walk
from ...engine.integer.plan import DecisionPlan
from ...engine.integer.types import INTEGER, Bool, Day, ListOf, Months, Num, Seconds, Type
from .choice import Part, merged
from .distinct import by_distinct
from .lists import Lists
from .operations import OPERATIONS
from .untyped import Array, np
from .values import (
    SMALL,
    Faults,
    Fields,
    Fixed,
    Nested,
    Pair,
    Scalar,
    Space,
    Value,
    both,
    full,
    integer,
    mapped,
    nothing,
    refused,
    scalar,
    select,
    span,
    text,
    truth,
)


@dataclass(slots=True)
class World:
    """What all expressions share: decisions that may be called, the day's parameters, a row-by-row way to decide, a memory."""

    asked: Mapping[str, DecisionPlan]
    parameters: Mapping[str, Any]
    functions: Callable[[], Mapping[str, Callable[..., Any]]]
    memory: dict[Any, Any] = field(default_factory=dict)

    def one_by_one(self, decision: str) -> Callable[..., Any]:
        """Generated when it is first asked for: most rules do without."""
        if "functions" not in self.memory:
            self.memory["functions"] = self.functions()
        found: Callable[..., Any] = self.memory["functions"][decision]
        return found

    def recall(self, question: Callable[..., Any], x: Expr, *more: Any) -> Any:
        """What a question about a node says, asked once. The node is kept, so that its id stays its own."""
        key = (question.__name__, id(x), *more)
        if key not in self.memory:
            self.memory[key] = question(x, *more), x
        return self.memory[key][0]


FEW_ROWS = 4
"""A branch that no more than this part of the rows take is computed for these rows."""


class Names:
    """Variables in scope. lift: brings a value from the rows outside to these."""

    def __init__(
        self, values: Mapping[str, Value], outer: Names | None = None, lift: Callable[[Value], Value] | None = None
    ) -> None:
        self.values, self.outer, self.lift = dict(values), outer, lift

    def get(self, name: str) -> Value:
        if name not in self.values:
            if self.outer is None or self.lift is None:
                raise refused(f"“{name}”")
            self.values[name] = self.lift(self.outer.get(name))
        return self.values[name]

    def find(self, name: str) -> Value | None:
        """The value as it stands outside, None where there is none."""
        if name in self.values:
            return self.values[name]
        return None if self.outer is None else self.outer.find(name)

    def extend(self, values: Mapping[str, Value]) -> Names:
        return Names({**self.values, **values}, self.outer, self.lift)


class Evaluator:
    """Expressions over the rows of one space."""

    def __init__(self, world: World, space: Space, faults: Faults, live: Any = None) -> None:
        self.world, self.space, self.faults, self.live = world, space, faults, live
        self.lists = Lists(self)
        self._known: dict[Any, Value] = {}

    def where(self, live: Any) -> Evaluator:
        found = Evaluator(self.world, self.space, self.faults, both(self.live, live))
        found._known = self._known
        return found

    def fail(self, mask: Any) -> None:
        """mask: rows, True for all, None or False for none."""
        if mask is None or mask is False:
            return
        self.faults.add(mask if self.live is None else self.live if mask is True else mask & self.live)

    def scalar(self, x: Expr, names: Names) -> Scalar:
        return scalar(self.emit(x, names))

    def emit(self, x: Expr, names: Names) -> Value:
        found = _NODES[type(x)](self, x, names)
        if isinstance(found, Scalar) and found.type is not x.type and isinstance(x.type, Num) and found.type != x.type:
            return found.typed(x.type)  # the same figure under another scale
        return found

    def _constant(self, x: Lit, _: Names) -> Value:
        found: Value = self.world.recall(_literal, x)
        return found

    def _let(self, x: Let, names: Names) -> Value:
        return self.emit(x.body, names.extend({x.variable: self.emit(x.value, names)}))

    def _member(self, x: Get, names: Names) -> Value:
        record = self.emit(x.source, names)
        if not isinstance(record, Fields):
            raise refused(f"bagian {x.name}")
        return record.fields[x.name]

    def _record(self, x: Make, names: Names) -> Value:
        return Fields({name: self.emit(value, names) for name, value in x.fields})

    def _several(self, x: Many, names: Names) -> Value:
        return Fixed(tuple(self.emit(item, names) for item in x.items))

    # ── logic and choice ──────────────────────────────────────────────────────────────────────────────────────────────
    def _logic(self, x: Op, names: Names) -> Scalar:
        return self.chain(chained(x), names, stops=x.name == "or")

    def chain(self, parts: Sequence[Expr], names: Names, *, stops: bool) -> Scalar:
        """AND, or OR where it stops at True: a later part counts only in rows that those before it leave open."""
        found: Any = None
        inner = self
        for part in parts:
            one = inner.scalar(part, names).data
            if not isinstance(one, np.ndarray):
                if bool(one) is stops:
                    return truth(stops) if found is None else Scalar(full(stops, self.space.size), Bool())
                continue
            found = one if found is None else (found | one if stops else found & one)
            inner = self.where(~found if stops else found)
        return truth(not stops) if found is None else Scalar(found, Bool())

    def _choice(self, x: Cond, names: Names) -> Value:
        """A chain of `if … else if …`: each branch where its test is the first to hold."""
        parts: list[Part] = []
        rest: Any = None
        node: Expr = x
        while isinstance(node, Cond):
            test = self.where(rest).scalar(node.test, names).data
            if not isinstance(test, np.ndarray):
                node = node.then if test else node.otherwise
                continue
            mine = test if rest is None else test & rest
            rest = ~test if rest is None else rest & ~test
            if mine.any():
                parts.append(self._branch(mine, node.then, names))
            if not rest.any():
                break
            names = _without_null(node.test, names)
            node = node.otherwise
        else:
            if not parts:
                return self.emit(node, names)
            parts.append(self._branch(rest, node, names))
        if len(parts) == 1 and parts[0].rows is None:
            return parts[0].value
        return merged(parts, x.type)

    def _branch(self, mask: Array, x: Expr, names: Names) -> Part:
        """The value of a branch, right in the rows that take it; if those are few, it is computed for them alone."""
        many = isinstance(x, Lit | Var) or np.count_nonzero(mask) * FEW_ROWS > self.space.size
        if many or not self._portable(x, names):
            return Part(mask, self.where(mask).emit(x, names))
        rows = np.flatnonzero(mask)
        faults = Faults(len(rows))
        live = None if self.live is None else self.live[rows]
        inner = Evaluator(self.world, Space(len(rows)), faults, live)
        found = inner.emit(x, Names({}, names, lambda value: mapped(value, lambda data: data[rows])))
        if faults.mask is not None:
            failed = np.zeros(self.space.size, np.bool_)
            failed[rows] = faults.mask
            self.faults.add(failed)
        return Part(mask, found, rows)

    def _portable(self, x: Expr, names: Names) -> bool:
        """Whether all that an expression reads can be taken for some rows only."""
        read = self.world.recall(_read, x)
        return read is not None and not any(isinstance(names.find(name), Nested | Fixed | Fields) for name in read)

    # ── operations ────────────────────────────────────────────────────────────────────────────────────────────────────
    def _operation(self, x: Op, names: Names) -> Value:
        """AND and OR stop early; what is gathered from a list for all rows (a sum, a count) is gathered once in a decision."""
        if x.name in ("and", "or"):
            return self._logic(x, names)
        if not x.args or not isinstance(x.args[0], Each | Keep):
            return self._applied(x, names)
        key = self.world.recall(form, x)
        found = self._known.get(key)
        if found is None:
            found = self._applied(x, names)
            if self.live is None:
                self._known[key] = found
        return found

    def _applied(self, x: Op, names: Names) -> Value:
        args = [self.emit(arg, names) for arg in x.args if not isinstance(arg, Lit) or not isinstance(arg.value, tuple)]
        if (found := self.lists.operation(x, args)) is not None:
            return found
        rule = OPERATIONS.get(x.name)
        if rule is not None:
            return rule(self, x, args)
        return by_distinct(self, x, args)

    # ── other decisions and parameters ────────────────────────────────────────────────────────────────────────────────
    def _ask(self, x: Ask, names: Names) -> Value:
        from .decide import decide  # the two call each other

        return Fields(decide(self, self.world.asked[x.decision], [self.emit(arg, names) for arg in x.args]).outputs)

    def _lookup(self, x: Lookup, names: Names) -> Value:
        known = self.world.parameters.get(x.parameter)
        if x.key is None:
            if known is None:
                self.fail(True)
                return nothing(x.type)
            return literal(known, x.type)
        key = self.scalar(x.key, names)
        table = known if isinstance(known, dict) else {}

        def find(value: Any) -> Any:
            return table.get(value)

        found = by_distinct(self, x, [key], find)
        missing = scalar(found).null
        self.fail(missing)
        return scalar(found).present()


_NODES: dict[type[Any], Callable[[Evaluator, Any, Names], Value]] = {
    Lit: Evaluator._constant,
    Var: lambda _, x, names: names.get(x.name),
    Op: Evaluator._operation,
    Cond: Evaluator._choice,
    Let: Evaluator._let,
    **dict.fromkeys((Each, Keep, Holds), lambda ev, x, names: ev.lists.over(x, names)),
    Get: Evaluator._member,
    Make: Evaluator._record,
    Many: Evaluator._several,
    Ask: Evaluator._ask,
    Lookup: Evaluator._lookup,
}


def _literal(x: Lit) -> Value:
    return literal(x.value, x.type)


def _without_null(test: Expr, names: Names) -> Names:
    """The names where a test for null did not hold: what it asked about is there."""
    match test:
        case Op(name="is_null", args=(Var(name=variable),)):
            value = names.find(variable)
            if isinstance(value, Scalar | Pair) and variable in names.values:
                return names.extend({variable: value.present()})
    return names


def form(x: Any, bound: tuple[str, ...] = ()) -> Any:
    """An expression without the names of its own variables: two that mean the same are equal."""
    match x:
        case Var(name=name):
            return len(bound) - bound[::-1].index(name) if name in bound else name
        case Let() | Each() | Keep() | Holds():
            outer = "value" if isinstance(x, Let) else "source"
            inside = (*bound, x.variable)
            parts = [part.name for part in fields(x) if part.name != "variable"]
            return type(x), *(form(getattr(x, part), bound if part == outer else inside) for part in parts)
        case tuple():
            return tuple(form(part, bound) for part in x)
        case _ if isinstance(x, Expr):
            return type(x), *(form(getattr(x, part.name), bound) for part in fields(x))
    return type(x), x


def _read(x: Expr) -> frozenset[str] | None:
    """The variables in an expression; None where it goes over a list."""
    nodes = list(walk(x))
    if any(isinstance(node, Each | Keep | Holds) for node in nodes):
        return None
    return frozenset(node.name for node in nodes if isinstance(node, Var))


def simple(body: Expr, variable: str) -> bool:
    """Whether an expression reads nothing but this variable."""
    bound = {variable}
    for node in walk(body):
        if isinstance(node, Let | Each | Keep | Holds):
            bound.add(node.variable)
    return all(node.name in bound for node in walk(body) if isinstance(node, Var))


def domain(value: Value) -> tuple[Scalar, int] | None:
    """All values that a scalar can have, in the order of `places`, and their number; None where they are many."""
    if not isinstance(value, Scalar) or value.constant:
        return None
    if value.words is not None:
        data, size = np.arange(max(len(value.words), 1)), max(len(value.words), 1)
    elif isinstance(value.type, Bool):
        data, size = np.array([False, True]), 2
    elif isinstance(value.type, Num | Day | Seconds | Months) and value.range is not None:
        size = value.range.high - value.range.low + 1
        if size > SMALL:
            return None
        data = np.arange(value.range.low, value.range.high + 1)
    else:
        return None
    if value.null is None:
        return replace(value, data=data), size
    null = np.zeros(size + 1, np.bool_)
    null[size] = True
    return replace(value, data=np.append(data, data[:1]), null=null), size + 1


def places(value: Scalar) -> Array:
    """Where each row's value stands in its domain; rows that failed stand anywhere in it."""
    data = value.data
    assert data is not None
    low = 0 if value.words is not None or value.range is None else value.range.low
    if not isinstance(data, np.ndarray):
        data = np.array([data])
    found = data.view(np.int8) if data.dtype == np.bool_ else data
    found = found - low if low else found
    if value.null is not None:
        size = len(value.words) if value.words is not None else 2 if value.range is None else value.range.high - low + 1
        found = select(value.null, size, found)
    return found


def gather(value: Value, index: Array) -> Value:
    return mapped(value, lambda data: data.take(index, mode="clip"))


def literal(value: object, kind: Type) -> Value:
    """A constant of the rule."""
    if value is None:
        return nothing(kind)
    if isinstance(kind, ListOf) and isinstance(value, tuple | list):
        return Fixed(tuple(literal(element, kind.element) for element in value))
    if isinstance(value, bool):
        return truth(value)
    if isinstance(value, str):
        return text(value)
    if isinstance(value, tuple) and isinstance(kind, Num) and kind.den is None:
        return Pair(integer(value[0], INTEGER), integer(value[1], INTEGER))
    assert isinstance(value, int)
    return integer(value, kind)


__all__ = ["Evaluator", "Names", "Nested", "World", "domain", "gather", "literal", "places", "simple", "span"]
