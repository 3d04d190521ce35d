"""The requirements graph as SVG: facts at the left, each decision after all that it requires.

Plain SVG without scripts or styles from elsewhere. Kinds differ in shape (fact: round ends, decision: box, parameter: dashed), so
that it reads in black and white; each node has a <title>. Long lines run through lanes of their own, never behind a box.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from .check.graph import closure, requirements
from .model import BindingKind, Policy

WIDTH, HEIGHT, LANE, GAP_X, GAP_Y, MARGIN = 190, 34, 6, 60, 12, 20
SWEEPS = 4


@dataclass(slots=True)
class Node:
    """A box, or (kind "lane") a place where the line from `source` crosses a column."""

    key: str
    kind: str
    column: int
    source: str = ""
    y: float = 0.0

    @property
    def height(self) -> int:
        return LANE if self.kind == "lane" else HEIGHT

    @property
    def x(self) -> int:
        return MARGIN + self.column * (WIDTH + GAP_X)

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def draw(policy: Policy, goals: Iterable[str] | None = None) -> str:
    """The graph of these decisions and all they require (of the whole policy when None)."""
    shown = closure(goals, policy.decisions) if goals is not None else set(policy.decisions)
    order = [name for name in policy.order if name in shown]
    edges = {name: _sources(policy, name) for name in order}
    nodes, segments = _layers(policy, order, edges)
    _arrange(nodes, segments)
    width = max((node.x for node in nodes.values()), default=0) + WIDTH + MARGIN
    height = max((node.y + node.height for node in nodes.values()), default=0) + MARGIN
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:g}" width="{width}" height="{height:g}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>{escape(policy.title)}</title>'
    ]
    lines += [_curve(nodes[start], nodes[end]) for start, end in segments]
    lines += [_straight(node) for node in nodes.values() if node.kind == "lane"]
    lines += [_box(policy, node) for node in nodes.values() if node.kind != "lane"]
    return "\n".join([*lines, "</svg>"]) + "\n"


def _sources(policy: Policy, name: str) -> list[str]:
    """What a decision reads: other decisions, entities (for their facts), parameters."""
    found = dict.fromkeys(requirements(policy.decisions[name]))
    for version in policy.decisions[name]:
        for given in version.inputs:
            if given.binding.kind in (BindingKind.FACT, BindingKind.ITEMS):
                found[f"fact {given.binding.target}"] = None
        found.update({f"parameter {parameter}": None for parameter in version.requires_parameters})
    return list(found)


def _layers(policy: Policy, order: list[str], edges: dict[str, list[str]]) -> tuple[dict[str, Node], list[tuple[str, str]]]:
    """Columns by longest path; facts and parameters just before their first reader; lanes where a line passes columns."""
    column: dict[str, int] = {}
    for name in order:
        column[name] = 1 + max((column[source] for source in edges[name] if source in column), default=0)
    for name in order:
        for source in edges[name]:
            if source not in policy.decisions:
                column[source] = min(column.get(source, column[name] - 1), column[name] - 1)
    nodes = {
        name: Node(name, "decision" if name in policy.decisions else name.partition(" ")[0], at) for name, at in column.items()
    }
    segments: dict[tuple[str, str], None] = {}
    for name in order:
        for source in edges[name]:
            before = source
            for passed in range(column[source] + 1, column[name]):
                lane = f"{source} @ {passed}"
                nodes.setdefault(lane, Node(lane, "lane", passed, source))
                segments[before, lane] = None
                before = lane
            segments[before, name] = None
    return nodes, list(segments)


def _arrange(nodes: dict[str, Node], segments: list[tuple[str, str]]) -> None:
    """Give every node its height in its column, ordered by the middle of its neighbours, from the left and back again."""
    columns: dict[int, list[Node]] = {}
    for node in nodes.values():
        columns.setdefault(node.column, []).append(node)
    into: dict[str, list[Node]] = {}
    out: dict[str, list[Node]] = {}
    for start, end in segments:
        into.setdefault(end, []).append(nodes[start])
        out.setdefault(start, []).append(nodes[end])
    for at in sorted(columns):
        _stack(columns[at])
    for sweep in range(SWEEPS):
        neighbours = into if sweep % 2 == 0 else out
        for at in sorted(columns, reverse=sweep % 2 == 1):
            wish = {
                node.key: sum(other.middle for other in near) / len(near) if (near := neighbours.get(node.key)) else node.middle
                for node in columns[at]
            }
            columns[at].sort(key=lambda node: (wish[node.key], node.key))
            _stack(columns[at])


def _stack(column: list[Node]) -> None:
    y: float = MARGIN
    for node in column:
        node.y = y
        y += node.height + GAP_Y


def _curve(start: Node, end: Node) -> str:
    x1, y1, x2, y2 = start.x + WIDTH, start.middle, end.x, end.middle
    bend = (x2 - x1) / 2
    return f'<path d="M{x1},{y1:g} C{x1 + bend:g},{y1:g} {x2 - bend:g},{y2:g} {x2},{y2:g}" fill="none" stroke="#7a8a99"/>'


def _straight(lane: Node) -> str:
    return f'<path d="M{lane.x},{lane.middle:g} H{lane.x + WIDTH}" fill="none" stroke="#7a8a99"/>'


def _box(policy: Policy, node: Node) -> str:
    if node.kind == "decision":
        name, title, look = node.key, policy.decisions[node.key][-1].label.id, 'rx="3" fill="#e5eef8"'
    elif node.kind == "parameter":
        name = node.key.partition(" ")[2]
        title, look = policy.parameters[name].label.id, 'rx="3" fill="#fbf1dd" stroke-dasharray="4 2"'
    else:
        name = node.key.partition(" ")[2]
        title, look = policy.vocabulary.entities[name].label.id, 'rx="17" fill="#eef3e6"'
    shown = name if len(name) <= 27 else name[:26] + "…"
    return (
        f"<g><title>{escape(title)}</title>"
        f'<rect x="{node.x}" y="{node.y:g}" width="{WIDTH}" height="{HEIGHT}" {look} stroke="#33475b"/>'
        f'<text x="{node.x + WIDTH // 2}" y="{node.middle + 4:g}" text-anchor="middle" fill="#1b2733">{escape(shown)}</text></g>'
    )
