"""Walks over compiled decisions and their syntax trees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from ..feel.syntax import Node, Span
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


def rewrite(node: Any, replacing: Mapping[Node, Node]) -> Any:
    """A tree with every sub-tree that equals a key replaced by its value (outermost first)."""
    if isinstance(node, Node) and node in replacing:
        return replacing[node]
    if isinstance(node, tuple):
        return tuple(rewrite(item, replacing) for item in node)
    if is_dataclass(node) and not isinstance(node, type | Span):
        changes = {field.name: rewrite(getattr(node, field.name), replacing) for field in fields(node) if field.name != "span"}
        return replace(node, **changes)
    return node
