"""Pay runs and their lines, reactions that fired, notices in two languages.

A closed run and its lines are guarded by triggers: whoever writes, the month does not change any more.
"""

from __future__ import annotations

from typing import Any

import peewee

GUARDED = {
    "pay_run": "OLD.\"state\" = 'closed'",
    "pay_line": "EXISTS (SELECT 1 FROM \"pay_run\" WHERE id = OLD.run_id AND state = 'closed')",
}


def tables(db: Any) -> list[type[peewee.Model]]:
    class Case(peewee.Model):
        class Meta:
            database = db
            table_name = "case"

    class Letter(peewee.Model):
        class Meta:
            database = db
            table_name = "letter"

    class Person(peewee.Model):
        class Meta:
            database = db
            table_name = "person"

    class Position(peewee.Model):
        class Meta:
            database = db
            table_name = "position"

    class Unit(peewee.Model):
        class Meta:
            database = db
            table_name = "unit"

    class PayRun(peewee.Model):
        version = peewee.IntegerField()
        case = peewee.ForeignKeyField(Case, on_delete="RESTRICT", unique=True)
        agency = peewee.ForeignKeyField(Unit, on_delete="RESTRICT")
        month = peewee.DateField()
        state = peewee.CharField(max_length=20, index=True)
        release = peewee.CharField(max_length=64)
        heads = peewee.IntegerField()
        total = peewee.BigIntegerField()
        ceiling = peewee.TextField()
        computed_by = peewee.CharField(max_length=80)
        computed_at = peewee.TextField(null=True)
        approved_by = peewee.CharField(max_length=80)
        approved_at = peewee.TextField(null=True)
        closed_by = peewee.CharField(max_length=80)
        closed_at = peewee.TextField(null=True)
        paid_on = peewee.DateField(null=True)
        sp2d = peewee.CharField(max_length=80)
        letter = peewee.ForeignKeyField(Letter, null=True, on_delete="RESTRICT")

        class Meta:
            database = db
            table_name = "pay_run"
            indexes = ((("agency", "month"), True),)

    class PayLine(peewee.Model):
        run = peewee.ForeignKeyField(PayRun, on_delete="CASCADE")
        ordinal = peewee.IntegerField()
        kind = peewee.CharField(max_length=20)
        person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        position = peewee.ForeignKeyField(Position, null=True, on_delete="RESTRICT")
        month = peewee.DateField()
        first = peewee.DateField()
        last = peewee.DateField()
        rating = peewee.CharField(max_length=40)
        basis = peewee.CharField(max_length=200)
        amount = peewee.BigIntegerField()
        facts = peewee.TextField()
        steps = peewee.TextField()
        release = peewee.CharField(max_length=64)
        reason_id = peewee.TextField()
        reason_en = peewee.TextField()
        changes = peewee.TextField()
        old = peewee.ForeignKeyField("self", null=True, on_delete="RESTRICT")

        class Meta:
            database = db
            table_name = "pay_line"
            indexes = ((("run", "ordinal"), True), (("person", "month"), False))

    class Firing(peewee.Model):
        key = peewee.CharField(max_length=200, unique=True)
        case = peewee.ForeignKeyField(Case, on_delete="CASCADE")
        reaction = peewee.CharField(max_length=80)
        title_id = peewee.TextField()
        title_en = peewee.TextField()
        act = peewee.CharField(max_length=20)
        name = peewee.CharField(max_length=80)
        role = peewee.CharField(max_length=40)
        text_id = peewee.TextField()
        text_en = peewee.TextField()
        facts = peewee.TextField()
        release = peewee.CharField(max_length=64)
        place = peewee.CharField(max_length=300)
        fired_at = peewee.TextField()
        started = peewee.ForeignKeyField(Case, null=True, on_delete="SET NULL")

        class Meta:
            database = db
            table_name = "firing"

    return [PayRun, PayLine, Firing]


def up(migrator: Any, db: Any) -> None:
    db.create_tables(tables(db))
    db.execute_sql('ALTER TABLE "notice" ADD COLUMN "text_en" TEXT NOT NULL DEFAULT \'\'')
    sqlite = isinstance(db, peewee.SqliteDatabase)
    if not sqlite:
        db.execute_sql('ALTER TABLE "notice" ALTER COLUMN "text_en" DROP DEFAULT')
    for table, condition in GUARDED.items():
        if sqlite:
            for event in ("UPDATE", "DELETE"):
                db.execute_sql(
                    f'CREATE TRIGGER "{table}_closed_{event.lower()}" BEFORE {event} ON "{table}" WHEN {condition} '
                    f"BEGIN SELECT RAISE(ABORT, 'kinerja: {event} of a closed {table} is refused'); END"
                )
        else:
            db.execute_sql(
                f"CREATE FUNCTION kinerja_{table}_closed() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN IF {condition} THEN "
                "RAISE EXCEPTION 'kinerja: %% of a closed %% is refused', TG_OP, TG_TABLE_NAME; END IF; "
                "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
            )
            db.execute_sql(
                f'CREATE TRIGGER "{table}_closed" BEFORE UPDATE OR DELETE ON "{table}" FOR EACH ROW '
                f"EXECUTE FUNCTION kinerja_{table}_closed()"
            )


def down(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, peewee.SqliteDatabase)
    for table in GUARDED:
        for event in ("update", "delete") if sqlite else ():
            db.execute_sql(f'DROP TRIGGER "{table}_closed_{event}"')
        if not sqlite:
            db.execute_sql(f'DROP TRIGGER "{table}_closed" ON "{table}"')
            db.execute_sql(f"DROP FUNCTION kinerja_{table}_closed")
    db.drop_tables(tables(db))
    db.execute_sql('ALTER TABLE "notice" DROP COLUMN "text_en"')
