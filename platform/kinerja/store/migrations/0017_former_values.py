"""What a person's status or a post's class was before it changed, and until which day."""

from __future__ import annotations

from typing import Any

import peewee


def tables(db: Any) -> list[type[peewee.Model]]:
    class Base(peewee.Model):
        class Meta:
            database = db
            legacy_table_names = False

    class FormerValue(Base):
        entity = peewee.CharField(max_length=20)
        row = peewee.IntegerField()
        name = peewee.CharField(max_length=40)
        value = peewee.CharField(max_length=40)
        last = peewee.DateField()

        class Meta:
            indexes = ((("entity", "row", "name", "last"), True),)

    return [FormerValue]


def up(migrator: Any, db: Any) -> None:
    db.create_tables(tables(db))


def down(migrator: Any, db: Any) -> None:
    db.drop_tables(tables(db))
