"""What stands behind a total of a rubric, and the files given as evidence; both are kept as they were written."""

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

    class Judgement(Base):
        pass

    class RubricRating(Base):
        judgement = peewee.ForeignKeyField(Judgement, unique=True, on_delete="CASCADE")
        decision = peewee.CharField(max_length=80)
        release = peewee.CharField(max_length=64)
        total = peewee.BigIntegerField()
        scores = peewee.TextField()
        trace = peewee.TextField()

    class EvidenceFile(Base):
        case = peewee.ForeignKeyField(Case, on_delete="CASCADE")
        sha256 = peewee.CharField(max_length=64, index=True)
        name = peewee.CharField(max_length=200)
        kind = peewee.CharField(max_length=20)
        size = peewee.IntegerField()
        added_by = peewee.CharField(max_length=80)
        added_name = peewee.CharField(max_length=200)
        added_at = peewee.TextField()

        class Meta:
            indexes = ((("case", "sha256"), True),)

    return [RubricRating, EvidenceFile]


def up(migrator: Any, db: Any) -> None:
    made = tables(db)
    db.create_tables(made)
    sqlite = isinstance(db, peewee.SqliteDatabase)
    db.execute_sql('ALTER TABLE "dispute" ADD COLUMN "evidence" VARCHAR(300) NOT NULL DEFAULT \'\'')
    if not sqlite:
        db.execute_sql('ALTER TABLE "dispute" ALTER COLUMN "evidence" DROP DEFAULT')
    for table in (model._meta.table_name for model in made):
        act = f"SELECT RAISE(ABORT, 'kinerja: UPDATE of {table} is refused')"
        body = f"BEGIN {act}; END" if sqlite else "FOR EACH ROW EXECUTE FUNCTION kinerja_refuse()"
        db.execute_sql(f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" {body}')


def down(migrator: Any, db: Any) -> None:
    db.drop_tables(list(reversed(tables(db))))
    db.execute_sql('ALTER TABLE "dispute" DROP COLUMN "evidence"')
