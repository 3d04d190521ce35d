"""Conditions on flows: readable FEEL, over names that something gives, true or false, and comparing with values that can occur."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..core.errors import KinerjaError, Place
from ..feel import infer, walk
from ..feel.builtins import BUILT_INS
from ..feel.syntax import Comparison, In, Name, Node, StringLiteral
from ..feel.types import BOOLEAN, DATE, NUMBER, STRING, Type, compatible
from .catalogue import Report
from .conditions import compile_condition
from .forms import Form
from .model import Flow, ProcessSource

TYPES = {
    "choice": STRING, "text": STRING, "long_text": STRING, "number": NUMBER, "boolean": BOOLEAN, "date": DATE,
    "evidence": STRING, "rubric": NUMBER,
}  # fmt: skip


CLOCKS = frozenset({"now", "today"})


@dataclass(frozen=True, slots=True)
class Known:
    """A value that conditions may use: its type, the values it can take (none known = any), and where it is given."""

    type: Type
    values: tuple[str, ...]
    place: Place


def check_conditions(source: ProcessSource, forms: Mapping[str, Form], report: Report) -> dict[str, Known]:
    """Check every condition of a process (P040–P046) and that a name has one type wherever it is given (P056); the names it has."""
    known = _known(source, forms, report)
    for flow in source.flows.values():
        if flow.condition is not None:
            _check(flow, flow.condition, known, report)
    return known


def _known(source: ProcessSource, forms: Mapping[str, Form], report: Report) -> dict[str, Known]:
    known: dict[str, Known] = {}

    def give(name: str, found: Known) -> None:
        earlier = known.setdefault(name, found)
        if earlier.type != found.type:
            report.add("P056", found.place, name=name, one=found.type, other=earlier.type, where=earlier.place)
        elif earlier is not found:
            values = tuple(dict.fromkeys((*earlier.values, *found.values))) if earlier.values and found.values else ()
            known[name] = Known(earlier.type, values, earlier.place)

    for variable in source.variables:
        give(variable.name, Known(TYPES[variable.type], variable.values, variable.place))
    for node in source.nodes.values():
        form = forms.get(node.attributes.get("form", "")) if node.kind == "userTask" else None
        for field in form.fields.values() if form else ():
            if field.type in TYPES:
                values = () if field.options_from else tuple(option.value for option in field.options)
                give(field.name, Known(TYPES[field.type], values, field.place))
    return known


def _check(flow: Flow, text: str, known: Mapping[str, Known], report: Report) -> None:
    place = flow.condition_place or flow.place
    language = "${…}" if text.startswith(("${", "#{")) else flow.language
    if language and "feel" not in language.lower():
        report.add("P043", place, id=flow.id, language=language)
        return
    try:
        condition = compile_condition(text)
    except KinerjaError as error:
        report.add("P040", place, id=flow.id, what_id=error.text_id, what_en=error.text_en)
        return
    clocks = sorted((condition.names & CLOCKS) - known.keys())
    for name in clocks:
        report.add("P046", place, id=flow.id, name=name)
    unknown = sorted(condition.names - known.keys() - BUILT_INS.keys())
    for name in unknown:
        report.add("P041", place, id=flow.id, name=name, near=(name, list(known)))
    if unknown or clocks:
        return
    found, errors = infer(condition.node, {name: item.type for name, item in known.items()})
    for fault in errors:
        report.add("P042", place, id=flow.id, what_id=fault.text_id, what_en=fault.text_en)
    if not errors and not compatible(found, BOOLEAN):
        report.add("P042", place, id=flow.id, what_id=f"hasilnya {found}", what_en=f"it gives {found}")
    for name, value in _compared(condition.node):
        values = known[name].values if name in known else ()
        if values and value not in values:
            report.add("P044", place, id=flow.id, name=name, value=value, known=", ".join(values), near=(value, values))


def _compared(root: Node) -> Iterator[tuple[str, str]]:
    """(name, text) wherever a plain name is compared with a text."""
    for node in walk(root):
        if isinstance(node, Comparison):
            for one, other in ((node.left, node.right), (node.right, node.left)):
                if isinstance(one, Name) and isinstance(other, StringLiteral):
                    yield one.name, other.value
        elif isinstance(node, In) and isinstance(node.value, Name):
            for part in walk(node.tests):
                if isinstance(part, StringLiteral):
                    yield node.value.name, part.value
