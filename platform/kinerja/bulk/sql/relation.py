"""A query built in layers: each layer adds columns computed from those below, so that a value used twice is computed once."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from .values import Column, Fields, Fixed, Flag, Pair, Rows, Scalar, Value, name

SHORT = 24
_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class Relation:
    """source: SQL of the bottom, whose columns are at depth 0. prefix: of the names of computed columns."""

    source: str
    prefix: str
    layers: list[dict[str, str]] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    aggregates: dict[str, str] = field(default_factory=dict)
    _known: dict[tuple[str, int], str] = field(default_factory=dict)

    def column(self, sql: str, depth: int) -> tuple[str, int]:
        """The name and depth of a column with this expression."""
        key = (sql, depth)
        found = self._known.get(key)
        if found is None:
            while len(self.layers) <= depth:
                self.layers.append({})
            found = f"{self.prefix}{len(self._known)}"
            self._known[key] = found
            self.layers[depth][found] = sql
        return found, depth + 1

    def keep(self, value: Value) -> Value:
        """The value as columns. Its flag, which must count whatever is done with it, is left in place."""
        match value:
            case Scalar():
                return self._scalar(value)
            case Pair(n, d):
                return replace(value, n=self._scalar(n), d=self._scalar(d))
            case Column() if len(value.sql) > SHORT:
                column, depth = self.column(value.sql, value.depth)
                return replace(value, sql=column, depth=depth)
            case Column() | Fields() | Fixed() | Rows():
                return value

    def _scalar(self, value: Scalar) -> Scalar:
        if value.literal or len(value.sql) <= SHORT:
            return value
        column, depth = self.column(value.sql, value.depth)
        return replace(value, sql=column, depth=depth)

    def note(self, flag: Flag | None) -> None:
        """Flag the row where this holds."""
        if flag is not None:
            self.flags.append(flag)

    def aggregate(self, sql: str) -> str:
        """The column that the rows of a case, grouped, give to their case."""
        for column, known in self.aggregates.items():
            if known == sql:
                return column
        column = f"{self.prefix}g{len(self.aggregates)}"
        self.aggregates[column] = sql
        return column

    def flag_column(self) -> str:
        """The column that tells which rows are flagged; NULL counts as flagged."""
        if not self.flags:
            return "FALSE"
        flags = list(dict.fromkeys(self.flags))
        depth = max(flag.depth for flag in flags)
        return self.column(f"coalesce({' OR '.join(flag.sql for flag in flags)}, TRUE)", depth)[0]

    def inner(self) -> str:
        """SELECT of all columns of all layers."""
        query = self.source
        for layer in self.layers:
            if layer:
                added = ", ".join(f"{sql} AS {column}" for column, sql in layer.items())
                query = f"SELECT *, {added} FROM ({query})"
        return query

    def below(self, joined: Collection[str]) -> Relation:
        """Take out the columns that read nothing of what is joined later: a relation that computes them before the join.

        Lists, for one, then need not be carried through the join.
        """
        lower = Relation(self.source, self.prefix)
        late = set(joined)
        for index, layer in enumerate(self.layers):
            early = {column: sql for column, sql in layer.items() if late.isdisjoint(_WORD.findall(sql))}
            late |= layer.keys() - early.keys()
            self.layers[index] = {column: sql for column, sql in layer.items() if column not in early}
            lower.layers.append(early)
        return lower

    def render(self, columns: dict[str, str]) -> str:
        """SELECT of these columns (name → expression over any layer)."""
        chosen = ", ".join(f"{sql} AS {name(column)}" for column, sql in columns.items())
        return f"SELECT {chosen} FROM ({self.inner()})"
