"""The exact engine: walks the requirements graph with FEEL closures in rationals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ...core.findings import Outcome
from ...policy.model import Binding, BindingKind, Decision, Input, Policy, Table
from ..agenda import CASE, Agenda
from .decision import ExactDecision, Record
from .world import World

MAX_DAYS = 8


@dataclass(frozen=True, slots=True)
class ExactResult:
    outcome: Outcome
    records: tuple[Record, ...]


class ExactEngine:
    """Compiled closures are kept for each version of a decision; safe to use from several threads."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._compiled: dict[tuple[str, date], ExactDecision] = {}
        self._worlds: dict[date | None, World] = {}

    def evaluate(self, agenda: Agenda, kasus: Mapping[str, Any], items: Mapping[str, Sequence[Mapping[str, Any]]]) -> ExactResult:
        """Facts (of a single decision: its inputs as `kasus`) → outcome and records; raises the first named error as RuleError."""
        return _Walk(self, agenda, kasus, items).run()

    def compiled(self, decision: Decision) -> ExactDecision:
        key = (decision.name, decision.effective.first)
        found = self._compiled.get(key)
        if found is None:
            found = self._compiled[key] = ExactDecision(decision)
        return found

    def world(self, day: date | None) -> World:
        found = self._worlds.get(day)
        if found is None:
            if len(self._worlds) >= MAX_DAYS:
                self._worlds.clear()
            found = self._worlds[day] = World(self._policy, self.compiled, day)
        return found

    @property
    def policy(self) -> Policy:
        return self._policy


class _Walk:
    """One case."""

    def __init__(
        self, engine: ExactEngine, agenda: Agenda, kasus: Mapping[str, Any], items: Mapping[str, Sequence[Mapping[str, Any]]]
    ) -> None:
        self._policy, self._agenda = engine.policy, agenda
        self._kasus, self._items = kasus, items
        self._world = engine.world(agenda.day)
        self._records: list[Record] = []
        self._case_values: dict[str, dict[str, Any]] = {}
        self._item_values: dict[str, list[dict[str, Any]]] = {}

    def run(self) -> ExactResult:
        for decision in self._agenda.decisions:
            if self._agenda.single:
                self._case_values[decision.name] = self._decide(decision, dict(self._kasus), "")
            elif decision.for_each is None:
                self._case_values[decision.name] = self._decide(decision, self._inputs(decision, None), "")
            else:
                self._item_values[decision.name] = values = []
                for index in range(len(self._items.get(decision.for_each, ()))):
                    code = self._code(decision.for_each, index)
                    values.append(self._decide(decision, self._inputs(decision, index), code))
        return ExactResult(self._outcome(), tuple(self._records))

    def _decide(self, decision: Decision, inputs: dict[str, Any], code: str) -> dict[str, Any]:
        record = self._world.run(decision, inputs, code)
        self._records.append(record)
        return record.outputs

    # ── what a decision reads ─────────────────────────────────────────────────────────────────────────────────────────
    def _inputs(self, decision: Decision, index: int | None) -> dict[str, Any]:
        return {given.name: self._input(decision, given, given.binding, index) for given in decision.inputs}

    def _input(self, decision: Decision, given: Input, binding: Binding, index: int | None) -> Any:
        match binding.kind:
            case BindingKind.FACT:
                if binding.target == CASE:
                    return self._kasus.get(binding.member)
                return self._items[binding.target][index or 0].get(binding.member)
            case BindingKind.OUTPUT:
                values = self._item_values.get(binding.target)
                if values is not None:
                    return values[index or 0][binding.member]
                return self._case_values[binding.target][binding.member]
            case BindingKind.COLLECTED:
                return [values[binding.member] for values in self._item_values[binding.target]]
            case BindingKind.ITEMS:
                return [
                    self._element(given, binding.target, position) for position in range(len(self._items.get(binding.target, ())))
                ]
        return None

    def _element(self, given: Input, entity: str, index: int) -> dict[str, Any]:
        item = self._items[entity][index]
        return {
            member.name: item.get(member.name)
            if member.decision is None
            else self._item_values[member.decision][index][member.name]
            for member in given.members
        }

    # ── what comes out ────────────────────────────────────────────────────────────────────────────────────────────────
    def _code(self, entity: str, index: int) -> str:
        key = self._policy.vocabulary.entities[entity].key
        return str(self._items[entity][index][key]) if key else str(index + 1)

    def _outcome(self) -> Outcome:
        outputs: dict[str, Any] = {}
        for values in self._case_values.values():
            outputs |= values
        items: dict[str, tuple[dict[str, Any], ...]] = {}
        for name, found in self._item_values.items():
            entity = self._policy.decision(name, self._agenda.day)[0].for_each or ""
            key = self._policy.vocabulary.entities[entity].key or "nomor"
            known = items.get(entity) or tuple({key: self._code(entity, index)} for index in range(len(found)))
            items[entity] = tuple(one | more for one, more in zip(known, found, strict=True))
        return Outcome(outputs, items, tuple([row for record in self._records for row in matched_rows(record)]))


def matched_rows(record: Record, item: str | None = None) -> list[tuple[str, str, tuple[str, ...]]]:
    """(decision, item, row ids) of the tables a decision used: those it called, in order, then its own."""
    code = record.item if item is None else item
    found = []
    for called in record.calls:
        if called.calls:
            found += matched_rows(called, code)
        elif isinstance(called.decision.logic, Table):
            found.append((called.decision.name, code, called.row_ids))
    if isinstance(record.decision.logic, Table):
        found.append((record.decision.name, code, record.row_ids))
    return found
