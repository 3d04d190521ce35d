"""What boxed expressions add to the syntax tree of FEEL: declared types, and decision tables."""

from __future__ import annotations

from dataclasses import dataclass

from ..feel import Node, UnaryTests
from ..feel.errors import FeelError
from .items import Item


@dataclass(frozen=True, slots=True)
class Typed(Node):
    """An expression with a declared type: a value of another type becomes null. `where` names it in messages."""

    node: Node
    item: Item
    where: str


@dataclass(frozen=True, slots=True)
class Broken(Node):
    """An expression whose text could not be read: null, with the reason kept for the record."""

    error: FeelError


@dataclass(frozen=True, slots=True)
class Parameters(Node):
    """A function whose parameters have declared items (allowed values included), not only FEEL types."""

    names: tuple[str, ...]
    items: tuple[Item, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Column:
    """An input column: its expression and the values it may take."""

    expression: Node
    allowed: UnaryTests | None


@dataclass(frozen=True, slots=True)
class Result:
    """An output column. values: its allowed values in order of priority; otherwise: the default entry."""

    name: str
    item: Item
    values: tuple[Node, ...]
    otherwise: Node | None


@dataclass(frozen=True, slots=True)
class TableRule:
    tests: tuple[UnaryTests, ...]
    outputs: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Table(Node):
    hit: str
    aggregation: str
    columns: tuple[Column, ...]
    results: tuple[Result, ...]
    rules: tuple[TableRule, ...]
