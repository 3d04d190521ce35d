"""Any value as text, the way `string(…)` shows it: nested texts in quotes, ranges and contexts as they are written."""

from __future__ import annotations

from .arithmetic import Arithmetic
from .limits import check_string, spend
from .temporal import Date, DateTime, DayTimeDuration, Time, YearMonthDuration
from .temporal_text import temporal_text
from .values import Range, Value

_TEMPORAL = (Date, Time, DateTime, DayTimeDuration, YearMonthDuration)


def value_text(arithmetic: Arithmetic, value: Value) -> str:
    if isinstance(value, str):
        return value
    text = _nested(arithmetic, value)
    check_string(len(text))
    return text


def _nested(arithmetic: Arithmetic, value: Value) -> str:
    spend()
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, arithmetic.type):
        return arithmetic.text(value)
    if isinstance(value, _TEMPORAL):
        return temporal_text(value)
    if isinstance(value, list):
        return _joined("[", [_nested(arithmetic, item) for item in value], "]")
    if isinstance(value, dict):
        return _joined("{", [f"{key}: {_nested(arithmetic, item)}" for key, item in value.items()], "}")
    if isinstance(value, Range):
        return _range_text(arithmetic, value)
    return "function"


def _joined(opening: str, parts: list[str], closing: str) -> str:
    check_string(sum(map(len, parts)))
    return opening + ", ".join(parts) + closing


def _range_text(arithmetic: Arithmetic, value: Range) -> str:
    if value.operator:
        return f"{value.operator} {_nested(arithmetic, value.low if value.high is None else value.high)}"
    low, high = _nested(arithmetic, value.low), _nested(arithmetic, value.high)
    return f"{'[' if value.low_closed else '('}{low}..{high}{']' if value.high_closed else ')'}"
