"""The search behind what-if: over one numeric fact of the items, on its own grid, until a goal is reached.

One item: bisection between today's value and the end of the fact's range, since the chain is monotone in each direction.
Several items: as few as can reach the goal at their best. On a coarse grid every step of theirs is tried; on a fine one, every
choice of which item stops half-way while the others go as far as they help, the cheapest by estimate settled by bisection.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, product
from math import lcm, prod
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
MAX_STEPS = 400
MAX_COMBINATIONS = 3_000


@dataclass(frozen=True, slots=True)
class Plan:
    """values: item index → new encoded value."""

    values: Mapping[int, int]
    cost: Fraction


@dataclass(frozen=True, slots=True)
class _Lever:
    """One item's best: the nearest value that helps it as much as any does, what it costs, what the score gains.

    cost: |change| ÷ target under a denominator common to all items. gain: in the score's own scale.
    """

    index: int
    best: int
    cost: int
    gain: int


_Subset = tuple[tuple[_Lever, ...], int]


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
        self._ends = tuple(int(end * self._den) for end in (kind.low, kind.high) if end is not None)
        listed = items.get(entity, ())
        self.now: list[int] = [item[fact] for item in listed]
        self._targets = [item[target] or 1 for item in listed]
        common = lcm(*self._targets)
        self._weights = [common // one for one in self._targets]
        self._open = [index for index in sorted(open_items) if self.now[index] is not None]
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
        return Fraction(abs(value - self.now[index]), self._targets[index])

    # ── several items ─────────────────────────────────────────────────────────────────────────────────────────────────
    def _together(self, wanted: frozenset[str], codes: Sequence[str]) -> list[Plan]:
        levers = sorted((lever for index in self._open if (lever := self._lever(index)) is not None), key=lambda lever: -lever.gain)
        size = next((k for k in range(2, len(levers) + 1) if self._reaches(levers[:k], wanted)), None)
        if size is None:
            return []
        subsets = self._enough(sorted(levers, key=lambda lever: codes[lever.index]), levers[:size], wanted)
        plans = self._every(subsets, wanted)
        if plans is None:
            plans = self._best_corners(subsets, codes, wanted)
        unique = {tuple(sorted(plan.values.items())): plan for plan in plans}
        return sorted(unique.values(), key=lambda plan: (plan.cost, [codes[index] for index in sorted(plan.values)]))

    def _enough(self, levers: Sequence[_Lever], strongest: Sequence[_Lever], wanted: frozenset[str]) -> list[_Subset]:
        """The subsets that reach the goal at their best, with what they gain beyond the need."""
        too_little, needed = self._edge(strongest, wanted)
        found = []
        for number, subset in enumerate(combinations(levers, len(strongest))):
            if number > MAX_SUBSETS:
                break
            gain = sum([lever.gain for lever in subset])
            if gain >= needed or (gain > too_little and self._reaches(subset, wanted)):
                found.append((subset, max(gain - needed, 0)))
        return found

    def _every(self, subsets: Sequence[_Subset], wanted: frozenset[str]) -> list[Plan] | None:
        """The best plan of each subset by going through every step of the grid; None where that is too much."""
        steps = {lever.index: abs(lever.best - self.now[lever.index]) for subset, _ in subsets for lever in subset}
        if max(steps.values()) > MAX_STEPS:
            return None
        levels = {lever.index: self._levels(lever) for subset, _ in subsets for lever in subset}
        work = 0
        for subset, _ in subsets:
            sizes = sorted(len(levels[lever.index]) for lever in subset)
            work += prod(sizes[:-1])
        if work > MAX_COMBINATIONS:
            return None
        return [plan for subset, _ in subsets if (plan := self._exhaust(subset, levels, wanted)) is not None]

    def _levels(self, lever: _Lever) -> list[int]:
        """The nearest value for each different result of the item, from today's outwards."""
        direction = 1 if lever.best > self.now[lever.index] else -1
        found: dict[Any, int] = {}
        for value in range(self.now[lever.index] + direction, lever.best + direction, direction):
            found.setdefault(self._item(lever.index, value), value)
        return list(found.values())

    def _exhaust(self, subset: Sequence[_Lever], levels: Mapping[int, list[int]], wanted: frozenset[str]) -> Plan | None:
        *others, last = sorted(subset, key=lambda lever: len(levels[lever.index]))
        best: Plan | None = None
        for values in product(*(levels[lever.index] for lever in others)):
            fixed = {lever.index: value for lever, value in zip(others, values, strict=True)}
            spent = sum((self._cost(i, v) for i, v in fixed.items()), Fraction(0))
            if best is not None and spent >= best.cost:
                continue
            final = self._first(last.index, levels[last.index], fixed, wanted)
            if final is None:
                continue
            cost = spent + self._cost(last.index, final)
            if best is None or cost < best.cost:
                best = Plan({**fixed, last.index: final}, cost)
        return best

    def _first(self, index: int, values: Sequence[int], others: Mapping[int, int], wanted: frozenset[str]) -> int | None:
        """The first of the values, ordered outwards, that reaches the goal."""
        low, high = 0, len(values)
        while low < high:
            middle = (low + high) // 2
            if self._result({**others, index: values[middle]}) in wanted:
                high = middle
            else:
                low = middle + 1
        return values[low] if low < len(values) else None

    def _best_corners(self, subsets: Sequence[_Subset], codes: Sequence[str], wanted: frozenset[str]) -> list[Plan]:
        """One item stops half-way, the others go as far as they help: where a linear cost is least. Cheapest estimates first."""
        estimates: list[tuple[int, tuple[str, ...], str, tuple[_Lever, ...], _Lever]] = []
        for subset, spare in subsets:
            full, names = sum([lever.cost for lever in subset]), tuple(codes[lever.index] for lever in subset)
            for last in subset:
                saved = min(spare * last.cost // last.gain, last.cost)
                estimates.append((full - saved, names, codes[last.index], subset, last))
        estimates.sort(key=lambda estimate: estimate[:3])
        plans = []
        for _, _, _, subset, last in estimates[:MAX_SETTLED]:
            others = {lever.index: lever.best for lever in subset if lever is not last}
            value = self._bisect(last.index, last.best, others, wanted)
            if value is not None:
                values = {**others, last.index: value}
                plans.append(Plan(values, sum((self._cost(i, v) for i, v in values.items()), Fraction(0))))
        return plans

    def _lever(self, index: int) -> _Lever | None:
        """None where no value of the fact betters the score."""
        base = self._score_of({})
        tops = [(top, end) for end in self._ends if (top := self._score_of({index: end})) is not None]
        if base is None or not tops:
            return None
        top, far = max(tops, key=lambda found: found[0])
        if top <= base:
            return None
        near, outputs = self.now[index], self._item(index, far)
        while abs(far - near) > 1:
            middle = (near + far) // 2
            if self._item(index, middle) == outputs:
                far = middle
            else:
                near = middle
        return _Lever(index, far, abs(far - self.now[index]) * self._weights[index], top - base)

    def _reaches(self, levers: Sequence[_Lever], wanted: frozenset[str]) -> bool:
        return self._result({lever.index: lever.best for lever in levers}) in wanted

    def _edge(self, levers: Sequence[_Lever], wanted: frozenset[str]) -> tuple[int, int]:
        """Gains of the score: the largest found that is too little, the smallest that is enough, with the strongest items."""
        *others, last = levers
        fixed = {lever.index: lever.best for lever in others}
        value = self._bisect(last.index, last.best, fixed, wanted)
        edge = last.best if value is None else value
        before = edge - 1 if edge > self.now[last.index] else edge + 1
        base = self._score_of({}) or 0
        return (self._score_of({**fixed, last.index: before}) or 0) - base, (
            self._score_of({**fixed, last.index: edge}) or 0
        ) - base

    # ── the chain ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def _result(self, changes: Mapping[int, int]) -> Any:
        """The goal's value with these changes, None where the case then has a named error."""
        return self._case_values(changes, self._goal)

    def _score_of(self, changes: Mapping[int, int]) -> int | None:
        """The first output of the decision that reads all items, encoded; None where it is no number."""
        score = self._case_values(changes, (self._score.name, 0)) if self._score is not None else None
        return score if isinstance(score, int) else None

    def _case_values(self, changes: Mapping[int, int], wanted: tuple[str, int]) -> Any:
        """Items that give the same outputs make the same case: those are computed once."""
        try:
            per_item = tuple([self._item(index, changes.get(index, now)) for index, now in enumerate(self.now)])
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
        listed = list(self._items[self._entity])
        listed[index] = {**listed[index], self._fact: value}
        items = {**self._items, self._entity: listed}
        values: dict[str, list[tuple[Any, ...]]] = {}
        found = []
        for decision in self._per_item:
            result = self._run(decision, index, items, values)
            values[decision.name] = [result] * len(listed)
            found.append(result)
        return tuple(found)

    def _run(
        self, decision: Decision, index: int, items: Mapping[str, Any], values: dict[str, list[tuple[Any, ...]]]
    ) -> tuple[Any, ...]:
        return self._walk.decide(decision, index, self._parameters, self._kasus, items, values, [])


def _reads_items(decision: Decision, entity: str) -> bool:
    return any(given.binding.kind is BindingKind.ITEMS and given.binding.target == entity for given in decision.inputs)
