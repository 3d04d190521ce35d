"""The intermediate form: a small set of typed nodes over integers, texts and lists, which emitters turn into a target.

Every node knows its type and whether its value may be null. There is no rational node: a number is an integer with a
constant denominator, or, where a division could not be kept constant, a pair.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from .types import Type


@dataclass(frozen=True, slots=True)
class Lit:
    """A constant: int, str, bool, None, or a tuple of those."""

    value: object
    type: Type
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Var:
    """A value given from outside or bound by Let, Each, Keep or Holds. `name` is safe in any target."""

    name: str
    type: Type
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Op:
    """A primitive by name over its arguments, evaluated from left to right; the runtime module says what each means."""

    name: str
    args: tuple[Expr, ...]
    type: Type
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Cond:
    test: Expr
    then: Expr
    otherwise: Expr
    type: Type
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Let:
    """body with the variable bound to a value that is computed once, before it."""

    variable: str
    value: Expr
    body: Expr
    type: Type
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Each:
    """[body for variable in source]; flat joins the lists that the body gives."""

    variable: str
    source: Expr
    body: Expr
    type: Type
    flat: bool = False
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Keep:
    """The elements of source for which test is true."""

    variable: str
    source: Expr
    test: Expr
    type: Type
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Holds:
    """some / every variable in source satisfies test."""

    kind: str
    variable: str
    source: Expr
    test: Expr
    type: Type
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Get:
    """The named field of a record."""

    source: Expr
    name: str
    type: Type
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Make:
    """A record from its fields."""

    fields: tuple[tuple[str, Expr], ...]
    type: Type
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Many:
    """A list from its elements."""

    items: tuple[Expr, ...]
    type: Type
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """Another decision, called with these arguments; its value is a record of its outputs."""

    decision: str
    args: tuple[Expr, ...]
    type: Type
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Lookup:
    """A parameter of the judgement day; `key` for keyed ones."""

    parameter: str
    key: Expr | None
    type: Type
    nullable: bool = False


Expr = Lit | Var | Op | Cond | Let | Each | Keep | Holds | Get | Make | Many | Ask | Lookup


def walk(x: object) -> Iterator[Expr]:
    """The node and all nodes below it, parents first."""
    if isinstance(x, Expr):
        yield x
        for part in fields(x):
            yield from walk(getattr(x, part.name))
    elif isinstance(x, tuple):
        for element in x:
            yield from walk(element)


def chained(x: Op) -> list[Expr]:
    """The parts of a left-nested chain of one operator, flat: emitters nest no deeper than their language bears."""
    parts: list[Expr] = []
    node: Expr = x
    while isinstance(node, Op) and node.name == x.name:
        parts.append(node.args[1])
        node = node.args[0]
    return [node, *reversed(parts)]
