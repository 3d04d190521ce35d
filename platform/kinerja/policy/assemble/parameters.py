"""parameters/*.yaml → Parameter: dated values, scalar or keyed."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ...core.numbers import display_text, terminates_within
from ...core.periods import parse_date
from ..diagnostics import Report
from ..model import Base, DatedValue, Parameter, ValueType
from ..shapes import day, number, report_number
from ..source import ListNode, MapNode, Node, Scalar
from .common import citations, effective, label, value_type
from .expressions import check_name

_MOST_KEYS = 1000


def build_parameter(root: MapNode, report: Report) -> Parameter | None:
    name_node = root.get("parameter")
    if not isinstance(name_node, Scalar):
        return None
    name = name_node.text
    check_name(name, name_node.place, report)
    type_ = value_type(root, name, report)
    key_node = root.get("key")
    key_type = value_type(key_node, f"{name}: key", report, need_range=False) if isinstance(key_node, MapNode) else None
    if type_ is None or (key_type is None and isinstance(key_node, MapNode)):
        return None
    authority = citations(root.get("authority"))
    if root.get("effective") is not None:
        effective(root.get("effective"), report, authority)
    values: list[DatedValue] = []
    listed = root.get("values")
    for item in listed.items if isinstance(listed, ListNode) else ():
        if isinstance(item, MapNode) and (value := item.get("value")) is not None:
            own = citations(item.get("authority"))
            dates = effective(item, report, own or authority)
            values.append(DatedValue(dates, _value(name, value, type_, key_type, report), item.place, own))
    values.sort(key=lambda dated: dated.effective.first)
    return Parameter(
        name, label(root.get("label") or root.get("title"), name), type_, key_type, tuple(values), authority, name_node.place
    )


def _value(name: str, node: Node, type_: ValueType, key_type: ValueType | None, report: Report) -> Any:
    if key_type is None:
        if isinstance(node, Scalar):
            return scalar_value(node, type_, name, report)
        report.add("R006", node.place, expected_id="satu nilai", expected_en="a single value")
        return None
    if not isinstance(node, MapNode):
        report.add("R006", node.place, expected_id="pasangan kunci: nilai", expected_en="key: value pairs")
        return {}
    result: dict[Any, Any] = {}
    for entry in node.entries:
        key = _key(entry.key, key_type, name, report)
        if key is not None and isinstance(entry.value, Scalar):
            result[key] = scalar_value(entry.value, type_, name, report)
    missing = [key for key in _all_keys(key_type) if key not in result]
    if missing:
        shown = ", ".join(display_text(key) if isinstance(key, Fraction) else str(key) for key in missing[:10])
        report.add("R064", node.place, keys=shown, name=name)
    return result


def _all_keys(key_type: ValueType) -> tuple[Any, ...]:
    """Every key there must be, where the key type is finite and small."""
    if key_type.values:
        return key_type.values
    if key_type.base is Base.BOOLEAN:
        return (True, False)
    if key_type.base is Base.NUMBER and key_type.scale == 0 and key_type.low is not None and key_type.high is not None:
        span = int(key_type.high - key_type.low)
        return tuple(key_type.low + step for step in range(span + 1)) if span < _MOST_KEYS else ()
    return ()


def _key(node: Scalar, key_type: ValueType, name: str, report: Report) -> Any:
    written = node.text
    if key_type.base is Base.NUMBER:
        value = number(node)
        if value is not None and in_range(value, key_type) and terminates_within(value, key_type.scale):
            return value
    elif key_type.base is Base.BOOLEAN and written in ("true", "false"):
        return written == "true"
    elif key_type.base is Base.TEXT and (not key_type.values or written in key_type.values):
        return written
    report.add("R065", node.place, key=written, name=name)
    return None


def in_range(value: Fraction, type_: ValueType) -> bool:
    return (type_.low is None or type_.low <= value) and (type_.high is None or value <= type_.high)


def scalar_value(node: Scalar, type_: ValueType, name: str, report: Report) -> Any:
    """A written value of a declared type; every departure is reported and None returned."""
    written = node.text.strip()
    if type_.base is Base.NUMBER:
        value = number(node)
        if value is None:
            report_number(written, node, report)
        elif not in_range(value, type_):
            report.add("R034", node.place, value=written, low=_shown(type_.low), high=_shown(type_.high), name=name)
        elif not terminates_within(value, type_.scale):
            report.add("R041", node.place, value=written, scale=type_.scale, name=name)
        return value
    if type_.base is Base.BOOLEAN:
        if written not in ("true", "false"):
            report.add("R013", node.place, text=written, known="true, false")
        return written == "true"
    if type_.base is Base.DATE:
        return parse_date(written) if day(node, report) else None
    if type_.values and written not in type_.values:
        report.add("R035", node.place, near=(written, type_.values), value=written, name=name, known=", ".join(type_.values))
    return written


def _shown(value: Fraction | None) -> str:
    return "…" if value is None else display_text(value)
