"""The types of FEEL and their order: what conforms to what (DMN 1.5, 10.3.2.9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .syntax import TypeName


@dataclass(frozen=True, slots=True)
class Type:
    """kind names the type; element belongs to list and range, fields to context (None: any context), parameters and
    result to function (None: any function)."""

    kind: str
    element: Type | None = None
    fields: tuple[tuple[str, Type], ...] | None = None
    parameters: tuple[Type, ...] | None = None
    result: Type | None = None

    def field(self, name: str) -> Type | None:
        return dict(self.fields).get(name) if self.fields is not None else None

    def __str__(self) -> str:
        if self.element is not None and self.element.kind != "Any":
            return f"{self.kind}<{self.element}>"
        if self.kind == "context" and self.fields:
            return "context<" + ", ".join(f"{name}: {type_}" for name, type_ in self.fields) + ">"
        return self.kind


ANY = Type("Any")
NULL = Type("Null")
NUMBER = Type("number")
STRING = Type("string")
BOOLEAN = Type("boolean")
DATE = Type("date")
TIME = Type("time")
DATE_TIME = Type("date and time")
DAYS = Type("days and time duration")
MONTHS = Type("years and months duration")
CONTEXT = Type("context")
FUNCTION = Type("function")
LIST = Type("list", ANY)
RANGE = Type("range", ANY)
COMPARABLE = (NUMBER, STRING, DATE, TIME, DATE_TIME, DAYS, MONTHS)


def list_of(element: Type) -> Type:
    return Type("list", element)


def range_of(element: Type) -> Type:
    return Type("range", element)


def context_of(fields: Mapping[str, Type]) -> Type:
    return Type("context", fields=tuple(fields.items()))


def function_of(parameters: tuple[Type, ...], result: Type) -> Type:
    return Type("function", parameters=parameters, result=result)


_BY_NAME = {
    **{type_.kind: type_ for type_ in (ANY, NULL, NUMBER, STRING, BOOLEAN, DATE, TIME, DATE_TIME, DAYS, MONTHS)},
    **{type_.kind: type_ for type_ in (CONTEXT, FUNCTION, LIST, RANGE)},
    "dateTime": DATE_TIME,
    "day and time duration": DAYS,
    "dayTimeDuration": DAYS,
    "yearMonthDuration": MONTHS,
}


def by_name(name: str) -> Type | None:
    """A built-in type by its FEEL name or its older DMN spelling."""
    return _BY_NAME.get(name)


def from_source(written: TypeName, declared: Mapping[str, Type] | None = None) -> Type | None:
    """The type that a type expression names; None for an unknown name. `declared`: item definitions and the like."""
    if written.name == "list" and written.arguments:
        element = from_source(written.arguments[0], declared)
        return element and list_of(element)
    if written.name == "range" and written.arguments:
        element = from_source(written.arguments[0], declared)
        return element and range_of(element)
    if written.name == "context" and written.fields:
        fields = {name: from_source(type_, declared) for name, type_ in written.fields}
        known = {name: type_ for name, type_ in fields.items() if type_ is not None}
        return context_of(known) if len(known) == len(fields) else None
    if written.name == "function" and written.result is not None:
        parameters = [from_source(argument, declared) for argument in written.arguments]
        result = from_source(written.result, declared)
        known_parameters = tuple(parameter for parameter in parameters if parameter is not None)
        return function_of(known_parameters, result) if result and len(known_parameters) == len(parameters) else None
    return (declared or {}).get(written.name) or by_name(written.name)


def conforms(type_: Type, target: Type) -> bool:
    """True when every value of `type_` is one of `target`. Null conforms to all."""
    if target.kind == "Any" or type_.kind == "Null":
        return True
    if type_.kind != target.kind:
        return False
    if target.element is not None:
        return type_.element is not None and conforms(type_.element, target.element)
    if target.kind == "context" and target.fields is not None:
        own = dict(type_.fields or ())
        return all(name in own and conforms(own[name], wanted) for name, wanted in target.fields)
    if target.kind == "function" and target.parameters is not None:
        return _function_conforms(type_, target)
    return True


def _function_conforms(type_: Type, target: Type) -> bool:
    if type_.parameters is None or target.parameters is None or len(type_.parameters) != len(target.parameters):
        return False
    contravariant = all(conforms(wanted, own) for own, wanted in zip(type_.parameters, target.parameters, strict=True))
    return contravariant and conforms(type_.result or ANY, target.result or ANY)


def compatible(type_: Type, target: Type) -> bool:
    """True unless no value can be of both types: what a checker may complain about."""
    if "Any" in (type_.kind, target.kind) or "Null" in (type_.kind, target.kind):
        return True
    if type_.kind != target.kind:
        return False
    if type_.element is not None and target.element is not None:
        return compatible(type_.element, target.element)
    return True


def common(first: Type, second: Type) -> Type:
    """The narrowest type here known to hold the values of both."""
    if first.kind == "Null" or first == second:
        return second
    if second.kind == "Null" or conforms(second, first):
        return first
    if conforms(first, second):
        return second
    if first.kind == second.kind == "context" and first.fields is not None and second.fields is not None:
        others = dict(second.fields)
        return context_of({name: common(type_, others[name]) for name, type_ in first.fields if name in others})
    if first.kind == second.kind == "list" and first.element and second.element:
        return list_of(common(first.element, second.element))
    return ANY
