"""Reaction files → `Reaction`; every fault of a file at once, with its line."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ...core.errors import InputError, Place
from ..diagnostics import Report
from ..model import Base, Label, ValueType
from ..reactions import (
    Bands,
    Clause,
    Consequence,
    Form,
    Happening,
    InARow,
    Missing,
    Reaction,
    ReactionExample,
    Together,
    Total,
    Window,
)
from ..shapes import day, number, plain, text, texts
from ..source import ListNode, MapNode, Node, Scalar
from ..values import admit, unknown
from .common import citations, effective, label, value_type
from .conditions import read_condition
from .expressions import check_name

FORMS = ("in_a_row", "total", "together", "missing")
MOST_TIMES = 11  # each period is one pattern of a rule, and so is the head of a run
MOST_CLAUSES = 6


def build_reaction(root: MapNode, report: Report) -> Reaction | None:
    """None when it has errors; they are in the report."""
    return _Builder(root, root.place.file, report).build()


class _Builder:
    def __init__(self, root: MapNode, file: str, report: Report) -> None:
        self._root, self._file, self._report = root, file, report
        self._events: dict[str, dict[str, ValueType]] = {}
        self._labels: dict[str, Label] = {}

    def build(self) -> Reaction | None:
        mark = len(self._report)
        name = self._root.get("reaction")
        place = self._root.place_of("reaction")
        self._read_events()
        form = self._form()
        then = self._map(self._root.get("then"))
        authority = citations(self._root.get("authority"))
        dates = effective(self._root.get("effective"), self._report, authority)
        examples = self._examples()
        if form is None or self._report.errors_since(mark):
            return None
        act: Any = text(then.get("act"))
        consequence = Consequence(act, text(then.get("name")), text(then.get("role")), label(then.get("text"), ""))
        window = self._window(self._root.get("window"))
        title = label(self._root.get("title"), text(name))
        return Reaction(text(name), title, self._events, self._labels, window, form, consequence, dates, authority, place, examples)

    # ── happenings ────────────────────────────────────────────────────────────────────────────────────────────────────
    def _read_events(self) -> None:
        for entry in self._map(self._root.get("events")).entries:
            kind, node = entry.key.text, self._map(entry.value)
            check_name(kind, entry.key.place, self._report)
            self._labels[kind] = label(node.get("label"), kind)
            self._events[kind] = {}
            for one in self._map(node.get("facts")).entries:
                check_name(one.key.text, one.key.place, self._report)
                fact = self._map(one.value)
                found = value_type(fact, one.key.text, self._report)
                if found is not None and found.is_list:
                    self._report.add("R016", fact.place_of("list"), key="list", what_id="kejadian", what_en="a happening")
                elif found is not None:
                    self._events[kind][one.key.text] = found
                    self._labels[f"{kind}.{one.key.text}"] = label(fact.get("label"), one.key.text)

    def _clause(self, name: str, node: MapNode) -> Clause:
        kind = text(node.get("event"))
        if kind not in self._events:
            known = ", ".join(self._events)
            self._wrong(node.place_of("event"), f"salah satu dari {known}", f"one of {known}")
        where = node.get("where")
        fields = self._events.get(kind, {})
        expression = read_condition(where, fields, self._report) if isinstance(where, Scalar) else None
        return Clause(name, kind, expression, " ".join(text(where).split()), node.place)

    # ── patterns ──────────────────────────────────────────────────────────────────────────────────────────────────────
    def _form(self) -> Form | None:
        forms = [name for name in FORMS if self._root.get(name) is not None]
        if len(forms) != 1:
            known = ", ".join(FORMS)
            self._wrong(self._root.place, f"tepat satu dari {known}", f"exactly one of {known}")
            return None
        node = self._map(self._root.get(forms[0]))
        match forms[0]:
            case "in_a_row":
                return self._in_a_row(node)
            case "total":
                return self._total(node)
            case "together":
                return self._together(node)
        return self._missing(node)

    def _in_a_row(self, node: MapNode) -> InARow:
        every: Any = text(node.get("every"))
        gap: Any = text(node.get("gap"), "break")
        times = int(number(node.get("times")) or 0)
        bands = self._bands(node.get("times"))
        if bands is None and not 2 <= times <= MOST_TIMES:
            self._wrong(node.place_of("times"), f"2 sampai {MOST_TIMES}", f"2 to {MOST_TIMES}")
        return InARow(self._clause("in_a_row", node), every, times, gap, text(node.get("repeat")) == "once", bands)

    def _total(self, node: MapNode) -> Total:
        clause = self._clause("total", node)
        field = text(node.get("sum"))
        kind = self._events.get(clause.kind, {}).get(field)
        if node.get("sum") is not None and (kind is None or kind.base is not Base.NUMBER or kind.nullable):
            self._wrong(node.place_of("sum"), "angka dari kejadian itu", "a number of that happening")
        listed = node.get("at_least")
        values = [number(item) for item in listed.items] if isinstance(listed, ListNode) else []
        thresholds = tuple(value for value in values if value is not None)
        if any(value <= 0 for value in thresholds) or list(thresholds) != sorted(set(thresholds)):
            self._wrong(node.place_of("at_least"), "ambang positif yang menaik", "ascending positive thresholds")
        per: Any = text(node.get("per"))
        return Total(clause, field, per, thresholds, text(node.get("report")) == "highest", self._bands(listed))

    def _together(self, node: MapNode) -> Together:
        clauses = tuple(self._clause(one.key.text, self._map(one.value)) for one in self._map(node.get("all")).entries)
        if not 1 <= len(clauses) <= MOST_CLAUSES:
            self._wrong(node.place, "satu sampai enam klausa", "one to six clauses")
        within, per = node.get("within"), text(node.get("per"))
        key = []
        named = {clause.name: clause for clause in clauses}
        for item in self._items(node.get("key")):
            clause, _, field = text(item).partition(".")
            if clause not in named or field not in self._events.get(named[clause].kind, {}):
                self._wrong(item.place, "klausa.fakta", "clause.fact")
            key.append((clause, field))
        if per and not key:
            self._report.add("R005", node.place, key="key", doc="klausa.fakta, clause.fact")
        every: Any = per or None
        return Together(clauses, self._days(self._map(within)) if within is not None else None, tuple(key), every)

    def _missing(self, node: MapNode) -> Missing:
        clause, unless = self._clause("missing", node), self._clause("unless", self._map(node.get("unless")))
        if clause.kind == unless.kind:
            self._wrong(node.place_of("unless"), "kejadian jenis lain", "a happening of another kind")
        same = texts(node.get("same"))
        due, awaited = self._events.get(clause.kind, {}), self._events.get(unless.kind, {})
        for field in same:
            here, there = due.get(field), awaited.get(field)
            if (
                here is None
                or there is None
                or here.nullable
                or there.nullable
                or (here.base, here.scale) != (there.base, there.scale)
            ):
                self._wrong(node.place_of("same"), "fakta yang setipe pada keduanya", "a fact of one type in both")
        before = tuple(int(value) for item in self._items(node.get("before")) if (value := number(item)) is not None)
        if any(value < 0 for value in before) or list(before) != sorted(set(before), reverse=True):
            self._wrong(node.place_of("before"), "jumlah hari yang menurun", "numbers of days, descending")
        return Missing(clause, unless, same, before)

    def _bands(self, node: Node | None) -> Bands | None:
        if not isinstance(node, MapNode):
            return None
        given: Any = plain(node.get("given") or MapNode((), node.place))
        decision, input_, output = (text(node.get(key)) for key in ("decision", "input", "output"))
        return Bands(decision, input_, output, given, texts(node.get("ignore")), node.place)

    def _window(self, node: Node | None) -> Window:
        found = self._map(node)
        return Window(int(number(found.get("months")) or 0), int(number(found.get("days")) or 0))

    def _days(self, node: MapNode) -> int:
        if node.get("months") is not None:
            self._wrong(node.place_of("months"), "jarak dalam hari", "a distance in days")
        return int(number(node.get("days")) or 0)

    # ── cases ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    def _examples(self) -> tuple[ReactionExample, ...]:
        found = []
        for item in self._items(self._root.get("cases")):
            on = day(item.get("on")) if isinstance(item, MapNode) else None
            if not isinstance(item, MapNode) or on is None:
                continue
            given = [self._happening(one, f"e{number}") for number, one in enumerate(self._items(item.get("given")), 1)]
            expect = texts(item.get("expect"))
            listed = tuple(one for one in given if one is not None)
            found.append(ReactionExample(listed, on, expect, item.place, text(item.get("note"))))
        return tuple(found)

    def _happening(self, node: Node, name: str) -> Happening | None:
        if not isinstance(node, MapNode):
            return None
        on, kind = day(node.get("on"), self._report), text(node.get("event"))
        if on is None and node.get("on") is None:
            self._report.add("R005", node.place, key="on", doc="TTTT-BB-HH")
        if kind not in self._events:
            known = ", ".join(self._events)
            self._wrong(node.place_of("event"), f"salah satu dari {known}", f"one of {known}")
            return None
        fields, values = self._events[kind], {}
        written = {entry.key.text: entry.value for entry in node.entries if entry.key.text not in ("event", "on", "id")}
        try:
            for field in written.keys() - fields.keys():
                raise unknown(f"{kind}.{field}", field, tuple(fields))
            for field, type_ in fields.items():
                value = _given(written[field], type_) if field in written else None
                values[field] = admit(value, type_, f"{kind}.{field}")
        except InputError as error:
            self._report.add("R080", node.place, what_id=error.text_id, what_en=error.text_en)
            return None
        return Happening(text(node.get("id"), name), kind, on, values) if on is not None else None

    # ── nodes ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    def _map(self, node: Node | None) -> MapNode:
        return node if isinstance(node, MapNode) else MapNode((), Place(self._file))

    def _items(self, node: Node | None) -> tuple[Node, ...]:
        return node.items if isinstance(node, ListNode) else ()

    def _wrong(self, place: Place, expected_id: str, expected_en: str) -> None:
        self._report.add("R006", place, expected_id=expected_id, expected_en=expected_en)


def _given(node: Node, kind: ValueType) -> Any:
    """Plain values as in other cases; a text stays as it is written, though it may look like a number."""
    if kind.base is Base.TEXT and isinstance(node, Scalar):
        return None if node.is_null else node.text
    value = plain(node)
    return value if not isinstance(value, Fraction) or kind.base is Base.NUMBER else text(node)
