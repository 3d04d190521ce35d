"""Values against types: `instance of`, and the implicit conversions where a type is declared (DMN 1.5, 10.3.2.9.4)."""

from __future__ import annotations

from .errors import FeelError, type_mismatch
from .limits import spend
from .temporal import Date, midnight
from .types import Type, conforms
from .values import Function, Range, Value, describe, kind


def is_instance(value: Value, type_: Type) -> bool:
    """`value instance of type`; null is an instance of Null alone."""
    if value is None:
        return type_.kind == "Null"
    return type_.kind == "Any" or has_type(value, type_)


def has_type(value: Value, type_: Type) -> bool:
    """True when the value belongs to the type; null belongs to every type."""
    if value is None or type_.kind == "Any":
        return True
    if kind(value) != type_.kind:
        return False
    if isinstance(value, list) and type_.element is not None:
        spend(len(value))
        return all(has_type(item, type_.element) for item in value)
    if isinstance(value, dict) and type_.fields is not None:
        return all(name in value and has_type(value[name], wanted) for name, wanted in type_.fields)
    if isinstance(value, Range) and type_.element is not None:
        return has_type(value.low, type_.element) and has_type(value.high, type_.element)
    if isinstance(value, Function) and type_.parameters is not None:
        types = value.types or tuple(Type("Any") for _ in value.parameters)
        return conforms(Type("function", parameters=types, result=value.result), type_)
    return True


def convert(value: Value, type_: Type, where: str) -> Value:
    """The value as one of this type, after the implicit conversions; FeelError when there is none."""
    if has_type(value, type_):
        return value
    if isinstance(value, list) and len(value) == 1 and type_.kind != "list" and has_type(value[0], type_):
        return value[0]
    if type_.kind == "list" and not isinstance(value, list) and type_.element is not None and has_type(value, type_.element):
        return [value]
    if type_.kind == "date and time" and isinstance(value, Date):
        return midnight(value)
    raise _unfit(value, type_, where)


def _unfit(value: Value, type_: Type, where: str) -> FeelError:
    return type_mismatch(where, str(type_), describe(value))
