"""Rows by unit: a role held in some units sees those units and all below them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..session import actor, city


def in_units(query: Any, unit: Any, roles: Iterable[str]) -> Any:
    """The query, cut down to the units in which the signed-in person holds one of the roles."""
    held = [actor().roles[role] for role in roles if role in actor().roles]
    if any(not scope for scope in held):
        return query
    codes = frozenset().union(*held) if held else frozenset()
    return query.where(unit.in_(city().units.below(codes)))
