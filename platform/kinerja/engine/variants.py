"""One case under changes of one fact of its items: what a change does not touch is computed once for a search.

On encoded facts, by the integer form; suggestions are evaluated again by both engines afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from ..policy.model import BindingKind, Decision, Policy
from .agenda import Agenda
from .answer import CASE_LEVEL
from .integer.errors import Fault
from .integer.program import Program, parameters_on
from .integer.walk import Walk

Outputs = tuple[tuple[Any, ...], ...]
"""What each decision on one item gives of it."""
Values = dict[str, list[tuple[Any, ...]]]


class Ground:
    """What a search rests on whatever the case: the decisions of an agenda, compiled, and the parameters of its day."""

    def __init__(self, policy: Policy, agenda: Agenda) -> None:
        self.policy, self.agenda = policy, agenda
        self.program = Program(policy, agenda.day)
        self.walk = Walk(policy, agenda, self.program)
        self.parameters = parameters_on(policy, agenda.day)


class _Step:
    """One decision. lists: its inputs that list the items of the entity, by position. moving: those that a change may touch; all
    others are the same for an item whatever its fact."""

    def __init__(self, ground: Ground, decision: Decision, entity: str, fact: str) -> None:
        self.name = decision.name
        self.outputs = [output.name for output in decision.outputs]
        self._compiled = ground.program.compiled(decision.name)
        self._env = ground.program.env(ground.parameters)
        self.readers = ground.walk.readers(decision)
        self.lists = {
            position: ground.walk.element(given, entity)
            for position, given in enumerate(decision.inputs)
            if given.binding.kind is BindingKind.ITEMS and given.binding.target == entity
        }
        self.moving = [
            position
            for position, given in enumerate(decision.inputs)
            if given.binding.kind is not BindingKind.FACT or (given.binding.target, given.binding.member) == (entity, fact)
        ]

    def run(self, arguments: Sequence[Any]) -> tuple[Any, ...]:
        """Raises Fault."""
        self._env.calls.clear()
        self._compiled.check_arguments(arguments)
        return self._compiled.decide(self._env, arguments)[0]


class Variants:
    """Facts are encoded. now: of each item, the fact today."""

    def __init__(
        self, ground: Ground, kasus: Mapping[str, Any], items: Mapping[str, Sequence[Any]], entity: str, fact: str
    ) -> None:
        self._kasus, self._items, self._entity, self._fact = kasus, items, entity, fact
        self.now: list[int] = [item[fact] for item in items.get(entity, ())]
        decisions = ground.agenda.decisions
        self._on_items = [_Step(ground, one, entity, fact) for one in decisions if one.for_each == entity]
        self._on_case = [_Step(ground, one, entity, fact) for one in decisions if one.for_each is None]
        self._fixed: Values = {}
        for one in decisions:
            if one.for_each not in (None, entity):
                step, listed = _Step(ground, one, entity, fact), items[one.for_each or ""]
                self._fixed[one.name] = [
                    step.run([read(kasus, items, self._fixed, index) for read in step.readers]) for index in range(len(listed))
                ]
        self._alone: dict[int, tuple[dict[str, Any], dict[str, Any], list[list[Any]]]] = {}
        self._seen: dict[tuple[tuple[int, Outputs], ...], dict[str, Any]] = {}
        self._elements: dict[tuple[str, int], list[Any]] = {}
        self.item = lru_cache(maxsize=None)(self._outputs)
        """(index, value) → what the decisions on items give of it; raises Fault."""
        self._today = [self._outputs_or_none(index) for index in range(len(self.now))]
        self._faulty = {index for index, found in enumerate(self._today) if found is None}

    def place(self, decision: str, output: str) -> tuple[str, int]:
        """An output of the case as `output` wants it."""
        return decision, next(step for step in self._on_case if step.name == decision).outputs.index(output)

    def output(self, changes: Mapping[int, int], wanted: tuple[str, int]) -> Any:
        """The value of an output of the case with these changes; None where the case then has a named error.

        Items that give the same outputs make the same case, which is computed once.
        """
        if self._faulty and not self._faulty <= changes.keys():
            return None
        try:
            found = [(index, self.item(index, value)) for index, value in sorted(changes.items())]
        except Fault:
            return None
        changed = tuple([one for one in found if one[1] != self._today[one[0]]])
        values = self._seen.get(changed)
        if values is None:
            values = self._seen[changed] = self._begun(dict(changed))
        return self._computed(values, dict(changed), *wanted)

    # ── items ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    def _outputs(self, index: int, value: int | None) -> Outputs:
        items, item, bases = self._alone.get(index) or self._set_apart(index)
        item[self._fact] = value
        values: Values = {}
        for step, base in zip(self._on_items, bases, strict=True):
            arguments = base.copy()
            for position in step.moving:
                arguments[position] = step.readers[position](self._kasus, items, values, 0)
            values[step.name] = [step.run(arguments)]
        return tuple([values[step.name][0] for step in self._on_items])

    def _set_apart(self, index: int) -> tuple[dict[str, Any], dict[str, Any], list[list[Any]]]:
        """The case with this item alone, the item, and for each decision the arguments that stay."""
        item = dict(self._items[self._entity][index])
        items = {**self._items, self._entity: [item]}
        bases = [
            [None if position in step.moving else read(self._kasus, items, {}, 0) for position, read in enumerate(step.readers)]
            for step in self._on_items
        ]
        found = self._alone[index] = items, item, bases
        return found

    def _outputs_or_none(self, index: int) -> Outputs | None:
        try:
            return self.item(index, self.now[index])
        except Fault:
            return None

    # ── the case ──────────────────────────────────────────────────────────────────────────────────────────────────────
    def _begun(self, changed: Mapping[int, Outputs]) -> Values:
        return self._fixed | self._by_decision([changed.get(index, today) for index, today in enumerate(self._today)])

    def _computed(self, values: Values, changed: Mapping[int, Outputs], name: str, output: int) -> Any:
        """Goes on where what is known of the case ends; a decision that has a named error gives nothing, nor do those after it."""
        for step in self._on_case:
            if step.name not in values:
                try:
                    values[step.name] = [step.run(self._arguments(step, values, changed))]
                except Fault:
                    values[step.name] = []
            if not values[step.name]:
                return None
            if step.name == name:
                break
        return values[name][0][output]

    def _arguments(self, step: _Step, values: Values, changed: Mapping[int, Outputs]) -> list[Any]:
        return [
            self._listed(step, position, values, changed)
            if position in step.lists
            else read(self._kasus, self._items, values, CASE_LEVEL)
            for position, read in enumerate(step.readers)
        ]

    def _by_decision(self, per_item: Sequence[Outputs | None]) -> Values:
        return {step.name: [found[at] if found else () for found in per_item] for at, step in enumerate(self._on_items)}

    def _listed(self, step: _Step, position: int, values: Values, changed: Mapping[int, Outputs]) -> list[Any]:
        """The items as a decision reads them: today's, but for those that changed."""
        element = step.lists[position]
        today = self._elements.get((step.name, position))
        if today is None:
            held = self._by_decision(self._today)
            today = self._elements[step.name, position] = [
                element(self._items, held, index) if found else None for index, found in enumerate(self._today)
            ]
        listed = today.copy()
        for index in changed:
            listed[index] = element(self._items, values, index)
        return listed
