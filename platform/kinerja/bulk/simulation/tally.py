"""Bands counted: who moves, how they spread, how groups fare beside all; groups too small to be shown stand together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from ...core.numbers import round_half_up
from ...policy.model import Output
from .model import SMALLEST, TOGETHER, Fairness, Move, Spread

Pair = tuple[str, str]
BEST = 2
DIGITS = 2


@dataclass(frozen=True, slots=True)
class Tally:
    """One output: group → value of the group → (band before, band after) → employees. "" is all of them.

    hidden: group → how many of its values stand together.
    """

    output: Output
    counts: Mapping[str, Mapping[str, Counter[Pair]]]
    hidden: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, output: Output, found: Iterable[tuple[str, str, Pair, int]]) -> Tally:
        """found: (group, value, (before, after), employees)."""
        counts: dict[str, dict[str, Counter[Pair]]] = {}
        for group, value, pair, cases in found:
            counts.setdefault(group, {}).setdefault(value, Counter())[pair] += cases
        hidden: dict[str, int] = {}
        for group, values in counts.items():
            if group:
                counts[group], hidden[group] = _together(values)
        return cls(output, counts, {group: number for group, number in hidden.items() if number})

    def moves(self) -> list[Move]:
        order = {band: rank for rank, band in enumerate(self.output.type.values)}
        last = len(order)
        found = []
        for group, value, pairs in self._listed():
            ranked = sorted(((order.get(a, last), order.get(b, last), a, b, n) for (a, b), n in pairs.items() if a != b))
            found += [Move(self.output.name, group, value, a, b, n, i > j) for i, j, a, b, n in ranked]
        return found

    def spreads(self) -> list[Spread]:
        found = []
        for group, value, pairs in self._listed():
            before, after = _margins(pairs)
            found += [Spread(self.output.name, group, value, band, before[band], after[band]) for band in self.output.type.values]
        return found

    def fairness(self) -> list[Fairness]:
        """Of each group beside all."""
        everyone = self.counts.get("", {}).get("", Counter())
        whole = self._best(everyone)
        found = []
        for group, value, pairs in self._listed():
            if group:
                before, after = self._best(pairs)
                apart = [round_half_up(one - of_all, DIGITS) for one, of_all in zip((before, after), whole, strict=True)]
                shares = [round_half_up(one, DIGITS) for one in (before, after)]
                found.append(Fairness(self.output.name, group, value, pairs.total(), *shares, *apart))
        return found

    def _best(self, pairs: Counter[Pair]) -> tuple[Fraction, Fraction]:
        """Percent in the two best bands, before and after."""
        best = self.output.type.values[:BEST]
        before, after = _margins(pairs)
        total = pairs.total() or 1
        return Fraction(100 * sum(before[band] for band in best), total), Fraction(100 * sum(after[band] for band in best), total)

    def _listed(self) -> Iterable[tuple[str, str, Counter[Pair]]]:
        for group, values in self.counts.items():
            for value in sorted(values, key=ordered):
                yield group, value, values[value]


def ordered(value: str) -> tuple[int, str]:
    """Numbers by size, before texts by letter, before those that stand together."""
    if value == TOGETHER:
        return 2, ""
    return (0, value.zfill(12)) if value.isdigit() else (1, value)


def _together(values: Mapping[str, Counter[Pair]]) -> tuple[dict[str, Counter[Pair]], int]:
    """Small groups as one. Where that one is small still, the next smallest joins it: else it could be told by subtraction."""
    by_size: Sequence[str] = sorted(values, key=lambda value: (values[value].total(), ordered(value)))
    small = [value for value in by_size if values[value].total() < SMALLEST]
    rest = [value for value in by_size if value not in small]
    while small and rest and sum(values[value].total() for value in small) < SMALLEST:
        small.append(rest.pop(0))
    if not small:
        return dict(values), 0
    shown = {value: values[value] for value in rest}
    merged: Counter[Pair] = sum((values[value] for value in small), Counter())
    return {**shown, TOGETHER: merged}, len(small)


def _margins(pairs: Counter[Pair]) -> tuple[Counter[str], Counter[str]]:
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    for (a, b), cases in pairs.items():
        before[a] += cases
        after[b] += cases
    return before, after
