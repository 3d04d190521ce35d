"""Types of the integer form: how each kind of value is held without rationals or floats."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Num:
    """A number. den > 0: held as one integer n that means n / den. den None: held as a pair (n, d), d > 0."""

    den: int | None = 1


@dataclass(frozen=True, slots=True)
class Text:
    """Unicode text, compared by code point."""


@dataclass(frozen=True, slots=True)
class Bool:
    pass


@dataclass(frozen=True, slots=True)
class Day:
    """A date as its day number (1 = 0001-01-01)."""


@dataclass(frozen=True, slots=True)
class Seconds:
    """A days and time duration in whole seconds."""


@dataclass(frozen=True, slots=True)
class Months:
    """A years and months duration in whole months."""


@dataclass(frozen=True, slots=True)
class Null:
    """The literal null, before it joins a type."""


@dataclass(frozen=True, slots=True)
class ListOf:
    element: Type
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    type: Type
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A context with known fields."""

    fields: tuple[Field, ...]

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)


Type = Num | Text | Bool | Day | Seconds | Months | Null | ListOf | Record
RATIO = Num(None)
INTEGER = Num(1)


def type_name(kind: Type) -> str:
    """For messages: the name FEEL readers know."""
    if isinstance(kind, ListOf):
        return f"list<{type_name(kind.element)}>"
    names = {Num: "number", Text: "string", Bool: "boolean", Day: "date", Seconds: "days and time duration"}
    return {**names, Months: "years and months duration", Null: "null", Record: "context"}[type(kind)]
