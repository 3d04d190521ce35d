"""Cases moved to another version of their process, with their state before and after, so that a move can be reverted."""

from __future__ import annotations

from typing import Any

import peewee


def tables(db: Any) -> list[type[peewee.Model]]:
    class Case(peewee.Model):
        class Meta:
            database = db
            table_name = "case"

    class ProcessVersion(peewee.Model):
        class Meta:
            database = db
            table_name = "process_version"

    class CaseMove(peewee.Model):
        batch = peewee.CharField(max_length=64, index=True)
        case = peewee.ForeignKeyField(Case, on_delete="CASCADE")
        old = peewee.ForeignKeyField(ProcessVersion, on_delete="RESTRICT")
        new = peewee.ForeignKeyField(ProcessVersion, on_delete="RESTRICT")
        before = peewee.TextField()
        after = peewee.TextField()
        moved_by = peewee.CharField(max_length=80)
        moved_at = peewee.TextField()
        reverted_at = peewee.TextField(null=True)

        class Meta:
            database = db
            table_name = "case_move"

    return [CaseMove]


def up(migrator: Any, db: Any) -> None:
    db.create_tables(tables(db))


def down(migrator: Any, db: Any) -> None:
    db.drop_tables(tables(db))
