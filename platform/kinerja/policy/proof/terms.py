"""Values as Z3 terms: what an expression may be, when it is null, and what goes wrong on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

import z3

from ...feel.syntax import Node
from ..model import Base, ValueType
from ..values import FIRST_DAY, LAST_DAY

NO: z3.BoolRef = z3.BoolVal(False)
YES: z3.BoolRef = z3.BoolVal(True)


class NotEncodable(Exception):
    """The expression is outside what is proved by arithmetic."""


@dataclass(frozen=True, slots=True)
class Val:
    """kind: number (Real), text (Int, an index into Texts), boolean, date (Int, ordinal), days (Int), null, list, context.

    null: when it is null. node: the list expression of a list. fields: of a context.
    """

    kind: str
    term: Any = None
    null: Any = NO
    node: Node | None = None
    fields: dict[str, Val] = field(default_factory=dict)


NULL = Val("null", null=YES)


class Texts:
    """Texts as numbers: equal texts, equal numbers."""

    def __init__(self) -> None:
        self._index: dict[str, int] = {}

    def of(self, text: str) -> int:
        return self._index.setdefault(text, len(self._index))

    def text(self, index: int) -> str:
        return next((text for text, number in self._index.items() if number == index), f"teks {index}")


def number(value: Fraction) -> Any:
    return z3.RealVal(f"{value.numerator}/{value.denominator}")


def constant(value: Any, texts: Texts) -> Val:
    """A plain value as a term."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return Val("boolean", z3.BoolVal(value))
    if isinstance(value, Fraction | int):
        return Val("number", number(Fraction(value)))
    if isinstance(value, str):
        return Val("text", z3.IntVal(texts.of(value)))
    if isinstance(value, date):
        return Val("date", z3.IntVal(value.toordinal()))
    raise NotEncodable


def variable(name: str, type_: ValueType, texts: Texts, axioms: list[Any]) -> Val:
    """A fresh value of a type; its range, scale and values become axioms."""
    null = z3.Bool(f"{name}?null") if type_.nullable else NO
    if type_.base is Base.NUMBER:
        whole = z3.Int(name)
        term = z3.ToReal(whole) / z3.RealVal(10**type_.scale)
        if type_.low is not None:
            axioms.append(whole >= z3.IntVal(-((-type_.low * 10**type_.scale) // 1)))
        if type_.high is not None:
            axioms.append(whole <= z3.IntVal(type_.high * 10**type_.scale // 1))
        return Val("number", term, null)
    if type_.base is Base.BOOLEAN:
        return Val("boolean", z3.Bool(name), null)
    term = z3.Int(name)
    if type_.base is Base.DATE:
        axioms.extend([term >= FIRST_DAY.toordinal(), term <= LAST_DAY.toordinal()])
        return Val("date", term, null)
    if type_.values:
        axioms.append(z3.Or([term == texts.of(value) for value in type_.values]))
    else:
        axioms.append(term >= 0)
    return Val("text", term, null)


def read(model: Any, value: Val, texts: Texts) -> Any:
    """The plain value that a model gives to a variable."""
    if z3.is_true(model.eval(value.null, model_completion=True)):
        return None
    found = model.eval(value.term, model_completion=True)
    if value.kind == "number":
        if not z3.is_rational_value(found):
            raise NotEncodable
        return Fraction(found.numerator_as_long(), found.denominator_as_long())
    if value.kind == "boolean":
        return z3.is_true(found)
    if value.kind == "date":
        return date.fromordinal(found.as_long())
    return texts.text(found.as_long())
