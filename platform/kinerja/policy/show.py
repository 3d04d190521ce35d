"""A policy for reading: as text, and as plain values for JSON."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..core.findings import Citation
from ..core.numbers import display_text
from .model import Decision, Effective, Input, Label, Output, Parameter, Policy, Table, ValueType
from .reactions import Reaction
from .reactiontext import consequence, pattern, window


def as_json(policy: Policy) -> dict[str, Any]:
    """The policy as plain values; `fingerprint` at the top."""
    return {
        "fingerprint": policy.fingerprint,
        "title": policy.title,
        "order": list(policy.order),
        "goals": {entity: list(goals) for entity, goals in policy.vocabulary.goals.items()},
        "entities": {
            name: {
                "label": _label(entity.label),
                "of": entity.of,
                "key": entity.key,
                "facts": {
                    fact.name: {"label": _label(fact.label), **type_json(fact.type), "source": fact.source}
                    for fact in entity.facts.values()
                },
            }
            for name, entity in policy.vocabulary.entities.items()
        },
        "parameters": {name: _parameter(parameter) for name, parameter in policy.parameters.items()},
        "standards": [
            {
                "name": standard.name,
                "label": _label(standard.label),
                "positions": list(standard.positions),
                "units": list(standard.units),
                "classes": list(standard.classes),
                **_effective(standard.effective),
                "authority": _authority(standard.authority),
                "indicators": [
                    {"kode": i.code, "label": _label(i.label), "polarity": i.polarity, "target": i.target,
                     "target_high": i.target_high, "weight": i.weight, "unit": i.unit, "source": i.source, "statistic": i.statistic,
                     "prorate": i.prorate, "aspect": i.aspect, "serves": list(i.serves)}
                    for i in standard.indicators
                ],
                "place": str(standard.place),
            }
            for standard in policy.standards
        ],
        "decisions": {name: [_decision(version) for version in versions] for name, versions in policy.decisions.items()},
        "reactions": {reaction.name: _reaction(reaction) for reaction in policy.reactions},
        "sources": dict(policy.sources),
    }  # fmt: skip


def type_json(type_: ValueType) -> dict[str, Any]:
    result: dict[str, Any] = {"type": type_.base.value}
    if type_.base == "number":
        result["scale"] = type_.scale
        if type_.low is not None and type_.high is not None:
            result["range"] = [type_.low, type_.high]
    if type_.values:
        result["values"] = list(type_.values)
    if type_.unit:
        result["unit"] = type_.unit
    if type_.is_list:
        result["list"] = True
    if type_.nullable or type_.nullable_elements:
        result["nullable"] = "elements" if type_.nullable_elements else True
    return result


def _effective(effective: Effective) -> dict[str, Any]:
    return {"effective": {"from": effective.first, "to": effective.last, "review_by": effective.review_by}}


def _authority(citations: tuple[Citation, ...]) -> list[dict[str, str]]:
    return [{"instrument": c.instrument, "part": c.part, "status": c.status} for c in citations]


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "label": _label(parameter.label),
        **type_json(parameter.type),
        "key": type_json(parameter.key_type) if parameter.key_type else None,
        "values": [
            {
                **_effective(dated.effective),
                "value": {_plain(key): value for key, value in dated.value.items()}
                if isinstance(dated.value, dict)
                else dated.value,
                "place": str(dated.place),
            }
            for dated in parameter.values
        ],
        "authority": _authority(parameter.authority),
        "place": str(parameter.place),
    }


def _plain(key: Any) -> str:
    return display_text(key) if isinstance(key, Fraction) else str(key)


def _decision(decision: Decision) -> dict[str, Any]:
    logic: dict[str, Any]
    if isinstance(decision.logic, Table):
        logic = {
            "hit": decision.logic.hit.value,
            "columns": [column.text for column in decision.logic.columns],
            "rows": [
                {"id": row.id, "cells": [cell.text for cell in row.cells], "outputs": [out.text for out in row.outputs],
                 "note": row.note, "place": str(row.place)}
                for row in decision.logic.rows
            ],
        }  # fmt: skip
    else:
        logic = {"steps": [{"name": step.name, "formula": step.text, "place": str(step.place)} for step in decision.logic.steps]}
    return {
        "label": _label(decision.label),
        "for_each": decision.for_each,
        "inputs": [_input(one) for one in decision.inputs],
        "outputs": [_output(one) for one in decision.outputs],
        **logic,
        "requires": [{"code": r.code, "that": r.text, "id": r.label.id, "en": r.label.en} for r in decision.requirements],
        "requires_decisions": list(decision.requires_decisions),
        "requires_parameters": list(decision.requires_parameters),
        "monotone": dict(decision.monotone),
        "portable": decision.portable,
        "cases": len(decision.examples),
        **_effective(decision.effective),
        "authority": _authority(decision.authority),
        "place": str(decision.place),
    }


def _reaction(reaction: Reaction) -> dict[str, Any]:
    bands = reaction.bands
    return {
        "label": _label(reaction.label),
        "pattern": _label(pattern(reaction)),
        "window": {"months": reaction.window.months, "days": reaction.window.days},
        "events": {
            kind: {
                "label": _label(reaction.labels[kind]),
                "facts": {
                    name: {"label": _label(reaction.labels[f"{kind}.{name}"]), **type_json(type_)} for name, type_ in facts.items()
                },
            }
            for kind, facts in reaction.events.items()
        },
        "conditions": [{"name": one.name, "event": one.kind, "where": one.text or None} for one in reaction.clauses],
        "thresholds": {"decision": bands.decision, "input": bands.input, "output": bands.output} if bands else None,
        "then": {
            "act": reaction.then.act,
            "name": reaction.then.name,
            "role": reaction.then.role,
            "text": _label(reaction.then.text),
        },
        "cases": len(reaction.examples),
        **_effective(reaction.effective),
        "authority": _authority(reaction.authority),
        "place": str(reaction.place),
    }


def _label(label: Label) -> dict[str, str]:
    return {"id": label.id, "en": label.en}


def _input(one: Input) -> dict[str, Any]:
    return {
        "name": one.name,
        "label": _label(one.label),
        "from": str(one.binding) or None,
        "kind": one.binding.kind.value,
        **(type_json(one.type) if one.type else {"members": [member.name for member in one.members]}),
    }


def _output(one: Output) -> dict[str, Any]:
    return {"name": one.name, "label": _label(one.label), **type_json(one.type)}


# ── text ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
def as_text(policy: Policy) -> str:
    """The policy as indented text, decisions in the order in which they are computed."""
    lines = [policy.title, f"sidik (fingerprint) {policy.fingerprint}", ""]
    for name in policy.order:
        for version in policy.decisions[name]:
            lines += [*_decision_lines(version), ""]
    if policy.parameters:
        lines.append("Parameter")
        for name, parameter in policy.parameters.items():
            latest = parameter.values[-1] if parameter.values else None
            shown = (
                "" if latest is None else (f"{len(latest.value)} kunci" if isinstance(latest.value, dict) else _value(latest.value))
            )
            lines.append(f"  {name} = {shown} {parameter.type.unit}".rstrip() + f"  [{parameter.place}]")
        lines.append("")
    if policy.standards:
        lines.append("Standar kinerja")
        lines += [
            f"  {standard.name}: {', '.join(standard.positions)}; {len(standard.indicators)} indikator  [{standard.place}]"
            for standard in policy.standards
        ]
        lines.append("")
    for reaction in policy.reactions:
        lines += [*_reaction_lines(reaction), ""]
    return "\n".join(lines).rstrip() + "\n"


def _decision_lines(decision: Decision) -> list[str]:
    each = f", tiap {decision.for_each}" if decision.for_each else ""
    lines = [
        f"{decision.name}: {decision.label.id}{each}  [{decision.place}]",
        f"  berlaku {decision.effective.first}{_until(decision.effective)}; dasar: " + _basis(decision.authority),
        "  masukan: " + ", ".join(one.name + (f" ← {one.binding}" if str(one.binding) else "") for one in decision.inputs),
        "  keluaran: " + ", ".join(one.name for one in decision.outputs),
    ]
    if isinstance(decision.logic, Table):
        heading = [*(column.text for column in decision.logic.columns), *(one.name for one in decision.outputs)]
        rows = [[*(c.text for c in row.cells), *(o.text for o in row.outputs)] for row in decision.logic.rows]
        widths = [max(len(line[index]) for line in [heading, *rows]) for index in range(len(heading))]
        lines.append(f"  {decision.logic.hit.value}")
        lines += [
            "    " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in [heading, *rows]
        ]
    else:
        lines += [f"    {step.name} = {' '.join(step.text.split())}" for step in decision.logic.steps]
    return lines


def _reaction_lines(reaction: Reaction) -> list[str]:
    return [
        f"reaksi {reaction.name}: {reaction.label.id}  [{reaction.place}]",
        f"  berlaku {reaction.effective.first}{_until(reaction.effective)}; dasar: " + _basis(reaction.authority),
        f"  pola: {pattern(reaction).id}",
        f"  jangka waktu: {window(reaction.window).id}",
        f"  lalu: {consequence(reaction.then).id}",
    ]


def _until(effective: Effective) -> str:
    return f" sampai {effective.last}" if effective.last else ""


def _basis(authority: tuple[Citation, ...]) -> str:
    return "; ".join(f"{cited} ({cited.status})" for cited in authority)


def _value(value: Any) -> str:
    return display_text(value) if isinstance(value, Fraction) else str(value)
