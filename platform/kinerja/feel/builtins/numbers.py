"""Rounding and arithmetic. Without a scale, floor and ceiling go to whole numbers."""

from __future__ import annotations

from typing import Any

from ..arithmetic import MAX_SCALE, MIN_SCALE, Arithmetic
from ..errors import bad_value
from ..temporal import DayTimeDuration, YearMonthDuration
from ..values import Value
from .registry import builtin, integer


def _round(n: Arithmetic, value: Any, scale: Any, mode: str) -> Value:
    digits = n.integer(scale)
    if digits is None:
        digits = n.integer(n.round(scale, 0, "down"))
    if digits is None or not MIN_SCALE <= digits <= MAX_SCALE:
        raise bad_value(f"skala harus {MIN_SCALE}…{MAX_SCALE}", f"the scale must be {MIN_SCALE}…{MAX_SCALE}")
    return n.round(value, digits, mode)


@builtin("decimal(n: number, scale: number) -> number")
def decimal(n: Arithmetic, value: Any, scale: Any) -> Value:
    return _round(n, value, scale, "half even")


@builtin("round up(n: number, scale?: number) -> number")
def round_up(n: Arithmetic, value: Any, scale: Any = None) -> Value:
    return _round(n, value, n.number(0) if scale is None else scale, "up")


@builtin("round down(n: number, scale?: number) -> number")
def round_down(n: Arithmetic, value: Any, scale: Any = None) -> Value:
    return _round(n, value, n.number(0) if scale is None else scale, "down")


@builtin("round half up(n: number, scale?: number) -> number")
def round_half_up(n: Arithmetic, value: Any, scale: Any = None) -> Value:
    return _round(n, value, n.number(0) if scale is None else scale, "half up")


@builtin("round half down(n: number, scale?: number) -> number")
def round_half_down(n: Arithmetic, value: Any, scale: Any = None) -> Value:
    return _round(n, value, n.number(0) if scale is None else scale, "half down")


@builtin("floor(n: number, scale?: number) -> number")
def floor(n: Arithmetic, value: Any, scale: Any = None) -> Value:
    return _round(n, value, n.number(0) if scale is None else scale, "floor")


@builtin("ceiling(n: number, scale?: number) -> number")
def ceiling(n: Arithmetic, value: Any, scale: Any = None) -> Value:
    return _round(n, value, n.number(0) if scale is None else scale, "ceiling")


@builtin("abs(n: number) -> number")
def absolute(_: Arithmetic, value: Any) -> Value:
    return abs(value)


@builtin("abs(n: days and time duration) -> days and time duration")
def absolute_days(_: Arithmetic, value: DayTimeDuration) -> Value:
    return DayTimeDuration(abs(value.nano))


@builtin("abs(n: years and months duration) -> years and months duration")
def absolute_months(_: Arithmetic, value: YearMonthDuration) -> Value:
    return YearMonthDuration(abs(value.months))


@builtin("modulo(dividend: number, divisor: number) -> number")
def modulo(n: Arithmetic, dividend: Any, divisor: Any) -> Value:
    return n.modulo(dividend, divisor)


@builtin("sqrt(number: number) -> number")
def sqrt(n: Arithmetic, number: Any) -> Value:
    return n.sqrt(number)


@builtin("log(number: number) -> number")
def log(n: Arithmetic, number: Any) -> Value:
    return n.log(number)


@builtin("exp(number: number) -> number")
def exp(n: Arithmetic, number: Any) -> Value:
    return n.exp(number)


@builtin("odd(number: number) -> boolean")
def odd(n: Arithmetic, number: Any) -> Value:
    return integer(n, number, "odd") % 2 == 1


@builtin("even(number: number) -> boolean")
def even(n: Arithmetic, number: Any) -> Value:
    return integer(n, number, "even") % 2 == 0
