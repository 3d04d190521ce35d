"""No small group can be had from what is shown: an attacker with linear algebra over rationals tries, over many random tables."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

from kinerja.services.openness.disclosure import shown

LEAST = 5


def test_a_hidden_group_takes_the_smallest_other_along() -> None:
    """12 + 4 + 6 + 20: hiding the 4 alone would leave it as the rest of the whole."""
    groups = {"a": {"a": 12}, "b": {"b": 4}, "c": {"c": 6}, "d": {"d": 20}}
    assert shown(groups, LEAST, {"a": 12, "b": 4, "c": 6, "d": 20}) == {"a", "d"}


def test_without_the_whole_one_hidden_group_is_safe() -> None:
    assert shown({"a": {"a": 12}, "b": {"b": 4}, "d": {"d": 20}}, LEAST) == {"a", "d"}


def test_two_tables_over_the_same_people_do_not_give_it_away() -> None:
    """Unit U is rated by X (8 people) and Y (4): U beside X would be Y."""
    groups = {"U": {"ux": 8, "uy": 4}, "V": {"vz": 9}, "X": {"ux": 8}, "Y": {"uy": 4}, "Z": {"vz": 9}}
    assert shown(groups, LEAST, {"ux": 8, "uy": 4, "vz": 9}) == {"U", "V", "Z"}


def test_what_is_worth_least_is_withheld_first() -> None:
    groups = {"U": {"ux": 8, "uy": 4}, "V": {"vz": 9}, "X": {"ux": 8}, "Y": {"uy": 4}, "Z": {"vz": 9}}
    assert shown(groups, LEAST) == {"U", "V", "Z"}
    assert shown(groups, LEAST, worth=lambda key: key in "XZ") == {"V", "X", "Z"}


def test_enough_people_everywhere_hides_nothing() -> None:
    groups = {key: {key: 5} for key in "abc"}
    assert shown(groups, LEAST, dict.fromkeys("abc", 5)) == set("abc")


def derivable(published: list[set[Any]], target: set[Any]) -> bool:
    """Whether the target's sum is a rational combination of the published sums (plain Gaussian elimination)."""
    cells = sorted({cell for one in published for cell in one} | target)
    rows = [[Fraction(cell in one) for cell in cells] for one in published]
    wanted = [Fraction(cell in target) for cell in cells]
    for column in range(len(cells)):
        pivot = next((row for row in rows if row[column] and not any(row[:column])), None)
        if pivot is None:
            continue
        rows = [row if row is pivot or not row[column] else _less(row, pivot, column) for row in rows]
        if wanted[column]:
            wanted = _less(wanted, pivot, column)
    return not any(wanted)


def _less(row: list[Fraction], pivot: list[Fraction], column: int) -> list[Fraction]:
    factor = row[column] / pivot[column]
    return [a - factor * b for a, b in zip(row, pivot, strict=True)]


def test_an_attacker_finds_no_small_group() -> None:
    random = Random(2026)
    hidden = 0
    for _ in range(60):
        cells = {(unit, appraiser): random.randrange(1, 12) for unit in range(4) for appraiser in range(5) if random.random() < 0.4}
        groups: dict[Any, dict[Any, int]] = {}
        for (unit, appraiser), people in cells.items():
            groups.setdefault(f"u{unit}", {})[unit, appraiser] = people
            groups.setdefault(f"a{appraiser}", {})[unit, appraiser] = people
        visible = shown(groups, LEAST, cells)
        published = [set(cells), *(set(groups[key]) for key in visible)]
        assert all(sum(groups[key].values()) >= LEAST for key in visible)
        for key in groups.keys() - visible:
            if sum(groups[key].values()) < LEAST and cells:
                hidden += 1
                assert not derivable(published, set(groups[key])), (cells, visible, key)
        for cell, people in cells.items():
            if people < LEAST:
                assert not derivable(published, {cell}), (cells, visible, cell)
    assert hidden > 20
