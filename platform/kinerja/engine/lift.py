"""The search behind what-if: over one numeric fact of the items, on its own grid, until a goal is reached.

One item: bisection between today's value and the end of the fact's range, since the chain is monotone in each direction. Several
items: see `several`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

from ..policy.model import BindingKind, Decision
from .integer.plan import value_type
from .integer.types import Num
from .nearest import first_that
from .several import Plan, Several
from .variants import Ground, Variants


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
        kind = policy.vocabulary.entities[entity].facts[fact].type
        number = value_type(kind)
        self._den = number.den or 1 if isinstance(number, Num) else 1
        self.ends = tuple(int(end * self._den) for end in (kind.low, kind.high) if end is not None)
        listed = items.get(entity, ())
        self._variants = Variants(ground, kasus, items, entity, fact)
        self.item, self.now = self._variants.item, self._variants.now
        self._targets = [item[target] or 1 for item in listed]
        common = lcm(*self._targets)
        self.weights = [common // one for one in self._targets]
        self.open = [index for index in sorted(open_items) if self.now[index] is not None]
        self._goal = self._variants.place(*goal)
        reading = (d for d in agenda.decisions if d.for_each is None and _reads_items(d, entity))
        self._score = next(((decision.name, 0) for decision in reading), None)
        self._bests: dict[tuple[int, int], int] = {}

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
        return self._variants.output(changes, self._goal)

    def score_of(self, changes: Mapping[int, int]) -> int | None:
        """The first output of the decision that reads all items, encoded; None where it is no number."""
        score = self._variants.output(changes, self._score) if self._score is not None else None
        return score if isinstance(score, int) else None


def _reads_items(decision: Decision, entity: str) -> bool:
    return any(given.binding.kind is BindingKind.ITEMS and given.binding.target == entity for given in decision.inputs)
