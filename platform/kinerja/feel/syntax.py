"""The syntax tree of FEEL (DMN 1.5): what the parser returns and every evaluator, checker and emitter reads.

Plain frozen dataclasses. Each node carries the span of source it came from; spans do not take part in equality,
so that two trees are equal when they mean the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal as OneOf


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open offsets into the source text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    span: Span = field(default=Span(0, 0), compare=False)


# ── literals ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class NumberLiteral(Node):
    value: Fraction


@dataclass(frozen=True, slots=True)
class StringLiteral(Node):
    value: str


@dataclass(frozen=True, slots=True)
class BooleanLiteral(Node):
    value: bool


@dataclass(frozen=True, slots=True)
class NullLiteral(Node):
    pass


@dataclass(frozen=True, slots=True)
class TemporalLiteral(Node):
    """@"2026-01-01", @"P1Y", …: the text between the quotes; its kind is found when it is compiled."""

    text: str


# ── names and access ──────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Name(Node):
    """A name, its inner white space folded to single blanks. `?` is the name of the tested value in unary tests."""

    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    """source.name"""

    source: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """source[predicate]; a number selects by position (from 1, negative from the end)."""

    source: Node
    predicate: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """function(arguments) positional, or function(name: value, …) named; never both."""

    function: Node
    arguments: tuple[Node, ...] = ()
    named: tuple[tuple[str, Node], ...] = ()


# ── operators ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    operator: OneOf["+", "-", "*", "/", "**"]
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Negation(Node):
    operand: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    operator: OneOf["=", "!=", "<", "<=", ">", ">="]
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """value between low and high, both included."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """value in tests"""

    value: Node
    tests: UnaryTests


@dataclass(frozen=True, slots=True)
class Logic(Node):
    operator: OneOf["and", "or"]
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    value: Node
    type: TypeName


# ── control ───────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iterator(Node):
    """name in domain; `end` is set for the form `name in domain..end`."""

    name: str
    domain: Node
    end: Node | None = None


@dataclass(frozen=True, slots=True)
class For(Node):
    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    kind: OneOf["some", "every"]
    iterators: tuple[Iterator, ...]
    condition: Node


# ── composed values ───────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Range(Node):
    """[low..high], (low..high) and so on; None is an unbounded end, which is never closed."""

    low: Node | None
    high: Node | None
    low_closed: bool
    high_closed: bool


@dataclass(frozen=True, slots=True)
class ListLiteral(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextLiteral(Node):
    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class FunctionLiteral(Node):
    """function(parameter: type, …) body; `external` marks `function(…) external {…}`, which is never run."""

    parameters: tuple[tuple[str, TypeName | None], ...]
    body: Node
    external: bool = False


@dataclass(frozen=True, slots=True)
class TypeName(Node):
    """A type in source: name and, for list<T>, range<T>, context<a: T>, function<T,…> -> R, its arguments."""

    name: str
    arguments: tuple[TypeName, ...] = ()
    fields: tuple[tuple[str, TypeName], ...] = ()
    result: TypeName | None = None


# ── unary tests (cells) ───────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Compare(Node):
    """`< 5`, `>= x`, `!= "A"`: the tested value compared with an operand."""

    operator: OneOf["=", "!=", "<", "<=", ">", ">="]
    operand: Node


@dataclass(frozen=True, slots=True)
class Test(Node):
    """One alternative of a cell: a Compare, a Range, or an expression (equal to the value, a list or range that
    contains it, or, where it uses `?`, a boolean)."""

    expression: Node


@dataclass(frozen=True, slots=True)
class UnaryTests(Node):
    """A cell. No alternatives and not negated = `-`, which any value passes. negated = not(alternatives)."""

    alternatives: tuple[Test, ...] = ()
    negated: bool = False

    @property
    def any(self) -> bool:
        return not self.alternatives and not self.negated
