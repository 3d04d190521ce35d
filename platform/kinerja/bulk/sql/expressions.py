"""Nodes of the intermediate form as SQL expressions over a relation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...engine.integer.ir import Ask, Cond, Each, Expr, Get, Holds, Keep, Let, Lit, Lookup, Make, Many, Op, Var, chained
from ...engine.integer.plan import DecisionPlan
from ...engine.integer.types import INTEGER, Bool, ListOf, Num, Text, Type
from . import numbers as arithmetic
from .lists import Lists
from .operations import OPERATIONS, join_choice
from .relation import Relation
from .values import (
    Fields,
    Fixed,
    Flag,
    Pair,
    Scalar,
    Value,
    chosen_flag,
    clear,
    either,
    flagged,
    integer,
    nothing,
    quote,
    refused,
    where,
)

Names = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class World:
    """What expressions of all relations share: decisions that may be called, and the keyed parameters of the day."""

    asked: Mapping[str, DecisionPlan]
    parameters: Mapping[str, Any]


class Emitter:
    """Expressions over one relation. inline: inside a function over the elements of a list, where no column can be added."""

    def __init__(
        self, relation: Relation, world: World, others: Mapping[str, Emitter] | None = None, *, inline: bool = False
    ) -> None:
        self.relation, self.world, self.inline = relation, world, inline
        self.others: Mapping[str, Emitter] = others or {}
        self.lists = Lists(self)
        self._lambdas = 0

    def within(self) -> Emitter:
        """The emitter for the body of a function over list elements."""
        inner = Emitter(self.relation, self.world, self.others, inline=True)
        inner._lambdas = self._lambdas + 1
        return inner

    def lambda_name(self) -> str:
        return f"v{self._lambdas}"

    def keep(self, value: Value) -> Value:
        return value if self.inline else self.relation.keep(value)

    def scalar(self, x: Expr, names: Names) -> Scalar:
        found = self.emit(x, names)
        if not isinstance(found, Scalar):
            raise refused(f"nilai {type(found).__name__.lower()}")
        return found

    def emit(self, x: Expr, names: Names) -> Value:
        match x:
            case Lit(value=value):
                return literal(value, x.type)
            case Var(name=name):
                if name not in names:
                    raise refused("daftar yang membaca masukan di luarnya")
                return names[name]
            case Op(name="and" | "or"):
                return self._logic(x, names)
            case Op():
                return self._operation(x, names)
            case Cond(test=test, then=then, otherwise=otherwise):
                with_value, without = narrowed(test, names, holds=True), narrowed(test, names, holds=False)
                return self._choice(self.scalar(test, names), self.emit(then, with_value), self.emit(otherwise, without), x.type)
            case Let(variable=variable, value=value, body=body):
                held = self.keep(self.emit(value, names))
                return flagged(self.emit(body, {**names, variable: clear(held)}), held.flag)
            case Each() | Keep() | Holds():
                return self.lists.over(x, names)
            case Get(source=source, name=field):
                record = self.emit(source, names)
                if not isinstance(record, Fields):
                    raise refused(f"bagian {field}")
                return flagged(record.fields[field], record.flag)
            case Make(fields=fields):
                return Fields({name: self.emit(value, names) for name, value in fields})
            case Many(items=items):
                return Fixed(tuple(self.emit(item, names) for item in items))
            case Ask(decision=decision, args=args):
                return self._ask(decision, args, names)
            case Lookup():
                return self._lookup(x, names)

    # ── logic and choice ──────────────────────────────────────────────────────────────────────────────────────────────
    def _logic(self, x: Op, names: Names) -> Scalar:
        parts: list[Scalar] = []
        for part in chained(x):
            parts.append(self.scalar(part, names))
            names = narrowed(part, names, holds=x.name == "and")
        return conjunction(parts) if x.name == "and" else disjunction(parts)

    def _choice(self, test: Scalar, then: Value, otherwise: Value, kind: Type) -> Value:
        test = self._kept(test)
        if test.literal:
            return flagged(then if test.sql == "TRUE" else otherwise, test.flag)
        flag = either(test.flag, chosen_flag(test, then.flag, otherwise.flag))
        return replace(join_choice(replace(test, flag=None), clear(then), clear(otherwise), kind), flag=flag)

    def _kept(self, value: Scalar) -> Scalar:
        found = self.keep(value)
        assert isinstance(found, Scalar)
        return found

    # ── operations ────────────────────────────────────────────────────────────────────────────────────────────────────
    def _operation(self, x: Op, names: Names) -> Value:
        args = [self.emit(arg, names) for arg in x.args if not isinstance(arg, Lit) or not isinstance(arg.value, tuple)]
        if (found := self.lists.operation(x, args)) is not None:
            return found
        rule = OPERATIONS.get(x.name)
        if rule is None:
            raise refused(f"“{x.name}”")
        return rule(self, x, args)

    # ── other decisions and parameters ────────────────────────────────────────────────────────────────────────────────
    def _ask(self, decision: str, args: tuple[Expr, ...], names: Names) -> Value:
        from .decisions import decide  # the two call each other

        plan = self.world.asked[decision]
        given = {argument.variable.name: self.emit(arg, names) for argument, arg in zip(plan.arguments, args, strict=True)}
        found = decide(self, plan, given)
        return Fields(found.outputs, found.flag)

    def _lookup(self, x: Lookup, names: Names) -> Value:
        known = self.world.parameters.get(x.parameter)
        if x.key is None:
            if known is None:
                return replace(nothing(x.type), flag=Flag("TRUE"))
            return literal(known, x.type)
        key = self.scalar(x.key, names)
        if not isinstance(known, dict) or not known:
            return replace(nothing(x.type), flag=either(key.flag, Flag("TRUE")))
        key = self._kept(key)
        cases = {literal_sql(k, x.key.type): literal(value, x.type) for k, value in known.items()}
        covered = not key.null and self._covered(key, known)
        values = list(cases.values())
        if not all(isinstance(value, Scalar) for value in values):
            raise refused(f"parameter {x.parameter}")
        arms = " ".join(f"WHEN {test} THEN {value.sql}" for test, value in cases.items() if isinstance(value, Scalar))
        ranges = [value.range for value in values if isinstance(value, Scalar)]
        reach = ranges[0]
        for other in ranges[1:]:
            reach = reach.hull(other) if reach is not None and other is not None else None
        texts = frozenset(known.values()) if isinstance(x.type, Text) else None
        found = Scalar(f"(CASE {key.sql} {arms} END)", x.type, False, key.depth, reach, texts, flag=key.flag)
        if covered:
            return found
        found = self._kept(found)
        return replace(found, flag=either(found.flag, Flag(f"({found.sql} IS NULL)", found.depth)))

    @staticmethod
    def _covered(key: Scalar, known: Mapping[Any, Any]) -> bool:
        if key.texts is not None:
            return key.texts <= set(known)
        reach = key.range
        return reach is not None and reach.high - reach.low < 1_000 and all(k in known for k in range(reach.low, reach.high + 1))


def narrowed(test: Expr, names: Names, *, holds: bool) -> Names:
    """Names as they are where the test holds (or does not): a value known to be there is not null."""
    match test:
        case Op(name="not", args=(inner,)):
            return narrowed(inner, names, holds=not holds)
        case Op(name="and", args=(left, right)) if holds:
            return narrowed(right, narrowed(left, names, holds=True), holds=True)
        case Op(name="or", args=(left, right)) if not holds:
            return narrowed(right, narrowed(left, names, holds=False), holds=False)
        case Op(name="is_null", args=(Var(name=variable),)) if not holds and variable in names:
            value = names[variable]
            if isinstance(value, Scalar):
                return {**names, variable: replace(value, null=False)}
            if isinstance(value, Pair):
                return {**names, variable: replace(value, n=replace(value.n, null=False))}
    return names


def conjunction(parts: list[Scalar]) -> Scalar:
    """AND: a later part counts, with its flag, only where those before it hold."""
    return _chain(parts, "AND", stops="FALSE")


def disjunction(parts: list[Scalar]) -> Scalar:
    return _chain(parts, "OR", stops="TRUE")


def _chain(parts: list[Scalar], word: str, stops: str) -> Scalar:
    flag: Flag | None = None
    used: list[Scalar] = []
    for part in parts:
        reached = _join(used, word) if used else None
        flag = either(flag, part.flag if reached is None else where(reached, part.flag, holds=word == "AND"))
        if part.literal:
            if part.sql == stops:
                used.append(part)
                break
            continue
        used.append(replace(part, flag=None))
    if any(part.literal for part in used):
        return replace(arithmetic.truth(stops == "TRUE"), flag=flag)
    if not used:
        return replace(arithmetic.truth(stops != "TRUE"), flag=flag)
    return replace(_join(used, word), flag=flag)


def _join(parts: list[Scalar], word: str) -> Scalar:
    if len(parts) == 1:
        return parts[0]
    return Scalar("(" + f" {word} ".join(part.sql for part in parts) + ")", Bool(), depth=max(part.depth for part in parts))


def literal(value: object, kind: Type) -> Value:
    """A constant of the rule."""
    if value is None:
        return nothing(kind)
    if isinstance(kind, ListOf) and isinstance(value, tuple | list):
        return Fixed(tuple(literal(element, kind.element) for element in value))
    if isinstance(value, bool):
        return arithmetic.truth(value)
    if isinstance(value, str):
        return Scalar(quote(value), Text(), texts=frozenset({value}), literal=True)
    if isinstance(value, tuple) and isinstance(kind, Num) and kind.den is None:
        return Pair(integer(value[0], INTEGER), integer(value[1], INTEGER))
    assert isinstance(value, int)
    return integer(value, kind)


def literal_sql(value: object, kind: Type) -> str:
    found = literal(value, kind)
    assert isinstance(found, Scalar)
    return found.sql
