"""One decision in SQL: what must hold, the matched row, the outputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...engine.integer.ir import Expr, Lit, Op, Var
from ...engine.integer.plan import DecisionPlan
from ...engine.integer.types import INTEGER, Num
from ...policy.model import HitPolicy
from ..intervals import Interval
from . import numbers as n
from .coverage import coverage
from .values import Flag, Pair, Scalar, Value, clear, either, refused, span

if TYPE_CHECKING:
    from .expressions import Emitter

ONE_ROW = frozenset({HitPolicy.UNIQUE, HitPolicy.FIRST, HitPolicy.ANY, HitPolicy.PRIORITY})


@dataclass(frozen=True, slots=True)
class Decided:
    """row: the number of the matched row, from 1, for a table under a policy of one row."""

    outputs: dict[str, Value]
    row: Scalar | None
    flag: Flag | None


def decide(emitter: Emitter, plan: DecisionPlan, given: Mapping[str, Value]) -> Decided:
    """given: variable → value, flags included."""
    flags: list[Flag | None] = []
    names: dict[str, Value] = {}
    for argument in plan.arguments:
        value = emitter.keep(given[argument.variable.name])
        flags.append(value.flag)
        value = clear(value)
        if not argument.variable.nullable:
            value, missing = _present(value)
            flags.append(missing)
        names[argument.variable.name] = value
    for guard in plan.guards:
        held = emitter.scalar(guard.that, names)
        flags.append(held.flag)
        if held.literal and held.sql == "TRUE":
            continue
        flags.append(Flag(f"(NOT {held.sql})", held.depth))
        names = _refined(emitter, guard.that, names)
    if plan.hit is None:
        outputs, row = _steps(emitter, plan, names, flags), None
    else:
        outputs, row = _table(emitter, plan, names, flags)
    return Decided(outputs, row, either(*flags))


def _present(value: Value) -> tuple[Value, Flag | None]:
    """A value that must be there, and the flag for where it is not."""
    match value:
        case Scalar() if value.null:
            return replace(value, null=False), Flag(f"({value.sql} IS NULL)", value.depth)
        case Pair() if value.n.null:
            return replace(value, n=replace(value.n, null=False)), Flag(f"({value.n.sql} IS NULL)", value.n.depth)
    return value, None


def _refined(emitter: Emitter, that: Expr, names: dict[str, Value]) -> dict[str, Value]:
    """What a requirement like `target > 0` says of the range of an input; where it fails the input becomes NULL."""
    match that:
        case Op(name="and" | "both", args=(left, right)):
            return _refined(emitter, right, _refined(emitter, left, names))
        case Op(name="gt" | "ge" | "lt" | "le" as operator, args=(Var(name=name), Lit(value=int(limit)))):
            value = names[name]
            if not isinstance(value, Scalar) or value.range is None or not isinstance(value.type, Num):
                return names
            low = {"gt": limit + 1, "ge": limit}.get(operator)
            high = {"lt": limit - 1, "le": limit}.get(operator)
            kept = emitter.keep(replace(n.bounded(value, low, high), flag=None))
            return {**names, name: kept}
    return names


def _steps(emitter: Emitter, plan: DecisionPlan, names: dict[str, Value], flags: list[Flag | None]) -> dict[str, Value]:
    found: list[Value] = []
    for step in plan.steps:
        value = emitter.keep(emitter.emit(step.value, names))
        flags.append(value.flag)
        names[step.variable.name] = clear(value)
        found.append(clear(value))
    return {output.name: found[output.step] for output in plan.outputs if output.step is not None}


def _table(
    emitter: Emitter, plan: DecisionPlan, names: dict[str, Value], flags: list[Flag | None]
) -> tuple[dict[str, Value], Scalar | None]:
    from .expressions import conjunction

    if plan.hit not in ONE_ROW:
        raise refused(f"tabel {plan.hit}")
    columns: list[Value] = []
    for column in plan.columns:
        value = emitter.keep(emitter.emit(column.value, names))
        flags.append(value.flag)
        names[column.variable.name] = clear(value)
        columns.append(clear(value))
    apart, complete = coverage(plan, columns)
    tests: list[Scalar] = []
    for planned in plan.rows:
        held = conjunction([emitter.scalar(test, names) for test in planned.tests if test is not None])
        flags.append(held.flag)
        tests.append(replace(held, flag=None))
    if plan.hit in (HitPolicy.ANY, HitPolicy.PRIORITY) and not apart:
        raise refused(f"tabel {plan.hit} yang barisnya bertumpang tindih")
    depth = max((test.depth for test in tests), default=0)
    if plan.hit is HitPolicy.UNIQUE and not apart:
        count = " + ".join(f"({test.sql})::INTEGER" for test in tests)
        flags.append(Flag(f"({count} <> 1)", depth))
    outputs: dict[str, Value] = {}
    results = [[emitter.emit(value, names) for value in planned.outputs] for planned in plan.rows]
    row = emitter.keep(Scalar(_case(tests, [str(index) for index in range(1, len(tests) + 1)], complete), INTEGER, depth=depth,
                              range=Interval(1, max(len(tests), 1))))  # fmt: skip
    assert isinstance(row, Scalar)
    if not complete and (apart or plan.hit is not HitPolicy.UNIQUE):
        flags.append(Flag(f"({row.sql} IS NULL)", row.depth))
    for index, output in enumerate(plan.outputs):
        outputs[output.name] = _output(tests, row, [result[index] for result in results], complete, inline=emitter.inline)
    for number, result in enumerate(results, 1):
        for value in result:
            if value.flag is not None:
                flags.append(Flag(f"({row.sql} = {number} AND {value.flag.sql})", max(row.depth, value.flag.depth)))
    return outputs, row


def _output(tests: list[Scalar], row: Scalar, values: list[Value], complete: bool, *, inline: bool) -> Value:
    """The output of the matched row."""
    if not all(isinstance(value, Scalar) for value in values):
        raise refused("keluaran tabel berupa daftar atau pecahan")
    scalars = [value for value in values if isinstance(value, Scalar)]
    kind = scalars[0].type
    present = [value for value in scalars if not (value.literal and value.sql.startswith("NULL"))]
    depth = max([row.depth, *(value.depth for value in scalars), *(test.depth for test in tests if inline)])
    if inline:
        sql = _case(tests, [value.sql for value in scalars], complete)
    elif len({value.sql for value in scalars}) == 1:
        sql = f"(CASE WHEN {row.sql} IS NULL THEN NULL ELSE {scalars[0].sql} END)" if not complete else scalars[0].sql
    else:
        arms = " ".join(f"WHEN {number} THEN {value.sql}" for number, value in enumerate(scalars, 1))
        sql = f"(CASE {row.sql} {arms} END)"
    reach: Interval | None = None
    if isinstance(kind, Num) or any(value.range is not None for value in scalars):
        reach = span(present[0]) if present else Interval(0, 0)
        for value in present[1:]:
            reach = reach.hull(span(value))
    texts: frozenset[str] | None = frozenset()
    for value in scalars:
        texts = texts | value.texts if texts is not None and value.texts is not None else None
    null = any(value.null for value in scalars)
    return Scalar(sql, kind, null, depth, reach, texts if reach is None else None, wide=any(value.wide for value in scalars))


def _case(tests: list[Scalar], results: list[str], complete: bool) -> str:
    """The result of the first test that holds; the last needs no test where one always does."""
    arms = list(zip((test.sql for test in tests), results, strict=True))
    if not arms:
        return "NULL::BIGINT"
    if complete:
        *arms, (_, last) = arms
        otherwise = f" ELSE {last}"
        if not arms:
            return last
    else:
        otherwise = ""
    return "(CASE " + " ".join(f"WHEN {test} THEN {result}" for test, result in arms) + otherwise + " END)"
