"""What lies behind the flow in a picture: pools, lanes, groups, data objects and stores, and annotations. Drawn, never run."""

from __future__ import annotations

from . import glyphs
from .glyphs import GREY, LINE, TEAL, WHITE, attributes, fmt
from .lettering import below, block, wrap
from .model import Box, Edge, ProcessSource, Shape

LANE_BAND = 30.0
LEAST_WIDTH = 90  # of a data object's name


def pools(source: ProcessSource) -> list[str]:
    parts = []
    for name, title in source.drawing.pools.items():
        if shape := source.drawing.shapes.get(name):
            box = shape.box
            parts.append(
                f"<rect {attributes(x=box.x, y=box.y, width=box.width, height=box.height, rx=6, fill=WHITE, stroke=LINE)}/>"
            )
            band = _band(shape)
            outline = glyphs.left_rounded(band, 6) if not shape.upright else glyphs.top_rounded(band, 6)
            parts.append(f'<path d="{outline}" fill="{TEAL}"/>')
            parts.append(_title(shape, title, 15, 8, WHITE))
    return parts


def lanes(source: ProcessSource) -> list[str]:
    parts = []
    for number, lane in enumerate(source.lanes):
        if shape := source.drawing.shapes.get(lane.id):
            box, band = shape.box, _band(shape)
            fill = glyphs.LANE_FILLS[number % 2]
            parts.append(
                f"<rect {attributes(x=box.x, y=box.y, width=box.width, height=box.height, fill=fill, stroke=glyphs.HAIR)}/>"
            )
            parts.append(f"<rect {attributes(x=band.x, y=band.y, width=band.width, height=band.height, fill=glyphs.BAND)}/>")
            parts.append(_title(shape, lane.name, glyphs.LANE_SIZE, 8, TEAL))
    return parts


def groups(source: ProcessSource) -> list[str]:
    """Dashed frames with their names."""
    parts = []
    for thing in source.drawing.things:
        shape = source.drawing.shapes.get(thing.id)
        if shape and thing.kind == "group":
            box = shape.box
            frame = attributes(
                x=box.x, y=box.y, width=box.width, height=box.height, rx=8, fill="none", stroke=GREY, stroke_dasharray="8 3 2 3"
            )
            parts.append(f"<rect {frame}/>")
            if thing.name:
                spot = shape.label.centre if shape.label else (box.centre[0], box.y + 12)
                parts.append(block(wrap(thing.name, box.width, glyphs.NAME_SIZE), spot, glyphs.NAME_SIZE, fill=GREY, halo=True))
    return parts


def data(source: ProcessSource) -> list[str]:
    """Data objects as sheets of paper, data stores as cylinders."""
    parts = []
    for thing in source.drawing.things:
        shape = source.drawing.shapes.get(thing.id)
        if shape is None or thing.kind == "group":
            continue
        outline = glyphs.store(shape.box) if thing.kind == "store" else glyphs.sheet(shape.box)
        box = shape.label or Box(shape.box.centre[0] - 45, shape.box.bottom + 4, 90, 28)
        lines = wrap(thing.name, max(box.width, LEAST_WIDTH), glyphs.NAME_SIZE)
        spot = box.centre[0], below(box.y, box.centre[1], lines, glyphs.NAME_SIZE)
        name = block(lines, spot, glyphs.NAME_SIZE, fill=GREY, halo=True) if thing.name else ""
        parts.append(f"<path {attributes(d=outline, fill=WHITE, stroke=GREY, stroke_width=1.3)}/>{name}")
    return parts


def notes(source: ProcessSource) -> list[str]:
    parts = []
    for note in source.drawing.annotations:
        if shape := source.drawing.shapes.get(note.id):
            box = shape.box
            bracket = f"M{fmt(box.x + 8)} {fmt(box.y)}H{fmt(box.x)}V{fmt(box.bottom)}H{fmt(box.x + 8)}"
            lines = wrap(note.text, box.width - 16, glyphs.NAME_SIZE)
            parts.append(f"<path {attributes(d=bracket, fill='none', stroke=LINE)}/>")
            parts.append(block(lines, (box.x + 10, box.centre[1]), glyphs.NAME_SIZE, fill=GREY, anchor="start"))
    return parts


def dotted(edge: Edge) -> str:
    return f"<path {attributes(d=glyphs.rounded(edge.points, 0), fill='none', stroke=LINE, stroke_dasharray='2 3')}/>"


def _band(shape: Shape) -> Box:
    """Where the name of a pool or lane stands: at its left, or on top of one that runs downwards."""
    box = shape.box
    return Box(box.x, box.y, box.width, LANE_BAND) if shape.upright else Box(box.x, box.y, LANE_BAND, box.height)


def _title(shape: Shape, text: str, size: float, spare: float, fill: str) -> str:
    room = (shape.box.width if shape.upright else shape.box.height) - spare
    return block(wrap(text, room, size), _band(shape).centre, size, fill=fill, weight="600", turned=not shape.upright)
