"""Whether two engines say the same: outputs, item outputs, matched rows, and the named error. Anything else is an incident."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..core.errors import IncidentError, RuleError
from ..core.findings import Outcome
from ..policy.model import Policy
from .agenda import Agenda
from .answer import CASE_LEVEL, Answer, Failure
from .integer.codec import decode
from .integer.plan import output_field

Items = Mapping[str, Sequence[Mapping[str, Any]]]
_KINDRED = {"nilai_null": "tipe_salah"}  # null where a value is needed is a wrong type too; which name it gets is wording


def outcome_of(policy: Policy, agenda: Agenda, answer: Answer, items: Items) -> Outcome:
    """A worker's answer as plain exact values."""
    outputs: dict[str, Any] = {}
    found: dict[str, tuple[dict[str, Any], ...]] = {}
    fields = agenda.kept.get("fields")
    if fields is None:
        fields = agenda.kept["fields"] = [[output_field(one, output) for output in one.outputs] for one in agenda.decisions]
    for decision, columns in zip(agenda.decisions, fields, strict=True):
        values = [
            {column.name: decode(value, column.type) for column, value in zip(columns, row, strict=True)}
            for row in answer.values[decision.name]
        ]
        if decision.for_each is None or agenda.single:
            outputs |= values[0]
            continue
        entity = decision.for_each
        key = policy.vocabulary.entities[entity].key or "nomor"
        known = found.get(entity) or tuple({key: item_code(policy, entity, items, index)} for index in range(len(values)))
        found[entity] = tuple(one | more for one, more in zip(known, values, strict=True))
    entities = {decision.name: decision.for_each or "" for decision in agenda.decisions}
    rows = tuple(
        (name, "" if index == CASE_LEVEL else item_code(policy, entities[owner], items, index), ids)
        for name, owner, index, ids in answer.rows
    )
    return Outcome(outputs, found, rows)


def item_code(policy: Policy, entity: str, items: Items, index: int) -> str:
    key = policy.vocabulary.entities[entity].key
    return str(items[entity][index][key]) if key else str(index + 1)


def compare(exact: Outcome | RuleError, rete: Outcome | RuleError, facts: Mapping[str, Any], decision: str = "") -> None:
    """Raise IncidentError `mesin_berbeda` unless both gave the same answer, or the same error in the same place."""
    if isinstance(exact, Outcome) and isinstance(rete, Outcome):
        differences = _differences(exact, rete)
        if not differences:
            return
    else:
        same = isinstance(exact, RuleError) and isinstance(rete, RuleError) and _where(exact) == _where(rete)
        if same:
            return
        differences = ["galat"]
    names = ", ".join(differences[:5])
    raise IncidentError(
        "mesin_berbeda",
        f"dua mesin memberi jawaban berbeda ({names})",
        f"the two engines disagree ({names})",
        remedy_id="kasus ini tidak dapat diterbitkan; laporkan bersama fakta yang tersimpan",
        remedy_en="this case cannot be issued; report it with the facts kept here",
        decision=decision,
        differences=differences,
        exact=_plain(exact),
        rete=_plain(rete),
        facts=dict(facts),
    )


def failure_error(policy: Policy, failure: Failure, items: Items, agenda: Agenda) -> RuleError:
    """A worker's named error, with no more than what is compared; the exact engine writes the sentence."""
    entity = policy.decision(failure.decision, agenda.day)[0].for_each or ""
    item = "" if failure.item == CASE_LEVEL else item_code(policy, entity, items, failure.item)
    return RuleError(failure.code, failure.code, failure.code, decision=failure.decision, item=item)


def _where(error: RuleError) -> tuple[str, Any, Any]:
    return _KINDRED.get(error.code, error.code), error.details.get("decision"), error.details.get("item")


def _differences(exact: Outcome, rete: Outcome) -> list[str]:
    found = [name for name in {**exact.outputs, **rete.outputs} if exact.outputs.get(name, ...) != rete.outputs.get(name, ...)]
    for entity in {**exact.items, **rete.items}:
        if exact.items.get(entity) != rete.items.get(entity):
            found.append(entity)
    if exact.rows != rete.rows:
        found.append("baris")
    return found


def _plain(result: Outcome | RuleError) -> dict[str, Any]:
    if isinstance(result, RuleError):
        return {"error": result.code, "decision": result.details.get("decision"), "item": result.details.get("item")}
    rows = [{"decision": name, "item": item, "rows": list(ids)} for name, item, ids in result.rows]
    return {"outputs": result.outputs, **{entity: list(values) for entity, values in result.items.items()}, "rows": rows}
