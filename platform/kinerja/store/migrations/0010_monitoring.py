"""Remarks on cases, and measurements that are disputed."""

from __future__ import annotations

from typing import Any

import peewee


def tables(db: Any) -> list[type[peewee.Model]]:
    class Base(peewee.Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Case(Base):
        pass

    class Measurement(Base):
        pass

    class CaseNote(Base):
        case = peewee.ForeignKeyField(Case, on_delete="CASCADE")
        kind = peewee.CharField(max_length=20)
        item = peewee.CharField(max_length=40)
        text = peewee.TextField()
        evidence = peewee.CharField(max_length=300)
        author = peewee.CharField(max_length=80)
        author_name = peewee.CharField(max_length=200)
        written_at = peewee.TextField()

    class Dispute(Base):
        measurement = peewee.ForeignKeyField(Measurement, unique=True, on_delete="CASCADE")
        case = peewee.ForeignKeyField(Case, on_delete="CASCADE")
        item = peewee.CharField(max_length=40)
        reason = peewee.TextField()
        raised_by = peewee.CharField(max_length=80)
        raised_name = peewee.CharField(max_length=200)
        raised_at = peewee.TextField()
        state = peewee.CharField(max_length=20, index=True)
        decision = peewee.TextField()
        decided_by = peewee.CharField(max_length=80)
        decided_name = peewee.CharField(max_length=200)
        decided_at = peewee.TextField(null=True)

    return [CaseNote, Dispute]


def up(migrator: Any, db: Any) -> None:
    db.create_tables(tables(db))


def down(migrator: Any, db: Any) -> None:
    db.drop_tables(list(reversed(tables(db))))
