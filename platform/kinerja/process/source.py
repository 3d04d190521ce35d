"""First pass: a BPMN 2.0 file → plain values with their lines. What cannot be read is reported; nothing is run or fetched.

Our own attributes live in the namespace urn:kinerja:bpmn. Extensions of other tools (Camunda, Zeebe, colours of bpmn.io) are
ignored with one notice, so that their files open here and our files open there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from lxml import etree

from ..core.errors import InputError, Place
from ..core.numbers import parse_number
from ..core.periods import parse_date
from .catalogue import Report
from .drawing import read_drawing
from .model import Flow, Lane, Node, ProcessSource, Timer, Variable
from .xmlsafe import place_of, read_xml

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
OURS = "urn:kinerja:bpmn"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
OWN_NAMESPACES = {
    MODEL, OURS, XSI, "http://www.omg.org/spec/BPMN/20100524/DI", "http://www.omg.org/spec/DD/20100524/DC",
    "http://www.omg.org/spec/DD/20100524/DI", "http://www.w3.org/XML/1998/namespace",
}  # fmt: skip
SUPPORTED = (
    "startEvent", "endEvent", "userTask", "serviceTask", "businessRuleTask", "exclusiveGateway", "parallelGateway", "boundaryEvent",
    "intermediateCatchEvent", "callActivity",
)  # fmt: skip
DRAWN_ONLY = {
    "dataObject",
    "dataObjectReference",
    "dataStoreReference",
    "dataInputAssociation",
    "dataOutputAssociation",
    "property",
}
"""Data as modellers draw it, with what editors write inside tasks for the lines to it: shown in the picture, read by nobody."""
PASSIVE = {"laneSet", "sequenceFlow", "documentation", "extensionElements", "textAnnotation", "association", "group", *DRAWN_ONLY}
PARTS = {"incoming", "outgoing", "documentation", "extensionElements", *DRAWN_ONLY}
EVENTS = {
    "startEvent": {""},
    "endEvent": {"", "terminateEventDefinition"},
    "boundaryEvent": {"timerEventDefinition"},
    "intermediateCatchEvent": {"timerEventDefinition"},
}
ATTRIBUTES = {
    "userTask": ("form", "stage", "separate", "due", "calendar", "after", "remind", "escalate"),
    "serviceTask": ("operation", "letter", "template", "to", "stage"),
    "businessRuleTask": ("decision", "stage"),
    "boundaryEvent": ("calendar", "days"),
    "intermediateCatchEvent": ("calendar", "days"),
    "lane": ("role",),
}
DATA_TYPES = ("text", "number", "boolean", "date")
LANE_REF = f"{{{MODEL}}}flowNodeRef"
_WRONG = object()
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,79}")


def read_source(text: str, file: str, report: Report) -> ProcessSource | None:
    """The process of a file, or None when it cannot be read at all."""
    root = read_xml(text, file, report)
    if root is None:
        return None
    if root.tag != f"{{{MODEL}}}definitions":
        report.add("P004", place_of(root, file))
        return None
    processes = root.findall(f"{{{MODEL}}}process")
    if len(processes) != 1:
        report.add("P005", place_of(root, file), count=len(processes))
        return None
    return _Reader(root, processes[0], file, report).read(text.encode())


class _Reader:
    def __init__(self, root: etree._Element, process: etree._Element, file: str, report: Report) -> None:
        self.root, self.process, self.file, self.report = root, process, file, report

    def read(self, xml: bytes) -> ProcessSource:
        process = self.process
        if process.get("isExecutable") == "false":
            self.report.add("P007", self.place(process))
        self._foreign()
        self._identities()
        nodes: dict[str, Node] = {}
        flows: dict[str, Flow] = {}
        for element in self.children(process):
            kind = local(element)
            if kind == "sequenceFlow":
                flow = self._flow(element)
                flows[flow.id] = flow
            elif kind in SUPPORTED:
                node = self._node(element, kind)
                nodes[node.id] = node
            elif kind == "scriptTask":
                self.report.add("P011", self.place(element), id=element.get("id", ""))
            elif kind not in PASSIVE:
                self.report.add("P010", self.place(element), kind=kind, supported=", ".join(SUPPORTED))
        lanes = tuple(self._lanes())
        places: dict[str, Lane] = {}
        for lane in lanes:
            for name in lane.nodes:
                if name not in nodes:
                    continue
                if (first := places.setdefault(name, lane)) is not lane:
                    shown = nodes[name].name or name
                    self.report.add("P018", nodes[name].place, name=shown, one=first.name, other=lane.name)
                nodes[name] = replace(nodes[name], lane=first.id)
        return ProcessSource(
            id=process.get("id", ""),
            name=process.get("name", "") or process.get("id", ""),
            documentation=self._documentation(process),
            place=self.place(process),
            nodes=nodes,
            flows=flows,
            lanes=lanes,
            variables=tuple(self._variables()),
            drawing=read_drawing(self.root, self.file, {*nodes, *flows, *(lane.id for lane in lanes)}, self.report),
            xml=xml,
        )

    def place(self, element: etree._Element) -> Place:
        return place_of(element, self.file)

    def children(self, element: etree._Element) -> Iterator[etree._Element]:
        return (child for child in element if isinstance(child.tag, str) and child.tag.startswith(f"{{{MODEL}}}"))

    def _foreign(self) -> None:
        """One notice for all that other tools put in the file."""
        prefixes = {uri: prefix for element in self.root.iter() for prefix, uri in element.nsmap.items() if prefix}
        names: dict[str, Place] = {}
        for element in self.root.iter(etree.Element):
            for tag in (element.tag, *(str(key) for key in element.attrib)):
                uri = etree.QName(tag).namespace
                if uri and uri not in OWN_NAMESPACES:
                    names.setdefault(f"{prefixes.get(uri, uri)}:{etree.QName(tag).localname}", self.place(element))
        if names:
            shown = ", ".join(sorted(names)[:8]) + (" …" if len(names) > 8 else "")
            self.report.add("P093", next(iter(names.values())), names=shown)

    def _identities(self) -> None:
        seen: dict[str, int] = {}
        for element in self.root.iter(etree.Element):
            uri = etree.QName(element.tag).namespace
            name = element.get("id")
            if (
                name is None
                and uri == MODEL
                and (local(element) in SUPPORTED or local(element) in ("process", "sequenceFlow", "lane"))
            ):
                self.report.add("P015", self.place(element), kind=local(element))
            if name is None or uri not in OWN_NAMESPACES:
                continue
            if name in seen:
                self.report.add("P006", self.place(element), id=name, line=seen[name])
            elif uri == MODEL and local(element) != "definitions" and not _ID.fullmatch(name):
                self.report.add("P017", self.place(element), id=name[:60])
            seen.setdefault(name, self.place(element).line)

    def _attributes(self, element: etree._Element, kind: str) -> dict[str, str]:
        known = ATTRIBUTES.get(kind, ())
        found: dict[str, str] = {}
        for key, value in element.attrib.items():
            name = etree.QName(str(key))
            if name.namespace != OURS:
                continue
            if name.localname not in known:
                shown = ", ".join(f"kinerja:{word}" for word in known) or "–"
                self.report.add("P014", self.place(element), name=name.localname, known=shown, near=(name.localname, known))
            found[name.localname] = str(value).strip()
        return found

    def _node(self, element: etree._Element, kind: str) -> Node:
        event, timer = "", None
        for child in self.children(element):
            part = local(child)
            if part.endswith("EventDefinition"):
                event = part if not event else "multiple"
                timer = self._timer(element, child) if part == "timerEventDefinition" else None
            elif part.endswith("LoopCharacteristics"):
                self.report.add("P013", self.place(child), id=element.get("id", ""))
            elif part not in PARTS:
                self.report.add("P010", self.place(child), kind=part, supported=", ".join(SUPPORTED))
        if kind in EVENTS and event not in EVENTS[kind]:
            self.report.add("P012", self.place(element), id=element.get("id", ""), event=event or "tanpa definisi")
        return Node(
            id=element.get("id", ""),
            kind=kind,
            name=" ".join((element.get("name") or "").split()),
            place=self.place(element),
            attributes=self._attributes(element, kind),
            documentation=self._documentation(element),
            default=element.get("default", ""),
            event=event,
            timer=timer,
            attached_to=element.get("attachedToRef", ""),
            interrupting=element.get("cancelActivity", "true") != "false",
            called=element.get("calledElement", ""),
        )

    def _timer(self, event: etree._Element, definition: etree._Element) -> Timer:
        calendar = event.get(f"{{{OURS}}}calendar", "")
        if calendar not in ("", "hari_kerja", "hari_kalender"):
            self.report.add("P072", self.place(event), value=calendar)
        duration = definition.find(f"{{{MODEL}}}timeDuration")
        if duration is None:
            others = [local(child) for child in self.children(definition)]
            return Timer(others[0] if others else "", calendar, self.place(definition))
        text = "".join(str(part) for part in duration.itertext()).strip()
        return Timer(text, calendar, self.place(duration), event.get(f"{{{OURS}}}days", ""))

    def _flow(self, element: etree._Element) -> Flow:
        condition = element.find(f"{{{MODEL}}}conditionExpression")
        text = None if condition is None else "".join(str(part) for part in condition.itertext()).strip().removeprefix("=").strip()
        return Flow(
            id=element.get("id", ""),
            source=element.get("sourceRef", ""),
            target=element.get("targetRef", ""),
            name=" ".join((element.get("name") or "").split()),
            place=self.place(element),
            condition=text or None,
            condition_place=None if condition is None else self.place(condition),
            language="" if condition is None else condition.get("language", ""),
        )

    def _lanes(self) -> Iterator[Lane]:
        """Lanes, also those within lanes: a node belongs to the innermost, and a lane that only holds lanes is no role."""
        for lane_set in self.process.findall(f"{{{MODEL}}}laneSet"):
            for element in lane_set.iter(f"{{{MODEL}}}lane"):
                name = " ".join((element.get("name") or "").split())
                role = self._attributes(element, "lane").get("role") or name.lower().replace(" ", "_").replace("-", "_")
                within = {ref for inner in element.iterfind(f"{{{MODEL}}}childLaneSet") for ref in _refs(inner.iter(LANE_REF))}
                refs = tuple(ref for ref in _refs(element.findall(LANE_REF)) if ref not in within)
                holds = element.find(f"{{{MODEL}}}childLaneSet") is not None and not refs
                yield Lane(element.get("id", ""), name or role, role, refs, self.place(element), holds)

    def _variables(self) -> Iterator[Variable]:
        seen: set[str] = set()
        for element in self.process.iterfind(f"{{{MODEL}}}extensionElements/{{{OURS}}}data"):
            name, kind = element.get("name", ""), element.get("type", "")
            values = tuple(value.strip() for value in element.get("values", "").split("|") if value.strip())
            if name in seen:
                self.report.add(
                    "P045", self.place(element), what_id=f"“{name}” dinyatakan dua kali", what_en=f'"{name}" is declared twice'
                )
            seen.add(name)
            if not name.isidentifier():
                self.report.add("P045", self.place(element), what_id=f"nama “{name}”", what_en=f'the name "{name}"')
            elif kind not in DATA_TYPES:
                self.report.add("P045", self.place(element), what_id=f"tipe “{kind}”", what_en=f'the type "{kind}"')
            else:
                given = element.get("initial")
                initial = None if given is None else _initial(given, kind, values)
                if initial is _WRONG:
                    self.report.add(
                        "P045", self.place(element), what_id=f"nilai awal “{given}”", what_en=f'the initial value "{given}"'
                    )
                    continue
                yield Variable(name, kind, self.place(element), values, given is not None, initial)

    @staticmethod
    def _documentation(element: etree._Element) -> str:
        found = element.find(f"{{{MODEL}}}documentation")
        return "" if found is None else " ".join("".join(str(part) for part in found.itertext()).split())


def _refs(elements: Iterable[etree._Element]) -> Iterator[str]:
    return ((element.text or "").strip() for element in elements)


def _initial(text: str, kind: str, values: tuple[str, ...]) -> Any:
    """The value an `initial` attribute means, or _WRONG; the word null is null for every type."""
    if text == "null":
        return None
    if kind == "text":
        return text if not values or text in values else _WRONG
    if kind == "boolean":
        return {"true": True, "false": False}.get(text, _WRONG)
    try:
        return parse_number(text) if kind == "number" else parse_date(text)
    except InputError:
        return _WRONG


def local(element: etree._Element) -> str:
    return etree.QName(element.tag).localname
