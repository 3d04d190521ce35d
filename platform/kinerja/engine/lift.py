"""The search behind what-if: over one numeric fact of the items, on its own grid, until a goal is reached.

One item: bisection between today's value and the end of the fact's range, since the chain is monotone in each direction.
Several items: as few as can reach the goal at their best; of those, every choice of which one stops half-way while the others
go as far as they help, by estimated cost, the best of them settled by bisection.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from typing import Any

from ..policy.model import BindingKind, Decision, Policy
from .agenda import Agenda
from .integer.errors import Fault
from .integer.plan import value_type
from .integer.program import Program, parameters_on
from .integer.types import Num
from .integer.walk import Walk

MAX_SUBSETS = 20_000
MAX_SETTLED = 6


@dataclass(frozen=True, slots=True)
class Plan:
    """values: item index → new encoded value."""

    values: Mapping[int, int]
    cost: Fraction


@dataclass(frozen=True, slots=True)
class _Lever:
    """One item's best: the nearest value that helps it as much as any does, what it costs, what the score gains."""

    index: int
    best: int
    cost: Fraction
    gain: Fraction


class Lifter:
    """One case. open_items: indexes that may change; those without a value today are left as they are."""

    def __init__(
        self,
        policy: Policy,
        agenda: Agenda,
        kasus: Mapping[str, Any],
        items: Mapping[str, Sequence[Mapping[str, Any]]],
        *,
        entity: str,
        fact: str,
        target: str,
        goal: tuple[str, str],
        open_items: frozenset[int],
    ) -> None:
        self._agenda, self._kasus, self._items = agenda, kasus, items
        self._entity, self._fact = entity, fact
        self._walk = Walk(policy, agenda, Program(policy, agenda.day))
        self._parameters = parameters_on(policy, agenda.day)
        kind = policy.vocabulary.entities[entity].facts[fact].type
        number = value_type(kind)
        self._den = number.den or 1 if isinstance(number, Num) else 1
        self._ends = tuple(int(end * self._den) for end in (kind.low, kind.high) if end is not None)
        listed = items.get(entity, ())
        self.now: list[int] = [item[fact] for item in listed]
        self._targets = [Fraction(item[target] or 1) for item in listed]
        self._open = [index for index in sorted(open_items) if self.now[index] is not None]
        self._per_item = [d for d in agenda.decisions if d.for_each == entity]
        self._others = [d for d in agenda.decisions if d.for_each not in (None, entity)]
        self._case = [d for d in agenda.decisions if d.for_each is None]
        goal_decision = next(d for d in self._case if d.name == goal[0])
        self._goal = (goal[0], [output.name for output in goal_decision.outputs].index(goal[1]))
        self._fixed: dict[str, list[tuple[Any, ...]]] = {}
        for decision in self._others:
            self._fixed[decision.name] = [self._run(decision, i, items, self._fixed) for i in range(len(items[decision.for_each or ""]))]
        self._score = next((d for d in self._case if _reads_items(d, entity)), None)
        self._item = lru_cache(maxsize=None)(self._item_values)

    def value(self, encoded: int) -> Fraction:
        return Fraction(encoded, self._den)

    def reach(self, wanted: frozenset[str], codes: Sequence[str]) -> list[Plan]:
        """The cheapest plans that bring the goal into `wanted`, cheapest first; [] when there is none."""
        alone = [plan for index in self._open if (plan := self._alone(index, wanted)) is not None]
        if alone:
            return sorted(alone, key=lambda plan: (plan.cost, [codes[index] for index in plan.values]))
        return self._together(wanted, codes)

    # ── one item ──────────────────────────────────────────────────────────────────────────────────────────────────────
    def _alone(self, index: int, wanted: frozenset[str]) -> Plan | None:
        found = [self._bisect(index, end, {}, wanted) for end in self._ends if end != self.now[index]]
        plans = [Plan({index: value}, self._cost(index, value)) for value in found if value is not None]
        return min(plans, key=lambda plan: plan.cost, default=None)

    def _bisect(self, index: int, end: int, others: Mapping[int, int], wanted: frozenset[str]) -> int | None:
        """The value nearest to today's, towards `end`, that reaches the goal while the others are changed so."""
        if self._result({**others, index: end}) not in wanted:
            return None
        near, far = self.now[index], end
        while abs(far - near) > 1:
            middle = (near + far) // 2
            if self._result({**others, index: middle}) in wanted:
                far = middle
            else:
                near = middle
        return far

    def _cost(self, index: int, value: int) -> Fraction:
        return Fraction(abs(value - self.now[index])) / self._targets[index]

    # ── several items ─────────────────────────────────────────────────────────────────────────────────────────────────
    def _together(self, wanted: frozenset[str], codes: Sequence[str]) -> list[Plan]:
        levers = sorted((lever for index in self._open if (lever := self._lever(index)) is not None), key=lambda lever: -lever.gain)
        size = next((k for k in range(2, len(levers) + 1) if self._reaches(levers[:k], wanted)), None)
        if size is None:
            return []
        needed = self._needed(levers[:size], wanted)
        estimates = []
        for number, subset in enumerate(combinations(sorted(levers, key=lambda lever: codes[lever.index]), size)):
            if number > MAX_SUBSETS:
                break
            total = sum((lever.gain for lever in subset), Fraction(0))
            if total < needed:
                continue
            for last in subset:
                spared = (total - needed) * last.cost / last.gain
                cost = sum((lever.cost for lever in subset), Fraction(0)) - min(spared, last.cost)
                estimates.append((cost, [codes[lever.index] for lever in subset], subset, last))
        estimates.sort(key=lambda estimate: (estimate[0], estimate[1], codes[estimate[3].index]))
        plans = []
        for _, _, subset, last in estimates[:MAX_SETTLED]:
            others = {lever.index: lever.best for lever in subset if lever is not last}
            value = self._bisect(last.index, last.best, others, wanted)
            if value is not None:
                values = {**others, last.index: value}
                plans.append(Plan(values, sum((self._cost(i, v) for i, v in values.items()), Fraction(0))))
        unique = {tuple(sorted(plan.values.items())): plan for plan in plans}
        return sorted(unique.values(), key=lambda plan: (plan.cost, [codes[index] for index in sorted(plan.values)]))

    def _lever(self, index: int) -> _Lever | None:
        """None where no value of the fact betters the score."""
        base, best = self._score_of({}), None
        for end in self._ends:
            top = self._score_of({index: end})
            if base is None or top is None or top <= base or (best is not None and top <= best[0]):
                continue
            best = (top, end)
        if best is None or base is None:
            return None
        top, near, far = best[0], self.now[index], best[1]
        while abs(far - near) > 1:
            middle = (near + far) // 2
            if self._score_of({index: middle}) == top:
                far = middle
            else:
                near = middle
        return _Lever(index, far, self._cost(index, far), top - base)

    def _reaches(self, levers: Sequence[_Lever], wanted: frozenset[str]) -> bool:
        return self._result({lever.index: lever.best for lever in levers}) in wanted

    def _needed(self, levers: Sequence[_Lever], wanted: frozenset[str]) -> Fraction:
        """How much the score must gain: found once, at the edge, with the strongest items."""
        *others, last = levers
        fixed = {lever.index: lever.best for lever in others}
        value = self._bisect(last.index, last.best, fixed, wanted)
        after = self._score_of({**fixed, last.index: value if value is not None else last.best})
        base = self._score_of({})
        return (after or Fraction(0)) - (base or Fraction(0))

    # ── the chain ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def _result(self, changes: Mapping[int, int]) -> Any:
        """The goal's value with these changes, None where the case then has a named error."""
        values = self._values(changes, self._case)
        return None if values is None else values[self._goal[0]][0][self._goal[1]]

    def _score_of(self, changes: Mapping[int, int]) -> Fraction | None:
        if self._score is None:
            return None
        values = self._values(changes, self._case[: self._case.index(self._score) + 1])
        score = values[self._score.name][0][0] if values is not None else None
        return Fraction(score) if isinstance(score, int) else None

    def _values(self, changes: Mapping[int, int], case: Sequence[Decision]) -> dict[str, list[tuple[Any, ...]]] | None:
        try:
            per_item = [self._item(index, changes.get(index, now)) for index, now in enumerate(self.now)]
            values = dict(self._fixed)
            for position, decision in enumerate(self._per_item):
                values[decision.name] = [found[position] for found in per_item]
            for decision in case:
                values[decision.name] = [self._run(decision, -1, self._items, values)]
        except Fault:
            return None
        return values

    def _item_values(self, index: int, value: int | None) -> list[tuple[Any, ...]]:
        """What the for_each decisions give of one item with that value."""
        listed = list(self._items[self._entity])
        listed[index] = {**listed[index], self._fact: value}
        items = {**self._items, self._entity: listed}
        values: dict[str, list[tuple[Any, ...]]] = {}
        found = []
        for decision in self._per_item:
            result = self._run(decision, index, items, values)
            values[decision.name] = [result] * len(listed)
            found.append(result)
        return found

    def _run(self, decision: Decision, index: int, items: Mapping[str, Any], values: dict[str, list[tuple[Any, ...]]]) -> tuple[Any, ...]:
        return self._walk.decide(decision, index, self._parameters, self._kasus, items, values, [])


def _reads_items(decision: Decision, entity: str) -> bool:
    return any(given.binding.kind is BindingKind.ITEMS and given.binding.target == entity for given in decision.inputs)
