"""“Mengapa?”: the trace of an evaluation, one part a decision, the rating first and then what it rests on.

Names and units are those of the rule files of the evaluation's own release, so that what officers write there is what people read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kinerja.core.errors import KinerjaError
from kinerja.policy.model import Formula, Label, Policy
from kinerja.services.views import EvaluationView, RubricView

from .formats import number, rupiah
from .formats import value as plain
from .session import city
from .texts import language, word

RATING = "predikat"
MONEY, PERCENT = "rupiah", "persen"


@dataclass(frozen=True, slots=True)
class Used:
    """A value that a step or row read."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One entry of the trace. row: a row of a table (else a step of a formula)."""

    item: str
    label: str
    value: str
    row: bool
    text: Mapping[str, str]
    file: str
    line: str
    inputs: tuple[Used, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One decision of the trace. value: what it came to, "" where it worked item by item. citations: each basis once."""

    decision: str
    title: str
    value: str
    items: int
    reasons: tuple[Reason, ...]
    citations: tuple[Mapping[str, Any], ...]


class Lexicon:
    """Labels and units by "decision.output", "entity.fact", "parameter.name" and "decision/local name"."""

    def __init__(self, policy: Policy | None) -> None:
        self.titles: dict[str, Label] = {}
        self.labels: dict[str, Label] = {}
        self.units: dict[str, str] = {}
        if policy is None:
            return
        for entity in policy.vocabulary.entities.values():
            for fact in entity.facts.values():
                self._add(f"{entity.name}.{fact.name}", fact.label, fact.type.unit)
        for parameter in policy.parameters.values():
            self._add(f"parameter.{parameter.name}", parameter.label, parameter.type.unit)
        for versions in policy.decisions.values():
            for decision in versions:
                self.titles[decision.name] = decision.label
                for given in decision.inputs:
                    self._add(f"{decision.name}/{given.name}", given.label, given.type.unit if given.type else "")
                for step in decision.logic.steps if isinstance(decision.logic, Formula) else ():
                    self._add(f"{decision.name}/{step.name}", step.label, step.type.unit if step.type else "")
                for output in decision.outputs:
                    self._add(f"{decision.name}/{output.name}", output.label, output.type.unit)
                    self._add(f"{decision.name}.{output.name}", output.label, output.type.unit)

    def title(self, decision: str) -> str:
        return _text(self.titles.get(decision), decision)

    def label(self, name: str, *keys: str) -> str:
        return _text(next((self.labels[key] for key in keys if key in self.labels), None), name)

    def shown(self, value: Any, *keys: str) -> str:
        """A value with its unit."""
        unit = next((self.units[key] for key in keys if key in self.units), "")
        if value is None or isinstance(value, bool) or not isinstance(value, int | Fraction):
            return "–" if value is None else plain(value)
        if unit == MONEY:
            return rupiah(value)
        return f"{number(value)} %" if unit == PERCENT else number(value)

    def _add(self, key: str, label: Label, unit: str) -> None:
        self.labels.setdefault(key, label)
        self.units.setdefault(key, unit)


def parts(evaluation: EvaluationView | RubricView) -> tuple[Part, ...]:
    """The rating's decision, then the decisions before it backwards, then the rest (money, credit points) as computed."""
    lexicon = Lexicon(_policy(evaluation.release))
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for entry in evaluation.trace:
        grouped.setdefault(entry["decision"], []).append(entry)
    found = [_part(lexicon, decision, entries) for decision, entries in grouped.items()]
    rating = next((n for n, entries in enumerate(grouped.values()) if any(e["output"] == RATING for e in entries)), -1)
    return tuple(found[rating::-1] + found[rating + 1 :]) if rating >= 0 else tuple(found)


def anchor(evaluation: EvaluationView, output: str) -> str:
    """The place on the page where an output's trace stands: "#mengapa-predikat_kinerja"; "" for what no rule gave."""
    decision = next((entry["decision"] for entry in reversed(evaluation.trace) if entry["output"] == output), "")
    return f"#mengapa-{decision}" if decision else ""


def drawn(evaluation: EvaluationView) -> tuple[str, ...]:
    """The outputs whose way is worth a picture: the rating, and the money that no other decision goes on from."""
    read = {given["source"] for entry in evaluation.trace for given in entry["inputs"]}
    last = {entry["decision"]: entry["output"] for entry in evaluation.trace if not entry.get("item")}
    ends = [output for decision, output in last.items() if f"{decision}.{output}" not in read and output != RATING]
    return (RATING, *(output for output in ends if evaluation.outputs.get(output) is not None))


def _policy(release: str) -> Policy | None:
    """The rules of that release; None where they can no longer be read, and names fall back to the console's own."""
    try:
        return city().policy(release)
    except KinerjaError:
        return None


def _part(lexicon: Lexicon, decision: str, entries: list[Mapping[str, Any]]) -> Part:
    items = {entry["item"] for entry in entries if entry.get("item")}
    basis = {(c["instrument"], c.get("part", "")): c for entry in entries for c in entry["citations"]}
    reasons = tuple(_reason(lexicon, decision, entry) for entry in entries)
    whole = "" if items else reasons[-1].value
    return Part(decision, lexicon.title(decision), whole, len(items), reasons, tuple(basis.values()))


def _reason(lexicon: Lexicon, decision: str, entry: Mapping[str, Any]) -> Reason:
    here = f"{decision}/{entry['output']}"
    used = tuple(
        Used(
            lexicon.label(given["name"], given["source"], f"{decision}/{given['name']}"),
            lexicon.shown(given["value"], given["source"], f"{decision}/{given['name']}"),
        )
        for given in entry["inputs"]
    )
    return Reason(
        item=entry.get("item", ""),
        label=lexicon.label(entry["output"], here),
        value=lexicon.shown(entry["value"], here),
        row=entry["kind"] == "row",
        text=entry["text"],
        file=entry["file"],
        line=str(entry["line"]),
        inputs=used,
    )


def _text(label: Label | None, name: str) -> str:
    """The rule file's own words; where it has none in this language, the console's word for the name."""
    if label is None or label.id == name:
        return word("output", name)
    return label.en if language() == "en" and label.en != label.id else word("output", name) if language() == "en" else label.id
