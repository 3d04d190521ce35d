"""First pass: a rule file's bytes → a tree of scalars, lists and mappings, each with its place. Strict.

YAML's own guesses about scalars (dates, booleans, `1.10` → 1.1, `1:30` → 90) are never made: a scalar stays text. Anchors,
aliases and tags are refused, so that no file can unfold to more than it holds; size, depth and number of nodes are bounded
before anything is kept. Duplicate keys are reported and the first one counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from ..core.errors import InputError, Place
from ..core.exactjson import read_text
from .diagnostics import Report
from .yamlwords import in_indonesian

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 24
MAX_NODES = 200_000
MAX_ENTRIES = 2_000  # of one list or mapping: what comes after compares them with each other

_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """Text as written. place: its first character (after the quote or the `|`). lines: place of each line of a `|` block."""

    text: str
    place: Place
    style: Literal["plain", "quoted", "literal", "folded"] = "plain"
    indent: int = 0

    @property
    def is_null(self) -> bool:
        return self.style == "plain" and self.text in ("", "~", "null")

    def at(self, offset: int) -> Place:
        """The place of a character of the text; for folded text the place of the whole."""
        before = self.text[:offset]
        line = before.count("\n")
        if self.style == "literal":
            return Place(self.place.file, self.place.line + line, self.indent + offset - (before.rfind("\n") + 1) + 1)
        return Place(self.place.file, self.place.line, self.place.column + offset) if "\n" not in self.text else self.place


@dataclass(frozen=True, slots=True)
class Entry:
    key: Scalar
    value: Node


@dataclass(frozen=True, slots=True)
class MapNode:
    entries: tuple[Entry, ...]
    place: Place

    def get(self, key: str) -> Node | None:
        return next((entry.value for entry in self.entries if entry.key.text == key), None)

    def place_of(self, key: str) -> Place:
        """Where a key stands; the mapping's own place when it is absent."""
        return next((entry.key.place for entry in self.entries if entry.key.text == key), self.place)

    def items(self) -> Iterator[tuple[str, Node]]:
        return ((entry.key.text, entry.value) for entry in self.entries)


@dataclass(frozen=True, slots=True)
class ListNode:
    items: tuple[Node, ...]
    place: Place


Node = Scalar | MapNode | ListNode


def scalars(node: Node) -> Iterator[Scalar]:
    """Every text of a tree, keys left out."""
    if isinstance(node, Scalar):
        yield node
        return
    for child in node.items if isinstance(node, ListNode) else (entry.value for entry in node.entries):
        yield from scalars(child)


@dataclass(frozen=True, slots=True)
class Source:
    """A file read: its tree (None when it could not be read) and the sha256 of its bytes."""

    file: str
    root: Node | None
    sha256: str


def read_file(path: Path, file: str, report: Report) -> Source:
    """Read one YAML file. `file` is the name that diagnostics show. Every fault is in the report; nothing is raised."""
    try:
        text = read_text(path, max_bytes=MAX_BYTES)
    except InputError as error:
        code = {"berkas_terlalu_besar": "R008", "bukan_utf8": "R002"}.get(error.code, "R001")
        place = Place(file, error.place.line if error.place else 0)
        more_id, more_en = ("; simpan lagi sebagai UTF-8", "; save it as UTF-8") if code == "R002" else ("", "")
        report.add(code, place, what_id=error.text_id + more_id, what_en=error.text_en + more_en)
        return Source(file, None, "")
    return Source(file, parse_text(text, file, report), hashlib.sha256(text.encode()).hexdigest())


def parse_text(text: str, file: str, report: Report) -> Node | None:
    """The tree of one YAML document, or None with the reason reported."""
    if len(text) > MAX_BYTES:
        report.add("R008", Place(file), what_id="berkas lebih dari 1 MiB", what_en="the file is larger than 1 MiB")
        return None
    builder = _Builder(text, file, report)
    try:
        return builder.build()
    except yaml.YAMLError as error:
        place, what = _yaml_fault(error, text, file)
        report.add("R002", place, what_id=in_indonesian(what), what_en=what)
    except _Refused as refused:
        report.add(refused.code, refused.place, what_id=refused.what_id, what_en=refused.what_en)
    return None


class _Refused(Exception):
    def __init__(self, code: str, place: Place, what_id: str, what_en: str) -> None:
        super().__init__(what_en)
        self.code, self.place, self.what_id, self.what_en = code, place, what_id, what_en


def _yaml_fault(error: yaml.YAMLError, text: str, file: str) -> tuple[Place, str]:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    what = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML").strip()
    if mark is not None:
        return Place(file, mark.line + 1, mark.column + 1), what
    position = getattr(error, "position", None)
    return Place(file, text.count("\n", 0, position) + 1 if isinstance(position, int) else 1), what


class _Builder:
    """Walks the parser's events with a stack of its own, so that depth is bounded before the tree exists."""

    def __init__(self, text: str, file: str, report: Report) -> None:
        self.file, self.report = file, report
        self.lines = text.split("\n")
        self.loader = _Parser(text)
        self.nodes = 0

    def build(self) -> Node | None:
        try:
            return self._document()
        finally:
            self.loader.dispose()

    def _document(self) -> Node | None:
        root: Node | None = None
        documents = 0
        while self.loader.check_event():
            event = self.loader.get_event()
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _Refused(
                        "R002", self._place(event), "lebih dari satu dokumen dalam satu berkas", "more than one document"
                    )
                root = self._node(self.loader.get_event(), 1)
        if root is None:
            self.report.add("R002", Place(self.file, 1), what_id="berkas kosong", what_en="the file is empty")
        return root

    def _place(self, event: Any) -> Place:
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _node(self, event: Any, depth: int) -> Node:
        place = self._place(event)
        self.nodes += 1
        if depth > MAX_DEPTH:
            raise _Refused("R008", place, f"bersarang lebih dari {MAX_DEPTH} tingkat", f"nested deeper than {MAX_DEPTH} levels")
        if self.nodes > MAX_NODES:
            raise _Refused("R008", place, f"lebih dari {MAX_NODES} butir", f"more than {MAX_NODES} items")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _Refused("R007", place, "jangkar atau alias (& atau *)", "an anchor or alias (& or *)")
        if getattr(event, "tag", None) is not None:
            raise _Refused("R007", place, f"tag {event.tag}", f"the tag {event.tag}")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, place)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(place, depth)
        return self._mapping(place, depth)

    def _bounded(self, entries: int, place: Place) -> None:
        if entries > MAX_ENTRIES:
            raise _Refused(
                "R008", place, f"lebih dari {MAX_ENTRIES} butir dalam satu daftar", f"more than {MAX_ENTRIES} entries in one list"
            )

    def _scalar(self, event: Any, place: Place) -> Scalar:
        if event.style == "|":
            rows = event.value.split("\n")
            first = next((number for number, row in enumerate(rows) if row.strip()), 0)
            line = event.start_mark.line + 1 + first
            written = self.lines[line].rstrip() if line < len(self.lines) else ""
            indent = max(0, len(written) - len(rows[first].rstrip()))
            return Scalar(event.value, Place(self.file, event.start_mark.line + 2, indent + 1), "literal", indent)
        if event.style == ">":
            return Scalar(event.value, place, "folded")
        if event.style in ("'", '"'):
            return Scalar(event.value, Place(self.file, place.line, place.column + 1), "quoted")
        return Scalar(event.value, place)

    def _list(self, place: Place, depth: int) -> ListNode:
        items: list[Node] = []
        while not isinstance(event := self.loader.get_event(), yaml.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
            self._bounded(len(items), place)
        return ListNode(tuple(items), place)

    def _mapping(self, place: Place, depth: int) -> MapNode:
        entries: dict[str, Entry] = {}
        while not isinstance(event := self.loader.get_event(), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            if not isinstance(key, Scalar):
                raise _Refused("R002", key.place, "kunci harus berupa teks", "a key must be text")
            value = self._node(self.loader.get_event(), depth + 1)
            if key.text in entries:
                self.report.add("R003", key.place, key=key.text, line=entries[key.text].key.place.line)
            else:
                entries[key.text] = Entry(key, value)
                self._bounded(len(entries), place)
        return MapNode(tuple(entries.values()), place)
