"""Means of groups, drawn towards the mean of all: what a small group shows is mostly chance, what a large one shows mostly is not.

Empirical Bayes for means (one-way random effects, variances by the method of moments), in exact rationals. In plain words: we ask
how much the people within a group differ and how much the groups' means differ beyond that; the fewer people a group has and the
more they differ among themselves, the nearer its gap is drawn to nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Shrunk:
    """One group. gap: its mean less the mean of all; drawn: the gap after shrinkage; variance: of `drawn` by chance alone."""

    size: int
    mean: Fraction
    gap: Fraction
    drawn: Fraction
    variance: Fraction


@dataclass(frozen=True, slots=True)
class Comparison(Generic[Key]):
    """size, mean: of all. within, between: variance among people of a group, and among the groups' own levels."""

    size: int
    mean: Fraction
    within: Fraction
    between: Fraction
    groups: Mapping[Key, Shrunk]


def compare(values: Mapping[Key, Sequence[Fraction | int]]) -> Comparison[Key]:
    """Compare groups by their values. Groups without values are left out; without any value all figures are 0."""
    given = {key: [Fraction(value) for value in found] for key, found in values.items() if found}
    sizes = {key: len(found) for key, found in given.items()}
    total, count = sum(sizes.values()), len(given)
    if not total:
        return Comparison(0, NOTHING, NOTHING, NOTHING, {})
    means = {key: sum(found, NOTHING) / sizes[key] for key, found in given.items()}
    mean = sum((sizes[key] * means[key] for key in given), NOTHING) / total
    squares = sum(((value - means[key]) ** 2 for key, found in given.items() for value in found), NOTHING)
    within = squares / (total - count) if total > count else NOTHING
    between = _between(sizes, means, mean, within)
    groups = {key: _shrunk(sizes[key], means[key], mean, within, between) for key in given}
    return Comparison(total, mean, within, between, groups)


def _between(sizes: Mapping[Key, int], means: Mapping[Key, Fraction], mean: Fraction, within: Fraction) -> Fraction:
    total, count = sum(sizes.values()), len(sizes)
    spread = total - Fraction(sum(size * size for size in sizes.values()), total)
    if count < 2 or spread <= 0:
        return NOTHING
    apart = sum((size * (means[key] - mean) ** 2 for key, size in sizes.items()), NOTHING)
    return max(NOTHING, (apart - (count - 1) * within) / spread)


def _shrunk(size: int, mean: Fraction, overall: Fraction, within: Fraction, between: Fraction) -> Shrunk:
    gap, noise = mean - overall, within / size
    trust = between / (between + noise) if between + noise else NOTHING
    return Shrunk(size, mean, gap, trust * gap, trust * noise)
