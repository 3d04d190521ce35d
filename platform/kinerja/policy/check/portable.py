"""The portable subset: the FEEL that a run over a whole population can carry."""

from __future__ import annotations

from ...feel.syntax import (
    Call,
    ContextLiteral,
    Filter,
    FunctionLiteral,
    InstanceOf,
    Name,
    Node,
    Quantified,
    TemporalLiteral,
)
from ..assemble.builtins import BUILT_INS
from ..assemble.scope import every_node

FUNCTIONS = frozenset(
    [
        "abs", "floor", "ceiling", "decimal", "round up", "round down", "round half up", "round half down", "modulo",
        "min", "max", "sum", "mean", "median", "count", "not", "all", "any",
        "string", "number", "string length", "substring", "substring before", "substring after", "upper case", "lower case",
        "contains", "starts with", "ends with",
        "date", "years and months duration", "day of year", "day of week", "month of year", "week of year", "list contains",
    ]
)  # fmt: skip


def outside(node: Node, own_functions: frozenset[str]) -> list[tuple[str, Node]]:
    """What leaves the portable subset, as (word, node). own_functions: decisions and keyed parameters, which may be called."""
    found: list[tuple[str, Node]] = []
    for here in every_node(node):
        match here:
            case Filter():
                found.append(("filter […]", here))
            case Quantified(kind):
                found.append((kind, here))
            case FunctionLiteral():
                found.append(("function", here))
            case ContextLiteral():
                found.append(("context {…}", here))
            case InstanceOf():
                found.append(("instance of", here))
            case TemporalLiteral(text) if "T" in text and not text.startswith("P"):
                found.append((text, here))
            case Call(Name(name)) if name in BUILT_INS and name not in FUNCTIONS and name not in own_functions:
                found.append((name, here))
            case Call(function) if not isinstance(function, Name):
                found.append(("function", here))
            case _:
                pass
    return found
