"""Plans as they were agreed and amended; which result of the superior an indicator serves, its share of the period, and its end."""

from __future__ import annotations

from typing import Any

import peewee

ADDED = (
    '"serves_id" INTEGER REFERENCES "plan_item" ("id") ON DELETE SET NULL',
    '"share" TEXT',
    '"dropped_at" TEXT',
)


def tables(db: Any) -> list[type[peewee.Model]]:
    class Base(peewee.Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Case(Base):
        pass

    class PlanVersion(Base):
        version = peewee.IntegerField()
        case = peewee.ForeignKeyField(Case, on_delete="CASCADE")
        number = peewee.IntegerField()
        state = peewee.CharField(max_length=20)
        since = peewee.DateField()
        reason = peewee.TextField()
        changes = peewee.TextField()
        items = peewee.TextField()
        expectations = peewee.TextField()
        proposed_by = peewee.CharField(max_length=80)
        proposed_name = peewee.CharField(max_length=200)
        proposed_role = peewee.CharField(max_length=40)
        proposed_at = peewee.TextField()
        answered_by = peewee.CharField(max_length=80)
        answered_name = peewee.CharField(max_length=200)
        answered_role = peewee.CharField(max_length=40)
        answered_at = peewee.TextField(null=True)
        answer = peewee.TextField()

        class Meta:
            indexes = ((("case", "number"), True),)

    return [PlanVersion]


def up(migrator: Any, db: Any) -> None:
    for column in ADDED:
        db.execute_sql(f'ALTER TABLE "plan_item" ADD COLUMN {column}')
    db.execute_sql('CREATE INDEX "plan_item_serves_id" ON "plan_item" ("serves_id")')
    db.create_tables(tables(db))


def down(migrator: Any, db: Any) -> None:
    db.drop_tables(tables(db))
    db.execute_sql('DROP INDEX "plan_item_serves_id"')
    for name in ("dropped_at", "share", "serves_id"):
        db.execute_sql(f'ALTER TABLE "plan_item" DROP COLUMN "{name}"')
