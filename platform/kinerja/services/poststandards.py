"""The performance standards of the city's posts, as its position map has them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..policy import applicable
from ..policy.model import Policy
from ..store import models as db
from ..store.queries import UnitTree, rows


def place_of(tree: UnitTree, policy: Policy, unit: int) -> str:
    """The unit code by which standards may know the place: the nearest from here upwards that any of them names; else its own."""
    named = {code for standard in policy.standards for code in standard.units}
    chain = tree.chain(unit)
    return next((node.code for node in chain if node.code in named), chain[0].code)


def bereft(before: Policy, after: Policy, day: date) -> Iterator[tuple[str, str, int]]:
    """(post, unit, class) of posts that have exactly one standard on that day by `before`, and none or several by `after`.

    The proof of rules knows only the posts that they name; a file of standards taken out takes its posts along.
    """
    tree = UnitTree.load()
    table = db.Position
    for code, unit, job_class in rows(table.select(table.code, table.unit, table.job_class).order_by(table.id)):
        had, has = (len(applicable(one, code, place_of(tree, one, unit), job_class, day)) for one in (before, after))
        if had == 1 != has:
            yield code, tree.chain(unit)[0].code, job_class
