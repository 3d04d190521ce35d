"""A table's cells as conditions of rules: constants compared with scaled integers or texts, alternatives split into rules.

What is no comparison with a constant (a cell that reads another input, a formula) becomes one property of the tested fact,
computed by the integer form, and the rule asks whether it is 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import lcm
from typing import Any

from ...feel import syntax as s
from ...policy.model import Table
from ..integer.errors import NotPortable
from ..integer.ir import Lit
from ..integer.lower import Lowering, Scope
from ..integer.plan import DecisionPlan
from ..integer.types import Bool, Day, Null, Num, Text, Type
from .properties import text_key
from .ruleset import Condition

MAX_ALTERNATIVES = 40
SATURATED = 2**62
_FLIPPED = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}

Conjunction = tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class ColumnCode:
    """How a column's value becomes a property: integers under `scale`; doubled, with 1 added for a rest, where it is a pair."""

    name: str
    null: str
    type: Type
    nullable: bool
    scale: int

    def encode(self, value: Any) -> tuple[int | str, int]:
        """(property, 1 where null)."""
        if value is None:
            return ("" if isinstance(self.type, Text) else 0), 1
        if isinstance(self.type, Text):
            return text_key(value), 0
        if isinstance(self.type, Num):
            if self.type.den is None:
                whole, rest = divmod(value[0] * self.scale, value[1])
                return _saturate(2 * whole + (1 if rest else 0)), 0
            return _saturate(value * (self.scale // self.type.den)), 0
        return int(value), 0

    def constant(self, value: Any, den: int) -> int | str | None:
        """A cell's constant on the same scale, None where it is too large to compare."""
        if isinstance(self.type, Text):
            return text_key(value)
        if isinstance(self.type, Num):
            scaled = value * (self.scale // den) * (2 if self.type.den is None else 1)
            return scaled if abs(scaled) < SATURATED // 2 else None
        return int(value)


def _saturate(value: int) -> int:
    """Constants stay below half of this, so a value beyond compares as it should."""
    return max(-SATURATED, min(SATURATED, value))


@dataclass(frozen=True, slots=True)
class RowCode:
    """alternatives: one rule each. dynamic: the row as a whole is tested by the integer form."""

    alternatives: tuple[Conjunction, ...]
    dynamic: bool = False


def encode_columns(table: Table, plan: DecisionPlan) -> tuple[ColumnCode, ...]:
    codes = []
    for index, column in enumerate(plan.columns):
        kind = column.variable.type
        scale = kind.den or 1 if isinstance(kind, Num) else 1
        for row in table.rows:
            for den in _denominators(row.cells[index].tests):
                scale = lcm(scale, den)
        codes.append(ColumnCode(f"c{index}", f"n{index}", kind, column.variable.nullable, scale))
    return tuple(codes)


def encode_row(table: Table, index: int, columns: tuple[ColumnCode, ...]) -> RowCode:
    cells = [_cell(cell.tests, column) for cell, column in zip(table.rows[index].cells, columns, strict=True)]
    size = 1
    for alternatives in cells:
        size *= 1 if alternatives is None else len(alternatives)
    if any(alternatives is None for alternatives in cells) or size > MAX_ALTERNATIVES:
        return RowCode(((Condition(f"b{index}", "=", 1),),), dynamic=True)
    combined = [sum(choice, ()) for choice in product(*(alternatives or [] for alternatives in cells))]
    return RowCode(tuple(dict.fromkeys(combined)))


def _cell(tests: s.UnaryTests, column: ColumnCode) -> list[Conjunction] | None:
    """The alternatives of a cell, None where it cannot be said in conditions."""
    if tests.any:
        return [()]
    found: list[Conjunction] = []
    for test in tests.alternatives:
        alternatives = _alternatives(test.expression, column)
        if alternatives is None:
            return None
        found += alternatives
    if not tests.negated:
        return found
    if any(len(conjunction) != 1 for conjunction in found) or column.nullable:
        return None
    return [tuple(Condition(c.prop, _FLIPPED[c.operator], c.value) for (c,) in found)]  # type: ignore[arg-type]


def _alternatives(node: s.Node, column: ColumnCode) -> list[Conjunction] | None:
    if isinstance(column.type, Null):
        return None
    if isinstance(node, s.NullLiteral):
        return [(Condition(column.null, "=", 1),)] if column.nullable else []
    present: Conjunction = (Condition(column.null, "=", 0),) if column.nullable else ()
    if isinstance(node, s.ListLiteral):
        parts = [_alternatives(item, column) for item in node.items]
        return None if any(part is None for part in parts) else [c for part in parts for c in part or []]
    if isinstance(node, s.Range):
        ends: Conjunction = ()
        for end, closed, operators in ((node.low, node.low_closed, (">=", ">")), (node.high, node.high_closed, ("<=", "<"))):
            if end is None:
                continue
            condition = _compare(operators[0] if closed else operators[1], end, column)
            if condition is None:
                return None
            ends += (condition,)
        return [present + ends]
    operator, operand = (node.operator, node.operand) if isinstance(node, s.Compare) else ("=", node)
    condition = _compare(operator, operand, column)
    if condition is None:
        return None
    missing: list[Conjunction] = [(Condition(column.null, "=", 1),)] if operator == "!=" and column.nullable else []
    return [*missing, (*present, condition)]  # null differs from every constant


def _compare(operator: str, operand: s.Node, column: ColumnCode) -> Condition | None:
    found = _constant(operand)
    if found is None:
        return None
    value, kind = found
    if isinstance(column.type, Text | Bool) and operator not in ("=", "!="):
        return None
    if type(kind) is not type(column.type) or isinstance(kind, Null):
        return None
    den = kind.den or 1 if isinstance(kind, Num) else 1
    constant = column.constant(value, den)
    return None if constant is None else Condition(column.name, operator, constant)  # type: ignore[arg-type]


def comparison(operator: str, operand: s.Node, column: ColumnCode) -> tuple[ColumnCode, Condition] | None:
    """One comparison of a column with a constant, and the column under a scale that holds both; None where it is another."""
    found = _constant(operand)
    if found is None:
        return None
    dens = [kind.den or 1 for kind in (found[1], column.type) if isinstance(kind, Num)]
    scaled = ColumnCode(column.name, column.null, column.type, column.nullable, lcm(*dens) if dens else 1)
    condition = _compare(operator, operand, scaled)
    return None if condition is None else (scaled, condition)


def _constant(node: s.Node) -> tuple[Any, Type] | None:
    """The value and type of an expression without names."""
    if isinstance(node, s.Compare | s.Range):
        return None
    try:
        x = Lowering().lower(node, Scope({}))
    except NotPortable:
        return None
    return (x.value, x.type) if isinstance(x, Lit) and isinstance(x.type, Num | Text | Bool | Day) else None


def _denominators(tests: s.UnaryTests) -> list[int]:
    found: list[int] = []

    def collect(node: object) -> None:
        if isinstance(node, s.Node):
            constant = None if isinstance(node, s.Test | s.Compare | s.Range | s.UnaryTests) else _constant(node)
            if constant is not None:
                if isinstance(constant[1], Num) and constant[1].den:
                    found.append(constant[1].den)
                return
            for name in node.__dataclass_fields__:
                collect(getattr(node, name))
        elif isinstance(node, tuple):
            for element in node:
                collect(element)

    collect(tests)
    return found
