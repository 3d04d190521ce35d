"""sha256 over what a rule set means.

Out: comments, layout, file names, places, the order of keys, spelling of formulas (`1.10` or `1.1`, blanks), worked cases, sources.
In: facts, types, labels, dated values, standards, decisions with rows in order, citations, dates in force.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any

from ..core.errors import Place
from ..core.exactjson import canonical
from ..core.numbers import display_text
from ..feel.syntax import Call, Name, Node
from .model import Decision, Parameter, Standard, Vocabulary
from .reactions import Reaction

_LEFT_OUT = {"place", "text", "examples"}
_ONLY_WHERE_SAID = {"prorate", "serves", "aspect"}
"""Keys that came later: without them a rule set means what it meant before, and keeps its fingerprint."""


def fingerprint(
    vocabulary: Vocabulary,
    parameters: Mapping[str, Parameter],
    standards: tuple[Standard, ...],
    decisions: Mapping[str, tuple[Decision, ...]],
    reactions: tuple[Reaction, ...] = (),
) -> str:
    inputs = {name: tuple(given.name for given in versions[-1].inputs) for name, versions in decisions.items()}
    meaning: dict[str, Any] = {
        "vocabulary": _meaning(vocabulary, inputs),
        "parameters": {name: _meaning(parameter, inputs) for name, parameter in parameters.items()},
        "standards": sorted((_meaning(standard, inputs) for standard in standards), key=canonical),
        "decisions": {name: [_decision(version, inputs) for version in versions] for name, versions in decisions.items()},
    }
    if reactions:
        meaning["reactions"] = sorted((_meaning(reaction, inputs) for reaction in reactions), key=canonical)
    return hashlib.sha256(canonical(meaning)).hexdigest()


def _decision(decision: Decision, inputs: Mapping[str, tuple[str, ...]]) -> Any:
    """Inputs, outputs and steps are mappings in the file: their order is no meaning."""
    result = _meaning(decision, inputs)
    for key in ("inputs", "outputs"):
        result[key] = sorted(result[key], key=canonical)
    for key in ("requires_decisions", "requires_parameters", "portable"):
        del result[key]
    if "steps" in result["logic"]:
        result["logic"]["steps"] = sorted(result["logic"]["steps"], key=canonical)
    return result


def unplaced(value: Any) -> Any:
    """Any part of a policy as plain values without places and spelling, to compare by meaning."""
    return _meaning(value, {})


def _meaning(value: Any, inputs: Mapping[str, tuple[str, ...]]) -> Any:
    """Any part of a policy as plain values for hashing."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, bool | str | int | date):
        return value
    if isinstance(value, Fraction):
        return {"n": display_text(value)}
    if isinstance(value, Place):
        return None
    if isinstance(value, Call) and isinstance(value.function, Name) and value.function.name in inputs and value.arguments:
        named = tuple(zip(inputs[value.function.name], value.arguments, strict=False))
        value = Call(value.function, (), tuple(sorted(named, key=lambda pair: pair[0])))
    elif isinstance(value, Call) and value.named:
        value = Call(value.function, value.arguments, tuple(sorted(value.named, key=lambda pair: pair[0])))
    if isinstance(value, Mapping):
        return {_key(key): _meaning(item, inputs) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_meaning(item, inputs) for item in value]
    if is_dataclass(value):
        kind: Any = type(value)
        head = {"node": kind.__name__} if isinstance(value, Node) else {}
        return head | {
            name: _meaning(getattr(value, name), inputs)
            for name in _told(kind)
            if name not in _ONLY_WHERE_SAID or getattr(value, name)
        }
    raise TypeError(f"no meaning for {type(value).__name__}")


@cache
def _told(kind: type[Any]) -> tuple[str, ...]:
    """The fields that carry meaning."""
    left_out = {"span"} if issubclass(kind, Node) else _LEFT_OUT
    return tuple(field.name for field in fields(kind) if field.name not in left_out)


def _key(key: Any) -> str:
    if isinstance(key, Fraction):
        return display_text(key)
    return "true" if key is True else "false" if key is False else str(key)
