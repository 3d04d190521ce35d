"""Free names of an expression: what it reads from outside, with the span of each, and how (as a value, as a function)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any

from ...feel.syntax import (
    Call,
    ContextLiteral,
    Filter,
    For,
    FunctionLiteral,
    InstanceOf,
    Name,
    Node,
    Path,
    Quantified,
    Span,
    TypeName,
)


@dataclass(frozen=True, slots=True)
class Use:
    """One free name. call: the Call whose function it is. filtered: it stands in a filter, where members of items are names too."""

    name: str
    span: Span
    call: Call | None = None
    filtered: bool = False


def children(node: object) -> Iterator[Node]:
    """Direct sub-nodes, through tuples."""
    if is_dataclass(node):
        kind: Any = type(node)
        for name in _parts(kind):
            yield from _nodes(getattr(node, name))


@cache
def _parts(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.name != "span")


def _nodes(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)
    elif is_dataclass(value):
        yield from children(value)


def every_node(node: Node) -> Iterator[Node]:
    stack = [node]
    while stack:
        here = stack.pop()
        yield here
        stack.extend(children(here))


def uses(node: Node, bound: frozenset[str] = frozenset(), filtered: bool = False) -> Iterator[Use]:
    """Free names in order of appearance. `bound`: names that the surroundings have given a meaning."""
    match node:
        case Name(name):
            if name not in bound:
                yield Use(name, node.span, filtered=filtered)
        case Call(Name(name) as function, arguments, named):
            if name not in bound:
                yield Use(name, function.span, node, filtered)
            for argument in (*arguments, *(value for _, value in named)):
                yield from uses(argument, bound, filtered)
        case For(iterators, body) | Quantified(_, iterators, body):
            inner = bound | ({"partial"} if isinstance(node, For) else frozenset())
            for iterator in iterators:
                yield from uses(iterator.domain, inner, filtered)
                if iterator.end is not None:
                    yield from uses(iterator.end, inner, filtered)
                inner = inner | {iterator.name}
            yield from uses(body, inner, filtered)
        case Filter(source, predicate):
            yield from uses(source, bound, filtered)
            yield from uses(predicate, bound | {"item"}, True)
        case FunctionLiteral(parameters, body):
            yield from uses(body, bound | {name for name, _ in parameters}, filtered)
        case ContextLiteral(entries):
            inner = bound
            for key, value in entries:
                yield from uses(value, inner, filtered)
                inner = inner | {key}
        case TypeName() | InstanceOf(_, TypeName()):
            if isinstance(node, InstanceOf):
                yield from uses(node.value, bound, filtered)
        case _:
            for child in children(node):
                yield from uses(child, bound, filtered)


def path_names(node: Node) -> set[str]:
    """Names after a point anywhere in the expression."""
    return {here.name for here in every_node(node) if isinstance(here, Path)}
