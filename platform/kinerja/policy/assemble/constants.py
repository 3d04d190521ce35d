"""Figures in formulas and cells that are wrong whatever the case: division by zero, numbers without measure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from ...core.errors import Place
from ...feel import STRICT, FeelError, compile_expression
from ...feel.syntax import Arithmetic, Negation, Node, NumberLiteral
from ..diagnostics import Report
from .scope import children, every_node

MOST = Fraction(10**30)  # no amount, score or count of a city comes near; neither does a fraction of one


def check_constants(node: Node, at: Callable[[int], Place], report: Report) -> None:
    """Report each figure and each calculation with figures alone that can never give a value."""
    for here in every_node(node):
        if isinstance(here, NumberLiteral) and (abs(here.value) > MOST or here.value.denominator > MOST):
            report.add("R047", at(here.span.start))
        if isinstance(here, Arithmetic) and here.operator in ("/", "**") and _is_zero(here):
            report.add("R046", at(here.span.start), what_id="pembagian dengan nol", what_en="a division by zero")
    for constant in _constants(node):
        if not any(isinstance(here, Arithmetic) and _is_zero(here) for here in every_node(constant)):
            try:
                compile_expression(constant, STRICT)({})
            except FeelError as error:
                report.add("R046", at(constant.span.start), what_id=error.text_id, what_en=error.text_en)


def _is_zero(node: Arithmetic) -> bool:
    """x / 0, whatever x is; 0 ** -1 is found by computing it."""
    return node.operator == "/" and isinstance(node.right, NumberLiteral) and node.right.value == 0


def _constants(node: Node) -> Iterator[Node]:
    """The largest calculations below a node that consist of figures alone."""
    if isinstance(node, Arithmetic) and _is_constant(node):
        yield node
        return
    for child in children(node):
        yield from _constants(child)


def _is_constant(node: Node) -> bool:
    if isinstance(node, Arithmetic):
        return _is_constant(node.left) and _is_constant(node.right)
    return _is_constant(node.operand) if isinstance(node, Negation) else isinstance(node, NumberLiteral)
