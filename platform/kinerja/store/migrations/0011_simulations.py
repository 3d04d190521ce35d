"""Simulations of drafts, kept by the fingerprints of the rules and the digest of the facts."""

from __future__ import annotations

from typing import Any

import peewee


def tables(db: Any) -> list[type[peewee.Model]]:
    class Simulation(peewee.Model):
        draft = peewee.CharField(max_length=64, index=True)
        base = peewee.CharField(max_length=64)
        facts = peewee.CharField(max_length=64)
        cycle = peewee.CharField(max_length=40, default="")
        on_day = peewee.DateField()
        document = peewee.TextField()
        people = peewee.TextField()
        made_by = peewee.CharField(max_length=80)
        made_at = peewee.TextField()

        class Meta:
            database = db
            table_name = "simulation"
            indexes = ((("draft", "base", "facts"), True),)

    return [Simulation]


def up(migrator: Any, db: Any) -> None:
    db.create_tables(tables(db))


def down(migrator: Any, db: Any) -> None:
    db.drop_tables(tables(db))
