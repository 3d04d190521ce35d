"""A DMN model as read: its elements by id, their requirements, and their logic as still unparsed XML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A named type, or one component of another."""

    name: str
    type_ref: str = ""
    is_collection: bool = False
    allowed: str = ""
    constraint: str = ""
    components: tuple[ItemDefinition, ...] = ()
    function: tuple[tuple[tuple[str, str], ...], str] | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """What all elements have: type_ref is the declared type of the variable, requires the hrefs of its requirements."""

    id: str
    name: str
    type_ref: str = ""
    requires: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InputData(Definition):
    pass


@dataclass(frozen=True, slots=True)
class Decision(Definition):
    """logic: the boxed expression; None for a decision without any. columns: names of a decision table's outputs."""

    logic: Element | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnowledgeModel(Definition):
    """logic: its functionDefinition."""

    logic: Element | None = None


@dataclass(frozen=True, slots=True)
class DecisionService(Definition):
    """Hrefs of what it gives and what it is given."""

    outputs: tuple[str, ...] = ()
    input_decisions: tuple[str, ...] = ()
    input_data: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Import:
    name: str
    namespace: str


@dataclass(frozen=True, slots=True)
class Model:
    """file: its name, for messages. elements: by id. imported: namespace → model.

    free_names: written by a tool whose expressions name variables without requiring them (Camunda)."""

    file: str
    name: str
    namespace: str
    items: tuple[ItemDefinition, ...]
    elements: Mapping[str, Definition]
    imports: tuple[Import, ...]
    imported: Mapping[str, Model] = field(default_factory=dict)
    free_names: bool = False

    def named(self, name: str) -> Definition | None:
        """The element of this name, or else of this id."""
        return next((element for element in self.elements.values() if element.name == name), None) or self.elements.get(name)

    def resolve(self, href: str) -> tuple[Model, Definition] | None:
        """The element that an href means, with the model it stands in; None for a dangling one."""
        namespace, _, identifier = href.rpartition("#")
        model = self if namespace in ("", self.namespace) else self.imported.get(namespace)
        element = model.elements.get(identifier) if model is not None else None
        return (model, element) if model is not None and element is not None else None

    def prefix(self, other: Model) -> str:
        """The name under which this model imports another; "" for its own elements."""
        return next((imported.name for imported in self.imports if imported.namespace == other.namespace), "")
