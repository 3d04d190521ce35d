"""The search behind what-if: over one numeric fact of the items, on its own grid, until a goal is reached.

One item: bisection between today's value and the end of the fact's range, since the chain is monotone in each direction. Several
items: see `several`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import Any

from ..policy.model import BindingKind, Decision, Policy
from .agenda import Agenda
from .integer.errors import Fault
from .integer.plan import value_type
from .integer.program import Program, parameters_on
from .integer.types import Num
from .integer.walk import Walk
from .nearest import first_that
from .several import Plan, Several


class Ground:
    """What a search rests on whatever the case: the decisions of an agenda, compiled, and the parameters of its day."""

    def __init__(self, policy: Policy, agenda: Agenda) -> None:
        self.policy, self.agenda = policy, agenda
        self.walk = Walk(policy, agenda, Program(policy, agenda.day))
        self.parameters = parameters_on(policy, agenda.day)


class Lifter:
    """One case. open_items: indexes that may change; those without a value today are left as they are."""

    def __init__(
        self,
        ground: Ground,
        kasus: Mapping[str, Any],
        items: Mapping[str, Sequence[Mapping[str, Any]]],
        *,
        entity: str,
        fact: str,
        target: str,
        goal: tuple[str, str],
        open_items: frozenset[int],
    ) -> None:
        policy, agenda = ground.policy, ground.agenda
        self._kasus, self._items = kasus, items
        self._entity, self._fact = entity, fact
        self._walk, self._parameters = ground.walk, ground.parameters
        kind = policy.vocabulary.entities[entity].facts[fact].type
        number = value_type(kind)
        self._den = number.den or 1 if isinstance(number, Num) else 1
        self.ends = tuple(int(end * self._den) for end in (kind.low, kind.high) if end is not None)
        listed = items.get(entity, ())
        self.now: list[int] = [item[fact] for item in listed]
        self._targets = [item[target] or 1 for item in listed]
        common = lcm(*self._targets)
        self.weights = [common // one for one in self._targets]
        self.open = [index for index in sorted(open_items) if self.now[index] is not None]
        self._per_item = [d for d in agenda.decisions if d.for_each == entity]
        self._others = [d for d in agenda.decisions if d.for_each not in (None, entity)]
        self._case = [d for d in agenda.decisions if d.for_each is None]
        goal_decision = next(d for d in self._case if d.name == goal[0])
        self._goal = (goal[0], [output.name for output in goal_decision.outputs].index(goal[1]))
        self._fixed: dict[str, list[tuple[Any, ...]]] = {}
        for decision in self._others:
            self._fixed[decision.name] = [
                self._run(decision, i, items, self._fixed) for i in range(len(items[decision.for_each or ""]))
            ]
        self._score = next((d for d in self._case if _reads_items(d, entity)), None)
        self._seen: dict[Any, Any] = {}
        self._bests: dict[tuple[int, int], int] = {}
        self.item = lru_cache(maxsize=None)(self._item_values)

    def value(self, encoded: int) -> Fraction:
        return Fraction(encoded, self._den)

    def reach(self, wanted: frozenset[str], codes: Sequence[str]) -> list[Plan]:
        """The cheapest plans that bring the goal into `wanted`, cheapest first; [] when there is none."""
        alone = [plan for index in self.open if (plan := self._alone(index, wanted)) is not None]
        if alone:
            return sorted(alone, key=lambda plan: (plan.cost, [codes[index] for index in plan.values]))
        return Several(self, wanted, codes).plans()

    # ── one item ──────────────────────────────────────────────────────────────────────────────────────────────────────
    def _alone(self, index: int, wanted: frozenset[str]) -> Plan | None:
        found = [self.bisect(index, end, {}, wanted) for end in self.ends if end != self.now[index]]
        plans = [Plan({index: value}, self.cost(index, value)) for value in found if value is not None]
        return min(plans, key=lambda plan: plan.cost, default=None)

    def bisect(
        self, index: int, end: int, others: Mapping[int, int], wanted: frozenset[str], guess: int | None = None
    ) -> int | None:
        """The value nearest to today's, towards `end`, that reaches the goal while the others are changed so.

        guess: near which it is looked for first.
        """
        if self.result({**others, index: end}) not in wanted:
            return None
        far = self.nearest_best(index, end)
        near = (self.now[index] + far) // 2 if guess is None else guess
        return first_that(self.now[index], far, near, lambda value: self.result({**others, index: value}) in wanted)

    def nearest_best(self, index: int, end: int) -> int:
        """The value nearest to today's that gives the item what the end of the fact's range gives it."""
        found = self._bests.get((index, end))
        if found is None:
            outputs = self.item(index, end)
            found = self._bests[index, end] = first_that(
                self.now[index], end, self._guess(index, end), lambda value: self.item(index, value) == outputs
            )
        return found

    def _guess(self, index: int, end: int) -> int:
        """Where the item would get there if its outputs went on as they begin; `end` where nothing can be said."""
        now, way = self.now[index], 1 if end > self.now[index] else -1
        probe = now + way * min(max(1, abs(now) // 64), abs(end - now))
        for before, after, last in zip(*(sum(self.item(index, value), ()) for value in (now, probe, end)), strict=True):
            if isinstance(after, int) and isinstance(before, int) and isinstance(last, int) and after != before:
                return now + (probe - now) * (last - before) // (after - before)
        return end

    def cost(self, index: int, value: int) -> Fraction:
        return Fraction(abs(value - self.now[index]), self._targets[index])

    # ── the chain ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def result(self, changes: Mapping[int, int]) -> Any:
        """The goal's value with these changes, None where the case then has a named error."""
        return self._case_values(changes, self._goal)

    def score_of(self, changes: Mapping[int, int]) -> int | None:
        """The first output of the decision that reads all items, encoded; None where it is no number."""
        score = self._case_values(changes, (self._score.name, 0)) if self._score is not None else None
        return score if isinstance(score, int) else None

    def _case_values(self, changes: Mapping[int, int], wanted: tuple[str, int]) -> Any:
        """Items that give the same outputs make the same case: those are computed once."""
        try:
            per_item = tuple([self.item(index, changes.get(index, now)) for index, now in enumerate(self.now)])
        except Fault:
            return None
        key = (wanted, per_item)
        if key not in self._seen:
            self._seen[key] = self._compute(per_item, wanted)
        return self._seen[key]

    def _compute(self, per_item: Sequence[Sequence[tuple[Any, ...]]], wanted: tuple[str, int]) -> Any:
        name, position = wanted
        values = dict(self._fixed)
        for number, decision in enumerate(self._per_item):
            values[decision.name] = [found[number] for found in per_item]
        try:
            for decision in self._case:
                values[decision.name] = [self._run(decision, -1, self._items, values)]
                if decision.name == name:
                    break
        except Fault:
            return None
        return values[name][0][position]

    def _item_values(self, index: int, value: int | None) -> tuple[tuple[Any, ...], ...]:
        """What the for_each decisions give of one item with that value."""
        items = {**self._items, self._entity: [{**self._items[self._entity][index], self._fact: value}]}
        values: dict[str, list[tuple[Any, ...]]] = {}
        for decision in self._per_item:
            values[decision.name] = [self._run(decision, 0, items, values)]
        return tuple([values[decision.name][0] for decision in self._per_item])

    def _run(
        self, decision: Decision, index: int, items: Mapping[str, Any], values: dict[str, list[tuple[Any, ...]]]
    ) -> tuple[Any, ...]:
        return self._walk.outputs(decision, index, self._parameters, self._kasus, items, values)


def _reads_items(decision: Decision, entity: str) -> bool:
    return any(given.binding.kind is BindingKind.ITEMS and given.binding.target == entity for given in decision.inputs)
