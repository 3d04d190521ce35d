"""The margin of today's band: how far the score stands above the floor of the row it met."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..core.findings import Outcome
from ..feel import syntax as s
from ..policy.model import BindingKind, Decision, Policy, Table
from .agenda import Agenda


def margin(policy: Policy, agenda: Agenda, outcome: Outcome) -> Fraction | None:
    """Of the first table that tests one number derived from the case and met one row; None where there is none."""
    rows = {(name, item): ids for name, item, ids in outcome.rows}
    for decision in agenda.decisions:
        ids = rows.get((decision.name, ""))
        if not isinstance(decision.logic, Table) or ids is None or len(ids) != 1 or decision.for_each is not None:
            continue
        found = _floor(decision, decision.logic, ids[0], outcome.outputs)
        if found is not None:
            return found
    return None


def _floor(decision: Decision, table: Table, row_id: str, outputs: dict[str, Any]) -> Fraction | None:
    row = next(row for row in table.rows if row.id == row_id)
    for column, cell in zip(table.columns, row.cells, strict=True):
        given = next((one for one in decision.inputs if one.name == column.text), None)
        if given is None or given.binding.kind is not BindingKind.OUTPUT or len(cell.tests.alternatives) != 1:
            continue
        value = outputs.get(given.binding.member)
        low = _low(cell.tests.alternatives[0].expression)
        if isinstance(value, Fraction) and low is not None:
            return value - low
    return None


def _low(node: s.Node) -> Fraction | None:
    match node:
        case s.Range(low=s.NumberLiteral(value=low)):
            return low
        case s.Compare(operator=">=" | ">", operand=s.NumberLiteral(value=low)):
            return low
    return None
