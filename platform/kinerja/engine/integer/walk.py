"""The integer form walking the requirements graph by itself: the third opinion in tests, and the searcher's quick evaluator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...policy.model import Binding, BindingKind, Decision, Input, Policy
from ..agenda import CASE, Agenda
from ..answer import CASE_LEVEL, Answer, Failure, MatchedRows
from .codec import decode, encode
from .errors import Fault
from .plan import input_type, output_field, value_type
from .program import Program
from .types import ListOf, Record, Type

Items = Mapping[str, Sequence[Mapping[str, Any]]]


class Walk:
    """One agenda; facts and values are encoded."""

    def __init__(self, policy: Policy, agenda: Agenda, program: Program) -> None:
        self._policy, self._agenda, self._program = policy, agenda, program
        self._fields = {d.name: {o.name: output_field(d, o).type for o in d.outputs} for d in agenda.decisions}

    def evaluate(self, parameters: Mapping[str, Any], kasus: Mapping[str, Any], items: Items) -> Answer | Failure:
        values: dict[str, list[tuple[Any, ...]]] = {}
        rows: list[MatchedRows] = []
        for decision in self._agenda.decisions:
            per_item = decision.for_each is not None and not self._agenda.single
            indexes = range(len(items.get(decision.for_each or "", ()))) if per_item else (CASE_LEVEL,)
            values[decision.name] = []
            for index in indexes:
                try:
                    found = self.decide(decision, index, parameters, kasus, items, values, rows)
                except Fault as fault:
                    return Failure(fault.code, decision.name, index)
                values[decision.name].append(found)
        return Answer(values, tuple(rows))

    def decide(
        self,
        decision: Decision,
        index: int,
        parameters: Mapping[str, Any],
        kasus: Mapping[str, Any],
        items: Items,
        values: Mapping[str, list[tuple[Any, ...]]],
        rows: list[MatchedRows],
    ) -> tuple[Any, ...]:
        """One decision, on one item where index >= 0; raises Fault."""
        compiled = self._program.compiled(decision.name)
        if self._agenda.single:
            arguments = [kasus.get(given.name) for given in decision.inputs]
        else:
            arguments = [self._input(decision, given, given.binding, index, kasus, items, values) for given in decision.inputs]
        compiled.check_arguments(arguments)
        env = self._program.env(parameters)
        found, matched = compiled.decide(env, arguments)
        for name, indexes in [*env.calls, *([(decision.name, matched)] if matched is not None else [])]:
            plan = self._program.compiled(name).plan
            rows.append((name, decision.name, index, tuple(plan.rows[row].id for row in indexes)))
        return found

    def _input(
        self,
        decision: Decision,
        given: Input,
        binding: Binding,
        index: int,
        kasus: Mapping[str, Any],
        items: Items,
        values: Mapping[str, list[tuple[Any, ...]]],
    ) -> Any:
        target = input_type(given)[0]
        match binding.kind:
            case BindingKind.FACT:
                source = kasus if binding.target == CASE else items[binding.target][index]
                kind = value_type(self._policy.vocabulary.entities[binding.target].facts[binding.member].type)
                return _as(source.get(binding.member), kind, target)
            case BindingKind.OUTPUT:
                kind, position = self._output(binding)
                found = values[binding.target]
                required = self._policy.decision(binding.target, self._agenda.day)[0]
                return _as(found[index if required.for_each else 0][position], kind, target)
            case BindingKind.COLLECTED:
                kind, position = self._output(binding)
                return _as([row[position] for row in values[binding.target]], ListOf(kind), target)
            case BindingKind.ITEMS:
                assert isinstance(target, ListOf)
                assert isinstance(target.element, Record)
                return [self._element(given, number, items[binding.target][number], values) for number in range(len(items.get(binding.target, ())))]
        return None

    def _element(
        self, given: Input, index: int, item: Mapping[str, Any], values: Mapping[str, list[tuple[Any, ...]]]
    ) -> dict[str, Any]:
        found = {}
        for member in given.members:
            if member.decision is None:
                found[member.name] = item.get(member.name)
            else:
                _, position = self._output(Binding(BindingKind.OUTPUT, member.decision, member.name))
                found[member.name] = values[member.decision][index][position]
        return found

    def _output(self, binding: Binding) -> tuple[Type, int]:
        fields = self._fields[binding.target]
        return fields[binding.member], list(fields).index(binding.member)


def _as(value: Any, kind: Type, target: Type) -> Any:
    return value if kind == target else encode(decode(value, kind), target)
