"""A process as an SVG: the file's own drawing, with the way a case has gone and where it stands now.

Plain presentation attributes only (no style sheet, no script, no font from elsewhere), so that it shows under a strict content
policy, prints, and goes into a letter. The same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from . import backdrop, glyphs
from .glyphs import AMBER, GREEN, GREY, INK, LINE, PAPER, RED, WHITE, attributes, fmt
from .lettering import below, block, wrap
from .model import Box, Flow, Node, ProcessDefinition, ProcessSource

MARGIN = 24.0
NAME_WIDTH = 130  # of a flow's name before it wraps
LEAST_WIDTH = 60  # of an event's or gateway's
KEY_WIDTH = 150  # of one key of the legend
LEGEND = 46.0
WORDS = {
    "id": {
        "here": "Di sini", "late": "Terlambat", "done": "selesai", "current": "sedang berjalan", "overdue": "terlambat",
        "open": "belum", "at": "Kasus berada di", "none": "Belum ada kasus yang ditandai.", "over": "Kasus sudah selesai.",
        "lanes": "Lajur",
    },
    "en": {
        "here": "Here", "late": "Late", "done": "done", "current": "in progress", "overdue": "late", "open": "not yet",
        "at": "The case is at", "none": "No case is marked.", "over": "The case is finished.", "lanes": "Lanes",
    },
}  # fmt: skip
KEYS = {
    "id": ("Sudah dilalui", "Sedang berjalan", "Terlambat", "Belum"),
    "en": ("Passed", "In progress", "Late", "Not yet"),
}


@dataclass(frozen=True, slots=True)
class _Marks:
    done: frozenset[str]
    current: frozenset[str]
    late: frozenset[str]
    labels: Mapping[str, str]
    language: str

    @property
    def any(self) -> bool:
        return bool(self.done or self.current or self.late)

    def state(self, name: str) -> str:
        if name in self.late:
            return "overdue"
        if name in self.current:
            return "current"
        return "done" if name in self.done else "open"

    def word(self, key: str) -> str:
        return WORDS[self.language][key]


def picture(
    process: ProcessDefinition | ProcessSource,
    done: Collection[str] = (),
    current: Collection[str] = (),
    late: Collection[str] = (),
    *,
    labels: Mapping[str, str] | None = None,
    language: str = "id",
    name: str = "proses",
) -> str:
    """The SVG text. done: `Step.done` (nodes and flows). current: `Step.current`. late: those of current that are overdue.

    labels: node → words on its marker instead of "Di sini" (a person's name, a date). name: prefix of the ids inside, for pages
    that hold several pictures.
    """
    source = process.main if isinstance(process, ProcessDefinition) else process
    current, late = _drawn(process, current), _drawn(process, late)
    marks = _Marks(
        frozenset(done),
        frozenset(current) | frozenset(late),
        frozenset(late),
        labels or {},
        language if language in WORDS else "id",
    )
    return _Painter(source, marks, name).paint()


def _drawn(process: ProcessDefinition | ProcessSource, names: Collection[str]) -> list[str]:
    """Ids as they stand in this drawing: a task of a called process stands for the call activity that leads to it."""
    if not isinstance(process, ProcessDefinition):
        return list(names)
    found = []
    for name in names:
        seeking = process.tasks[name].process if name in process.tasks else process.id
        calls = (
            node.id for node in process.main.nodes.values() if node.kind == "callActivity" and _leads(process, node.called, seeking)
        )
        found.append(name if seeking == process.id else next(calls, name))
    return found


def _leads(process: ProcessDefinition, called: str, seeking: str) -> bool:
    """Whether a called process is the one sought or calls it in turn (calls never go round in circles: P081)."""
    return called == seeking or any(
        node.kind == "callActivity" and _leads(process, node.called, seeking) for node in process.called[called].nodes.values()
    )


class _Painter:
    def __init__(self, source: ProcessSource, marks: _Marks, name: str) -> None:
        self.source, self.marks, self.prefix = source, marks, name
        self.shapes, self.edges = source.drawing.shapes, source.drawing.edges

    def paint(self) -> str:
        frame = self.frame()
        bottom = frame.bottom + (LEGEND if self.marks.any else 0.0)
        view = f"{fmt(frame.x)} {fmt(frame.y)} {fmt(frame.width)} {fmt(bottom - frame.y)}"
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" width="{fmt(frame.width)}" height="{fmt(bottom - frame.y)}"'
            f' role="img" aria-labelledby="{self.prefix}-judul {self.prefix}-uraian" lang="{self.marks.language}"'
            f' font-family="{glyphs.FONT}" font-size="12" fill="{INK}">',
            f'<title id="{self.prefix}-judul">{escape(self.source.name)}</title>',
            f'<desc id="{self.prefix}-uraian">{escape(self.description())}</desc>',
            f"<defs>{self.arrow('alur', LINE)}{self.arrow('lalu', GREEN)}</defs>",
            f"<rect {attributes(x=frame.x, y=frame.y, width=frame.width, height=bottom - frame.y, fill=PAPER)}/>",
            *backdrop.pools(self.source),
            *backdrop.lanes(self.source),
            *backdrop.groups(self.source),
            *(backdrop.dotted(edge) for name, edge in sorted(self.edges.items()) if name in self.source.drawing.associations),
            *self.flows(),
            *(self.node(node) for node in self.source.nodes.values() if node.kind != "boundaryEvent"),
            *(self.node(node) for node in self.source.nodes.values() if node.kind == "boundaryEvent"),
            *backdrop.data(self.source),
            *backdrop.notes(self.source),
            *self.flow_names(),
            *(self.marker(node) for node in self.source.nodes.values() if node.id in self.marks.current),
            *(self.legend(frame) if self.marks.any else ()),
            "</svg>\n",
        ]
        return "\n".join(part for part in parts if part)

    def frame(self) -> Box:
        boxes = [shape.box for shape in self.shapes.values()]
        boxes += [shape.label for shape in self.shapes.values() if shape.label]
        boxes += [edge.label for edge in self.edges.values() if edge.label]
        xs = [x for box in boxes for x in (box.x, box.right)] + [x for edge in self.edges.values() for x, _ in edge.points]
        ys = [y for box in boxes for y in (box.y, box.bottom)] + [y for edge in self.edges.values() for _, y in edge.points]
        left, top, right, bottom = min(xs, default=0.0), min(ys, default=0.0), max(xs, default=100.0), max(ys, default=100.0)
        return Box(left - MARGIN, top - MARGIN, right - left + 2 * MARGIN, bottom - top + 2 * MARGIN)

    def description(self) -> str:
        """What the picture says, for people who cannot see it."""
        word = self.marks.word
        sentences = [self.source.documentation, f"{word('lanes')}: " + ", ".join(lane.name for lane in self.source.lanes) + "."]
        names = [node.name for node in self.source.nodes.values() if node.id in self.marks.current]
        if names:
            late = [node.name for node in self.source.nodes.values() if node.id in self.marks.late]
            sentences.append(f"{word('at')}: {', '.join(names)}." + (f" {word('late')}: {', '.join(late)}." if late else ""))
        else:
            sentences.append(word("over") if self.marks.done else word("none"))
        return " ".join(sentence for sentence in sentences if sentence)

    def arrow(self, name: str, colour: str) -> str:
        tip = f'<path d="M0 0L9 4.5L0 9Z" fill="{colour}"/>'
        size = 'markerWidth="9" markerHeight="9" refX="8.2" refY="4.5" orient="auto" markerUnits="userSpaceOnUse"'
        return f'<marker id="{self.prefix}-{name}" {size}>{tip}</marker>'

    # ── flows ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    def flows(self) -> list[str]:
        known = [flow for flow in self.source.flows.values() if flow.id in self.edges]
        return [self.flow(flow) for flow in sorted(known, key=self.passed)]  # what was passed lies on top

    def passed(self, flow: Flow) -> bool:
        if any(name in self.marks.done for name in self.source.flows):
            return flow.id in self.marks.done
        return flow.source in self.marks.done and flow.target in self.marks.done | self.marks.current

    def flow(self, flow: Flow) -> str:
        strong = self.passed(flow)
        path = glyphs.rounded(self.edges[flow.id].points, 9)
        stroke = attributes(
            d=path, fill="none", stroke=GREEN if strong else LINE, stroke_width=2.8 if strong else 1.4,
            marker_end=f"url(#{self.prefix}-{'lalu' if strong else 'alur'})",
        )  # fmt: skip
        title = f"<title>{escape(flow.condition)}</title>" if flow.condition else ""
        return f"<g>{title}<path {stroke}/></g>"

    def flow_names(self) -> list[str]:
        parts = []
        for flow in self.source.flows.values():
            if flow.name and flow.id in self.edges:
                edge = self.edges[flow.id]
                centre = edge.label.centre if edge.label else glyphs.midpoint(edge.points)
                colour = GREEN if self.passed(flow) else GREY
                parts.append(
                    block(
                        wrap(flow.name, NAME_WIDTH, glyphs.NAME_SIZE),
                        centre,
                        glyphs.NAME_SIZE,
                        fill=colour,
                        weight="600" if self.passed(flow) else "400",
                        halo=True,
                    )
                )
        return parts

    # ── nodes ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    def node(self, node: Node) -> str:
        if node.id not in self.shapes:
            return ""
        shape = self.shapes[node.id]
        state = self.marks.state(node.id)
        words = f"{node.name or node.id}" + (f" – {self.marks.word(state)}" if self.marks.any else "")
        detail = f". {node.documentation}" if node.documentation else ""
        if node.is_event:
            body = glyphs.event(node, shape.box, state)
        elif node.is_gateway:
            body = glyphs.gateway(node, shape.box, state)
        else:
            body = glyphs.task(node, shape.box, state)
        label = ""
        if (node.is_event or node.is_gateway) and node.name:
            box = shape.label or Box(shape.box.centre[0] - 55, shape.box.bottom + 4, 110, 28)
            lines = wrap(node.name, max(box.width, LEAST_WIDTH), glyphs.NAME_SIZE)
            spot = box.centre[0], below(box.y, box.centre[1], lines, glyphs.NAME_SIZE)
            label = block(lines, spot, glyphs.NAME_SIZE, fill=INK, halo=True)
        return f'<g id="{self.prefix}-{node.id}"><title>{escape(words + detail)}</title>{body}{label}</g>'

    def marker(self, node: Node) -> str:
        """The pin that says where the case is."""
        if node.id not in self.shapes:
            return ""
        late = node.id in self.marks.late
        words = self.marks.labels.get(node.id) or self.marks.word("late" if late else "here")
        return glyphs.pin(self.shapes[node.id].box, words, RED if late else AMBER, WHITE if late else INK)

    def legend(self, frame: Box) -> list[str]:
        parts = []
        x, y = frame.x + MARGIN, frame.bottom + 8
        for state, words in zip(("done", "current", "overdue", "open"), KEYS[self.marks.language], strict=True):
            fill, stroke, width = glyphs.LOOK[state]
            parts.append(f"<rect {attributes(x=x, y=y, width=26, height=16, rx=4, fill=fill, stroke=stroke, stroke_width=width)}/>")
            parts.append(block([words], (x + 34, y + 8), 13, fill=INK, anchor="start"))
            x += KEY_WIDTH
        return parts
