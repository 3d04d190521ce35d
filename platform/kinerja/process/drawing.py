"""The diagram interchange of a BPMN file → shapes and edges with their labels."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator

from lxml import etree

from .catalogue import Report
from .model import Annotation, Box, Drawing, Edge, Shape, Thing
from .xmlsafe import place_of

MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
THINGS = {"group": "group", "dataObjectReference": "data", "dataStoreReference": "store"}
DOTTED = ("association", "dataInputAssociation", "dataOutputAssociation", "messageFlow")
MAX_COORDINATE = 50_000.0


def read_drawing(root: etree._Element, file: str, known: Collection[str], report: Report) -> Drawing:
    """Shapes and edges by the id of the element they draw; what draws nothing known is skipped with a notice (P092)."""
    pools = {
        element.get("id", ""): " ".join((element.get("name") or "").split())
        for element in root.iterfind(f"{MODEL}collaboration/{MODEL}participant")
    }
    annotations = tuple(
        Annotation(element.get("id", ""), " ".join("".join(str(part) for part in element.itertext()).split()))
        for element in root.iter(f"{MODEL}textAnnotation")
    )
    associations = tuple(element.get("id", "") for tag in DOTTED for element in root.iter(f"{MODEL}{tag}"))
    things = tuple(_things(root))
    drawn = {*known, *pools, *associations, *(note.id for note in annotations), *(thing.id for thing in things)}
    shapes: dict[str, Shape] = {}
    edges: dict[str, Edge] = {}
    planes = list(root.iter(f"{DI}BPMNPlane"))
    for element in planes[0] if planes else ():
        if not isinstance(element.tag, str):
            continue
        name, place = element.get("bpmnElement", ""), place_of(element, file)
        if name not in drawn:
            report.add("P092", place, id=name)
            continue
        if element.tag == f"{DI}BPMNShape" and (box := _box(element.find(BOUNDS))):
            upright = element.get("isHorizontal") == "false"
            shapes[name] = Shape(name, box, _box(element.find(f"{DI}BPMNLabel/{BOUNDS}")), place, upright)
        elif element.tag == f"{DI}BPMNEdge":
            points = tuple(point for waypoint in element.iterfind(WAYPOINT) if (point := _point(waypoint)))
            if len(points) >= 2:
                edges[name] = Edge(name, points, _box(element.find(f"{DI}BPMNLabel/{BOUNDS}")), place)
    return Drawing(shapes, edges, pools, annotations, associations, things)


def _things(root: etree._Element) -> Iterator[Thing]:
    categories = {value.get("id", ""): value.get("value", "") for value in root.iter(f"{MODEL}categoryValue")}
    for tag, kind in THINGS.items():
        for element in root.iter(f"{MODEL}{tag}"):
            name = element.get("name") or categories.get(element.get("categoryValueRef", ""), "")
            yield Thing(element.get("id", ""), kind, " ".join(name.split()))


def _box(element: etree._Element | None) -> Box | None:
    if element is None:
        return None
    numbers = [_coordinate(element.get(name)) for name in ("x", "y", "width", "height")]
    x, y, width, height = numbers
    return None if x is None or y is None or not width or not height or width < 0 or height < 0 else Box(x, y, width, height)


def _point(element: etree._Element) -> tuple[float, float] | None:
    x, y = _coordinate(element.get("x")), _coordinate(element.get("y"))
    return None if x is None or y is None else (x, y)


def _coordinate(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) <= MAX_COORDINATE else None
