"""The integer form walking the requirements graph by itself: the third opinion in tests, and the searcher's quick evaluator."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ...policy.model import BindingKind, Decision, Input, Policy
from ..agenda import CASE, Agenda
from ..answer import CASE_LEVEL, Answer, Failure, MatchedRows
from .codec import decode, encode
from .errors import Fault
from .plan import input_type, output_field, value_type
from .program import Env, Program
from .types import ListOf, Type

Items = Mapping[str, Sequence[Mapping[str, Any]]]


Values = Mapping[str, list[tuple[Any, ...]]]
Reader = Callable[[Mapping[str, Any], Items, Values, int], Any]


class Walk:
    """One agenda; facts and values are encoded. How each input is read is worked out once."""

    def __init__(self, policy: Policy, agenda: Agenda, program: Program) -> None:
        self._policy, self._agenda, self._program = policy, agenda, program
        self._fields = {d.name: {o.name: output_field(d, o).type for o in d.outputs} for d in agenda.decisions}
        self._readers = {d.name: [self._reader(d, given) for given in d.inputs] for d in agenda.decisions}

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
        values: Values,
        rows: list[MatchedRows],
    ) -> tuple[Any, ...]:
        """One decision, on one item where index >= 0; raises Fault. What it matched is added to `rows`."""
        found, matched, env = self._decide(decision.name, index, parameters, kasus, items, values)
        for name, indexes in env.calls:
            rows.append((name, decision.name, index, self._ids(name, indexes)))
        if matched is not None:
            rows.append((decision.name, decision.name, index, self._ids(decision.name, matched)))
        return found

    def _decide(
        self, name: str, index: int, parameters: Mapping[str, Any], kasus: Mapping[str, Any], items: Items, values: Values
    ) -> tuple[tuple[Any, ...], tuple[int, ...] | None, Env]:
        compiled = self._program.compiled(name)
        arguments = [read(kasus, items, values, index) for read in self._readers[name]]
        compiled.check_arguments(arguments)
        env = self._program.env(parameters)
        found, matched = compiled.decide(env, arguments)
        return found, matched, env

    def readers(self, decision: Decision) -> list[Reader]:
        """How each of its inputs is read."""
        return self._readers[decision.name]

    def _ids(self, name: str, indexes: Sequence[int]) -> tuple[str, ...]:
        plan = self._program.compiled(name).plan
        return tuple([plan.rows[row].id for row in indexes])

    def _reader(self, decision: Decision, given: Input) -> Reader:
        target, binding = input_type(given)[0], given.binding
        name, member = binding.target, binding.member
        if self._agenda.single:
            return lambda kasus, items, values, index: kasus.get(given.name)
        match binding.kind:
            case BindingKind.FACT:
                kind = value_type(self._policy.vocabulary.entities[name].facts[member].type)
                if name == CASE:
                    return _as(lambda kasus, items, values, index: kasus.get(member), kind, target)
                return _as(lambda kasus, items, values, index: items[name][index].get(member), kind, target)
            case BindingKind.OUTPUT:
                kind, position = self._output(name, member)
                if self._policy.decision(name, self._agenda.day)[0].for_each:
                    return _as(lambda kasus, items, values, index: values[name][index][position], kind, target)
                return _as(lambda kasus, items, values, index: values[name][0][position], kind, target)
            case BindingKind.COLLECTED:
                kind, position = self._output(name, member)
                return _as(lambda kasus, items, values, index: [row[position] for row in values[name]], ListOf(kind), target)
            case BindingKind.ITEMS:
                return self._element_reader(given, name)
        return lambda kasus, items, values, index: None

    def _element_reader(self, given: Input, entity: str) -> Reader:
        element = self.element(given, entity)

        def read(kasus: Mapping[str, Any], items: Items, values: Values, index: int) -> Any:
            return [element(items, values, number) for number in range(len(items.get(entity, ())))]

        return read

    def element(self, given: Input, entity: str) -> Callable[[Items, Values, int], dict[str, Any]]:
        """How one item of a list is read."""
        facts = [member.name for member in given.members if member.decision is None]
        outputs = [
            (member.name, member.decision, self._output(member.decision, member.name)[1])
            for member in given.members
            if member.decision is not None
        ]

        def element(items: Items, values: Values, number: int) -> dict[str, Any]:
            item = items[entity][number]
            found = {name: item.get(name) for name in facts}
            for name, decision, position in outputs:
                found[name] = values[decision][number][position]
            return found

        return element

    def _output(self, decision: str, name: str) -> tuple[Type, int]:
        fields = self._fields[decision]
        return fields[name], list(fields).index(name)


def _as(read: Reader, kind: Type, target: Type) -> Reader:
    """A reader whose values come under another scale than they are wanted."""
    if kind == target:
        return read
    return lambda kasus, items, values, index: encode(decode(read(kasus, items, values, index), kind), target)
