"""Choosing levers: as cheap as going through all combinations, and without doing so."""

from __future__ import annotations

import time
from itertools import combinations
from random import Random

import pytest

from kinerja.engine.subsets import Lever, cheapest


def drawn(random: Random, count: int, equal: bool) -> list[Lever]:
    price = random.randint(50, 90)
    gains = [random.randint(100, 900) for _ in range(count)]
    return [
        Lever(n, 0, gain * (price if equal else random.randint(20, 200)) + random.randint(0, 40), gain)
        for n, gain in enumerate(gains)
    ]


def estimate(subset: tuple[Lever, ...], needed: int) -> int | None:
    """The least cost of a subset in which one stops half-way; None where it is not enough."""
    spare = sum(lever.gain for lever in subset) - needed
    if spare < 0:
        return None
    full = sum(lever.cost for lever in subset)
    return min(full - min(spare * last.cost // last.gain, last.cost) for last in subset)


@pytest.mark.parametrize("equal", [True, False])
def test_the_cheapest_of_all_combinations_is_among_them(equal: bool) -> None:
    for seed in range(150):
        random = Random(seed)
        levers = drawn(random, random.randint(3, 9), equal)
        strongest = sorted((lever.gain for lever in levers), reverse=True)
        size = random.randint(2, len(levers))
        needed = random.randint(sum(strongest[: size - 1]) + 1, sum(strongest[:size]))  # fewer are not enough
        all_of_them = [found for one in combinations(levers, size) if (found := estimate(one, needed)) is not None]
        chosen = cheapest(levers, size, needed)
        assert len(set(chosen)) == len(chosen)
        assert min(cost for one in chosen if (cost := estimate(one, needed)) is not None) == min(all_of_them), seed


def test_of_forty_levers_there_is_an_answer_soon() -> None:
    levers = drawn(Random(1), 40, True)
    needed = sum(sorted((lever.gain for lever in levers), reverse=True)[:20]) - 3
    begun = time.monotonic()
    assert any(estimate(one, needed) is not None for one in cheapest(levers, 20, needed))
    assert time.monotonic() - begun < 2
