"""The runner of the DMN Technology Compatibility Kit: folders of a model and its test cases → how many results agree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.errors import KinerjaError
from ..feel import STANDARD, FeelError
from ..feel.temporal import Date, DateTime, Time
from ..feel.temporal_text import read_date, read_date_time, read_duration, read_time
from ..feel.text import value_text
from ..feel.values import Function, Value, equal, kind, same
from .evaluate import Evaluator
from .read import child, children, local, read_model, read_xml

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

PRECISION = Decimal("0.00000001")
"""How far a number may be from the expected one: what the kit's own runner allows."""
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


@dataclass
class Level:
    passed: int = 0
    total: int = 0
    value_passed: int = 0
    value_total: int = 0


@dataclass
class Report:
    levels: dict[str, Level] = field(default_factory=dict)
    failures: list[dict[str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {"levels": {name: vars(level) for name, level in sorted(self.levels.items())}, "failures": self.failures}


@dataclass(frozen=True, slots=True)
class Outcome:
    case: str
    node: str
    expected: Value
    got: Value
    passed: bool


def run(folder: Path) -> Report:
    """Run every test file in `compliance-level-N/NNNN-name/` below a folder (or in the folder itself)."""
    report = Report()
    for file in sorted(folder.rglob("*-test-*.xml")):
        name = next((part for part in reversed(file.parts) if part.startswith("compliance-level-")), "compliance-level-0")
        level = report.levels.setdefault(name.rpartition("-")[2], Level())
        for outcome in run_file(file):
            expects_value = outcome.expected is not None
            level.total += 1
            level.passed += outcome.passed
            level.value_total += expects_value
            level.value_passed += expects_value and outcome.passed
            if not outcome.passed:
                report.failures.append(
                    {"case": outcome.case, "node": outcome.node, "expected": _shown(outcome.expected), "got": _shown(outcome.got)}
                )
    return report


def run_file(file: Path) -> Iterator[Outcome]:
    """The outcome of every result node of one test file."""
    root = read_xml(file)
    model_name = child(root, "modelName")
    evaluator = _evaluator(file.parent / ((model_name.text if model_name is not None else None) or "").strip())
    for case in children(root, "testCase"):
        inputs = {(node.get("name") or ""): _value(node) for node in children(case, "inputNode")}
        for node in children(case, "resultNode"):
            expected_node = child(node, "expected")
            expected = _value(expected_node) if expected_node is not None else None
            got = _result(evaluator, case, node, inputs)
            name = f"{file.parent.name}/{case.get('id') or ''}"
            yield Outcome(name, node.get("name") or "", expected, got, agrees(expected, got))


def _evaluator(path: Path) -> Evaluator | None:
    """The model ready to run; None, and all its results null, when it cannot be read."""
    try:
        return Evaluator(read_model(path))
    except KinerjaError:
        return None


def _result(evaluator: Evaluator | None, case: Element, node: Element, inputs: dict[str, Value]) -> Value:
    if evaluator is None:
        return None
    name = node.get("name") or ""
    invocable = case.get("invocableName") if case.get("type") in ("decisionService", "bkm") else None
    try:
        value = evaluator.decide(invocable or name, inputs)
    except KinerjaError:  # an error of the model: the kit counts it as null
        return None
    if invocable and isinstance(value, dict) and name in value:
        return value[name]
    return value


# ── values in test files ──────────────────────────────────────────────────────────────────────────────────────────────
def _value(element: Element) -> Value:
    """The value that an inputNode, expected, item or component element holds."""
    components = list(children(element, "component"))
    if components:
        return {(one.get("name") or ""): _value(one) for one in components}
    for part in element:
        if local(part) == "list":
            return None if part.get(_NIL) == "true" else [_value(item) for item in children(part, "item")]
        if local(part) == "value":
            return _scalar(part)
    return None


def _scalar(element: Element) -> Value:
    if element.get(_NIL) == "true":
        return None
    text = element.text or ""
    written = (element.get(_TYPE) or "").rpartition(":")[2]
    if written in ("decimal", "double", "integer", "int", "float"):
        return STANDARD.arithmetic.number(Decimal(text.strip()))
    if written == "boolean":
        return text.strip() == "true"
    readers = {"date": read_date, "time": read_time, "dateTime": read_date_time, "duration": read_duration}
    return readers[written](text.strip()) if written in readers else text


def agrees(expected: Value, got: Value) -> bool:
    """Equal, numbers within the kit's precision; times and dates also when written with another zone name."""
    if isinstance(expected, Decimal) and isinstance(got, Decimal):
        return abs(expected - got) <= PRECISION
    if isinstance(expected, list) and isinstance(got, list):
        return len(expected) == len(got) and all(map(agrees, expected, got))
    if isinstance(expected, dict) and isinstance(got, dict):
        return expected.keys() == got.keys() and all(agrees(value, got[key]) for key, value in expected.items())
    if isinstance(expected, Date | Time | DateTime) and kind(expected) == kind(got):
        try:
            return equal(expected, got)
        except FeelError:
            return False
    return same(expected, got) and not isinstance(got, Function)


def _shown(value: Value) -> str:
    try:
        return value_text(STANDARD.arithmetic, value)
    except FeelError as error:
        return error.code
