"""Means drawn towards the mean of all: exact figures worked by hand, and what must hold for any groups."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from kinerja.services.openness.shrinkage import compare


def test_a_worked_example() -> None:
    """Two groups of two: means 1 and 3, mean 2, within (½+½+½+½)/2 = 1, between ((2+2) - 1) / (4 - 8/4) = 3/2."""
    found = compare({"a": [Fraction(1, 2), Fraction(3, 2)], "b": [Fraction(5, 2), Fraction(7, 2)]})
    assert (found.size, found.mean) == (4, 2)
    assert found.within == Fraction(4 * Fraction(1, 4), 2) == Fraction(1, 2)
    assert found.between == (4 - Fraction(1, 2)) / 2 == Fraction(7, 4)
    group = found.groups["a"]
    assert (group.size, group.mean, group.gap) == (2, 1, -1)
    assert group.drawn == -Fraction(7, 4) / (Fraction(7, 4) + Fraction(1, 4)) == -Fraction(7, 8)
    assert group.variance == Fraction(7, 8) * Fraction(1, 4)


def test_a_small_group_is_drawn_further_than_a_large_one_with_the_same_gap() -> None:
    found = compare({"few": [1, 1, 0], "many": [1, 1, 0] * 10, "others": [0, 0, -1] * 11})
    few, many = found.groups["few"], found.groups["many"]
    assert few.mean == many.mean
    assert 0 < few.drawn < many.drawn < many.gap


def test_groups_that_differ_no_more_than_chance_are_all_alike() -> None:
    found = compare({"a": [1, -1, 0, 0], "b": [1, 0, -1, 0]})
    assert found.between == 0
    assert {group.drawn for group in found.groups.values()} == {0}


def test_people_who_agree_leave_the_gap_as_it_is() -> None:
    found = compare({"a": [1, 1], "b": [0, 0]})
    assert found.within == 0
    assert found.groups["a"].drawn == found.groups["a"].gap == Fraction(1, 2)
    assert found.groups["a"].variance == 0


def test_nothing_and_one_group() -> None:
    assert compare({}).groups == {}
    assert compare({"a": []}).size == 0
    assert compare({"a": [1, 0, 1]}).groups["a"].drawn == 0


def test_order_does_not_matter_and_no_gap_grows() -> None:
    random = Random(7)
    for _ in range(50):
        groups = {key: [random.randrange(-1, 2) for _ in range(random.randrange(1, 9))] for key in range(6)}
        found = compare(groups)
        assert compare(dict(reversed(groups.items()))) == found
        assert all(abs(group.drawn) <= abs(group.gap) for group in found.groups.values())
        assert sum(group.size * group.gap for group in found.groups.values()) == 0
