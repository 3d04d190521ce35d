"""What all models share: one database slot that a `Store` fills, snake-case tables, and a version column for editors."""

from __future__ import annotations

from typing import Any

import peewee

slot: Any = peewee.DatabaseProxy()
"""Filled by `Store.open`; models, and subclasses the console makes of them, reach their database through it."""


class Row(peewee.Model):
    class Meta:
        database = slot
        legacy_table_names = False


class Record(Row):
    id = peewee.AutoField()


class Versioned(Record):
    """A row that people edit: `version` goes up by one with each edit, so that the second of two editors is told (409)."""

    version = peewee.IntegerField(default=1)
