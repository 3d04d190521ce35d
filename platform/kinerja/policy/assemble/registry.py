"""Names known across files: what an input, a formula or a cell may refer to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ...core.errors import Place
from ..diagnostics import Report
from ..model import Effective, HitPolicy, Output, Parameter, ValueType, Vocabulary
from ..shapes import text
from ..source import MapNode, Scalar, scalars
from .common import best_first, citations, effective, label, value_type
from .expressions import check_name

_WORD = re.compile(r"[a-z][a-z0-9_]*")
LISTS = (HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER)


@dataclass(frozen=True, slots=True)
class Header:
    """What other decisions need to know of one version of a decision."""

    name: str
    for_each: str | None
    inputs: tuple[str, ...]
    outputs: tuple[Output, ...]
    hit: HitPolicy
    effective: Effective
    place: Place
    root: MapNode

    def output(self, name: str) -> Output | None:
        return next((output for output in self.outputs if output.name == name), None)

    def words(self) -> frozenset[str]:
        """Every word of its logic and preconditions: among them the members of items that it reads."""
        logic = (self.root.get(key) for key in ("formula", "steps", "table", "requires"))
        return frozenset(
            word for node in logic if node is not None for scalar in scalars(node) for word in _WORD.findall(scalar.text)
        )


@dataclass(slots=True)
class Registry:
    vocabulary: Vocabulary
    parameters: Mapping[str, Parameter]
    headers: dict[str, list[Header]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    """Names of parts whose file could not be read: nothing is said of those who use them."""

    def latest(self, name: str) -> Header:
        return self.headers[name][-1]

    def members(self, entity: str) -> dict[str, tuple[ValueType, str | None]]:
        """All members of an item of an entity: its facts, and the outputs of decisions for each of its items."""
        found: dict[str, tuple[ValueType, str | None]] = {
            name: (fact.type, None) for name, fact in self.vocabulary.entities[entity].facts.items()
        }
        for name, versions in self.headers.items():
            if versions[-1].for_each == entity:
                found.update({output.name: (output.type, name) for output in versions[-1].outputs})
        return found


def read_header(root: MapNode, report: Report) -> Header | None:
    """The header of a decision; None when it has no usable name."""
    name_node = root.get("decision")
    if not isinstance(name_node, Scalar):
        return None
    check_name(name_node.text, name_node.place, report)
    written = text(root.get("hit"), HitPolicy.UNIQUE.value)
    hit = HitPolicy(written) if written in {policy.value for policy in HitPolicy} else HitPolicy.UNIQUE
    if root.get("hit") is not None and root.get("table") is None:
        report.add("R016", root.place_of("hit"), key="hit", what_id="keputusan tanpa tabel", what_en="a decision without a table")
    outputs: list[Output] = []
    listed = root.get("outputs")
    for name, node in listed.items() if isinstance(listed, MapNode) else ():
        if not isinstance(node, MapNode) or not isinstance(listed, MapNode):
            continue
        place = listed.place_of(name)
        check_name(name, place, report)
        type_ = value_type(node, name, report)
        if type_ is not None:
            type_ = best_first(type_, node, report)
            if hit in LISTS and root.get("table") is not None:
                type_ = replace(type_, is_list=True)
            outputs.append(Output(name, label(node.get("label"), name), type_, place))
    if isinstance(listed, MapNode) and not listed.entries:
        report.add("R006", listed.place, expected_id="paling sedikit satu keluaran", expected_en="at least one output")
    return Header(
        name_node.text,
        text(root.get("for_each")) or None,
        _input_names(root),
        tuple(outputs),
        hit,
        effective(root.get("effective"), report, citations(root.get("authority"))),
        name_node.place,
        root,
    )


def _input_names(root: MapNode) -> tuple[str, ...]:
    node = root.get("inputs")
    if isinstance(node, MapNode):
        return tuple(entry.key.text for entry in node.entries)
    return tuple(item.text for item in getattr(node, "items", ()) if isinstance(item, Scalar)) if node is not None else ()


def collected(type_: ValueType) -> ValueType:
    """The type of an item output seen from the case: a list, null elements where the output may be null."""
    return replace(type_, is_list=True, nullable=False, nullable_elements=type_.nullable)
