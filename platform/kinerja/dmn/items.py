"""Item definitions as checks on values: structure, collections, allowed values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..feel import STANDARD, FeelError, Node, compile_tests, parse_tests
from ..feel.conformance import convert
from ..feel.errors import LIMIT, TYPE
from ..feel.types import ANY, Type, by_name, context_of, function_of, list_of
from ..feel.values import Value, describe
from .model import ItemDefinition, Model

Passes = Callable[[Any, Mapping[str, Any]], bool]
MAX_DEPTH = 30


@dataclass(frozen=True, slots=True)
class Item:
    """A declared type. type: its structure as FEEL knows it. allowed: the test of each value (of each element of a
    collection), constraint: the test of the whole. element, components: what lies below, where that has tests too.
    values: the allowed values as written, in their order, which is one of priority."""

    type: Type
    allowed: Passes | None = None
    constraint: Passes | None = None
    element: Item | None = None
    components: Mapping[str, Item] = field(default_factory=dict)
    values: tuple[Node, ...] = ()

    def take(self, value: Value, where: str) -> Value:
        """The value as one of this type, after the implicit conversions; FeelError when it is none."""
        converted = convert(value, self.type, where)
        if not self.passes(converted):
            message = f"{where}: nilai di luar yang diperbolehkan ({describe(value)})"
            raise FeelError(TYPE, message, f"{where}: a value that is not allowed ({describe(value)})")
        return converted

    def passes(self, value: Value) -> bool:
        if value is None:
            return True
        if self.allowed is not None and not self.allowed(value, {}):
            return False
        if self.constraint is not None and not self.constraint(value, {}):
            return False
        if isinstance(value, list) and self.element is not None:
            return all(self.element.passes(item) for item in value)
        if isinstance(value, dict):
            return all(item.passes(value.get(name)) for name, item in self.components.items())
        return True


UNTYPED = Item(ANY)


class Items:
    """The named types of a model, its own and those it imports under their prefix."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.definitions: dict[str, ItemDefinition] = {}
        self.others: dict[str, Items] = {}
        for one in model.imports:
            imported = model.imported.get(one.namespace)
            if imported is not None:
                self.others[one.name] = Items(imported)
        self.definitions |= {item.name: item for item in model.items}
        self.cache: dict[str, Item] = {}

    def find(self, type_ref: str, depth: int = 0) -> Item:
        """The item that a typeRef names; untyped when empty or unknown."""
        name = type_ref.strip()
        if not name or depth > MAX_DEPTH:
            return UNTYPED
        if name in self.cache:
            return self.cache[name]
        if name in self.definitions:
            item = self.cache[name] = self._build(self.definitions[name], depth)
            return item
        for prefix, others in self.others.items():
            if prefix and name.startswith(prefix + "."):
                return others.find(name[len(prefix) + 1 :], depth + 1)
            if not prefix and name in others.definitions:
                return others.find(name, depth + 1)
        head, colon, rest = name.rpartition(":")
        if colon:
            return self.find(rest, depth + 1) if head else UNTYPED
        found = by_name(name)
        return UNTYPED if found is None else Item(found)

    def types(self) -> dict[str, Type]:
        """All named types, for `instance of` and function parameters."""
        own = {name: self.find(name).type for name in self.definitions}
        for prefix, others in self.others.items():
            own |= {f"{prefix}.{name}" if prefix else name: type_ for name, type_ in others.types().items()}
        return own

    def component_names(self) -> set[str]:
        names: set[str] = set()
        waiting = list(self.definitions.values())
        while waiting:
            item = waiting.pop()
            names |= {component.name for component in item.components}
            waiting.extend(item.components)
        return names.union(*(others.component_names() for others in self.others.values()))

    def _build(self, definition: ItemDefinition, depth: int) -> Item:
        base = self._base(definition, depth)
        allowed, constraint = _tests(definition.allowed), _tests(definition.constraint)
        values = _values(definition.allowed) or base.values
        if not definition.is_collection:
            if allowed is None and constraint is None:
                return base
            both = _both(base.allowed, allowed)
            return Item(base.type, both, constraint or base.constraint, base.element, base.components, values)
        element = Item(base.type, _both(base.allowed, allowed), base.constraint, base.element, base.components)
        return Item(list_of(base.type), None, constraint, element)

    def _base(self, definition: ItemDefinition, depth: int) -> Item:
        if definition.function is not None:
            parameters, result = definition.function
            types = tuple(self.find(type_ref, depth + 1).type for _, type_ref in parameters)
            return Item(function_of(types, self.find(result, depth + 1).type))
        if definition.components:
            if depth > MAX_DEPTH:
                return UNTYPED
            components = {component.name: self._build(component, depth + 1) for component in definition.components}
            return Item(context_of({name: item.type for name, item in components.items()}), components=components)
        return self.find(definition.type_ref, depth + 1)


def _both(first: Passes | None, second: Passes | None) -> Passes | None:
    if first is None or second is None:
        return first or second
    one, other = first, second
    return lambda value, scope: one(value, scope) and other(value, scope)


def _values(text: str) -> tuple[Node, ...]:
    if not text.strip():
        return ()
    try:
        return tuple(test.expression for test in parse_tests(text).alternatives)
    except FeelError:
        return ()


def _tests(text: str) -> Passes | None:
    """The test of allowed values; None when there are none, or their text cannot be read."""
    if not text.strip():
        return None
    try:
        return compile_tests(parse_tests(text), STANDARD)
    except FeelError as error:
        if error.code == LIMIT:
            raise
        return None
