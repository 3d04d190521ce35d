"""What-if over several items: as few as can reach the goal at their best, at the least sum of |change| ÷ target.

On a coarse grid every step of theirs is tried. On a fine one the least cost lies where one item stops half-way and the others go as
far as they help, but for the grain of the grid and the width of a level: each such corner whose estimate may win is settled by
bisection, and the levels around it are tried as far as they may pay. Where items cost the same, that is every level; `MAX_TRIED`
bounds them in a search then, and what is missed is less than a step of the fact for each item.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from math import comb, prod
from typing import TYPE_CHECKING, Any

from .nearest import first_that
from .subsets import Lever, cheapest

if TYPE_CHECKING:
    from .lift import Lifter

MAX_SUBSETS = 1_000
MAX_SETTLED = 6
MAX_TRIED = 60
MANY = 8  # items: with more, each trial takes longer, and fewer are made
MAX_STEPS = 400
MAX_COMBINATIONS = 3_000
ROUNDING = 2
"""Of the score's last digits: by so much gains of several items may differ from their sum."""


@dataclass(frozen=True, slots=True)
class Plan:
    """values: item index → new encoded value."""

    values: Mapping[int, int]
    cost: Fraction


_Subset = tuple[tuple[Lever, ...], int]


class Several:
    """One search. wanted: values of the goal that will do; codes: of the items, which settle ties."""

    def __init__(self, lifter: Lifter, wanted: frozenset[str], codes: Sequence[str]) -> None:
        self._lifter, self._wanted, self._codes = lifter, wanted, codes
        self._nexts: dict[tuple[Lever, int], int | None] = {}
        self._inners: dict[tuple[Lever, int], int | None] = {}
        self._width: dict[int, int] = {}
        self._gains: dict[tuple[int, int], int] = {}
        self._tried = self._needed = 0
        self._most = MAX_TRIED * MANY // max(MANY, len(lifter.open))

    def plans(self) -> list[Plan]:
        """The cheapest of each subset, cheapest first; [] when all items at their best do not reach the goal."""
        levers = sorted(
            (lever for index in self._lifter.open if (lever := self._lever(index)) is not None), key=lambda lever: -lever.gain
        )
        size = next((k for k in range(2, len(levers) + 1) if self._reaches(levers[:k])), None)
        if size is None:
            return []
        subsets = self._enough(sorted(levers, key=lambda lever: self._codes[lever.index]), levers[:size])
        plans = self._every(subsets)
        if plans is None:
            plans = self._corners(subsets)
        unique = {tuple(sorted(plan.values.items())): plan for plan in plans}
        return sorted(unique.values(), key=lambda plan: (plan.cost, [self._codes[index] for index in sorted(plan.values)]))

    def _enough(self, levers: Sequence[Lever], strongest: Sequence[Lever]) -> list[_Subset]:
        """The subsets that reach the goal at their best, with what they gain beyond the need."""
        too_little, needed = self._edge(strongest)
        self._needed = needed
        size, found = len(strongest), []
        few = comb(len(levers), size) <= MAX_SUBSETS
        for subset in combinations(levers, size) if few else cheapest(levers, size, too_little + 1):
            gain = sum([lever.gain for lever in subset])
            if gain >= needed or (gain > too_little and self._reaches(subset)):
                found.append((subset, max(gain - needed, 0)))
        return found

    def _every(self, subsets: Sequence[_Subset]) -> list[Plan] | None:
        """The best plan of each subset by going through every step of the grid; None where that is too much."""
        steps = {lever.index: abs(lever.best - self._lifter.now[lever.index]) for subset, _ in subsets for lever in subset}
        if max(steps.values()) > MAX_STEPS:
            return None
        levels = {lever.index: self._levels(lever) for subset, _ in subsets for lever in subset}
        work = 0
        for subset, _ in subsets:
            sizes = sorted(len(levels[lever.index]) for lever in subset)
            work += prod(sizes[:-1])
        if work > MAX_COMBINATIONS:
            return None
        return [plan for subset, _ in subsets if (plan := self._exhaust(subset, levels)) is not None]

    def _levels(self, lever: Lever) -> list[int]:
        """The nearest value for each different result of the item, from today's outwards."""
        direction = 1 if lever.best > self._lifter.now[lever.index] else -1
        found: dict[Any, int] = {}
        for value in range(self._lifter.now[lever.index] + direction, lever.best + direction, direction):
            found.setdefault(self._lifter.item(lever.index, value), value)
        return list(found.values())

    def _exhaust(self, subset: Sequence[Lever], levels: Mapping[int, list[int]]) -> Plan | None:
        *others, last = sorted(subset, key=lambda lever: len(levels[lever.index]))
        best: Plan | None = None
        for values in product(*(levels[lever.index] for lever in others)):
            fixed = {lever.index: value for lever, value in zip(others, values, strict=True)}
            spent = sum((self._lifter.cost(i, v) for i, v in fixed.items()), Fraction(0))
            if best is not None and spent >= best.cost:
                continue
            final = self._first(last.index, levels[last.index], fixed)
            if final is None:
                continue
            cost = spent + self._lifter.cost(last.index, final)
            if best is None or cost < best.cost:
                best = Plan({**fixed, last.index: final}, cost)
        return best

    def _first(self, index: int, values: Sequence[int], others: Mapping[int, int]) -> int | None:
        """The first of the values, ordered outwards, that reaches the goal."""
        low, high = 0, len(values)
        while low < high:
            middle = (low + high) // 2
            if self._lifter.result({**others, index: values[middle]}) in self._wanted:
                high = middle
            else:
                low = middle + 1
        return values[low] if low < len(values) else None

    # ── a fine grid ───────────────────────────────────────────────────────────────────────────────────────────────────
    def _corners(self, subsets: Sequence[_Subset]) -> list[Plan]:
        """One item stops half-way, the others go as far as they help: where a linear cost is least. Cheapest estimates first."""
        estimates: list[tuple[int, tuple[str, ...], str, tuple[Lever, ...], Lever]] = []
        for subset, spare in subsets:
            full, names = sum([lever.cost for lever in subset]), tuple(self._codes[lever.index] for lever in subset)
            for last in subset:
                saved = min(spare * last.cost // last.gain, last.cost)
                estimates.append((full - saved, names, self._codes[last.index], subset, last))
        estimates.sort(key=lambda estimate: estimate[:3])
        plans: list[Plan] = []
        for number, (estimate, _, _, subset, last) in enumerate(estimates):
            if number >= MAX_SETTLED and (number >= 2 * MAX_SETTLED or estimate > estimates[0][0] + self._grain(subset)):
                break
            plan = self._settle(subset, last)
            if plan is not None:
                plans.append(plan)
        return plans

    def _grain(self, subset: Sequence[Lever]) -> int:
        """What the grid may add to, or take from, a cost that is linear: two steps an item, in the levers' common denominator."""
        return 2 * sum(self._lifter.weights[lever.index] for lever in subset)

    def _settle(self, subset: Sequence[Lever], last: Lever) -> Plan | None:
        """The cheapest near the corner where `last` stops half-way.

        The others give up levels, and `last` makes up for them, as long as that may pay: by the grain of the grid, and by what the
        corner gains beyond the need, which is less than a level of `last`.
        """
        others = [lever for lever in subset if lever is not last]
        corner = {lever.index: lever.best for lever in others}
        short, now = self._needed - sum(lever.gain for lever in others), self._lifter.now[last.index]
        likely = now + (last.best - now) * short // last.gain
        value = self._lifter.bisect(last.index, last.best, corner, self._wanted, likely)
        if value is None:
            return None
        start, dear = self._gain(last.index, value), self._price(last)
        way = 1 if last.best > self._lifter.now[last.index] else -1
        level = max(1, start - self._gain(last.index, value - way))
        allowed = self._grain(subset) + level * dear
        best, spent_best = {**corner, last.index: value}, self._spent({**corner, last.index: value})
        rungs, gains = [value], [0]  # levels of `last` from the corner outwards, and what they gain over it

        def rung(number: int) -> int | None:
            while number >= len(rungs):
                found = self._next(last, rungs[-1])
                if found is None:
                    return None
                rungs.append(found)
                gains.append(self._gain(last.index, found) - start)
            return rungs[number]

        def make_up(fixed: dict[int, int], lost: int) -> None:
            """The first level of `last` that makes up for what was lost."""
            nonlocal best, spent_best
            least = lost - level - ROUNDING
            while gains[-1] < least:
                if rung(len(rungs)) is None:
                    return
            number = bisect_left(gains, least)
            while (at := rung(number)) is not None and (spent := self._spent({**fixed, last.index: at})) < spent_best:
                if self._lifter.result({**fixed, last.index: at}) in self._wanted:
                    best, spent_best = {**fixed, last.index: at}, spent
                    return
                number += 1

        def give_up(number: int, fixed: dict[int, int], lost: int, excess: Fraction) -> None:
            if number == len(others):
                if lost:
                    make_up(fixed, lost)
                return
            lever = others[number]
            price, at = self._price(lever), lever.best
            while True:
                own = lever.gain - self._gain(lever.index, at)
                more = excess + own * (dear - price)
                if more > allowed or (own and dear < price) or self._tried > self._most:
                    return
                give_up(number + 1, {**fixed, lever.index: at}, lost + own, more)
                inner = self._inner(lever, at)
                if inner is None:
                    return
                at, self._tried = inner, self._tried + 1

        give_up(0, {}, 0, Fraction(0))
        return Plan(best, sum((self._lifter.cost(i, v) for i, v in best.items()), Fraction(0)))

    def _spent(self, values: Mapping[int, int]) -> int:
        """Cost in the levers' common denominator."""
        return sum(abs(value - self._lifter.now[index]) * self._lifter.weights[index] for index, value in values.items())

    def _gain(self, index: int, value: int) -> int:
        """Of the score, over today's, with that value alone changed."""
        found = self._gains.get((index, value))
        if found is None:
            found = self._gains[index, value] = (self._lifter.score_of({index: value}) or 0) - (self._lifter.score_of({}) or 0)
        return found

    def _price(self, lever: Lever) -> Fraction:
        """Cost of a point of the score between the item's first level and its last."""
        first = self._next(lever, self._lifter.now[lever.index])
        gained = 0 if first is None else lever.gain - self._gain(lever.index, first)
        if first is None or gained <= 0:
            return Fraction(lever.cost, lever.gain)
        return Fraction(abs(lever.best - first) * self._lifter.weights[lever.index], gained)

    def _next(self, lever: Lever, value: int) -> int | None:
        """The nearest value of the next level outwards; None at the last."""
        if (lever, value) not in self._nexts:
            outputs = self._lifter.item(lever.index, value)
            last = self._lifter.item(lever.index, lever.best) == outputs
            found = (
                None if last else self._gallop(lever, value, lever.best, lambda one: self._lifter.item(lever.index, one) != outputs)
            )
            self._nexts[lever, value] = found
        return self._nexts[lever, value]

    def _inner(self, lever: Lever, value: int) -> int | None:
        """The nearest value of the next level inwards; None where that is today's."""
        now = self._lifter.now[lever.index]
        step = 1 if now > value else -1
        if abs(value - now) <= 1:
            return None
        inner = value + step
        if (lever, inner) not in self._inners:
            outputs = self._lifter.item(lever.index, inner)
            today = outputs == self._lifter.item(lever.index, now)
            found = (
                None
                if today
                else self._gallop(lever, inner, now, lambda one: self._lifter.item(lever.index, one) != outputs) - step
            )
            self._inners[lever, inner] = found
        return self._inners[lever, inner]

    def _gallop(self, lever: Lever, start: int, end: int, holds: Callable[[int], bool]) -> int:
        """The first value after `start`, towards `end`, that holds; `end` holds, `start` does not, and once it holds it stays.

        Looked for first where the item's last level was wide.
        """
        width = max(1, self._width.get(lever.index, 1))
        found = first_that(start, end, start + (width if end > start else -width), holds)
        self._width[lever.index] = abs(found - start)
        return found

    # ── levers ───────────────────────────────────────────────────────────────────────────────────────────────────────
    def _lever(self, index: int) -> Lever | None:
        """None where no value of the fact betters the score."""
        base = self._lifter.score_of({})
        tops = [(top, end) for end in self._lifter.ends if (top := self._lifter.score_of({index: end})) is not None]
        if base is None or not tops:
            return None
        top, far = max(tops, key=lambda found: found[0])
        if top <= base:
            return None
        far = self._lifter.nearest_best(index, far)
        return Lever(index, far, abs(far - self._lifter.now[index]) * self._lifter.weights[index], top - base)

    def _reaches(self, levers: Sequence[Lever]) -> bool:
        return self._lifter.result({lever.index: lever.best for lever in levers}) in self._wanted

    def _edge(self, levers: Sequence[Lever]) -> tuple[int, int]:
        """Gains of the score: the largest found that is too little, the smallest that is enough, with the strongest items."""
        *others, last = levers
        fixed = {lever.index: lever.best for lever in others}
        value = self._lifter.bisect(last.index, last.best, fixed, self._wanted)
        edge = last.best if value is None else value
        before = edge - 1 if edge > self._lifter.now[last.index] else edge + 1
        base = self._lifter.score_of({}) or 0
        return (self._lifter.score_of({**fixed, last.index: before}) or 0) - base, (
            self._lifter.score_of({**fixed, last.index: edge}) or 0
        ) - base
