"""Signatures as text: `substring(string: string, start position: number, length?: number) -> string`.

In a parameter `?` after the name is "may be left out", after the type "may be null", `*` after the name "any number of
them", `+` "one or more"; `|` parts alternatives; T is whatever type the first list<T> or T has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..types import ANY, LIST, RANGE, Type, by_name, list_of, range_of

VARIABLE = Type("T")
_SIGNATURE = re.compile(r"(?P<name>[a-z ]+)\((?P<parameters>.*)\) -> (?P<result>.+)")


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    types: tuple[Type, ...]
    nullable: bool = False
    optional: bool = False
    variadic: bool = False
    kinds: frozenset[str] = field(default=frozenset())
    any: bool = False
    plain: frozenset[str] = field(default=frozenset())
    """The kinds of which every value fits, without a look at elements."""

    @property
    def expects(self) -> str:
        return ", ".join("any" if type_ is VARIABLE else str(type_) for type_ in self.types)


@dataclass(frozen=True, slots=True)
class Signature:
    name: str
    parameters: tuple[Parameter, ...]
    result: Type

    def accepts(self, count: int) -> bool:
        required = sum(not parameter.optional for parameter in self.parameters)
        unbounded = any(parameter.variadic for parameter in self.parameters)
        return required <= count and (unbounded or count <= len(self.parameters))

    def __str__(self) -> str:
        parts = [
            parameter.name + ("…" if parameter.variadic else "?" if parameter.optional else "") for parameter in self.parameters
        ]
        return f"{self.name}({', '.join(parts)})"


def read_signature(text: str) -> Signature:
    match = _SIGNATURE.fullmatch(text)
    if match is None:
        raise ValueError(f"not a signature: {text}")
    parameters = tuple(_parameter(part) for part in match["parameters"].split(", ") if part)
    return Signature(match["name"], parameters, _type(match["result"].removesuffix("?")))


def _parameter(text: str) -> Parameter:
    name, _, written = text.partition(": ")
    nullable = written.endswith("?")
    types = tuple(_type(part) for part in written.removesuffix("?").split(" | "))
    return Parameter(
        name.rstrip("?*+"),
        types,
        nullable=nullable,
        optional=name.endswith(("?", "*")),
        variadic=name.endswith(("*", "+")),
        kinds=frozenset(type_.kind for type_ in types),
        plain=frozenset(type_.kind for type_ in types if type_.element in (None, ANY, VARIABLE)),
        any=any(type_ is ANY or type_ is VARIABLE for type_ in types),
    )


def _type(text: str) -> Type:
    if text == "T":
        return VARIABLE
    if text == "any":
        return ANY
    if text == "list":
        return LIST
    if text == "range":
        return RANGE
    for prefix, build in (("list<", list_of), ("range<", range_of)):
        if text.startswith(prefix):
            return build(_type(text[len(prefix) : -1]))
    found = by_name(text)
    if found is None:
        raise ValueError(f"not a type: {text}")
    return found
