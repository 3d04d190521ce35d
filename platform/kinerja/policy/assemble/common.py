"""What every rule file shares: labels, citations, dates in force, types of values."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction

from ...core.errors import Place
from ...core.findings import Citation
from ..diagnostics import Report
from ..model import Base, Effective, Label, ValueType
from ..shapes import day, flag, number, span, text, texts
from ..source import ListNode, MapNode, Node, Scalar

BASES = {base.value for base in Base}
LONG_AGO = date(1945, 8, 17)
_YEAR = re.compile(r"(?:\d+\s*/\s*|[Tt]ahun\s+)((?:19|20)\d\d)\b")


def label(node: Node | None, default: str) -> Label:
    """A text (both languages alike) or {id, en}; else the default."""
    if isinstance(node, MapNode):
        indonesian = text(node.get("id"), default)
        return Label(indonesian, text(node.get("en"), indonesian))
    written = text(node, default)
    return Label(written, written)


def citations(node: Node | None) -> tuple[Citation, ...]:
    if not isinstance(node, ListNode):
        return ()
    return tuple(
        Citation(text(item.get("instrument")), text(item.get("part")), text(item.get("status"), "policy"), text(item.get("note")))
        for item in node.items
        if isinstance(item, MapNode)
    )


def effective(node: Node | None, report: Report, authority: tuple[Citation, ...] = ()) -> Effective:
    """Dates of a mapping with from, to, review_by; a reversed period or one older than its law is reported."""
    if not isinstance(node, MapNode):
        return Effective(LONG_AGO)
    first, last = day(node.get("from")) or LONG_AGO, day(node.get("to"))
    if last is not None and last < first:
        report.add("R053", node.place_of("to"), first=first, last=last)
        last = None
    years = [int(found[1]) for cited in authority if (found := _YEAR.search(cited.instrument))]
    if years and len(years) == len(authority) and first != LONG_AGO and first.year < min(years):
        oldest = authority[years.index(min(years))]
        report.add("R054", node.place_of("from"), first=first, instrument=oldest.instrument)
    return Effective(first, last, day(node.get("review_by")))


def value_type(node: MapNode, name: str, report: Report, *, need_range: bool = True) -> ValueType | None:
    """The type that keys type, unit, scale, range, values, list, nullable declare; misplaced keys are reported."""
    values = texts(node.get("values") or node.get("choices"))
    written = text(node.get("type")) or ("text" if values else "")
    if not written:
        report.add("R005", node.place, key="type", doc=f"{name}: number, text, boolean, date")
        return None
    if written not in BASES:
        return None
    base = Base(written)
    for key in ("scale", "range", "unit"):
        if base is not Base.NUMBER and node.get(key) is not None:
            report.add("R016", node.place_of(key), key=key, what_id=f"type: {base}", what_en=f"type: {base}")
    if values and base is not Base.TEXT:
        report.add("R016", node.place_of("values"), key="values", what_id=f"type: {base}", what_en=f"type: {base}")
    for position, value in enumerate(values):
        if value in values[:position] or value in ("null", "-", ""):
            report.add("R062", node.place_of("values"), code=value)
    nullable, is_list = text(node.get("nullable")), flag(node.get("list"))
    if nullable == "elements" and not is_list:
        report.add("R016", node.place_of("nullable"), key="nullable: elements", what_id="nilai tunggal", what_en="a single value")
    low, high = span(node.get("range")) or (None, None)
    if base is Base.NUMBER and low is None and need_range and node.get("range") is None:
        report.add("R005", node.place, key="range", doc=f"{name}: bawah..atas")
    scale = number(node.get("scale"))
    if scale is not None and not 0 <= scale <= 12:
        report.add("R034", node.place_of("scale"), value=scale, low=0, high=12, name="scale")
        scale = Fraction(0)
    return ValueType(
        base,
        int(scale or 0),
        low,
        high,
        values,
        text(node.get("unit")),
        is_list,
        nullable == "true",
        nullable == "elements",
    )


def best_first(type_: ValueType, node: MapNode, report: Report) -> ValueType:
    """`best:` names the first or the last of the values; the compiled order is best first."""
    best = text(node.get("best"))
    if not best:
        return type_
    if best not in type_.values:
        report.add("R035", node.place_of("best"), near=(best, type_.values), value=best, name="best", known=", ".join(type_.values))
    elif best == type_.values[-1]:
        return replace(type_, values=type_.values[::-1])
    elif best != type_.values[0]:
        report.add("R016", node.place_of("best"), key="best", what_id="urutan values", what_en="the order of values")
    return type_


def place_of(node: Node | None, otherwise: Place) -> Place:
    return node.place if isinstance(node, Scalar | MapNode | ListNode) else otherwise
