"""Where in a table a gap lies: between which two rows a case that no row covers would stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from ..core.errors import KinerjaError
from ..feel import STRICT, compile_expression, compile_tests
from .model import Decision, Policy, Row, Table
from .proof.concrete import world_on
from .proof.conditions import NotSimple, cuts_of_tests


def place_of_gap(policy: Policy, decision: Decision, case: Mapping[str, Any], day: date | None = None) -> int:
    """How many rows of the decision's table stand above the gap (0 … number of rows).

    The rows that miss the case in the fewest columns are its neighbours, those that agree in the leading columns first. Where they
    miss it in one ordered column (numbers, dates, listed values), the gap lies between the nearest below and the nearest above it;
    else after the last of them. day: for the parameters that cells name.
    """
    table = decision.logic
    assert isinstance(table, Table)
    world = {**world_on(policy, day or decision.effective.first), **case}
    values = [_value(column.text, column.expression, case, world) for column in table.columns]
    misses = [_missed(table, row, values, world) for row in table.rows]
    fewest = min((len(one) for one in misses), default=0)
    near = [index for index, one in enumerate(misses) if len(one) == fewest]
    if fewest != 1:
        return near[-1] + 1 if near else len(table.rows)
    column = max(misses[index][0] for index in near)
    near = [index for index in near if misses[index] == [column]]
    sides = [(index, *side) for index in near if (side := _side(table, index, column, values[column], world)) is not None]
    above = min(((distance, index) for index, over, distance in sides if over), default=None)
    below = min(((distance, index) for index, over, distance in sides if not over), default=None)
    if above is not None and below is not None:
        first, second = sorted((above[1], below[1]))
        return second if second - first == 1 else min(above, below)[1] + 1
    return near[-1] + 1


_UNKNOWN = object()


def _value(text: str, expression: Any, case: Mapping[str, Any], world: Mapping[str, Any]) -> Any:
    if text in case:
        return case[text]
    try:
        return compile_expression(expression, STRICT)(world)
    except KinerjaError:
        return _UNKNOWN  # a column that does not matter to the gap is left out of the case


def _missed(table: Table, row: Row, values: list[Any], world: Mapping[str, Any]) -> list[int]:
    """The columns whose cells do not pass the case."""
    return [index for index, value in enumerate(values) if value is not _UNKNOWN and not _passes(row, index, value, world)]


def _passes(row: Row, index: int, value: Any, world: Mapping[str, Any]) -> bool:
    try:
        return bool(compile_tests(row.cells[index].tests, STRICT)(value, world))
    except KinerjaError:
        return False


def _side(table: Table, index: int, column: int, value: Any, world: Mapping[str, Any]) -> tuple[bool, Any] | None:
    """(whether the row's cell lies above the value, how far); None where the column has no order."""
    listed = {text: Fraction(number) for number, text in enumerate(table.column_types[column].values)}
    found = [listed.get(end, end) for end in _ends(table.rows[index], column, world)]
    value = listed.get(value, value) if isinstance(value, str) else value
    ordered: list[Any] = [end for end in found if isinstance(value, Fraction | date) and isinstance(end, type(value))]
    if not ordered:
        return None
    nearest = min(ordered, key=lambda end: abs(end - value))
    over = nearest > value or (nearest == value and max(ordered) > value)
    return bool(over), abs(nearest - value)


def _ends(row: Row, column: int, world: Mapping[str, Any]) -> Iterator[Any]:
    def constant(node: Any) -> Any:
        return compile_expression(node, STRICT)(world)

    try:
        yield from (value for _name, value in cuts_of_tests(row.cells[column].tests, "?", set(), constant))
    except (NotSimple, KinerjaError):
        return
