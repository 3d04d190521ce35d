"""“Mengapa?”: the trace of an evaluation, one part a decision, the rating first and then what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .texts import word

RATING = "predikat"


@dataclass(frozen=True, slots=True)
class Part:
    """One decision of the trace. value: what it came to, None where it worked item by item. citations: each basis once."""

    decision: str
    title: str
    value: Any
    items: int
    entries: tuple[Mapping[str, Any], ...]
    citations: tuple[Mapping[str, Any], ...]


def parts(trace: Iterable[Mapping[str, Any]]) -> tuple[Part, ...]:
    """The rating's decision, then the decisions before it backwards, then the rest (money, credit points) as computed."""
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for entry in trace:
        grouped.setdefault(entry["decision"], []).append(entry)
    found = [_part(decision, entries) for decision, entries in grouped.items()]
    rating = next((number for number, part in enumerate(found) if any(e["output"] == RATING for e in part.entries)), -1)
    return tuple(found[rating::-1] + found[rating + 1 :]) if rating >= 0 else tuple(found)


def _part(decision: str, entries: list[Mapping[str, Any]]) -> Part:
    items = {entry["item"] for entry in entries if entry.get("item")}
    basis = {(c["instrument"], c.get("part", "")): c for entry in entries for c in entry["citations"]}
    title = word("output", decision if word("output", decision) != decision.replace("_", " ") else entries[-1]["output"])
    return Part(decision, title, None if items else entries[-1]["value"], len(items), tuple(entries), tuple(basis.values()))
