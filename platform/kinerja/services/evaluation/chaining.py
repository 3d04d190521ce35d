"""One decision with all that it rests on, each asked of both engines: the rules state the way, nothing here knows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from ...core.errors import InputError
from ...policy.model import BindingKind
from .decide import storable

if TYPE_CHECKING:
    from ..city import City


@dataclass(frozen=True, slots=True)
class Answer:
    """outputs: "tpp_dasar.tpp_dasar" → value, of every decision asked. steps: {decision, outputs, trace} each, in order, plain."""

    outputs: Mapping[str, Any]
    steps: tuple[Mapping[str, Any], ...]


def ask(city: City, fingerprint: str, decision: str, facts: Mapping[str, Any], on: date) -> Answer:
    """Decide, asking first for the outputs that the decision's inputs are bound to.

    facts: by full name ("kasus.hari_absen"), by an output's name where it is known already ("predikat_kinerja.predikat"), or by
    an input's own name where it is bound to nothing. Raises InputError(`fakta_hilang`) and what the engines raise.
    """
    policy = city.policy(fingerprint)
    outputs: dict[str, Any] = {}
    steps: list[Mapping[str, Any]] = []

    def run(name: str) -> None:
        given = {}
        for one in policy.decision(name, on)[0].inputs:
            key = str(one.binding) if one.binding.kind is not BindingKind.LOCAL else one.name
            if key not in facts and one.binding.kind is BindingKind.OUTPUT:
                if key not in outputs:
                    run(one.binding.target)
                given[one.name] = outputs[key]
            elif key in facts:
                given[one.name] = facts[key]
            else:
                raise InputError("fakta_hilang", f"fakta {key} untuk {name} tidak ada", f"no fact {key} for {name}", fact=key)
        finding = city.decide(fingerprint, name, given, on)
        outputs.update({f"{name}.{output}": value for output, value in finding.outcome.outputs.items()})
        document = storable(finding.as_json())
        steps.append({"decision": name, "outputs": document["outputs"], "trace": document["trace"]})

    run(decision)
    return Answer(outputs, tuple(steps))
