"""Competency of posts, personnel records of people, and imports that can be taken back row by row."""

from __future__ import annotations

from typing import Any

import peewee

COLUMNS = (
    ("position", "competency", "TEXT NOT NULL DEFAULT '[]'"),
    ("import", "undone_at", "TEXT"),
    ("import", "undone_by", "VARCHAR(80)"),
)
UNIQUE = "import_kind_sha256_map_sha256"
KEY = '"import" ("kind", "sha256", "map_sha256")'


def tables(db: Any) -> list[type[peewee.Model]]:
    class Person(peewee.Model):
        class Meta:
            database = db
            table_name = "person"

    class Import(peewee.Model):
        class Meta:
            database = db
            table_name = "import"

    class PersonnelRecord(peewee.Model):
        version = peewee.IntegerField()
        person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        aspect = peewee.CharField(max_length=120)
        value = peewee.CharField(max_length=40)
        day = peewee.DateField()
        source = peewee.CharField(max_length=200)

        class Meta:
            database = db
            table_name = "personnel_record"
            indexes = ((("person", "aspect", "day"), True),)

    class ImportChange(peewee.Model):
        source = peewee.ForeignKeyField(Import, on_delete="CASCADE")
        line = peewee.IntegerField()
        entity = peewee.CharField(max_length=40)
        row = peewee.IntegerField()
        before = peewee.TextField(null=True)
        after = peewee.TextField()
        row_version = peewee.IntegerField()

        class Meta:
            database = db
            table_name = "import_change"
            indexes = ((("entity", "row"), False),)

    return [PersonnelRecord, ImportChange]


def up(migrator: Any, db: Any) -> None:
    db.create_tables(tables(db))
    for table, column, kind in COLUMNS:
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN "{column}" {kind}')
    # a file that was taken back may come again
    db.execute_sql(f'DROP INDEX "{UNIQUE}"')
    db.execute_sql(f'CREATE UNIQUE INDEX "{UNIQUE}" ON {KEY} WHERE "undone_at" IS NULL')


def down(migrator: Any, db: Any) -> None:
    db.execute_sql(f'DROP INDEX "{UNIQUE}"')
    db.execute_sql('DELETE FROM "import" WHERE "undone_at" IS NOT NULL')
    db.execute_sql(f"CREATE UNIQUE INDEX {UNIQUE} ON {KEY}")
    for table, column, _ in reversed(COLUMNS):
        db.execute_sql(f'ALTER TABLE "{table}" DROP COLUMN "{column}"')
    db.drop_tables(tables(db))
