"""Whether the rows of a table exclude each other and leave nothing out: then no row needs to be counted at run time.

Cells that compare their own column with constants are constant between those constants, so that a few representatives of
each column stand for all its values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

from ...engine.integer.ir import Expr, Lit, Op, Var, walk
from ...engine.integer.plan import Column, DecisionPlan
from ...engine.integer.python import emit
from ...engine.integer.runtime import FUNCTIONS
from ...engine.integer.types import Bool, Num, Text
from .values import Scalar, Value

MOST = 20_000
_READ = frozenset(
    ["lt", "le", "gt", "ge", "eq", "ne", "and", "or", "not", "is_null", "need", "scale", "both", "same", "all_there", "need_value"]
)
_ORDER = frozenset(["lt", "le", "gt", "ge"])


def coverage(plan: DecisionPlan, tested: Sequence[Value]) -> tuple[bool, bool]:
    """(rows exclude each other, some row always matches) as far as it can be proved."""
    patterns: list[set[int]] = []
    for index, (column, value) in enumerate(zip(plan.columns, tested, strict=True)):
        tests = [row.tests[index] for row in plan.rows]
        found = _patterns(column, value, tests)
        if found is None:
            return False, False
        patterns.append(found)
    size = 1
    for found in patterns:
        size *= len(found)
    if size > MOST:
        return False, False
    apart = complete = True
    for combination in product(*patterns):
        together = (1 << len(plan.rows)) - 1
        for bits in combination:
            together &= bits
        complete = complete and together != 0
        apart = apart and together & (together - 1) == 0
    return apart, complete


def _patterns(column: Column, value: Value, tests: Sequence[Expr | None]) -> set[int] | None:
    """For each kind of value of a column, the rows whose cell it passes, as bits."""
    live = [(row, test) for row, test in enumerate(tests) if test is not None]
    everywhere = sum(1 << row for row, test in enumerate(tests) if test is None)
    if not live:
        return {everywhere}
    if not isinstance(value, Scalar):
        return None
    points = _points(column.variable, value, [test for _, test in live])
    if points is None:
        return None
    found: set[int] = set()
    functions = [(row, _compiled(column.variable.name, test)) for row, test in live]
    for one in points:
        found.add(everywhere | sum(1 << row for row, passes in functions if passes(one)))
    return found


def _points(variable: Var, value: Scalar, tests: list[Expr]) -> list[Any] | None:
    constants: set[Any] = set()
    for node in (node for test in tests for node in walk(test)):
        match node:
            case Var(name=name) if name == variable.name:
                continue
            case Lit(value=constant, type=kind):
                if isinstance(kind, Num) and isinstance(constant, int) and kind.den:
                    constants.add((constant, kind.den))
                elif constant is not None:
                    constants.add(constant)
            case Op(name=name) if name in _READ:
                continue
            case _:
                return None
    nulls: list[Any] = [None] if value.null else []
    if isinstance(variable.type, Bool):
        return [True, False, *nulls]
    if value.texts is not None:
        return [*value.texts, *nulls]
    if isinstance(variable.type, Text):
        ordered = any(isinstance(node, Op) and node.name in _ORDER for test in tests for node in walk(test))
        texts = {constant for constant in constants if isinstance(constant, str)}
        return None if ordered else [*texts, "".join(sorted(texts)) + "?", *nulls]  # the last is none of those named
    if value.range is None or not (isinstance(variable.type, Num) and variable.type.den):
        return None
    low, high = value.range.low, value.range.high
    found = {low, high}
    for constant in constants:
        if not isinstance(constant, tuple):
            return None
        # a column may have been brought to the constant's denominator, or the constant to the column's; both are looked at
        for around in (constant[0] * variable.type.den // constant[1], constant[0]):
            found |= {near for near in range(around - 1, around + 3) if low <= near <= high}
    return [*found, *nulls]


def _compiled(name: str, test: Expr) -> Callable[[Any], bool]:
    space: dict[str, Any] = {f"p_{primitive}": function for primitive, function in FUNCTIONS.items()}
    space["__builtins__"] = {"any": any, "all": all}
    found: Callable[[Any], bool] = eval(compile(f"lambda {name}: {emit(test)}", "<cell>", "eval"), space)  # noqa: S307 - our own source
    return found
