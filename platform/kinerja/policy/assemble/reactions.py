"""Reaction files → `Reaction`; every fault of a file at once, with its line."""

from __future__ import annotations

from typing import Any

from ...core.errors import Place
from ..diagnostics import Report
from ..model import ValueType
from ..reactions import Clause, Consequence, InARow, Reaction, Together, Total, Window
from ..shapes import number, text
from ..source import ListNode, MapNode, Node, Scalar
from .common import citations, effective, label, value_type
from .expressions import check_name, read_expression


def build_reaction(root: MapNode, report: Report) -> Reaction | None:
    """None when it has errors; they are in the report."""
    return _Builder(root, root.place.file, report).build()


class _Builder:
    def __init__(self, root: MapNode, file: str, report: Report) -> None:
        self._root, self._file, self._report = root, file, report
        self._events: dict[str, dict[str, ValueType]] = {}

    def build(self) -> Reaction | None:
        mark = len(self._report)
        name = self._root.get("reaction")
        place = self._root.place_of("reaction")
        self._read_events()
        form = self._form()
        then = self._map(self._root.get("then"))
        authority = citations(self._root.get("authority"))
        dates = effective(self._root.get("effective"), self._report, authority)
        if form is None or self._report.errors_since(mark):
            return None
        act: Any = text(then.get("act"))
        consequence = Consequence(act, text(then.get("name")), text(then.get("role")), label(then.get("text"), ""))
        window = self._window(self._root.get("window"))
        title = label(self._root.get("title"), text(name))
        return Reaction(text(name), title, self._events, window, form, consequence, dates, authority, place)

    def _read_events(self) -> None:
        events = self._map(self._root.get("events"))
        for entry in events.entries:
            check_name(entry.key.text, entry.key.place, self._report)
            fields: dict[str, ValueType] = {}
            for one in self._map(entry.value).entries:
                check_name(one.key.text, one.key.place, self._report)
                kind = value_type(self._map(one.value), one.key.text, self._report)
                if kind is not None:
                    fields[one.key.text] = kind
            self._events[entry.key.text] = fields

    def _form(self) -> InARow | Total | Together | None:
        forms = [name for name in ("in_a_row", "total", "together") if self._root.get(name) is not None]
        if len(forms) != 1:
            self._wrong(self._root.place, "tepat satu dari in_a_row, total, together", "exactly one of in_a_row, total, together")
            return None
        node = self._map(self._root.get(forms[0]))
        if forms[0] == "together":
            clauses = tuple(self._clause(one.key.text, self._map(one.value)) for one in self._map(node.get("all")).entries)
            if not 1 <= len(clauses) <= 6:
                self._wrong(node.place, "satu sampai enam klausa", "one to six clauses")
            within = node.get("within")
            return Together(clauses, self._days(self._map(within)) if within is not None else None)
        clause = self._clause(forms[0], node)
        every: Any = text(node.get("every") or node.get("per"))
        if forms[0] == "in_a_row":
            times = int(number(node.get("times")) or 0)
            if not 2 <= times <= 12:
                self._wrong(node.place_of("times"), "2 sampai 12", "2 to 12")
            gap: Any = text(node.get("gap"), "break")
            return InARow(clause, every, times, gap)
        return self._total(node, clause, every)

    def _total(self, node: MapNode, clause: Clause, per: Any) -> Total:
        field = text(node.get("sum"))
        kind = self._events.get(clause.kind, {}).get(field)
        if kind is None or kind.base != "number" or kind.is_list or kind.nullable:
            self._wrong(node.place_of("sum"), "angka dari kejadian itu", "a number of that happening")
        listed = node.get("at_least")
        values = [number(item) for item in listed.items] if isinstance(listed, ListNode) else []
        thresholds = tuple(value for value in values if value is not None)
        if any(value <= 0 for value in thresholds) or list(thresholds) != sorted(set(thresholds)):
            self._wrong(node.place_of("at_least"), "ambang positif yang menaik", "ascending positive thresholds")
        return Total(clause, field, per, thresholds)

    def _clause(self, name: str, node: MapNode) -> Clause:
        kind = text(node.get("event"))
        if kind not in self._events:
            known = ", ".join(self._events)
            self._wrong(node.place_of("event"), f"salah satu dari {known}", f"one of {known}")
        where = node.get("where")
        fields = self._events.get(kind, {})
        expression = read_expression(where, fields, self._report) if isinstance(where, Scalar) else None
        return Clause(name, kind, expression, text(where), node.place)

    def _window(self, node: Node | None) -> Window:
        if node is None:
            return Window()
        found = self._map(node)
        return Window(int(number(found.get("months")) or 0), int(number(found.get("days")) or 0))

    def _days(self, node: MapNode) -> int:
        if node.get("months") is not None:
            self._wrong(node.place_of("months"), "jarak dalam hari", "a distance in days")
        return int(number(node.get("days")) or 0)

    def _map(self, node: Node | None) -> MapNode:
        return node if isinstance(node, MapNode) else MapNode((), Place(self._file))

    def _wrong(self, place: Place, expected_id: str, expected_en: str) -> None:
        self._report.add("R006", place, expected_id=expected_id, expected_en=expected_en)
