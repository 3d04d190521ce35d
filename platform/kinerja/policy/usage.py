"""Where a fact, parameter, decision, output or kind of happening is used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..core.errors import InputError, Place
from ..feel.syntax import Node
from .assemble.scope import uses
from .diagnostics import nearest
from .model import BindingKind, Decision, Policy, Table
from .reactions import Clause, Missing, Reaction, Together, Total


@dataclass(frozen=True, slots=True)
class Usage:
    """decision: who uses it; how: as what; place: where."""

    name: str
    decision: str
    how_id: str
    how_en: str
    place: Place

    def line(self, language: str = "id") -> str:
        how = self.how_id if language == "id" else self.how_en
        return f"{self.place}: {self.name} {'dipakai' if language == 'id' else 'is used by'} {self.decision} {how}"

    def as_json(self) -> dict[str, Any]:
        how = {"id": self.how_id, "en": self.how_en}
        return {"name": self.name, "decision": self.decision, "how": how, "place": str(self.place)}


def where_used(policy: Policy, name: str) -> tuple[Usage, ...]:
    """Uses of "ikm", "kasus.ikm", "indeks_tpp", "predikat_kinerja" or "predikat_kinerja.predikat"; () when nobody uses it.

    Raises InputError(`nama_tidak_dikenal`) when the policy knows no such name.
    """
    known = _names(policy)
    if name not in known:
        near = nearest(name, known)
        hint_id, hint_en = (f" (maksud Anda “{near}”?)", f' (did you mean "{near}"?)') if near else ("", "")
        raise InputError(
            "nama_tidak_dikenal",
            f"“{name}” bukan fakta, parameter, keputusan atau keluaran{hint_id}",
            f'"{name}" is no fact, parameter, decision or output{hint_en}',
            remedy_id="lihat kinerja rules show",
            remedy_en="see kinerja rules show",
        )
    return (
        *(use for versions in policy.decisions.values() for version in versions for use in _in_decision(version, name)),
        *(use for reaction in policy.reactions for use in _in_reaction(reaction, name)),
    )


def _names(policy: Policy) -> set[str]:
    facts = [fact for entity in policy.vocabulary.entities.values() for fact in entity.facts.values()]
    outputs = [(name, output.name) for name, versions in policy.decisions.items() for output in versions[-1].outputs]
    return {
        *policy.parameters,
        *policy.decisions,
        *policy.vocabulary.entities,
        *(fact.name for fact in facts),
        *(f"{fact.entity}.{fact.name}" for fact in facts),
        *(f"{decision}.{output}" for decision, output in outputs),
        *(name for reaction in policy.reactions for name in (*reaction.labels, *_fields(reaction))),
    }


def _fields(reaction: Reaction) -> set[str]:
    return {name for facts in reaction.events.values() for name in facts}


def _in_reaction(reaction: Reaction, name: str) -> Iterator[Usage]:
    """A kind of happening ("kehadiran"), a fact of one ("kehadiran.alasan_sah"), the decision that states thresholds."""
    subject = f"reaksi {reaction.name}"
    for clause in reaction.clauses:
        if name == clause.kind:
            yield Usage(name, subject, f"di klausa {clause.name}", f"in clause {clause.name}", clause.place)
        read = {use.name for use in uses(clause.where)} if clause.where is not None else set()
        for field in sorted(reaction.events[clause.kind].keys() & (read | _read_by_form(reaction, clause))):
            if name in (field, f"{clause.kind}.{field}"):
                whole = f"{clause.kind}.{field}"
                yield Usage(whole, subject, f"di klausa {clause.name}", f"in clause {clause.name}", clause.place)
    bands = reaction.bands
    if bands is not None and name in (bands.decision, f"{bands.decision}.{bands.output}"):
        yield Usage(name, subject, f"sebagai ambang, menurut {bands.input}", f"as thresholds, by {bands.input}", bands.place)


def _read_by_form(reaction: Reaction, clause: Clause) -> set[str]:
    """Fields that the pattern reads besides the condition: what is summed, what must be equal, what makes the key."""
    match reaction.form:
        case Total(field=field):
            return {field}
        case Missing(same=same):
            return set(same)
        case Together(key=key):
            return {field for name, field in key if name == clause.name}
    return set()


def _in_decision(decision: Decision, name: str) -> Iterator[Usage]:
    local: dict[str, str] = {}
    for given in decision.inputs:
        target, member = given.binding.target, given.binding.member
        if given.binding.kind is not BindingKind.LOCAL and name in (str(given.binding), member, target):
            local[given.name] = str(given.binding)
            yield Usage(str(given.binding), decision.name, f"sebagai masukan {given.name}", f"as input {given.name}", given.place)
        for one in given.members:
            if name in (one.name, f"{target}.{one.name}", one.decision, f"{one.decision}.{one.name}"):
                yield Usage(
                    f"{target}.{one.name}",
                    decision.name,
                    f"pada butir dari {given.name}",
                    f"on the items of {given.name}",
                    given.place,
                )
    wanted = {*local, name} if name in (*decision.requires_parameters, *decision.requires_decisions) else set(local)
    for expression, place, where_id, where_en in _expressions(decision):
        for found in sorted({use.name for use in uses(expression)} & wanted):
            yield Usage(local.get(found, found), decision.name, where_id, where_en, place)


def _expressions(decision: Decision) -> Iterator[tuple[Node, Place, str, str]]:
    if isinstance(decision.logic, Table):
        for column in decision.logic.columns:
            yield column.expression, column.place, f"di kolom {column.text}", f"in column {column.text}"
        for row in decision.logic.rows:
            for cell in row.cells:
                for alternative in cell.tests.alternatives:
                    yield alternative.expression, cell.place, f"di baris {row.id}", f"in row {row.id}"
            for out in row.outputs:
                yield out.expression, out.place, f"di baris {row.id}", f"in row {row.id}"
    else:
        for step in decision.logic.steps:
            yield step.expression, step.place, f"di langkah {step.name}", f"in step {step.name}"
    for requirement in decision.requirements:
        yield requirement.that, requirement.place, f"di prasyarat {requirement.code}", f"in precondition {requirement.code}"
