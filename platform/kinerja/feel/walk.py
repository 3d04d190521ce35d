"""Going over a syntax tree: every node, and the names an expression needs from outside."""

from __future__ import annotations

from collections.abc import Iterator as Iterates

from . import syntax as ast
from .syntax import Node


def children(node: Node) -> Iterates[Node]:
    """The parts of a node, in the order written."""
    match node:
        case ast.UnaryTests():
            yield from (test.expression for test in node.alternatives)
        case ast.Call():
            yield node.function
            yield from node.arguments
            yield from (value for _, value in node.named)
        case ast.In():
            yield node.value
            yield from children(node.tests)
        case ast.For() | ast.Quantified():
            for iterator in node.iterators:
                yield iterator.domain
                if iterator.end is not None:
                    yield iterator.end
            yield node.body if isinstance(node, ast.For) else node.condition
        case ast.ContextLiteral():
            yield from (value for _, value in node.entries)
        case ast.ListLiteral():
            yield from node.items
        case ast.Range():
            yield from (end for end in (node.low, node.high) if end is not None)
        case ast.FunctionLiteral():
            yield node.body
        case ast.InstanceOf():
            yield node.value
        case ast.Arithmetic() | ast.Comparison() | ast.Logic():
            yield from (node.left, node.right)
        case ast.If():
            yield from (node.condition, node.then, node.otherwise)
        case ast.Between():
            yield from (node.value, node.low, node.high)
        case ast.Filter():
            yield from (node.source, node.predicate)
        case ast.Path():
            yield node.source
        case ast.Negation() | ast.Compare():
            yield node.operand
        case ast.Test():
            yield node.expression


def walk(node: Node) -> Iterates[Node]:
    """The node and all below it, outside in."""
    waiting: list[Node] = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(list(children(current))))


def names_used(node: Node) -> set[str]:
    """Names that must come from outside: variables bound within, `?`, `item` and `partial` where bound, are not counted.

    Names of built-in functions are counted like any other; entries of filtered elements cannot be told from names outside
    and are counted too.
    """
    found: set[str] = set()
    _collect(node, frozenset(["?"]), found)
    return found


def _collect(node: Node, bound: frozenset[str], found: set[str]) -> None:
    match node:
        case ast.Name():
            if node.name not in bound:
                found.add(node.name)
        case ast.For() | ast.Quantified():
            for iterator in node.iterators:
                _collect(iterator.domain, bound, found)
                if iterator.end is not None:
                    _collect(iterator.end, bound, found)
                bound |= {iterator.name}
            inner = bound | {"partial"} if isinstance(node, ast.For) else bound
            _collect(node.body if isinstance(node, ast.For) else node.condition, inner, found)
        case ast.ContextLiteral():
            for key, value in node.entries:
                _collect(value, bound, found)
                bound |= {key}
        case ast.FunctionLiteral():
            _collect(node.body, bound | {name for name, _ in node.parameters}, found)
        case ast.Filter():
            _collect(node.source, bound, found)
            _collect(node.predicate, bound | {"item"}, found)
        case _:
            for child in children(node):
                _collect(child, bound, found)
