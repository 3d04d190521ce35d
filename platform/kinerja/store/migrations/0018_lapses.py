"""Reactions whose facts were corrected after they had fired."""

from __future__ import annotations

from typing import Any

import peewee


def tables(db: Any) -> list[type[peewee.Model]]:
    class Base(peewee.Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Firing(Base):
        pass

    class Lapse(Base):
        firing = peewee.ForeignKeyField(Firing, unique=True, on_delete="CASCADE")
        seen_at = peewee.TextField()

    return [Lapse]


def up(migrator: Any, db: Any) -> None:
    db.create_tables(tables(db))


def down(migrator: Any, db: Any) -> None:
    db.drop_tables(tables(db))
