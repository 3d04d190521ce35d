"""The shapes of the picture: tasks, gateways, events, the pin, rounded lines. Colours say the state, marks say it again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .lettering import PAPER, block, width, wrap
from .model import Box, Node

TEAL, AMBER, GREEN, RED, INK, WHITE = "#0f4c5c", "#e09f3e", "#4d7c5a", "#9e2a2b", "#1f2933", "#ffffff"
GREY, LINE, HAIR, BAND = "#52606d", "#9aa5b1", "#e4ddd0", "#ece6da"
LANE_FILLS = ("#fdfcfa", "#f7f4ee")
FONT = "'Segoe UI', 'Noto Sans', 'Liberation Sans', Arial, sans-serif"
TASK_SIZE, NAME_SIZE, LANE_SIZE = 13.5, 12.0, 13.0
LOOK = {
    "done": ("#e6efe8", GREEN, 1.8),
    "current": ("#fdf1dc", AMBER, 3.0),
    "overdue": ("#f8e4e4", RED, 3.0),
    "open": (WHITE, LINE, 1.4),
}
__all__ = ["AMBER", "FONT", "GREEN", "GREY", "INK", "LINE", "LOOK", "PAPER", "RED", "TEAL", "WHITE"]
Point = tuple[float, float]


def fmt(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".") if value else "0"


def attributes(**values: str | float) -> str:
    """Keyword arguments as XML attributes; underscores become hyphens. Values are ours, never a user's text."""
    return " ".join(
        f'{name.replace("_", "-")}="{fmt(value) if isinstance(value, int | float) else value}"' for name, value in values.items()
    )


def task(node: Node, box: Box, state: str) -> str:
    fill, stroke, thick = LOOK[state]
    parts = []
    if state in ("current", "overdue"):
        halo = attributes(
            x=box.x - 5, y=box.y - 5, width=box.width + 10, height=box.height + 10, rx=14, fill=stroke, fill_opacity=0.18
        )
        parts.append(f"<rect {halo}/>")
    outline = attributes(x=box.x, y=box.y, width=box.width, height=box.height, rx=10, fill=fill, stroke=stroke, stroke_width=thick)
    parts.append(f"<rect {outline}/>")
    parts.append(f'<g transform="translate({fmt(box.x + 8)} {fmt(box.y + 7)})">{_icon(node.kind)}</g>')
    if node.kind == "callActivity":
        inner = attributes(x=box.x + 3, y=box.y + 3, width=box.width - 6, height=box.height - 6, rx=8, fill="none", stroke=stroke)
        parts.append(f"<rect {inner}/>")
    if state == "done":
        parts.append(_tick(box.right - 13, box.y + 13))
    lines = wrap(node.name or node.id, box.width - 16, TASK_SIZE)[:4]
    weight = "600" if state in ("current", "overdue") else "400"
    parts.append(block(lines, (box.centre[0], box.centre[1] + 6), TASK_SIZE, fill=INK, weight=weight))
    return "".join(parts)


def _icon(kind: str) -> str:
    """A small sign of who works: a person, a machine, a table of rules, another process."""
    line = f'<g fill="none" stroke="{TEAL}" stroke-width="1.3">'
    if kind == "userTask":
        return f'{line}<circle cx="7" cy="4.2" r="3.2"/><path d="M1 14.5C1 10.5 3.5 8.8 7 8.8S13 10.5 13 14.5Z"/></g>'
    if kind == "businessRuleTask":
        head = f'<rect x="0.6" y="1.6" width="14" height="3.6" fill="{TEAL}" fill-opacity="0.35"/>'
        grid = '<rect x="0.6" y="1.6" width="14" height="11" rx="1"/><path d="M0.6 5.2H14.6M0.6 8.9H14.6M5 5.2V12.6"/>'
        return f"{line}{head}{grid}</g>"
    if kind == "callActivity":
        return f'{line}<rect x="1" y="1.5" width="12" height="12" rx="2"/><path d="M7 4.5V10.5M4 7.5H10"/></g>'
    teeth = "".join(f'<path d="M7 0.6V3" transform="rotate({angle} 7 7)"/>' for angle in range(0, 360, 45))
    return f'{line}<circle cx="7" cy="7" r="4.4"/><circle cx="7" cy="7" r="1.6"/>{teeth}</g>'


def _tick(x: float, y: float) -> str:
    mark = f"M{fmt(x - 3.6)} {fmt(y)}L{fmt(x - 1)} {fmt(y + 2.8)}L{fmt(x + 4)} {fmt(y - 3)}"
    return (
        f'<circle cx="{fmt(x)}" cy="{fmt(y)}" r="7.5" fill="{GREEN}"/>'
        f'<path d="{mark}" fill="none" stroke="{WHITE}" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/>'
    )


def gateway(node: Node, box: Box, state: str) -> str:
    fill, stroke, thick = LOOK[state]
    x, y = box.centre
    diamond = f"M{fmt(x)} {fmt(box.y)}L{fmt(box.right)} {fmt(y)}L{fmt(x)} {fmt(box.bottom)}L{fmt(box.x)} {fmt(y)}Z"
    r = box.width * 0.17
    if node.kind == "parallelGateway":
        r *= 1.25
        sign = f"M{fmt(x - r)} {fmt(y)}H{fmt(x + r)}M{fmt(x)} {fmt(y - r)}V{fmt(y + r)}"
    else:
        sign = f"M{fmt(x - r)} {fmt(y - r)}L{fmt(x + r)} {fmt(y + r)}M{fmt(x + r)} {fmt(y - r)}L{fmt(x - r)} {fmt(y + r)}"
    mark = GREEN if state == "done" else GREY
    return (
        f"<path {attributes(d=diamond, fill=fill, stroke=stroke, stroke_width=thick, stroke_linejoin='round')}/>"
        f"<path {attributes(d=sign, fill='none', stroke=mark, stroke_width=2.6, stroke_linecap='round')}/>"
    )


def event(node: Node, box: Box, state: str) -> str:
    fill, stroke, thick = LOOK[state]
    x, y = box.centre
    r = min(box.width, box.height) / 2
    dashed = {"stroke_dasharray": "4 3"} if node.kind == "boundaryEvent" and not node.interrupting else {}
    stroke = (
        TEAL if state == "open" and node.kind == "startEvent" else INK if state == "open" and node.kind == "endEvent" else stroke
    )
    ring = attributes(cx=x, cy=y, r=r, fill=fill, stroke=stroke, stroke_width=3.6 if node.kind == "endEvent" else thick, **dashed)
    parts = [f"<circle {ring}/>"]
    if node.kind in ("boundaryEvent", "intermediateCatchEvent"):
        parts.append(f"<circle {attributes(cx=x, cy=y, r=r - 3.2, fill='none', stroke=stroke, stroke_width=1.1, **dashed)}/>")
    if node.timer:
        hands = f"M{fmt(x)} {fmt(y - r * 0.42)}V{fmt(y)}L{fmt(x + r * 0.3)} {fmt(y + r * 0.16)}"
        parts.append(f"<circle {attributes(cx=x, cy=y, r=r * 0.56, fill=WHITE, stroke=GREY, stroke_width=1.2)}/>")
        parts.append(f"<path {attributes(d=hands, fill='none', stroke=GREY, stroke_width=1.5, stroke_linecap='round')}/>")
    if node.event == "terminateEventDefinition":
        parts.append(f"<circle {attributes(cx=x, cy=y, r=r * 0.55, fill=stroke)}/>")
    if state == "done" and not node.timer:
        parts.append(_tick(x, y))
    return "".join(parts)


def pin(box: Box, words: str, colour: str, ink: str) -> str:
    """A flag on the upper edge of a shape, with words; its point touches the shape."""
    words = words if len(words) <= 28 else words[:27] + "…"
    wide = max(58.0, width(words, 12.5) + 24)
    x, y = box.centre[0] - wide / 2, box.y - 32
    tip = f"M{fmt(box.centre[0] - 6)} {fmt(y + 20)}L{fmt(box.centre[0])} {fmt(box.y - 3)}L{fmt(box.centre[0] + 6)} {fmt(y + 20)}Z"
    return (
        f'<g><path d="{tip}" fill="{colour}"/><rect {attributes(x=x, y=y, width=wide, height=22, rx=11, fill=colour)}/>'
        f"{block([words], (box.centre[0], y + 11), 12.5, fill=ink, weight='600')}</g>"
    )


def left_rounded(box: Box, r: float) -> str:
    """A box whose left corners are round."""
    return (
        f"M{fmt(box.right)} {fmt(box.y)}H{fmt(box.x + r)}A{fmt(r)} {fmt(r)} 0 0 0 {fmt(box.x)} {fmt(box.y + r)}"
        f"V{fmt(box.bottom - r)}A{fmt(r)} {fmt(r)} 0 0 0 {fmt(box.x + r)} {fmt(box.bottom)}H{fmt(box.right)}Z"
    )


def top_rounded(box: Box, r: float) -> str:
    """A box whose upper corners are round."""
    return (
        f"M{fmt(box.x)} {fmt(box.bottom)}V{fmt(box.y + r)}A{fmt(r)} {fmt(r)} 0 0 1 {fmt(box.x + r)} {fmt(box.y)}"
        f"H{fmt(box.right - r)}A{fmt(r)} {fmt(r)} 0 0 1 {fmt(box.right)} {fmt(box.y + r)}V{fmt(box.bottom)}Z"
    )


def sheet(box: Box) -> str:
    """A sheet of paper with a folded corner."""
    fold = min(box.width, box.height) * 0.3
    return (
        f"M{fmt(box.x)} {fmt(box.y)}H{fmt(box.right - fold)}L{fmt(box.right)} {fmt(box.y + fold)}V{fmt(box.bottom)}H{fmt(box.x)}Z"
        f"M{fmt(box.right - fold)} {fmt(box.y)}V{fmt(box.y + fold)}H{fmt(box.right)}"
    )


def store(box: Box) -> str:
    """A cylinder."""
    x, right, rx, ry = box.x, box.right, box.width / 2, box.height * 0.12
    top, bottom = box.y + ry, box.bottom - ry
    return (
        f"M{fmt(x)} {fmt(top)}A{fmt(rx)} {fmt(ry)} 0 0 1 {fmt(right)} {fmt(top)}V{fmt(bottom)}"
        f"A{fmt(rx)} {fmt(ry)} 0 0 1 {fmt(x)} {fmt(bottom)}ZM{fmt(x)} {fmt(top)}A{fmt(rx)} {fmt(ry)} 0 0 0 {fmt(right)} {fmt(top)}"
    )


def rounded(points: Sequence[Point], radius: float) -> str:
    """A path through points, its corners rounded."""
    parts = [f"M{fmt(points[0][0])} {fmt(points[0][1])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        r = min(radius, _distance(before, corner) / 2, _distance(corner, after) / 2)
        start, end = _towards(corner, before, r), _towards(corner, after, r)
        parts.append(f"L{fmt(start[0])} {fmt(start[1])}Q{fmt(corner[0])} {fmt(corner[1])} {fmt(end[0])} {fmt(end[1])}")
    parts.append(f"L{fmt(points[-1][0])} {fmt(points[-1][1])}")
    return "".join(parts)


def midpoint(points: Sequence[Point]) -> Point:
    """The middle of the longest stretch, a little above it."""
    start, end = max(pairwise(points), key=lambda pair: _distance(*pair))
    return (start[0] + end[0]) / 2, (start[1] + end[1]) / 2 - 9


def _distance(one: Point, other: Point) -> float:
    return float(((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5)


def _towards(start: Point, end: Point, step: float) -> Point:
    length = _distance(start, end)
    if not length:
        return start
    return start[0] + (end[0] - start[0]) * step / length, start[1] + (end[1] - start[1]) * step / length
