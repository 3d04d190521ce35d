"""One decision over columns: what must hold, the matched rows, the outputs.

Where its inputs can only be a few thousand combinations it is computed once for each of them and looked up from then on; where
it has no column form it is computed row by row (or combination by combination) with the generated Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...engine.integer.errors import Fault, NotPortable
from ...engine.integer.ir import Var, walk
from ...engine.integer.plan import DecisionPlan, RowPlan
from ...engine.integer.types import ListOf, Num, Text, Type
from ...policy.model import HitPolicy
from ..intervals import Interval
from .choice import Part, merged
from .distinct import built
from .evaluate import Evaluator, Names, domain, gather, places
from .untyped import Array, np
from .values import Faults, Fields, Fixed, Nested, Pair, Scalar, Space, Value, fitting, full, refused, select

COMBINATIONS = 65_536


@dataclass(frozen=True, slots=True)
class Decided:
    """matched: for a table, the index of the matched row, under a policy of one row; else a list of indexes a row."""

    outputs: dict[str, Value]
    matched: Value | None = None


def decide(ev: Evaluator, plan: DecisionPlan, given: Sequence[Value]) -> Decided:
    """given: the inputs, in order. Rows for which the decision fails are failed."""
    values = []
    for argument, value in zip(plan.arguments, given, strict=True):
        if not argument.variable.nullable:
            value = _present(ev, value)
        values.append(value)
    found = _by_combination(ev, plan, values)
    return found if found is not None else _computed(ev, plan, values)


def _present(ev: Evaluator, value: Value) -> Value:
    match value:
        case Scalar(null=null) if null is not None:
            ev.fail(null)
            return value.present()
        case Pair(n=top) if top.null is not None:
            ev.fail(top.null)
            return value.present()
    return value


def _by_combination(ev: Evaluator, plan: DecisionPlan, values: list[Value]) -> Decided | None:
    axes = [(value, found) for value in values if (found := domain(value)) is not None]
    if not axes or len(axes) + sum(isinstance(value, Scalar) and value.constant for value in values) < len(values):
        return None
    size = 1
    for _, (_, length) in axes:
        size *= length
    if size > COMBINATIONS:
        return None
    key = (
        plan.name,
        *((x.data, x.null) if x.constant else (x.range, x.words, x.null is None) for x in values if isinstance(x, Scalar)),
    )
    known = ev.world.memory.get(key)
    if known is None:
        if size * 2 > ev.space.size:
            return None
        faults = Faults(size)
        grid = np.indices([length for _, (_, length) in axes]).reshape(len(axes), -1)
        points = iter([gather(every, place) for (_, (every, _)), place in zip(axes, grid, strict=True)])
        inner = Evaluator(ev.world, Space(size), faults)
        known = _computed(inner, plan, [v if isinstance(v, Scalar) and v.constant else next(points) for v in values]), faults.mask
        ev.world.memory[key] = known
    decided, failed = known
    index: Any = None
    for value, (_, length) in axes:
        assert isinstance(value, Scalar)
        own = places(value) if len(axes) == 1 else places(value).astype(np.int32)
        index = own if index is None else index * length + own
    if failed is not None:
        ev.fail(failed.take(index, mode="clip"))
    matched = None if decided.matched is None else _taken(decided.matched, index)
    return Decided({name: _taken(value, index) for name, value in decided.outputs.items()}, matched)


def _taken(value: Value, index: Array) -> Value:
    """Rows of a combination's answer; lists too."""
    if not isinstance(value, Nested):
        return gather(value, index)
    space = value.space
    counts = space.counts.take(index, mode="clip")
    inner = Space(int(counts.sum()), counts)
    steps = np.arange(inner.size) - inner.spread(inner.starts)
    return Nested(inner, gather(value.element, inner.spread(space.starts.take(index, mode="clip")) + steps))


def _computed(ev: Evaluator, plan: DecisionPlan, values: list[Value]) -> Decided:
    mark = None if ev.faults.mask is None else ev.faults.mask.copy()
    try:
        return _in_columns(ev, plan, values)
    except NotPortable:
        ev.faults.mask = mark
        return _row_by_row(ev, plan, values)


# ── in columns ────────────────────────────────────────────────────────────────────────────────────────────────────────
def _in_columns(ev: Evaluator, plan: DecisionPlan, values: list[Value]) -> Decided:
    ev = Evaluator(ev.world, ev.space, ev.faults, ev.live)
    names = Names({argument.variable.name: value for argument, value in zip(plan.arguments, values, strict=True)})
    for guard in plan.guards:
        held = ev.scalar(guard.that, names).data
        ev.fail(~held if isinstance(held, np.ndarray) else not held)
    if plan.hit is None:
        found: list[Value] = []
        for step in plan.steps:
            found.append(ev.emit(step.value, names))
            names = names.extend({step.variable.name: found[-1]})
        return Decided({output.name: found[output.step] for output in plan.outputs if output.step is not None})
    if plan.hit not in (HitPolicy.UNIQUE, HitPolicy.FIRST):
        raise refused(f"tabel {plan.hit}")
    names = names.extend({column.variable.name: ev.emit(column.value, names) for column in plan.columns})
    return _table(ev, plan, names)


def _table(ev: Evaluator, plan: DecisionPlan, names: Names) -> Decided:
    size = ev.space.size
    row: Any = np.full(size, -1, fitting(Interval(-1, len(plan.rows))))
    count = np.zeros(size, np.int8) if len(plan.rows) < 127 else np.zeros(size, np.int64)
    for index in range(len(plan.rows) - 1, -1, -1):
        held = full(ev.chain([test for test in plan.rows[index].tests if test is not None], names, stops=False).data, size)
        row = select(held, index, row)
        count += held
    ev.fail(count != 1 if plan.hit is HitPolicy.UNIQUE else count == 0)
    outputs: dict[str, Value] = {}
    for place, output in enumerate(plan.outputs):
        known = _constants(ev, plan, place)
        outputs[output.name] = gather(known, row) if known is not None else _output(ev, plan.rows, place, row, names)
    return Decided(outputs, Scalar(row, Num(1)))


def _constants(ev: Evaluator, plan: DecisionPlan, place: int) -> Value | None:
    """The output of each row of a table in which it is the same whatever the inputs; None where that is not so."""
    key = ("constants", plan.name, place)
    if key not in ev.world.memory:
        ev.world.memory[key] = _unvarying(ev, plan, place)
    found: Value | None = ev.world.memory[key]
    return found


def _unvarying(ev: Evaluator, plan: DecisionPlan, place: int) -> Value | None:
    parts: list[Part] = []
    for index, planned in enumerate(plan.rows):
        x, faults = planned.outputs[place], Faults(1)
        if any(isinstance(node, Var) for node in walk(x)):
            return None
        value = Evaluator(ev.world, Space(1), faults).emit(x, Names({}))
        if faults.mask is not None or not isinstance(value, Scalar) or not value.constant:
            return None
        parts.append(Part(np.arange(len(plan.rows)) == index, value))
    return merged(parts, _type(parts[0].value)) if parts else None


def _output(ev: Evaluator, rows: Sequence[RowPlan], place: int, row: Array, names: Names) -> Value:
    """The output of the matched row; what fails in the others does not count."""
    parts: list[Part] = []
    for index, planned in enumerate(rows):
        mine = row == index
        if mine.any():
            parts.append(Part(mine, ev.where(mine).emit(planned.outputs[place], names)))
    if not parts:
        raise refused("tabel tanpa baris yang cocok")
    return merged(parts, _type(parts[0].value))


def _type(value: Value) -> Type:
    return value.type if isinstance(value, Scalar) else Num(None)


# ── row by row ────────────────────────────────────────────────────────────────────────────────────────────────────────
def _row_by_row(ev: Evaluator, plan: DecisionPlan, values: list[Value]) -> Decided:
    function = ev.world.one_by_one(plan.name)
    columns = [plain(value, ev.space.size) for value in values]
    answers: list[Any] = []
    failed = np.zeros(ev.space.size, np.bool_)
    for number, given in enumerate(zip(*columns, strict=True) if columns else [()] * ev.space.size):
        try:
            answers.append(function(*given))
        except Fault:
            answers.append(None)
            failed[number] = True
    ev.fail(failed)
    outputs = {}
    types = output_types(plan)
    for place, output in enumerate(plan.outputs):
        outputs[output.name] = column([None if answer is None else answer[0][place] for answer in answers], types[place])
    if plan.hit is None:
        return Decided(outputs)
    matched = [() if answer is None else answer[1] for answer in answers]
    if plan.hit in ONE_ROW:
        return Decided(outputs, Scalar(np.array([rows[0] if rows else -1 for rows in matched], np.int64), Num(1)))
    return Decided(outputs, column(matched, ListOf(Num(1))))


ONE_ROW = frozenset({HitPolicy.UNIQUE, HitPolicy.FIRST, HitPolicy.ANY, HitPolicy.PRIORITY})


def output_types(plan: DecisionPlan) -> list[Type]:
    from ...engine.integer.plan import LIST_POLICIES, value_type

    found: list[Type] = []
    for output in plan.outputs:
        kind = value_type(output.kind)
        gathers = plan.hit in LIST_POLICIES and not isinstance(kind, ListOf)
        found.append(ListOf(kind, output.kind.nullable) if gathers else kind)
    return found


def column(found: list[Any], kind: Type) -> Value:
    """Plain values, one a row, as a column."""
    if not isinstance(kind, ListOf):
        return built(found, kind, np.arange(len(found)), None, len(found))
    counts = np.array([0 if one is None else len(one) for one in found], np.int64)
    space = Space(int(counts.sum()), counts)
    return Nested(space, column([element for one in found if one is not None for element in one], kind.element))


def plain(value: Value, size: int) -> list[Any]:
    """A column as plain values of the integer form, one a row."""
    match value:
        case Scalar():
            null = full(False if value.null is None else value.null, size)
            data = full(value.data, size).tolist()
            if isinstance(value.type, Text):
                words = value.words or ("",)
                data = [words[code] if 0 <= code < len(words) else "" for code in data]
            return [None if empty else one for one, empty in zip(data, null.tolist(), strict=True)]
        case Pair(n=top, d=bottom):
            tops, bottoms = plain(top, size), plain(bottom, size)
            return [None if one is None else (one, other) for one, other in zip(tops, bottoms, strict=True)]
        case Fields(fields):
            members = {name: plain(one, size) for name, one in fields.items()}
            return [dict(zip(members, row, strict=True)) for row in zip(*members.values(), strict=True)] if members else [{}] * size
        case Fixed(items):
            listed = [plain(item, size) for item in items]
            return [list(row) for row in zip(*listed, strict=True)] if listed else [[] for _ in range(size)]
        case Nested(space, element, keep):
            elements = plain(element, space.size)
            kept = [True] * space.size if keep is None else keep.tolist()
            return [
                [elements[place] for place in range(start, end) if kept[place]]
                for start, end in zip(space.starts.tolist(), space.ends.tolist(), strict=True)
            ]
