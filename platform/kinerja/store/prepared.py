"""Queries that are asked thousands of times with another number each: their text is built once.

peewee builds the text at each call, and for a wide join that takes several times as long as the database needs to answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .base import slot

_PLACE = -(2**31)
"""Stands for the number in the built text; no row has it."""


class Prepared:
    """`Prepared(lambda number: query)`: the query with `number` where the asked number goes.

    The text is kept per kind of database, since they quote and bind differently.
    """

    def __init__(self, build: Callable[[int], Any]) -> None:
        self._build = build
        self._built: dict[type, tuple[Any, str, tuple[Any, ...]]] = {}

    def first(self, number: int) -> Any:
        """The first row as a model object, with what the query joins; None when there is none."""
        database: Any = slot.obj
        known = self._built.get(type(database))
        if known is None:
            query = self._build(_PLACE).limit(1)
            text, values = query.sql()
            known = self._built.setdefault(type(database), (query, text, tuple(values)))
        query, text, values = known
        cursor = database.execute_sql(text, [number if value == _PLACE else value for value in values])
        return next(iter(query.clone()._get_cursor_wrapper(cursor)), None)
