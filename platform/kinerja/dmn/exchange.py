"""Values at the border: JSON in and out, with the declared types deciding what a text means."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..core.errors import InputError
from ..feel import STANDARD, FeelError
from ..feel.errors import limit_exceeded, unknown_name
from ..feel.temporal_text import read_date, read_date_time, read_duration, read_time, temporal_text
from ..feel.text import value_text
from ..feel.types import Type
from ..feel.values import Function, Range, Value
from .evaluate import Evaluator, Problem
from .model import Decision, Definition, Model
from .read import read_model

MAX_DIGITS = 1_000
_READERS = {
    "date": read_date,
    "time": read_time,
    "date and time": read_date_time,
    "days and time duration": read_duration,
    "years and months duration": read_duration,
}


def from_json(value: Any, type_: Type) -> Value:
    """A FEEL value from plain JSON; a text where a date, time or duration is declared is read as one."""
    if isinstance(value, str) and type_.kind in _READERS:
        try:
            return _READERS[type_.kind](value)
        except FeelError as error:
            raise InputError(
                "masukan_tidak_sah",
                error.text_id,
                error.text_en,
                remedy_id="tulis menurut ISO 8601",
                remedy_en="write it as ISO 8601 has it",
            ) from error
    if isinstance(value, list | tuple):
        element = type_.element if type_.kind == "list" and type_.element is not None else type_
        return [from_json(item, element) for item in value]
    if isinstance(value, dict):
        return {str(key): from_json(item, type_.field(str(key)) or Type("Any")) for key, item in value.items()}
    return STANDARD.adopt(value)


def to_json(value: Value) -> Any:
    """Plain values for exact JSON: numbers as Fraction (as text beyond 1,000 digits), dates, durations and ranges as their
    text, functions as null."""
    if isinstance(value, Decimal):
        return Fraction(value) if abs(value.adjusted()) <= MAX_DIGITS else str(value.normalize())
    if isinstance(value, list):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Function):
        return None
    return value_text(STANDARD.arithmetic, value) if isinstance(value, Range) else temporal_text(value)


def run_decision(path: Path, inputs: dict[str, Any], decision: str | None = None) -> dict[str, Any]:
    """Run a .dmn file on JSON inputs: {decision name: value} for the one named, or for those that no other requires.

    Raises InputError: the file, the decision's name, or an input that is no value of its declared type.
    """
    return explain_decision(path, inputs, decision)[0]


def explain_decision(path: Path, inputs: dict[str, Any], decision: str | None = None) -> tuple[dict[str, Any], list[Problem]]:
    """As `run_decision`, with what became null on the way and why."""
    model = read_model(path)
    evaluator = Evaluator(model, explain=True)
    values = {name: from_json(value, _input_type(evaluator, model, name)) for name, value in inputs.items()}
    evaluator.problems += _unknown_inputs(model, values)
    names = [decision] if decision is not None else [element.name for element in _top(model)]
    try:
        return {name: to_json(evaluator.decide(name, values)) for name in names}, evaluator.problems
    except RecursionError:
        raise limit_exceeded("nilai bersarang", "a nested value") from None


def _unknown_inputs(model: Model, values: Mapping[str, Value]) -> list[Problem]:
    """Inputs that the model has no use for: most likely misspelt."""
    known = {element.name for element in model.elements.values()} | {one.name for one in model.imports}
    known |= {element.name for imported in model.imported.values() for element in imported.elements.values()}
    strange = [] if model.free_names else [name for name in values if name not in known and name.partition(".")[0] not in known]
    return [Problem(name, unknown_name(name, known)) for name in strange]


def _input_type(evaluator: Evaluator, model: Model, name: str) -> Type:
    element = model.named(name)
    return evaluator.item(model, element).type if element is not None else Type("Any")


def _top(model: Model) -> list[Definition]:
    """Decisions that no other decision requires."""
    required = {href.rpartition("#")[2] for element in model.elements.values() for href in element.requires}
    return [element for element in model.elements.values() if isinstance(element, Decision) and element.id not in required]
