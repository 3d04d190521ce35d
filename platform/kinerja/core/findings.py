"""What an evaluation says: outputs, matched rows, and the trace that leads from each number to its law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .errors import Place


@dataclass(frozen=True, slots=True)
class Citation:
    """A legal basis. status: verified (read in the source), recalled (from knowledge), policy (the city's own choice)."""

    instrument: str
    part: str = ""
    status: str = "policy"
    note: str = ""

    def __str__(self) -> str:
        return f"{self.instrument} {self.part}".strip()


class TraceInput(NamedTuple):  # and no dataclass: a case has a hundred of these, and a frozen one takes thrice as long to make
    """One value a decision read. source: "kasus.hari_absen", "tpp_dasar.tpp_dasar", "parameter.indeks_tpp".

    evidence: of a fact, where the vocabulary says that it comes from ("bukti_dukung", "presensi"); several for a list of items.
    """

    name: str
    value: Any
    source: str
    evidence: str = ""

    def as_json(self) -> dict[str, Any]:
        held = {"name": self.name, "value": self.value, "source": self.source}
        return held | {"evidence": self.evidence} if self.evidence else held


class TraceEntry(NamedTuple):
    """How one output came about.

    kind: "row" (a decision table's row; ref = row id) or "step" (a formula's step; ref = step name).
    item: code of the item a for_each decision worked on, "" at case level.
    text: the sentence with row, place and law in it; brief: the same without them, for where those are shown apart.
    """

    decision: str
    output: str
    value: Any
    kind: str
    ref: str
    place: Place
    inputs: tuple[TraceInput, ...]
    citations: tuple[Citation, ...]
    item: str = ""
    text_id: str = ""
    text_en: str = ""
    brief_id: str = ""
    brief_en: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "decision": self.decision,
            "output": self.output,
            "value": self.value,
            **({"item": self.item} if self.item else {}),
            "kind": self.kind,
            "ref": self.ref,
            "file": self.place.file,
            "line": self.place.line,
            "inputs": [given.as_json() for given in self.inputs],
            "citations": [
                {"instrument": c.instrument, "part": c.part, "status": c.status} | ({"note": c.note} if c.note else {})
                for c in self.citations
            ],
            "text": {"id": self.text_id, "en": self.text_en},
            "brief": {"id": self.brief_id, "en": self.brief_en},
        }

    @classmethod
    def of_json(cls, held: Mapping[str, Any]) -> TraceEntry:
        """What `as_json` wrote. Lists become tuples again."""
        text, brief = held["text"], held.get("brief", {})
        return cls(
            held["decision"],
            held["output"],
            _tuples(held["value"]),
            held["kind"],
            held["ref"],
            Place(held["file"], int(held["line"])),
            tuple(TraceInput(i["name"], _tuples(i["value"]), i["source"], i.get("evidence", "")) for i in held["inputs"]),
            tuple(Citation(c["instrument"], c["part"], c["status"], c.get("note", "")) for c in held["citations"]),
            held.get("item", ""),
            text["id"],
            text["en"],
            brief.get("id", ""),
            brief.get("en", ""),
        )


def _tuples(value: Any) -> Any:
    return tuple(_tuples(one) for one in value) if isinstance(value, list | tuple) else value


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one engine says of one case; the thing that agreement compares.

    outputs: case-level output name → value. items: entity → per item {key: code, output: value} in the order given.
    rows: (decision, item code or "", row ids in rule order) for each decision table used.
    Values are plain: Fraction, str, bool, date, None, tuple of those.
    """

    outputs: dict[str, Any]
    items: dict[str, tuple[dict[str, Any], ...]]
    rows: tuple[tuple[str, str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Release:
    """The rule set an evaluation rests on. fingerprint: sha256 over its meaning.

    on: the judgement day; in_force: False flags a day on which some decision used was not in force.
    """

    fingerprint: str
    title: str = ""
    on: str = ""
    in_force: bool = True

    def as_json(self) -> dict[str, Any]:
        return {"fingerprint": self.fingerprint, "title": self.title, "on": self.on, "in_force": self.in_force}


@dataclass(frozen=True, slots=True)
class Finding:
    """An outcome both engines agree on, with its trace and release."""

    outcome: Outcome
    trace: tuple[TraceEntry, ...]
    release: Release
    warnings: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        return {
            "outputs": self.outcome.outputs,
            **{entity: list(items) for entity, items in self.outcome.items.items()},
            "trace": [entry.as_json() for entry in self.trace],
            "release": self.release.as_json(),
            **({"warnings": list(self.warnings)} if self.warnings else {}),
        }
