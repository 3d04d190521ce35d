"""Plain exact values ↔ values of the integer form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from math import gcd
from typing import Any

from ...core.numbers import ratio
from .errors import Fault
from .types import Day, ListOf, Num, Record, Type


def encode(value: Any, kind: Type) -> Any:
    """Fraction → scaled int, date → day number, tuple → list, dict → dict; None stays None. Fault where digits would be lost."""
    if value is None:
        return None
    if type(kind) is Num:
        numerator, denominator = value.as_integer_ratio()
        if kind.den is None:
            return (numerator, denominator)
        if denominator == 1:
            return numerator * kind.den
        scaled, rest = divmod(numerator * kind.den, denominator)
        if rest:
            raise Fault("terlalu_banyak_desimal")
        return scaled
    if isinstance(kind, Day):
        return value.toordinal()
    if isinstance(kind, ListOf):
        return [encode(element, kind.element) for element in value]
    if isinstance(kind, Record):
        return {field.name: encode(value[field.name], field.type) for field in kind.fields if field.name in value}
    return value


def decode(value: Any, kind: Type) -> Any:
    """The reverse, lists as tuples."""
    if value is None:
        return None
    if type(kind) is Num:
        return _over(value, kind.den) if kind.den else Fraction(*value)
    if isinstance(kind, Day):
        return date.fromordinal(value)
    if isinstance(kind, ListOf):
        return tuple(decode(element, kind.element) for element in value)
    if isinstance(kind, Record):
        return {field.name: decode(value[field.name], field.type) for field in kind.fields}
    return value


def _over(value: int, den: int) -> Fraction:
    if den == 1:
        return ratio(value, 1)
    common = gcd(value, den)
    return ratio(value // common, den // common)


def encode_parameter(value: Any, kind: Type, key: Type | None) -> Any:
    """A scalar, or for a keyed parameter {key: value}."""
    if key is None:
        return encode(value, kind)
    assert isinstance(value, Mapping)
    return {encode(name, key): encode(item, kind) for name, item in value.items()}
