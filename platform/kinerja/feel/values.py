"""The values of FEEL: kinds, ranges and functions, equality and order, conversion from and to plain Python values."""

from __future__ import annotations

import datetime as py
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ..core.numbers import compared
from .errors import type_mismatch
from .limits import spend
from .temporal import SECOND, Date, DateTime, DayTimeDuration, Time, YearMonthDuration, from_python
from .types import ANY, Type

Value = Any
"""None, bool, Fraction | Decimal, str, list, dict, Date, Time, DateTime, DayTimeDuration, YearMonthDuration, Range, Function."""


@dataclass(frozen=True, slots=True)
class Range:
    """low..high; None with `operator` set is the open side of `< high` or `> low`. operator: how a one-sided range,
    or the test `= x` or `!= x`, was written; "" for the form with two ends."""

    low: Value
    high: Value
    low_closed: bool
    high_closed: bool
    operator: str = ""


class Function:
    """What can be called. parameters: names; types: their types (ANY unless declared)."""

    name: str = ""
    parameters: tuple[str, ...] = ()
    types: tuple[Type, ...] = ()
    result: Type = ANY

    def call(self, arguments: Sequence[Value]) -> Value:
        raise NotImplementedError

    def call_named(self, arguments: Mapping[str, Value]) -> Value:
        raise NotImplementedError


KINDS: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    Fraction: "number",
    Decimal: "number",
    str: "string",
    list: "list",
    dict: "context",
    Range: "range",
    Date: "date",
    Time: "time",
    DateTime: "date and time",
    DayTimeDuration: "days and time duration",
    YearMonthDuration: "years and months duration",
}


def kind(value: Value) -> str:
    """The name of the value's type; "function" for whatever can be called."""
    return KINDS.get(type(value)) or "function"


def describe(value: Value) -> str:
    """The kind for messages, with the value itself where that is short."""
    if isinstance(value, str) and len(value) <= 30:
        return f'string "{value}"'
    if isinstance(value, Fraction) and value.numerator.bit_length() + value.denominator.bit_length() > 200:
        return "number"
    if isinstance(value, Fraction | Decimal):
        shown = str(value)
        return f"number {shown}" if len(shown) <= 30 else "number"
    return kind(value)


# ── equality and order ────────────────────────────────────────────────────────────────────────────────────────────────
def equal(a: Value, b: Value) -> bool:
    """`a = b`. Null equals null only; values of different types cannot be compared: FeelError."""
    if type(a) is type(b) is str:
        return bool(a == b)
    if a is None or b is None:
        return a is b
    first = kind(a)
    if first != kind(b):
        raise type_mismatch("=", first, describe(b))
    return _same(a, b, first)


def _same(a: Value, b: Value, of_kind: str) -> bool:
    if a is b:
        return True
    if of_kind == "list":
        spend(len(a))
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    if of_kind == "context":
        spend(len(a))
        return len(a) == len(b) and all(key in b and same(value, b[key]) for key, value in a.items())
    if of_kind in ("time", "date and time"):
        first, second = _moment(a), _moment(b)
        return first == second
    if of_kind == "range":
        flags = (a.low_closed, a.high_closed, a.operator) == (b.low_closed, b.high_closed, b.operator)
        return flags and same(a.low, b.low) and same(a.high, b.high)
    return bool(a == b)


def same(a: Value, b: Value) -> bool:
    """Equality inside lists and contexts and for list functions: values of different types are simply not equal."""
    first = kind(a)
    return first == kind(b) and _same(a, b, first)


def _moment(value: Time | DateTime) -> tuple[bool, int]:
    """Zoned or not, and whole seconds (UTC when zoned): DMN counts times in seconds."""
    if isinstance(value, Time):
        return value.zoned, value.utc_nano() // SECOND
    return value.time.zoned, value.instant // SECOND


def order(a: Value, b: Value, operator: str = "<") -> int:
    """Negative, 0 or positive as a is less than, equal to or greater than b. FeelError when the two have no order."""
    if type(a) is type(b) is Fraction:
        return compared(a, b)
    first, second = kind(a), kind(b)
    if first != second or first not in _ORDERED:
        if first in _ORDERED:
            raise type_mismatch(operator, first, describe(b))
        raise type_mismatch(operator, "number, string, date, time, duration", describe(a))
    if first in ("time", "date and time"):
        (zoned_a, a), (zoned_b, b) = _moment(a), _moment(b)
        if zoned_a != zoned_b:
            raise type_mismatch(operator, f"{first} with a zone" if zoned_a else f"{first} without a zone", first)
    return int(a > b) - int(a < b)


_ORDERED = frozenset(["number", "string", "date", "time", "date and time", "days and time duration", "years and months duration"])


# ── the border to Python ──────────────────────────────────────────────────────────────────────────────────────────────
_SAME = frozenset([Fraction, Decimal, str, bool, type(None)])
_NUMBERS, _LISTS = (int, Fraction, Decimal), (list, tuple)
_TEMPORAL = (Date, Time, DateTime, DayTimeDuration)
NATIVE = frozenset([type(None), bool, str, Range, Date, Time, DateTime, DayTimeDuration, YearMonthDuration])


def adopt(value: object, number: Callable[[int | Fraction | Decimal], Value]) -> Value:
    """The FEEL value of a plain Python one: whole numbers, Fraction, Decimal, date, time, tuple, mapping … Floats are refused."""
    kind_ = type(value)
    if kind_ is Fraction:
        return number(value)  # type: ignore[arg-type]
    if kind_ in NATIVE:
        return value
    if kind_ is list or kind_ is tuple:
        return [number(item) if type(item) is Fraction else adopt(item, number) for item in value]  # type: ignore[attr-defined]
    if kind_ is dict:
        return {str(key): adopt(item, number) for key, item in value.items()}  # type: ignore[attr-defined]
    if isinstance(value, Function):
        return value
    if isinstance(value, _NUMBERS):
        return number(value)
    if isinstance(value, _LISTS):
        return [adopt(item, number) for item in value]
    if isinstance(value, Mapping):
        return {str(key): adopt(item, number) for key, item in value.items()}
    if isinstance(value, str):
        return str(value)
    if isinstance(value, py.date | py.time | py.timedelta):
        return from_python(value)
    raise TypeError(f"not a FEEL value: {kind_.__name__}")


def release(value: Value) -> Any:
    """The plain Python value of a FEEL one: datetime.date and so on where it fits, lists and dicts all through."""
    kind_ = type(value)
    if kind_ in _SAME:
        return value
    if kind_ is list:
        return [item if type(item) in _SAME else release(item) for item in value]
    if kind_ is dict:
        return {key: item if type(item) in _SAME else release(item) for key, item in value.items()}
    if isinstance(value, _TEMPORAL):
        return value.to_python()
    if isinstance(value, list):
        return [release(item) for item in value]
    if isinstance(value, dict):
        return {key: release(item) for key, item in value.items()}
    return value
