"""Second pass: is this process one that people can work by? Every finding at once, with code, line and remedy.

What is checked stands in `catalogue`; the order here is: flows and tokens, gateways, roles and forms, operations, timers,
drawing. Conditions have a module of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from ..feel.types import NUMBER
from .catalogue import Report
from .conditioncheck import check_conditions
from .durations import parse_duration
from .forms import Form
from .loops import idle_loops
from .model import Flow, Node, ProcessSource
from .terms import check_terms
from .tokens import stuck_and_doubled

ROLES = (
    "pegawai", "pejabat_penilai", "atasan_pejabat_penilai", "tim_evaluasi", "bkpsdm", "pejabat_kebijakan", "pejabat_penetap",
    "auditor", "administrator", "sistem",
)  # fmt: skip
STAGES = (
    "perencanaan", "pelaksanaan", "penilaian", "evaluasi", "penetapan", "tindak_lanjut", "keberatan", "pembinaan", "pembayaran",
    "aturan",
)  # fmt: skip
MACHINE_ROLE = "sistem"
MAX_SHOWN = 6
BROKEN_GRAPH = frozenset({"P006", "P015", "P020", "P021", "P022", "P024", "P025", "P026", "P028", "P029"})
"""With one of these the graph does not hang together, and following tokens through it would say nothing."""


@dataclass(frozen=True, slots=True)
class World:
    """What a process may refer to: operations service tasks may run, decisions of the rules, letters and words of notices (None:
    not known, so not judged), and the processes of the workflows folder."""

    operations: Collection[str] | None
    decisions: Collection[str] | None = None
    processes: Collection[str] = ()
    letters: Collection[str] | None = None
    words: Collection[str] | None = None


def check_process(source: ProcessSource, forms: Mapping[str, Form], world: World, report: Report) -> None:
    """Add every finding about one process to the report. forms: the readable forms of its folder by file name."""
    _flows(source, report)
    _reach(source, report)
    _gateways(source, report)
    _roles(source, report)
    _forms(source, forms, world, report)
    _operations(source, world, report)
    known = check_conditions(source, forms, report)
    _timers(source, [name for name, value in known.items() if value.type == NUMBER], report)
    check_terms(source, ROLES, report)
    _drawn(source, report)


def _shown(node: Node) -> str:
    return node.name or node.id


def _flows(source: ProcessSource, report: Report) -> None:
    starts = [node for node in source.nodes.values() if node.kind == "startEvent"]
    if len(starts) != 1:
        report.add("P021", starts[1].place if starts else source.place, count=len(starts))
    if not any(node.kind == "endEvent" for node in source.nodes.values()):
        report.add("P022", source.place)
    for flow in source.flows.values():
        for ref in (flow.source, flow.target):
            if ref not in source.nodes:
                report.add("P020", flow.place, id=flow.id, ref=ref)
    for node in source.nodes.values():
        if not node.name and node.kind in ("userTask", "serviceTask", "businessRuleTask", "callActivity"):
            report.add("P016", node.place, id=node.id)
        if node.kind == "boundaryEvent":
            host = source.nodes.get(node.attached_to)
            if host is None or host.is_event or host.is_gateway:
                report.add("P028", node.place, id=node.id, ref=node.attached_to)
        if node.kind in ("startEvent", "boundaryEvent") and source.incoming(node.id):
            report.add("P029", source.incoming(node.id)[0].place, name=_shown(node), way_id="masuk", way_en="incoming")
        if node.kind == "endEvent" and source.outgoing(node.id):
            report.add("P029", source.outgoing(node.id)[0].place, name=_shown(node), way_id="keluar", way_en="outgoing")
        if len(source.outgoing(node.id)) > 1 and not node.is_gateway:
            report.add("P026", node.place, name=_shown(node))


def _links(source: ProcessSource) -> dict[str, set[str]]:
    """Node → nodes that can come next, a task's boundary events among them."""
    links: dict[str, set[str]] = {name: set() for name in source.nodes}
    for flow in source.flows.values():
        if flow.source in links and flow.target in links:
            links[flow.source].add(flow.target)
    for node in source.nodes.values():
        if node.kind == "boundaryEvent" and node.attached_to in links:
            links[node.attached_to].add(node.id)
    return links


def _reachable(links: Mapping[str, set[str]], origins: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    todo = list(origins)
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo.extend(links[name])
    return seen


def _reach(source: ProcessSource, report: Report) -> None:
    links = _links(source)
    backwards: dict[str, set[str]] = {name: set() for name in links}
    for name, following in links.items():
        for other in following:
            backwards[other].add(name)
    starts = [node.id for node in source.nodes.values() if node.kind == "startEvent"]
    ends = [node.id for node in source.nodes.values() if node.kind == "endEvent"]
    stopped = [node.id for node in source.nodes.values() if node.kind != "endEvent" and not source.outgoing(node.id)]
    reached = _reachable(links, starts)
    leaving = _reachable(backwards, [*ends, *stopped])
    for node in source.nodes.values():
        if starts and node.id not in reached:
            report.add("P023", node.place, name=_shown(node))
        elif node.id in stopped:
            report.add("P024", node.place, name=_shown(node))
        elif ends and node.id not in leaving:
            report.add("P025", node.place, name=_shown(node))
    for loop in idle_loops(source):
        names = ", ".join(f"“{_shown(source.nodes[name])}”" for name in loop[:MAX_SHOWN])
        report.add("P036", source.nodes[loop[0]].place, names=names + (" …" if len(loop) > MAX_SHOWN else ""))
    if BROKEN_GRAPH.isdisjoint(found.code for found in report.errors):
        stuck, doubled = stuck_and_doubled(source)
        for name in sorted(stuck):
            report.add("P034", source.nodes[name].place, name=_shown(source.nodes[name]))
        for name in sorted(doubled - stuck):
            report.add("P035", source.nodes[name].place, name=_shown(source.nodes[name]))


def _gateways(source: ProcessSource, report: Report) -> None:
    for node in source.nodes.values():
        outgoing = source.outgoing(node.id)
        if node.default and node.default not in [flow.id for flow in outgoing]:
            report.add("P033", node.place, name=_shown(node), ref=node.default)
        choosing = node.kind == "exclusiveGateway" and len(outgoing) > 1
        if choosing and not node.default:
            report.add("P030", node.place, name=_shown(node))
        for flow in outgoing:
            if choosing:
                _choice(node, flow, report)
            elif flow.condition is not None:
                report.add("P027", flow.place, id=flow.id)


def _choice(node: Node, flow: Flow, report: Report) -> None:
    if flow.id == node.default and flow.condition is not None:
        report.add("P032", flow.place, id=flow.id)
    elif flow.id != node.default and flow.condition is None and node.default:
        report.add("P031", flow.place, id=flow.id)


def _roles(source: ProcessSource, report: Report) -> None:
    for lane in source.lanes:
        if lane.role not in ROLES and not lane.outer:
            report.add("P050", lane.place, name=lane.name, known=", ".join(ROLES), near=(lane.role, ROLES))
    people = {node.id for node in source.nodes.values() if node.kind == "userTask"}
    for node in source.nodes.values():
        if node.kind != "userTask":
            continue
        role = source.role_of(node.id)
        if not role:
            report.add("P051", node.place, name=_shown(node))
        elif role == MACHINE_ROLE:
            report.add("P058", node.place, name=_shown(node))
        stage = node.attributes.get("stage", "")
        if stage not in STAGES:
            report.add("P057", node.place, name=_shown(node), known=", ".join(STAGES), near=(stage, STAGES))
        for other in node.attributes.get("separate", "").split():
            if other not in people or other == node.id:
                report.add("P059", node.place, name=_shown(node), other=other, near=(other, [*(people - {node.id})]))


def _forms(source: ProcessSource, forms: Mapping[str, Form], world: World, report: Report) -> None:
    for node in source.nodes.values():
        if node.kind != "userTask":
            continue
        form = node.attributes.get("form", "")
        if not form:
            report.add("P052", node.place, name=_shown(node))
        elif form not in forms:
            report.add("P053", node.place, form=form, near=(form, list(forms)))
        else:
            for question in forms[form].fields.values():
                if question.decision and world.decisions is not None and question.decision not in world.decisions:
                    report.add("P063", question.place, decision=question.decision, near=(question.decision, world.decisions))


def _operations(source: ProcessSource, world: World, report: Report) -> None:
    for node in source.nodes.values():
        if node.kind == "serviceTask":
            operation = node.attributes.get("operation", "")
            if not operation:
                report.add("P060", node.place, name=_shown(node))
            elif world.operations is not None and operation not in world.operations:
                known = ", ".join(sorted(world.operations)) or "–"
                report.add("P061", node.place, operation=operation, known=known, near=(operation, world.operations))
            _spoken(node, operation, world, report)
        elif node.kind == "businessRuleTask":
            decision = node.attributes.get("decision", "")
            if not decision:
                report.add("P062", node.place, name=_shown(node))
            elif world.decisions is not None and decision != "kasus" and decision not in world.decisions:
                report.add("P063", node.place, decision=decision, near=(decision, world.decisions))
        elif node.kind == "callActivity" and node.called not in world.processes:
            report.add("P080", node.place, called=node.called, near=(node.called, world.processes))


def _spoken(node: Node, operation: str, world: World, report: Report) -> None:
    """What a task says: the words of a notice, the kind of a letter."""
    template, letter = node.attributes.get("template", ""), node.attributes.get("letter", "")
    to = node.attributes.get("to", "")
    if operation == "notify" and to and to not in ROLES:
        report.add("P067", node.place, name=_shown(node), to=to, known=", ".join(ROLES), near=(to, ROLES))
    if operation == "notify" and world.words is not None and template not in world.words:
        report.add("P064", node.place, name=_shown(node), template=template, near=(template, world.words))
    if operation == "issue_letter" and world.letters is not None and letter not in world.letters:
        known = ", ".join(sorted(world.letters))
        report.add("P066", node.place, name=_shown(node), letter=letter, known=known, near=(letter, world.letters))


def _timers(source: ProcessSource, numbers: Collection[str], report: Report) -> None:
    for node in source.nodes.values():
        if node.timer is None:
            continue
        duration = parse_duration(node.timer.duration)
        if duration is None:
            report.add("P070", node.timer.place, id=node.id, duration=node.timer.duration)
        elif node.timer.calendar and not duration.days_only:
            report.add("P071", node.timer.place, id=node.id)
        elif not duration.sensible:
            report.add("P076", node.timer.place, name=_shown(node), what="", value=node.timer.duration)
        if node.timer.days and node.timer.days not in numbers:
            report.add("P077", node.timer.place, id=node.id, days=node.timer.days, near=(node.timer.days, numbers))


def _drawn(source: ProcessSource, report: Report) -> None:
    drawing = source.drawing
    if not drawing.shapes:
        report.add("P090", source.place)
        return
    for node in source.nodes.values():
        if node.id not in drawing.shapes:
            report.add("P091", node.place, id=node.id)
    for flow in source.flows.values():
        if flow.id not in drawing.edges:
            report.add("P091", flow.place, id=flow.id)
