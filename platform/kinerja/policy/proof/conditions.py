"""Cut points of a condition: the values at which it may change. None when it is no mere comparison with constants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...feel.syntax import (
    Between,
    BooleanLiteral,
    Compare,
    Comparison,
    If,
    In,
    Logic,
    Name,
    Node,
    NullLiteral,
    Range,
    UnaryTests,
)
from ..assemble.scope import uses

Constant = Callable[[Node], Any]
Cuts = set[tuple[str, Any]]


class NotSimple(Exception):
    """The condition relates variables to each other, or computes with them."""


def cuts_of_tests(tests: UnaryTests, variable: str, variables: set[str], constant: Constant) -> Cuts:
    """Cut points of a cell over `variable`; constant evaluates an expression without variables. Raises NotSimple."""
    found: Cuts = set()
    for alternative in tests.alternatives:
        expression = alternative.expression
        if any(use.name == "?" for use in uses(expression)):
            found |= {(variable if name == "?" else name, value) for name, value in cuts(expression, {*variables, "?"}, constant)}
        else:
            found |= _ends(expression, variable, variables, constant)
    return found


def _ends(node: Node, variable: str, variables: set[str], constant: Constant) -> Cuts:
    """Cut points of one alternative: the constant itself, the ends of a range, the operand of a comparison."""
    if isinstance(node, Compare):
        node = node.operand
    if isinstance(node, Range):
        return {(variable, _value(end, variables, constant)) for end in (node.low, node.high) if end is not None}
    value = _value(node, variables, constant)
    values = value if isinstance(value, list | tuple) else [value]
    return {(variable, one) for one in values}


def _value(node: Node, variables: set[str], constant: Constant) -> Any:
    if any(use.name in variables for use in uses(node)):
        raise NotSimple
    return constant(node)


def cuts(node: Node, variables: set[str], constant: Constant) -> Cuts:
    """Cut points of a truth-valued expression over several variables. Raises NotSimple."""
    match node:
        case BooleanLiteral() | NullLiteral():
            return set()
        case Name(name) if name in variables:
            return set()
        case Logic(_, left, right):
            return cuts(left, variables, constant) | cuts(right, variables, constant)
        case If(condition, then, otherwise):
            return cuts(condition, variables, constant) | cuts(then, variables, constant) | cuts(otherwise, variables, constant)
        case Comparison(_, Name(name), right) if name in variables:
            return {(name, _value(right, variables, constant))}
        case Comparison(_, left, Name(name)) if name in variables:
            return {(name, _value(left, variables, constant))}
        case Between(Name(name), low, high) if name in variables:
            return {(name, _value(low, variables, constant)), (name, _value(high, variables, constant))}
        case In(Name(name), tests) if name in variables:
            return cuts_of_tests(tests, name, variables, constant)
        case _:
            if any(use.name in variables for use in uses(node)):
                raise NotSimple
            return set()
