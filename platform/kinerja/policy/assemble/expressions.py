"""FEEL inside YAML: parse with the place of each fault, names that cannot be names."""

from __future__ import annotations

from collections.abc import Iterable

from ...core.errors import Place
from ...feel import FeelError, parse_expression
from ...feel.syntax import Node
from ..diagnostics import Report
from ..shapes import NAME
from ..source import Scalar

RESERVED = frozenset(
    [
        "and",
        "or",
        "not",
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "between",
        "instance",
        "of",
        "function",
        "external",
        "true",
        "false",
        "null",
        "item",
    ]
)


def read_expression(scalar: Scalar, names: Iterable[str], report: Report) -> Node | None:
    """The syntax tree of a formula; a fault is R030 at its line and column in the file."""
    try:
        return parse_expression(scalar.text, names)
    except FeelError as error:
        report.add("R030", fault_place(scalar, error), what_id=error.text_id, what_en=error.text_en)
        return None


def fault_place(scalar: Scalar, error: FeelError) -> Place:
    span = getattr(error, "span", None)
    return scalar.at(min(span.start, len(scalar.text))) if span is not None else scalar.place


def check_name(name: str, place: Place, report: Report) -> None:
    if not NAME.match(name) or name in RESERVED:
        report.add("R023", place, name=name)
