"""A copy of a store in a SQLite file of its own, from either database: something to try things on."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from datetime import date, datetime
from pathlib import Path
from typing import Any

import peewee
from playhouse.migrations import Runner

from .database import MIGRATIONS, Store
from .models import MODELS

BATCH = 500


def copy(store: Store, file: Path, leave_out: Collection[str] = ()) -> None:
    """Write the rows of every table, save those of the tables left out, into a new SQLite file with today's schema.

    The store that models use stays the same.
    """
    database = peewee.SqliteDatabase(str(file))
    Runner(database, str(MIGRATIONS)).up()
    database.close()
    target = sqlite3.connect(file, isolation_level=None)
    try:
        target.execute("PRAGMA foreign_keys = 0")
        target.execute("PRAGMA synchronous = 0")
        target.execute("BEGIN")
        for model in MODELS:
            table = model._meta.table_name
            if table not in leave_out:
                _rows(store, target, table, [field.column_name for field in model._meta.sorted_fields])
        target.execute("COMMIT")
    finally:
        target.close()


def _rows(store: Store, target: sqlite3.Connection, table: str, columns: list[str]) -> None:
    named = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join("?" * len(columns))
    cursor = store.database.execute_sql(f'SELECT {named} FROM "{table}"')  # noqa: S608 - names of our own tables
    while rows := cursor.fetchmany(BATCH):
        plain = ([_plain(value) for value in row] for row in rows)
        target.executemany(f'INSERT INTO "{table}" ({named}) VALUES ({marks})', plain)  # noqa: S608


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
