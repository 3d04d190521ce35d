"""What a process file says, as plain frozen values: nodes, flows, lanes, the drawing, and what a checked process offers.

Coordinates are those of the file's own diagram (pixels, y downwards). They are drawing, never facts: floats are allowed for
them and nowhere else in this package.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..core.errors import Place
from ..policy.diagnostics import Diagnostic
from .forms import Form, Text


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer's duration as written (ISO 8601).

    calendar: "" for an exact span of time; "hari_kalender" for whole days, ending with the last of them; "hari_kerja" for
    working days of the city's calendar, likewise. days: name of a process value that gives the number of days instead, once known.
    """

    duration: str
    calendar: str
    place: Place
    days: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A flow node. kind: the BPMN tag (userTask, exclusiveGateway, …). attributes: ours, by local name (form, stage, …).

    event: "" or the tag of its event definition. attached_to: the task a boundary event sits on, "" otherwise.
    """

    id: str
    kind: str
    name: str
    place: Place
    lane: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    documentation: str = ""
    default: str = ""
    event: str = ""
    timer: Timer | None = None
    attached_to: str = ""
    interrupting: bool = True
    called: str = ""

    @property
    def is_event(self) -> bool:
        return self.kind.endswith("Event")

    @property
    def is_gateway(self) -> bool:
        return self.kind.endswith("Gateway")


@dataclass(frozen=True, slots=True)
class Flow:
    id: str
    source: str
    target: str
    name: str
    place: Place
    condition: str | None = None
    condition_place: Place | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """outer: it only holds other lanes, whose roles count."""

    id: str
    name: str
    role: str
    nodes: tuple[str, ...]
    place: Place
    outer: bool = False


@dataclass(frozen=True, slots=True)
class Variable:
    """A value of the process that no form gives: laid in at the start or answered by an operation.

    initial: what it is until then (process data; None is null), where has_initial is set.
    """

    name: str
    type: str
    place: Place
    values: tuple[str, ...] = ()
    has_initial: bool = False
    initial: Any = None


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Shape:
    """upright: a pool or lane that runs from top to bottom."""

    element: str
    box: Box
    label: Box | None
    place: Place
    upright: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    element: str
    points: tuple[tuple[float, float], ...]
    label: Box | None
    place: Place


@dataclass(frozen=True, slots=True)
class Annotation:
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that is drawn and never run. kind: group, data, store."""

    id: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """The file's own diagram. pools: participant id → name; associations: edges drawn as dotted lines (those to data and between
    pools too); things: groups, data objects and stores."""

    shapes: Mapping[str, Shape]
    edges: Mapping[str, Edge]
    pools: Mapping[str, str]
    annotations: tuple[Annotation, ...] = ()
    associations: tuple[str, ...] = ()
    things: tuple[Thing, ...] = ()


@dataclass(frozen=True, slots=True)
class ProcessSource:
    """One process file, read but not yet judged."""

    id: str
    name: str
    documentation: str
    place: Place
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    lanes: tuple[Lane, ...]
    variables: tuple[Variable, ...]
    drawing: Drawing
    xml: bytes
    _leaving: Mapping[str, tuple[Flow, ...]] = field(init=False, repr=False, compare=False)
    _entering: Mapping[str, tuple[Flow, ...]] = field(init=False, repr=False, compare=False)
    _roles: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Indexes: a file may have thousands of nodes, and each is asked for its flows."""
        object.__setattr__(self, "_leaving", _grouped((flow.source, flow) for flow in self.flows.values()))
        object.__setattr__(self, "_entering", _grouped((flow.target, flow) for flow in self.flows.values()))
        object.__setattr__(self, "_roles", {node: lane.role for lane in reversed(self.lanes) for node in lane.nodes})

    def outgoing(self, node: str) -> tuple[Flow, ...]:
        return self._leaving.get(node, ())

    def incoming(self, node: str) -> tuple[Flow, ...]:
        return self._entering.get(node, ())

    def role_of(self, node: str) -> str:
        return self._roles.get(node, "")


def _grouped(pairs: Iterable[tuple[str, Flow]]) -> dict[str, tuple[Flow, ...]]:
    found: dict[str, list[Flow]] = {}
    for node, flow in pairs:
        found.setdefault(node, []).append(flow)
    return {node: tuple(flows) for node, flows in found.items()}


@dataclass(frozen=True, slots=True)
class Term:
    """By when a task is to be done: a working aid, unlike a boundary timer, which moves the case.

    days: length, None where a boundary timer gives the deadline; calendar: hari_kerja or hari_kalender; after_period: counted
    from the end of the case's period where that is later. remind: so many days before it the doer is reminded, None for no
    reminder; escalate: role that is told once it has passed, "" for none.
    """

    days: int | None
    calendar: str = "hari_kerja"
    after_period: bool = False
    remind: int | None = None
    escalate: str = ""


@dataclass(frozen=True, slots=True)
class HumanTaskDef:
    """A task a person does. role: the lane's role; form: name of its form; process: id of the file it stands in.

    separate: tasks of the case whose doer may not do this one.
    """

    id: str
    name: str
    role: str
    form: str
    stage: str
    documentation: str
    process: str
    separate: tuple[str, ...] = ()
    term: Term | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ProcessDefinition:
    """A checked process with its forms and the processes it calls: everything needed to run, show and keep it.

    version: sha256 over the files. files: path relative to the workflows folder → text (<process>/process.bpmn, forms/*.yaml,
    letters/*.html, and those of the processes it calls); store them and `build_process` brings the same definition back, so
    that a running case stays on its version. words: "process/template" → what a notice says.
    """

    id: str
    version: str
    title: str
    source: bytes
    main: ProcessSource
    called: Mapping[str, ProcessSource]
    tasks: Mapping[str, HumanTaskDef]
    forms: Mapping[str, Form]
    files: Mapping[str, str]
    notices: tuple[Diagnostic, ...]
    words: Mapping[str, Text] = field(default_factory=dict)

    @property
    def lanes(self) -> tuple[Lane, ...]:
        return self.main.lanes

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages in the order in which the drawing reaches them."""
        return tuple(dict.fromkeys(task.stage for task in self.tasks.values() if task.stage))

    def sources(self) -> tuple[ProcessSource, ...]:
        return (self.main, *self.called.values())

    def form_of(self, task: str) -> Form:
        return self.forms[self.tasks[task].form]

    def stage_of(self, task: str) -> str:
        return self.tasks[task].stage if task in self.tasks else ""
