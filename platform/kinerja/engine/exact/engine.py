"""The exact engine: walks the requirements graph with FEEL closures in rationals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ...core.findings import Outcome
from ...feel import FeelFunction
from ...policy.model import Binding, BindingKind, Decision, Input, Parameter, Policy, Table
from ..agenda import CASE, Agenda
from .decision import ExactDecision, Record
from .parameters import no_value


@dataclass(frozen=True, slots=True)
class ExactResult:
    outcome: Outcome
    records: tuple[Record, ...]


class ExactEngine:
    """Compiled closures are kept for each version of a decision; safe to use from several threads."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._compiled: dict[tuple[str, date], ExactDecision] = {}

    def evaluate(self, agenda: Agenda, kasus: Mapping[str, Any], items: Mapping[str, Sequence[Mapping[str, Any]]]) -> ExactResult:
        """Facts (of a single decision: its inputs as `kasus`) → outcome and records; raises the first named error as RuleError."""
        return _Walk(self, agenda, kasus, items).run()

    def compiled(self, decision: Decision) -> ExactDecision:
        key = (decision.name, decision.effective.first)
        found = self._compiled.get(key)
        if found is None:
            found = self._compiled[key] = ExactDecision(decision)
        return found

    @property
    def policy(self) -> Policy:
        return self._policy


class _Walk:
    """One case."""

    def __init__(
        self, engine: ExactEngine, agenda: Agenda, kasus: Mapping[str, Any], items: Mapping[str, Sequence[Mapping[str, Any]]]
    ) -> None:
        self._engine, self._policy, self._agenda = engine, engine.policy, agenda
        self._kasus, self._items = kasus, items
        self._records: list[Record] = []
        self._worlds: dict[str, dict[str, Any]] = {}
        self._calls: list[list[Record]] = []
        self._lookups: list[list[tuple[str, Any, Any]]] = []
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
        record = self._run(decision, inputs, code)
        self._records.append(record)
        return record.outputs

    def _run(self, decision: Decision, inputs: dict[str, Any], code: str) -> Record:
        self._calls.append([])
        self._lookups.append([])
        try:
            record = self._engine.compiled(decision).run(inputs, self._world(decision), code, self._absent)
        finally:
            calls, lookups = self._calls.pop(), self._lookups.pop()
        record.calls, record.lookups = calls, lookups
        return record

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

    def _world(self, decision: Decision) -> dict[str, Any]:
        """Parameters of the day and decisions that may be called, by name."""
        kept = self._worlds.get(decision.name)
        if kept is not None:
            return kept
        found: dict[str, Any] = {}
        self._worlds[decision.name] = found
        for name in decision.requires_parameters:
            if (value := self._parameter(self._policy.parameters[name])) is not None:
                found[name] = value
        for name in decision.requires_decisions:
            found.setdefault(name, self._callable(name))
        return found

    def _parameter(self, parameter: Parameter) -> Any:
        day = self._agenda.day
        latest = max(parameter.values, key=lambda value: value.effective.first, default=None)
        dated = latest if day is None else parameter.on(day)
        if parameter.key_type is None:
            return dated.value if dated is not None else None
        table: Mapping[Any, Any] = dated.value if dated is not None else {}

        def look_up(key: Any) -> Any:
            if key not in table:
                raise no_value(parameter, key, day)
            self._lookups[-1].append((parameter.name, key, table[key]))
            return table[key]

        return FeelFunction((parameter.name,), look_up)

    def _callable(self, name: str) -> FeelFunction:
        decision, _ = self._policy.decision(name, self._agenda.day)
        names = tuple(given.name for given in decision.inputs)

        def ask(*values: Any) -> dict[str, Any]:
            record = self._run(decision, dict(zip(names, values, strict=True)), "")
            self._calls[-1].append(record)
            return record.outputs

        return FeelFunction(names, ask)

    def _absent(self, name: str) -> None:
        """A name without a value: where it is a scalar parameter, the day has none."""
        if (parameter := self._policy.parameters.get(name)) is not None:
            raise no_value(parameter, None, self._agenda.day)

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
        return Outcome(outputs, items, tuple(row for record in self._records for row in matched_rows(record)))


def matched_rows(record: Record, item: str | None = None) -> list[tuple[str, str, tuple[str, ...]]]:
    """(decision, item, row ids) of the tables a decision used: those it called, in order, then its own."""
    code = record.item if item is None else item
    found = [row for called in record.calls for row in matched_rows(called, code)]
    return [*found, (record.decision.name, code, record.row_ids)] if isinstance(record.decision.logic, Table) else found
