"""Walks over a compiled decision."""

from __future__ import annotations

from collections.abc import Iterator

from ..feel.syntax import Node
from .model import Decision, Table


def expressions(decision: Decision) -> Iterator[Node]:
    """Every syntax tree of a decision: headings, cells, outputs or steps, and preconditions."""
    if isinstance(decision.logic, Table):
        for column in decision.logic.columns:
            yield column.expression
        for row in decision.logic.rows:
            for cell in row.cells:
                for alternative in cell.tests.alternatives:
                    yield alternative.expression
            for out in row.outputs:
                yield out.expression
    else:
        for step in decision.logic.steps:
            yield step.expression
    for requirement in decision.requirements:
        yield requirement.that
