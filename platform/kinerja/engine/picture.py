"""A case's requirements graph with its own values, as SVG: drawn from the trace alone.

Facts and parameters stand just before what reads them, each decision after all that it rests on. Plain SVG without scripts or
outside styles; kinds differ in shape as well as colour, and each node has a <title>.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from ..core.findings import TraceEntry
from .wording import value_id

WIDTH, LINE, PAD, GAP_X, GAP_Y, MARGIN = 250, 16, 8, 56, 14, 16
MOST_LINES = 6
MOST_SIGNS = 38
_LOOKS = {
    "fact": 'rx="14" fill="#eef3e6"',
    "parameter": 'rx="3" fill="#fbf1dd" stroke-dasharray="4 2"',
    "decision": 'rx="3" fill="#e5eef8"',
}


@dataclass(slots=True)
class _Node:
    """A box: its name, the lines in it, and the boxes it reads."""

    name: str
    kind: str
    lines: dict[str, str] = field(default_factory=dict)
    reads: dict[str, None] = field(default_factory=dict)
    column: int = 0
    y: float = MARGIN

    @property
    def shown(self) -> list[str]:
        written = [f"{name} = {value}" for name, value in self.lines.items()]
        rest = len(written) - MOST_LINES
        kept = written if rest <= 0 else [*written[: MOST_LINES - 1], f"… dan {rest + 1} lagi"]
        return [_short(line) for line in kept]

    @property
    def height(self) -> int:
        return 2 * PAD + LINE * (1 + len(self.shown))

    @property
    def x(self) -> int:
        return MARGIN + self.column * (WIDTH + GAP_X)

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def draw(trace: Sequence[TraceEntry], title: str = "") -> str:
    """The SVG of these entries: a whole trace, or the part that `explain` gives."""
    nodes = _nodes(trace)
    _place(nodes)
    width = max((node.x for node in nodes.values()), default=0) + WIDTH + MARGIN
    height = max((node.y + node.height for node in nodes.values()), default=0) + MARGIN
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:g}" width="{width}" height="{height:g}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>{escape(title or "Jalan hitungan kasus ini")}</title>'
    )
    edges = [_edge(nodes[source], node) for node in nodes.values() for source in node.reads]
    return "\n".join([head, *edges, *(_box(node) for node in nodes.values()), "</svg>"]) + "\n"


def _nodes(trace: Sequence[TraceEntry]) -> dict[str, _Node]:
    nodes: dict[str, _Node] = {}
    decisions = {entry.decision for entry in trace}
    of_items = {entry.output: entry.decision for entry in trace if entry.item}
    for entry in trace:
        node = nodes.setdefault(entry.decision, _Node(entry.decision, "decision"))
        name = f"{entry.output} [{entry.item}]" if entry.item else entry.output
        times = sum(1 for line in node.lines if line.partition(" #")[0] == name)
        node.lines[f"{name} #{times + 1}" if times else name] = value_id(entry.value)
        for given in entry.inputs:
            owner, _, member = given.source.partition(".")
            if owner == entry.decision or owner == "panggilan":
                continue
            if owner in decisions:
                node.reads[owner] = None
                continue
            for part in _members(given.value):
                if part in of_items:
                    node.reads[of_items[part]] = None
            key = given.source if owner == "parameter" else owner
            if owner == "parameter":
                source, line = nodes.setdefault(key, _Node(member, owner)), given.name
            else:
                source, line = nodes.setdefault(key, _Node(owner, "fact")), _fact_name(member, entry.item)
            source.lines[line] = value_id(given.value)
            node.reads[key] = None
    return nodes


def _members(value: Any) -> set[str]:
    """The names of the members of a list of items."""
    return {name for item in value if isinstance(item, dict) for name in item} if isinstance(value, tuple) else set()


def _fact_name(member: str, item: str) -> str:
    return f"{member or 'daftar'} [{item}]" if item else member or "daftar"


def _place(nodes: dict[str, _Node]) -> None:
    """Columns by the longest path, facts and parameters next to their first reader; rows by the middle of what a box reads."""
    decisions = [node for node in nodes.values() if node.kind == "decision"]
    for _ in decisions:  # called decisions may stand after their caller's inputs in the trace
        for node in decisions:
            depths = [nodes[source].column for source in node.reads if nodes[source].kind == "decision"]
            node.column = 1 + max(depths, default=0)
    for node in reversed(decisions):  # as late as what reads them allows, so that lines are short
        readers = [other.column for other in decisions if node.name in other.reads]
        node.column = max(node.column, min(readers, default=node.column + 1) - 1)
    for key, node in nodes.items():
        if node.kind != "decision":
            node.column = min((other.column for other in decisions if key in other.reads), default=1) - 1
    columns: dict[int, list[_Node]] = {}
    for node in nodes.values():
        columns.setdefault(node.column, []).append(node)
    for column in sorted(columns):
        listed = columns[column]
        listed.sort(key=lambda node: (_wish(node, nodes), node.name))
        y: float = MARGIN
        for node in listed:
            node.y = max(y, _wish(node, nodes) - node.height / 2)
            y = node.y + node.height + GAP_Y


def _wish(node: _Node, nodes: dict[str, _Node]) -> float:
    sources = [nodes[source].middle for source in node.reads]
    return sum(sources) / len(sources) if sources else 0.0


def _edge(start: _Node, end: _Node) -> str:
    x1, y1, x2, y2 = start.x + WIDTH, start.middle, end.x, end.middle
    bend = max((x2 - x1) / 2, 20)
    return f'<path d="M{x1},{y1:g} C{x1 + bend:g},{y1:g} {x2 - bend:g},{y2:g} {x2},{y2:g}" fill="none" stroke="#7a8a99"/>'


def _box(node: _Node) -> str:
    full = "; ".join(f"{name} = {value}" for name, value in node.lines.items())
    texts = [_text(node, 0, node.name, ' font-weight="bold"'), *(_text(node, row, line) for row, line in enumerate(node.shown, 1))]
    return (
        f"<g><title>{escape(f'{node.name}: {full}')}</title>"
        f'<rect x="{node.x}" y="{node.y:g}" width="{WIDTH}" height="{node.height}" {_LOOKS[node.kind]} stroke="#33475b"/>'
        f"{''.join(texts)}</g>"
    )


def _text(node: _Node, row: int, text: str, look: str = "") -> str:
    y = node.y + PAD + LINE * row + 12
    return f'<text x="{node.x + PAD}" y="{y:g}" fill="#1b2733"{look}>{escape(_short(text))}</text>'


def _short(text: str) -> str:
    return text if len(text) <= MOST_SIGNS else text[: MOST_SIGNS - 1] + "…"
