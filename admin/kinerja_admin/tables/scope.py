"""Rows by unit: a role held in some units sees those units and all below them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kinerja.store import models as db

from ..session import actor, city


def in_units(query: Any, unit: Any, roles: Iterable[str]) -> Any:
    """The query, cut down to the units in which the signed-in person holds one of the roles."""
    held = [actor().roles[role] for role in roles if role in actor().roles]
    if any(not scope for scope in held):
        return query
    codes = frozenset().union(*held) if held else frozenset()
    return query.where(unit.in_(city().units.below(codes)))


def of_others(query: Any) -> Any:
    """The query over cases without those about the signed-in person: their own case page says what of it they see, and when."""
    nip = actor().nip
    if not nip:
        return query
    own = db.Person.select(db.Person.id).where(db.Person.nip == nip)
    return query.where(db.Case.person.is_null() | db.Case.person.not_in(own))


def own_subjects() -> list[str]:
    """How the ledger names the cases about the signed-in person."""
    nip = actor().nip
    if not nip:
        return []
    query = db.Case.select(db.Case.id).join(db.Person, on=(db.Case.person == db.Person.id)).where(db.Person.nip == nip)
    return [f"case:{row.id}" for row in query]
