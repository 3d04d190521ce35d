"""A case's requirements graph with its own values, as SVG: drawn from the trace alone, named by the policy where there is one.

What was asked stands at the top; below each decision the decisions it rests on, and in a box of its own the facts and parameters it
reads. Plain SVG without scripts or outside styles; kinds differ in shape as well as colour, and each box has a <title>.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from html import escape
from typing import Any

from ..core.findings import TraceEntry
from ..policy.model import Policy
from .naming import Naming

WIDTH, LINE, PAD, GAP_X, GAP_Y, MARGIN, HEAD = 262, 17, 9, 26, 52, 16, 26
MOST_LINES = 12
PLAIN, BOLD = 6.8, 7.6  # of a sign, in the widest of the typefaces that readers may have
MOST_SIGNS = 27  # of a value
SMALL = 10.5
_INK, _MUTED, _WIRE = "#1f2933", "#5b6873", "#9fb4b8"
_LOOKS = {
    "goal": ("#0f4c5c", "#ffffff", "#0f4c5c", ""),
    "decision": ("#e3edee", _INK, "#0f4c5c", ""),
    "sources": ("#fcf1dd", _INK, "#c08a35", ' stroke-dasharray="5 3"'),
}
"""Kind of a box → fill and ink of its head, colour and dashes of its frame."""


@dataclass(slots=True)
class _Box:
    """lines: (what, value). reads: keys of the boxes below. foot: file and line of a decision."""

    key: str
    kind: str
    title: str
    foot: str = ""
    lines: list[tuple[str, str]] = field(default_factory=list)
    reads: dict[str, None] = field(default_factory=dict)
    row: int = 0
    x: float = 0.0
    y: float = MARGIN

    def shown(self, more: str) -> list[tuple[str, str]]:
        rest = len(self.lines) - MOST_LINES
        return self.lines if rest <= 0 else [*self.lines[: MOST_LINES - 1], (f"… {rest + 1} {more}", "")]

    @property
    def height(self) -> float:
        return HEAD + 2 * PAD + LINE * min(len(self.lines), MOST_LINES) + (LINE if self.foot else 0)

    @property
    def middle(self) -> float:
        return self.x + WIDTH / 2


def draw(trace: Sequence[TraceEntry], title: str = "", policy: Policy | None = None, language: str = "id") -> str:
    """The SVG of these entries: a whole trace, or the part that `explain` gives."""
    naming = Naming(policy, language)
    boxes = _boxes(trace, naming)
    rows = _place(boxes)
    width = max((box.x for box in boxes.values()), default=0) + WIDTH + MARGIN
    height = max((box.y + box.height for box in boxes.values()), default=0) + MARGIN
    name = title or naming.say("picture")
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}"'
        f' role="img" font-family="system-ui, Noto Sans, Liberation Sans, sans-serif" font-size="12"><title>{escape(name)}</title>'
        f'<defs><marker id="ujung" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M0 0 8 4 0 8z" fill="{_WIRE}"/></marker></defs>'
    )
    wires = [_wire(boxes[below], box) for box in boxes.values() for below in box.reads]
    return "\n".join([head, *wires, *(_drawn(box, naming.say("more")) for row in rows for box in row), "</svg>"]) + "\n"


def _boxes(trace: Sequence[TraceEntry], naming: Naming) -> dict[str, _Box]:
    """A box for each decision, and one below it for what it reads that no decision gave. The last decision is the goal."""
    decisions = {entry.decision for entry in trace}
    of_items = {entry.output: entry.decision for entry in trace if entry.item}
    boxes: dict[str, _Box] = {}
    given: dict[str, dict[tuple[str, str], str]] = {}
    for entry in trace:
        box = boxes.setdefault(entry.decision, _Box(entry.decision, "decision", naming.decision(entry.decision)))
        box.foot = f"{entry.place.file.rpartition('/')[2]}:{entry.place.line}"
        if naming.is_output(entry.decision, entry.output):
            label, value = (
                naming.output(entry.decision, entry.output),
                naming.value(entry.value, f"{entry.decision}.{entry.output}"),
            )
            name = label if not entry.item else entry.item if naming.has_one_output(entry.decision) else f"{entry.item}: {label}"
            box.lines.append((name, value))
        for read in entry.inputs:
            owner, _, member = read.source.partition(".")
            if owner == entry.decision or owner == "panggilan":
                continue
            if owner in decisions:
                box.reads[owner] = None
                continue
            box.reads |= dict.fromkeys(of_items[part] for part in _members(read.value) if part in of_items)
            if not member or _members(read.value):  # a whole list of items says nothing here that its own box does not
                continue
            of_item = entry.item if owner != "parameter" else ""
            absent = read.value is None and entry.value is None  # why this item has no answer
            if of_item and not absent and not isinstance(read.value, Fraction):  # of an item its figures; polarity is in the words
                continue
            name = f"{of_item}: " * bool(of_item) + naming.read(read.name, read.source)
            given.setdefault(entry.decision, {})[name, read.source + of_item] = naming.value(read.value, read.source)
    for decision, facts in given.items():
        key = f"{decision} ◂"
        lines = [(name, value) for (name, _), value in facts.items()]
        boxes[key] = _Box(key, "sources", naming.say("sources"), lines=lines)
        boxes[decision].reads[key] = None
    if trace:
        boxes[trace[-1].decision].kind = "goal"
    return boxes


def _members(value: Any) -> set[str]:
    """The names of the members of a list of items."""
    return {name for item in value if isinstance(item, dict) for name in item} if isinstance(value, tuple) else set()


# ── places ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _place(boxes: dict[str, _Box]) -> list[list[_Box]]:
    """Rows by the longest way from the top; in a row by the middle of what reads a box, without overlap."""
    readers: dict[str, list[_Box]] = {key: [] for key in boxes}
    for box in boxes.values():
        for below in box.reads:
            readers[below].append(box)
    for _ in boxes:  # as many rounds as the longest way can be
        for key, box in boxes.items():
            box.row = max((reader.row + 1 for reader in readers[key]), default=0)
    rows: list[list[_Box]] = [[] for _ in range(max((box.row for box in boxes.values()), default=-1) + 1)]
    for box in boxes.values():
        rows[box.row].append(box)
    y: float = MARGIN
    for row in rows:
        wishes = {box.key: _mean([reader.middle for reader in readers[box.key]]) for box in row}
        row.sort(key=lambda box: (wishes[box.key], box.kind, box.key))
        free = float("-inf")
        for box in row:
            box.x, box.y = max(free, wishes[box.key] - WIDTH / 2), y
            free = box.x + WIDTH + GAP_X
        drift = _mean([box.middle - wishes[box.key] for box in row])
        for box in row:
            box.x -= drift
        y += max(box.height for box in row) + GAP_Y
    left = min((box.x for box in boxes.values()), default=0.0) - MARGIN
    for box in boxes.values():
        box.x = round(box.x - left)
    return rows


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


# ── marks ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _wire(below: _Box, above: _Box) -> str:
    x1, y1, x2, y2 = below.middle, below.y, above.middle, above.y + above.height
    bend = max((y1 - y2) / 2, 16)
    return (
        f'<path d="M{x1:g},{y1:g} C{x1:g},{y1 - bend:g} {x2:g},{y2 + bend:g} {x2:g},{y2 + 2:g}" fill="none" stroke="{_WIRE}"'
        ' stroke-width="1.5" marker-end="url(#ujung)"/>'
    )


def _drawn(box: _Box, more: str) -> str:
    fill, ink, frame, dashes = _LOOKS[box.kind]
    full = "; ".join(f"{name} = {value}" for name, value in box.lines)
    x, y, right = box.x, box.y, box.x + WIDTH - PAD
    parts = [
        f"<g><title>{escape(f'{box.title}: {full}')}</title>",
        f'<rect x="{x:g}" y="{y:g}" width="{WIDTH}" height="{box.height:g}" rx="6" fill="#ffffff" stroke="{frame}"{dashes}/>',
        f'<path d="M{x:g} {y + HEAD:g} v{6 - HEAD} a6 6 0 0 1 6 -6 h{WIDTH - 12} a6 6 0 0 1 6 6 v{HEAD - 6} z" fill="{fill}"/>',
        _text(x + PAD, y + 17, _short(box.title, int((WIDTH - 2 * PAD) / BOLD)), ink, ' font-weight="600"'),
    ]
    y += HEAD + PAD + 11
    for name, value in box.shown(more):
        value = _short(value, MOST_SIGNS)
        room = int((WIDTH - 3 * PAD - BOLD * len(value)) / PLAIN)
        parts.append(_text(x + PAD, y, _short(name, room), _MUTED))
        parts.append(_text(right, y, value, _INK, ' text-anchor="end" font-weight="600"'))
        y += LINE
    if box.foot:
        parts.append(_text(x + PAD, y, box.foot, _MUTED, f' font-size="{SMALL}"'))
    return "".join([*parts, "</g>"])


def _text(x: float, y: float, text: str, ink: str, look: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}" fill="{ink}"{look}>{escape(text)}</text>'


def _short(text: str, signs: int) -> str:
    return text if len(text) <= signs else text[: signs - 1] + "…"
