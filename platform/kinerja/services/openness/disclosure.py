"""Which groups may be shown, so that no small group's figure can be had from the others by subtraction.

Groups are sets of people in cells (unit by appraiser). Publishing a group's total publishes every sum and difference of published
totals; a small group is safe only while it is none of these. The test is linear algebra over the cells, so it covers several tables
over the same people at once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Cell = Hashable
TRIED = 20
_PRIME = 2**61 - 1
"""Sums are followed modulo a large prime: what can be had exactly is always found; a chance find only hides one group too many."""


def shown(
    groups: Mapping[Key, Mapping[Cell, int]],
    least: int,
    always: Mapping[Cell, int] | None = None,
    worth: Callable[[Key], int] = lambda key: 0,
) -> frozenset[Key]:
    """Keys of the groups that may be shown. groups: key → cell → people; least: the fewest people a shown group has.

    always: what is published in any case (the whole), as cell → people. Beyond the small groups themselves, larger ones are
    withheld, the least worth and smallest first, until no small group, no small cell and no small rest of a shown group can be
    computed.
    """
    people = {cell: number for cells in (*groups.values(), always or {}) for cell, number in cells.items()}
    keys: dict[frozenset[Cell], list[Key]] = {}
    for key, cells in groups.items():
        keys.setdefault(frozenset(cells), []).append(key)  # groups of the same people are shown or withheld together
    sizes = {cells: sum(people[cell] for cell in cells) for cells in keys}
    small = [cells for cells, size in sizes.items() if 0 < size < least]
    small += [frozenset([cell]) for cell, number in people.items() if 0 < number < least]
    whole = [frozenset(always)] if always else []
    order = [cells for cells, size in sizes.items() if size >= least]
    order.sort(key=lambda cells: (max(map(worth, keys[cells])), sizes[cells], str(keys[cells])))
    while order:
        published = [*whole, *order]
        basis = _Basis(published)
        leak = next((target for target in (*small, *_rests(published, people, least)) if basis.gives(target)), None)
        if leak is None:
            break
        order.remove(_withheld(order, whole, leak))
    return frozenset(key for cells in order for key in keys[cells])


def _withheld(order: list[frozenset[Cell]], whole: list[frozenset[Cell]], leak: frozenset[Cell]) -> frozenset[Cell]:
    """The first group in the order without which `leak` cannot be computed; where no single one will do, the first near it."""
    near = [cells for cells in order if not leak.isdisjoint(cells)]
    for cells in dict.fromkeys((*order[:TRIED], *near)):
        if not _Basis([*whole, *(other for other in order if other != cells)]).gives(leak):
            return cells
    return (near or order)[0]


def _rests(published: list[frozenset[Cell]], people: Mapping[Cell, int], least: int) -> Iterable[frozenset[Cell]]:
    """What is left of a published group without another one inside it, where few people are left."""
    for outer in published:
        for inner in published:
            if inner < outer and 0 < sum(people[cell] for cell in outer - inner) < least:
                yield outer - inner


class _Basis:
    """The sums and differences of some sets of cells, in echelon form."""

    def __init__(self, sets: Iterable[frozenset[Cell]]) -> None:
        self.rows: dict[Cell, dict[Cell, int]] = {}
        for cells in sets:
            rest = self._reduced(cells)
            if rest:
                lead = min(rest, key=str)
                inverse = pow(rest[lead], -1, _PRIME)
                self.rows[lead] = {cell: number * inverse % _PRIME for cell, number in rest.items()}

    def gives(self, cells: frozenset[Cell]) -> bool:
        """Whether the sum over these cells can be had from the published ones."""
        return not self._reduced(cells)

    def _reduced(self, cells: frozenset[Cell]) -> dict[Cell, int]:
        rest = dict.fromkeys(cells, 1)
        while True:
            lead = min((cell for cell in rest if cell in self.rows), key=str, default=None)
            if lead is None:
                return rest
            factor = rest[lead]
            for cell, number in self.rows[lead].items():
                left = (rest.get(cell, 0) - factor * number) % _PRIME
                if left:
                    rest[cell] = left
                else:
                    rest.pop(cell, None)
