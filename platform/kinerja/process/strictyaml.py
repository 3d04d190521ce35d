"""Form and calendar files as a tree of values with their places, read by the rule files' strict loader.

Scalars stay text; duplicate keys, anchors, tags, and files that are too large or too deep are refused with their line.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..core.errors import InputError, Place
from ..policy.diagnostics import Report
from ..policy.source import MapNode, Node, Scalar, parse_text

MAX_BYTES = 512 * 1024


@dataclass(slots=True)
class Problems:
    """Findings gathered while reading one file, so that all are told at once."""

    code: str
    remedy_id: str
    remedy_en: str
    found: list[InputError] = field(default_factory=list)

    def add(self, place: Place, text_id: str, text_en: str) -> None:
        self.found.append(InputError(self.code, text_id, text_en, place=place, remedy_id=self.remedy_id, remedy_en=self.remedy_en))

    def raise_first(self) -> None:
        """Raise the first problem, the others in its details; do nothing when there is none."""
        if self.found:
            error = self.found[0]
            if len(self.found) > 1:
                error.details["others"] = [other.line() for other in self.found[1:]]
            raise error


@dataclass(frozen=True, slots=True)
class Value:
    """A scalar (text, None for an empty one), a list, or a mapping, with its place."""

    place: Place
    content: str | tuple[Value, ...] | dict[str, Value] | None

    @property
    def text(self) -> str | None:
        return self.content if isinstance(self.content, str) else None

    @property
    def items(self) -> tuple[Value, ...] | None:
        return self.content if isinstance(self.content, tuple) else None

    @property
    def entries(self) -> dict[str, Value] | None:
        return self.content if isinstance(self.content, dict) else None


def parse(text: str, file: str) -> Value:
    """Read one YAML document; raise InputError(`yaml_tidak_sah`) with file, line and every fault found."""
    report = Report()
    node = parse_text(text, file, report)
    problems = Problems("yaml_tidak_sah", "perbaiki baris itu", "mend that line")
    for fault in report:
        problems.add(fault.place, fault.text_id, fault.text_en)
    problems.raise_first()
    if node is None:
        raise InputError("yaml_tidak_sah", "berkas kosong", "the file is empty", place=Place(file))
    return _value(node)


def _value(node: Node) -> Value:
    if isinstance(node, Scalar):
        return Value(node.place, None if node.is_null else node.text)
    if isinstance(node, MapNode):
        return Value(node.place, {key: _value(child) for key, child in node.items()})
    return Value(node.place, tuple(_value(child) for child in node.items))
