"""Units where they are declared: what is added, subtracted or compared must be in one unit.

Multiplication and division make new units, which are not followed; a number without a unit goes with every unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...feel.syntax import Arithmetic, Call, Comparison, If, Name, Negation, Node, Path
from .scope import every_node

_KEEPING = frozenset(
    [
        "abs",
        "floor",
        "ceiling",
        "decimal",
        "round up",
        "round down",
        "round half up",
        "round half down",
        "min",
        "max",
        "sum",
        "mean",
        "median",
    ]
)


class Units:
    def __init__(self) -> None:
        self._units: dict[str, str] = {}
        self._members: dict[str, Mapping[str, str]] = {}

    def set(self, name: str, unit: str | None) -> None:
        self._units[name] = unit or ""

    def set_members(self, name: str, members: Mapping[str, str]) -> None:
        """Units of the members of a decision's result (by its name) or of items (name "")."""
        self._members[name] = {**self._members.get(name, {}), **members}

    def of(self, node: Node) -> str | None:
        """The unit of an expression; None when it has none that is known."""
        match node:
            case Name(name):
                return self._units.get(name) or None
            case Path(Call(Name(name)), member) if name in self._members:
                return self._members[name].get(member) or None
            case Path(Name(), member):
                return self._members.get("", {}).get(member) or None
            case Negation(operand):
                return self.of(operand)
            case Arithmetic("+" | "-", left, right):
                return self.of(left) or self.of(right)
            case If(_, then, otherwise):
                first, second = self.of(then), self.of(otherwise)
                return first if first == second else None
            case Call(Name(name), arguments) if name in _KEEPING:
                units = {unit for argument in arguments if (unit := self.of(argument))}
                return units.pop() if len(units) == 1 else None
            case Call(Name(name)):
                return self._units.get(name) or None
            case _:
                return None

    def clashes(self, node: Node) -> Iterator[tuple[int, str, str]]:
        """(offset, unit, unit) of sums and comparisons whose sides are in different units."""
        for here in every_node(node):
            if isinstance(here, Comparison) or (isinstance(here, Arithmetic) and here.operator in ("+", "-")):
                first, second = self.of(here.left), self.of(here.right)
                if first and second and first != second:
                    yield here.span.start, first, second
