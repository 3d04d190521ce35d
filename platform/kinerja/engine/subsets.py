"""So many of many levers that gain enough together, cheapest first, without going through all their combinations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappush, heapreplace
from itertools import accumulate

MAX_NODES = 400
KEPT = 2


@dataclass(frozen=True, slots=True)
class Lever:
    """One item's best: the nearest value that helps it as much as any does, what it costs, what the score gains.

    cost: |change| ÷ target under a denominator common to all items. gain: in the score's own scale.
    """

    index: int
    best: int
    cost: int
    gain: int


def cheapest(levers: Sequence[Lever], size: int, needed: int) -> list[tuple[Lever, ...]]:
    """Subsets of that size that gain what is needed, two for each lever as the one that stops half-way.

    What it then saves is priced as that lever's gains are; of the others those are looked for that cost least at that price, the
    best first, as far as `MAX_NODES` reaches; and the strongest levers. Each subset keeps the order of the levers.
    """
    strongest = set(sorted(levers, key=lambda one: -one.gain)[:size])
    found: dict[tuple[Lever, ...], None] = {tuple(lever for lever in levers if lever in strongest): None}
    for last in levers:
        others = sorted(
            (lever for lever in levers if lever is not last), key=lambda one: one.cost * last.gain - one.gain * last.cost
        )
        prices = [one.cost * last.gain - one.gain * last.cost for one in others]
        for chosen in _search(others, prices, size - 1, needed - last.gain):
            found[tuple(lever for lever in levers if lever is last or lever in chosen)] = None
    return list(found)


def _search(levers: Sequence[Lever], prices: Sequence[int], size: int, needed: int) -> list[set[Lever]]:
    """The cheapest sets; prices: of the levers, ascending."""
    most = [
        [0, *accumulate(sorted((one.gain for one in levers[start:]), reverse=True)[:size])] for start in range(len(levers) + 1)
    ]  # by where the search stands and how many are still to come
    kept: list[tuple[int, int, set[Lever]]] = []
    nodes = 0

    def visit(start: int, chosen: list[int], price: int, gain: int) -> None:
        nonlocal nodes
        nodes += 1
        left = size - len(chosen)
        if not left:
            if gain >= needed:
                entry = (-price, -nodes, {levers[number] for number in chosen})
                if len(kept) < KEPT:
                    heappush(kept, entry)
                elif price < -kept[0][0]:
                    heapreplace(kept, entry)
            return
        if nodes > MAX_NODES or len(levers) - start < left or gain + most[start][left] < needed:
            return
        if len(kept) == KEPT and price + sum(prices[start : start + left]) >= -kept[0][0]:
            return
        visit(start + 1, [*chosen, start], price + prices[start], gain + levers[start].gain)
        visit(start + 1, chosen, price, gain)

    visit(0, [], 0, 0)
    return [chosen for *_, chosen in sorted(kept, key=lambda entry: (-entry[0], -entry[1]))]
