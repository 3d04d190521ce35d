"""Answers that Python has computed one by one, put into the tables of a run in SQL, a batch at a time."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import duckdb

from ..core.findings import Outcome
from ..core.numbers import decimal_text
from .chain import Chain
from .single import Refusal
from .sql.query import KEY, Query
from .sql.values import name


class AnswerWriter:
    """Answers into r (flagged no more), those of items into their tables, errors into e."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, chain: Chain, query: Query) -> None:
        self._db, self._chain, self._query = connection, chain, query
        self._number = {column: {row: index for index, row in enumerate(ids, 1)} for column, ids in query.rows.items()}
        self._types = {
            "r": dict(connection.execute("SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'r'").fetchall())
        }
        for entity in query.items:
            found = connection.execute(
                f"SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'butir_{entity}'"
            ).fetchall()
            self._types[f"butir_{entity}"] = dict(found)
        self._cases: list[list[Any]] = []
        self._items: dict[str, list[list[Any]]] = {entity: [] for entity in query.items}
        self._errors: list[list[Any]] = []

    def add(self, key: Any, answer: Outcome | Refusal) -> None:
        shown = None if key is None else str(key)
        if isinstance(answer, Refusal):
            self._errors.append([shown, answer.code, answer.fact, answer.message])
            return
        rows = {(decision, item): ids for decision, item, ids in answer.rows}
        self._cases.append([shown, *(self._value(column, answer.outputs, rows, "") for column in self._query.columns[1:])])
        for entity, columns in self._query.item_columns.items():
            key_fact = self._chain.policy.vocabulary.entities[entity].key or "nomor"
            for item in answer.items.get(entity, ()):
                code = str(item[key_fact])
                self._items[entity].append([shown, *(self._value(column, item, rows, code) for column in columns[1:])])

    def _value(self, column: str, outputs: Mapping[str, Any], rows: Mapping[tuple[str, str], tuple[str, ...]], item: str) -> Any:
        if not column.startswith("baris_") or column in outputs:
            return _text(outputs.get(column))
        ids = rows.get((column.removeprefix("baris_"), item), ())
        if column in self._number:
            return str(self._number[column][ids[0]]) if ids else None
        return list(ids)

    def flush(self) -> None:
        columns = list(self._query.columns)
        if self._cases:
            keys = [row[0] for row in self._cases]
            self._db.execute(
                f"DELETE FROM r WHERE bad AND kasus IN (SELECT unnest($1::VARCHAR[])::{self._types['r'][KEY]})", [keys]
            )
        self._insert("r", columns, self._cases, extra={"bad": "FALSE", "ganda": "FALSE", "butir": "0"})
        for entity, rows in self._items.items():
            self._insert(f"butir_{entity}", list(self._query.item_columns[entity]), rows)
        if self._errors:
            self._insert("e", ["kasus", "code", "fact", "message"], self._errors)
        self._cases, self._errors = [], []
        self._items = {entity: [] for entity in self._items}

    def _insert(self, table: str, columns: list[str], rows: list[list[Any]], extra: Mapping[str, str] | None = None) -> None:
        if not rows:
            return
        types = self._types.get(table, {})
        chosen = []
        for index, column in enumerate(columns, 1):
            kind = types.get(column, "VARCHAR")
            text = "VARCHAR[][]" if kind.endswith("[]") else "VARCHAR[]"
            chosen.append(f"CAST(unnest(${index}::{text}) AS {kind})")
        more = extra or {}
        names = ", ".join([*(name(column) for column in columns), *more])
        self._db.execute(
            f"INSERT INTO {table} ({names}) SELECT {', '.join([*chosen, *more.values()])}",
            [list(column) for column in zip(*rows, strict=True)],
        )


def _text(value: Any) -> Any:
    """As text that DuckDB casts to the stored type."""
    if value is None:
        return None
    if isinstance(value, tuple | list):
        return [_text(element) for element in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        return decimal_text(value)
    return str(value)


__all__ = ["AnswerWriter"]
