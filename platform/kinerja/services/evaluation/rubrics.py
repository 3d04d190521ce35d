"""Rubrics: a form asks a score, a comment and evidence for each criterion, and the rules make the total.

What is asked and how it is weighed stands in a decision of the rules: its inputs are the criteria, its output is the total. A new
criterion there is asked by the form on the next case, with no other change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from ...core.errors import RuleError
from ...core.indonesian import number
from ...policy.model import Base, BindingKind, Decision
from ...process import Form
from ...process.forms import Criterion, Text, criterion_fields
from ..context import Context
from .decide import storable


@dataclass(frozen=True, slots=True)
class Rated:
    """A rubric as one person filled it in. scores: [{criterion, label: {id, en}, score, comment, evidence}].

    trace: what both engines agreed on.
    """

    decision: str
    total: Fraction
    scores: tuple[Mapping[str, Any], ...]
    trace: tuple[Mapping[str, Any], ...]
    release: str

    @property
    def reason(self) -> str:
        """All comments in one text, as letters and facts carry it."""
        return "\n".join(f"{one['label']['id']} {number(one['score'])}: {one['comment']}" for one in self.scores)

    @property
    def evidence(self) -> str:
        return "; ".join(dict.fromkeys(str(one["evidence"]) for one in self.scores))


def opened(context: Context, form: Form, on: date) -> Form:
    """The form with the criteria of its rubrics laid out, as the rules in force on the day of the case state them."""
    if not any(question.type == "rubric" for question in form.fields.values()):
        return form
    return form.opened(lambda name: criteria(_decision(context, name, on)))


def criteria(decision: Decision) -> Sequence[Criterion]:
    """What a decision asks of people: its inputs that no fact and no other decision gives, all of them numbers."""
    asked = [one for one in decision.inputs if one.binding.kind is BindingKind.LOCAL]
    found = []
    for one in asked:
        if one.type is None or one.type.base is not Base.NUMBER or one.type.is_list:
            raise RuleError(
                "rubrik_tidak_sah",
                f"kriteria “{one.name}” dari “{decision.name}” bukan angka",
                f'criterion "{one.name}" of "{decision.name}" is no number',
                place=one.place,
                remedy_id="beri type: number, scale dan range",
                remedy_en="give it type: number, scale and range",
            )
        found.append(Criterion(one.name, Text(one.label.id, one.label.en), one.type.low, one.type.high, one.type.scale))
    return found


def rate(context: Context, form: Form, values: Mapping[str, Any], on: date) -> tuple[dict[str, Any], dict[str, Rated]]:
    """Cleaned answers with each rubric's total, and what was rated, by the rubric's field. A rubric left empty has no total.

    Raises what the engines raise.
    """
    told, rated = dict(values), {}
    for name, question in form.fields.items():
        if question.type != "rubric":
            continue
        decision = _decision(context, question.decision, on)
        asked = criteria(decision)
        scores = tuple(_score(name, one, values) for one in asked)
        if all(one["score"] is None for one in scores):
            continue
        release = context.city.release().fingerprint
        given = {one.name: score["score"] for one, score in zip(asked, scores, strict=True)}
        finding = context.city.decide(release, question.decision, given, on)
        outputs = finding.outcome.outputs
        told[name] = outputs[name] if name in outputs else outputs[decision.outputs[0].name]
        trace = storable(finding.as_json())["trace"]
        rated[name] = Rated(question.decision, told[name], scores, tuple(trace), release)
    return told, rated


def judgements(form: Form, values: Mapping[str, Any], rated: Mapping[str, Rated]) -> tuple[dict[str, Any], ...]:
    """What a form's `records` brought; the reason and evidence of a rubric are those of its criteria."""
    found = []
    for record, entry in form.recorded(values):
        one = rated.get(record.nilai)
        found.append(entry if one is None else entry | {"alasan": one.reason, "bukti": one.evidence, "rubrik": one})
    return tuple(found)


def _score(rubric: str, criterion: Criterion, values: Mapping[str, Any]) -> dict[str, Any]:
    score, comment, evidence = (values.get(name) for name in criterion_fields(rubric, criterion.name))
    label = {"id": criterion.label.id, "en": criterion.label.en}
    return {"criterion": criterion.name, "label": label, "score": score, "comment": comment or "", "evidence": evidence or ""}


def _decision(context: Context, name: str, on: date) -> Decision:
    policy = context.city.policy(context.city.release().fingerprint)
    if name not in policy.decisions:
        raise RuleError(
            "rubrik_tidak_ada",
            f"rubrik “{name}” tidak ada dalam aturan yang berlaku",
            f'the rules in force have no rubric "{name}"',
            remedy_id="terbitkan aturan yang memuatnya, atau ubah formulirnya",
            remedy_en="publish rules that have it, or change the form",
        )
    return policy.decision(name, on)[0]
