"""Names of the two vocabularies, and cells in DMN's spelling (enum words in quotes) and in an officer's (without)."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ..assemble.cells import split_alternatives
from ..model import Base, ValueType

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
FEEL = "https://www.omg.org/spec/DMN/20191111/FEEL/"
OWN = "urn:kinerja:rules"
TYPES = {Base.NUMBER: "number", Base.TEXT: "string", Base.BOOLEAN: "boolean", Base.DATE: "date"}
# our hit policy → DMN's attributes hitPolicy, aggregation
AGGREGATIONS = {"SUM": "SUM", "MIN": "MIN", "MAX": "MAX", "COUNT": "COUNT"}


def dmn(name: str) -> str:
    return f"{{{DMN}}}{name}"


def own(name: str) -> str:
    return f"{{{OWN}}}{name}"


def quoted(cell: str, values: Sequence[str]) -> str:
    """The cell with every bare word of `values` in quotes."""
    if not values:
        return cell
    if cell.startswith("not(") and cell.endswith(")"):
        return f"not({quoted(cell[4:-1], values)})"
    pieces = [piece.strip() for piece, _ in split_alternatives(cell)]
    return ", ".join(json.dumps(piece, ensure_ascii=False) if piece in values else piece for piece in pieces)


def bare(cell: str) -> str:
    """The cell without quotes and blanks, to find what an officer wrote for it."""
    return "".join(cell.replace('"', "").split())


def type_name(type_: ValueType | None) -> str:
    return "Any" if type_ is None or type_.is_list else TYPES[type_.base]
