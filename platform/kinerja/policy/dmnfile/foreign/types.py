"""Types of a DMN model → what rule files can say of facts and outputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from ....core.numbers import decimal_text
from ....dmn.items import Item
from ....feel.syntax import Negation, Node, NumberLiteral, Range, StringLiteral
from ....feel.types import Type
from ...document import Document

LOW, HIGH = Fraction(-(10**12)), Fraction(10**12)
INPUT_SCALE = 10
OUTPUT_SCALE = 12
_BASES = {"number": "number", "string": "text", "boolean": "boolean", "date": "date"}


@dataclass(frozen=True, slots=True)
class Simple:
    """One fact or output. values: allowed texts; low, high: range of a number."""

    base: str
    is_list: bool = False
    values: tuple[str, ...] = ()
    low: Fraction = LOW
    high: Fraction = HIGH

    def document(self, *, scale: int, nullable: bool = False) -> Document:
        found: Document = {"type": self.base}
        if self.base == "number":
            found |= {"scale": str(scale), "range": f"{decimal_text(self.low)}..{decimal_text(self.high)}"}
        if self.values:
            found["values"] = list(self.values)
        if self.is_list:
            found["list"] = "true"
        return found | ({"nullable": "true"} if nullable else {})


@dataclass(frozen=True, slots=True)
class Structure:
    """Components by name. many: a list of such."""

    fields: Mapping[str, Held]
    many: bool = False


Held = Simple | Structure


def held(type_: Type, item: Item | None = None) -> Held | None:
    """How rule files hold values of a type; None when they cannot. item: the declaration, with its allowed values."""
    if type_.kind in _BASES:
        return _simple(type_.kind, item, is_list=False)
    if type_.kind == "list" and type_.element is not None:
        inner = held(type_.element, item.element if item is not None else None)
        if isinstance(inner, Simple) and not inner.is_list:
            return Simple(inner.base, True, inner.values, inner.low, inner.high)
        if isinstance(inner, Structure) and not inner.many and all(isinstance(one, Simple) for one in inner.fields.values()):
            return Structure(inner.fields, many=True)
        return None
    if type_.kind == "context" and type_.fields:
        components = item.components if item is not None else {}
        found = {name: held(own, components.get(name)) for name, own in type_.fields}
        known = {name: one for name, one in found.items() if one is not None}
        return Structure(known) if len(known) == len(found) else None
    return None


def _simple(kind: str, item: Item | None, *, is_list: bool) -> Simple:
    nodes = item.values if item is not None else ()
    if kind == "string" and nodes and all(isinstance(node, StringLiteral) for node in nodes):
        return Simple("text", is_list, words(nodes))
    if kind == "number" and len(nodes) == 1 and (limits := span(nodes[0])) is not None:
        return Simple("number", is_list, (), *limits)
    return Simple(_BASES[kind], is_list)


def words(nodes: tuple[Node, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(node.value for node in nodes if isinstance(node, StringLiteral)))


def span(node: Node) -> tuple[Fraction, Fraction] | None:
    """The ends of a closed range of numbers."""
    if not isinstance(node, Range) or not node.low_closed or not node.high_closed:
        return None
    low, high = _number(node.low), _number(node.high)
    return (low, high) if low is not None and high is not None else None


def _number(node: Node | None) -> Fraction | None:
    if isinstance(node, NumberLiteral):
        return node.value
    return -node.operand.value if isinstance(node, Negation) and isinstance(node.operand, NumberLiteral) else None


def is_held_whole(item: Item) -> bool:
    """Whether the allowed values of a declaration are all said by `values` or `range`."""
    return item.constraint is None and (item.allowed is None or bool(words(item.values)) or (
        len(item.values) == 1 and span(item.values[0]) is not None
    ))  # fmt: skip


def shown(type_: Type) -> tuple[str, str]:
    """A type in a message."""
    if type_.kind in ("Any", "Null"):
        return "tidak diketahui", "unknown"
    return str(type_), str(type_)
