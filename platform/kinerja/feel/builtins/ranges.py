"""Relations between points and ranges (Allen's intervals, DMN 1.5 table 78), and `range(…)` from text."""

from __future__ import annotations

import re

from ..arithmetic import Arithmetic
from ..errors import bad_value
from ..temporal_text import read_temporal
from ..values import Range, Value, order
from .registry import builtin

_POINT = "number | string | date | time | date and time | days and time duration | years and months duration"


def _ends(*ranges: Range) -> None:
    for one in ranges:
        if one.low is None or one.high is None:
            raise bad_value(
                "rentang tanpa batas tidak dapat dibandingkan di sini", "a range without an end cannot be compared here"
            )


def _contains(range_: Range, point: Value) -> bool:
    _ends(range_)
    low, high = order(point, range_.low), order(point, range_.high)
    return (low > 0 or (low == 0 and range_.low_closed)) and (high < 0 or (high == 0 and range_.high_closed))


def _starts_no_later(inner: Range, outer: Range) -> bool:
    """The outer range begins at or before the inner one."""
    start = order(outer.low, inner.low)
    return start < 0 or (start == 0 and (outer.low_closed or not inner.low_closed))


def _ends_no_earlier(inner: Range, outer: Range) -> bool:
    end = order(outer.high, inner.high)
    return end > 0 or (end == 0 and (outer.high_closed or not inner.high_closed))


def _within(inner: Range, outer: Range) -> bool:
    _ends(inner, outer)
    return _starts_no_later(inner, outer) and _ends_no_earlier(inner, outer)


@builtin(f"before(point1: {_POINT}, point2: {_POINT}) -> boolean")
def before_points(_: Arithmetic, first: Value, second: Value) -> Value:
    return order(first, second) < 0


@builtin(f"before(point: {_POINT}, range: range) -> boolean")
def before_point_range(_: Arithmetic, point: Value, range_: Range) -> Value:
    _ends(range_)
    position = order(point, range_.low)
    return position < 0 or (position == 0 and not range_.low_closed)


@builtin(f"before(range: range, point: {_POINT}) -> boolean")
def before_range_point(_: Arithmetic, range_: Range, point: Value) -> Value:
    _ends(range_)
    position = order(range_.high, point)
    return position < 0 or (position == 0 and not range_.high_closed)


@builtin("before(range1: range, range2: range) -> boolean")
def before_ranges(_: Arithmetic, first: Range, second: Range) -> Value:
    _ends(first, second)
    position = order(first.high, second.low)
    return position < 0 or (position == 0 and not (first.high_closed and second.low_closed))


@builtin(f"after(point1: {_POINT}, point2: {_POINT}) -> boolean")
def after_points(_: Arithmetic, first: Value, second: Value) -> Value:
    return order(first, second) > 0


@builtin(f"after(point: {_POINT}, range: range) -> boolean")
def after_point_range(n: Arithmetic, point: Value, range_: Range) -> Value:
    return before_range_point(n, range_, point)


@builtin(f"after(range: range, point: {_POINT}) -> boolean")
def after_range_point(n: Arithmetic, range_: Range, point: Value) -> Value:
    return before_point_range(n, point, range_)


@builtin("after(range1: range, range2: range) -> boolean")
def after_ranges(n: Arithmetic, first: Range, second: Range) -> Value:
    return before_ranges(n, second, first)


@builtin("meets(range1: range, range2: range) -> boolean")
def meets(_: Arithmetic, first: Range, second: Range) -> Value:
    _ends(first, second)
    return first.high_closed and second.low_closed and order(first.high, second.low) == 0


@builtin("met by(range1: range, range2: range) -> boolean")
def met_by(n: Arithmetic, first: Range, second: Range) -> Value:
    return meets(n, second, first)


@builtin("overlaps(range1: range, range2: range) -> boolean")
def overlaps(n: Arithmetic, first: Range, second: Range) -> Value:
    return not before_ranges(n, first, second) and not before_ranges(n, second, first)


@builtin("overlaps before(range1: range, range2: range) -> boolean")
def overlaps_before(_: Arithmetic, first: Range, second: Range) -> Value:
    _ends(first, second)
    start, touch, end = order(first.low, second.low), order(first.high, second.low), order(first.high, second.high)
    begins_earlier = start < 0 or (start == 0 and first.low_closed and not second.low_closed)
    reaches = touch > 0 or (touch == 0 and first.high_closed and second.low_closed)
    ends_earlier = end < 0 or (end == 0 and (not first.high_closed or second.high_closed))
    return begins_earlier and reaches and ends_earlier


@builtin("overlaps after(range1: range, range2: range) -> boolean")
def overlaps_after(_: Arithmetic, first: Range, second: Range) -> Value:
    _ends(first, second)
    start, touch, end = order(first.low, second.low), order(first.low, second.high), order(first.high, second.high)
    begins_later = start > 0 or (start == 0 and second.low_closed and not first.low_closed)
    reaches = touch < 0 or (touch == 0 and first.low_closed and second.high_closed)
    ends_later = end > 0 or (end == 0 and (first.high_closed or not second.high_closed))
    return begins_later and reaches and ends_later


@builtin(f"finishes(point: {_POINT}, range: range) -> boolean")
def finishes_point(_: Arithmetic, point: Value, range_: Range) -> Value:
    _ends(range_)
    return range_.high_closed and order(point, range_.high) == 0


@builtin("finishes(range1: range, range2: range) -> boolean")
def finishes(_: Arithmetic, first: Range, second: Range) -> Value:
    _ends(first, second)
    same_end = first.high_closed == second.high_closed and order(first.high, second.high) == 0
    return same_end and _starts_no_later(first, second)


@builtin(f"finished by(range: range, point: {_POINT}) -> boolean")
def finished_by_point(n: Arithmetic, range_: Range, point: Value) -> Value:
    return finishes_point(n, point, range_)


@builtin("finished by(range1: range, range2: range) -> boolean")
def finished_by(n: Arithmetic, first: Range, second: Range) -> Value:
    return finishes(n, second, first)


@builtin(f"includes(range: range, point: {_POINT}) -> boolean")
def includes_point(_: Arithmetic, range_: Range, point: Value) -> Value:
    return _contains(range_, point)


@builtin("includes(range1: range, range2: range) -> boolean")
def includes(_: Arithmetic, first: Range, second: Range) -> Value:
    return _within(second, first)


@builtin(f"during(point: {_POINT}, range: range) -> boolean")
def during_point(_: Arithmetic, point: Value, range_: Range) -> Value:
    return _contains(range_, point)


@builtin("during(range1: range, range2: range) -> boolean")
def during(_: Arithmetic, first: Range, second: Range) -> Value:
    return _within(first, second)


@builtin(f"starts(point: {_POINT}, range: range) -> boolean")
def starts_point(_: Arithmetic, point: Value, range_: Range) -> Value:
    _ends(range_)
    return range_.low_closed and order(point, range_.low) == 0


@builtin("starts(range1: range, range2: range) -> boolean")
def starts(_: Arithmetic, first: Range, second: Range) -> Value:
    _ends(first, second)
    same_start = first.low_closed == second.low_closed and order(first.low, second.low) == 0
    return same_start and _ends_no_earlier(first, second)


@builtin(f"started by(range: range, point: {_POINT}) -> boolean")
def started_by_point(n: Arithmetic, range_: Range, point: Value) -> Value:
    return starts_point(n, point, range_)


@builtin("started by(range1: range, range2: range) -> boolean")
def started_by(n: Arithmetic, first: Range, second: Range) -> Value:
    return starts(n, second, first)


@builtin(f"coincides(point1: {_POINT}, point2: {_POINT}) -> boolean")
def coincides_points(_: Arithmetic, first: Value, second: Value) -> Value:
    return order(first, second) == 0


@builtin("coincides(range1: range, range2: range) -> boolean")
def coincides(_: Arithmetic, first: Range, second: Range) -> Value:
    _ends(first, second)
    flags = first.low_closed == second.low_closed and first.high_closed == second.high_closed
    return flags and order(first.low, second.low) == 0 and order(first.high, second.high) == 0


# ── range("[1..10]") ──────────────────────────────────────────────────────────────────────────────────────────────────
_MAX_RANGE_TEXT = 500
_RANGE = re.compile(r"\s*(?P<opening>[\[\](])(?P<low>.*?)\.\.(?P<high>.*)(?P<closing>[\[\])])\s*", re.DOTALL)
_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)", re.ASCII)
_QUOTED = re.compile(r'(?P<at>@?)"(?P<text>[^"\\]*)"')
_CALL = re.compile(r'(?:date|time|date and time|duration)\(\s*"(?P<text>[^"\\]*)"\s*\)')


@builtin("range(from: string) -> range")
def range_from_text(n: Arithmetic, text: str) -> Value:
    """A range of literals; an end left out is without bound, and then open."""
    match = _RANGE.fullmatch(text) if len(text) <= _MAX_RANGE_TEXT else None
    if match is None:
        raise bad_value(f"“{text[:40]}” bukan rentang", f'"{text[:40]}" is not a range')
    low, high = _endpoint(n, match["low"].strip()), _endpoint(n, match["high"].strip())
    low_closed, high_closed = match["opening"] == "[", match["closing"] == "]"
    if (low is None and (low_closed or high is None)) or (high is None and high_closed):
        raise bad_value("ujung tanpa batas harus terbuka", "an end without bound must be open")
    if low is not None and high is not None and order(low, high) > 0:
        raise bad_value("rentang terbalik", "the range runs backwards")
    return Range(low, high, low_closed, high_closed)


def _endpoint(n: Arithmetic, text: str) -> Value:
    if not text:
        return None
    if _NUMBER.fullmatch(text):
        return n.read(text)
    if quoted := _QUOTED.fullmatch(text):
        return read_temporal(quoted["text"]) if quoted["at"] else quoted["text"]
    if call := _CALL.fullmatch(text):
        return read_temporal(call["text"])
    raise bad_value(f"“{text[:40]}” bukan ujung rentang", f'"{text[:40]}" is not an end of a range')
