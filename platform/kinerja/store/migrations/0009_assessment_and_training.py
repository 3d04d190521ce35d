"""Achievement of units, departures from the pattern, confidential answers; training events, attendance, questions."""

from __future__ import annotations

from typing import Any

import peewee


def tables(db: Any) -> list[type[peewee.Model]]:
    class Base(peewee.Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Unit(Base):
        pass

    class Person(Base):
        pass

    class Cycle(Base):
        pass

    class Case(Base):
        pass

    class UnitAchievement(Base):
        cycle = peewee.ForeignKeyField(Cycle, on_delete="CASCADE")
        unit = peewee.ForeignKeyField(Unit, on_delete="RESTRICT")
        achievement = peewee.CharField(max_length=40)
        evidence = peewee.TextField()
        recorded_by = peewee.CharField(max_length=80)
        recorded_at = peewee.TextField()

    class PatternOverride(Base):
        cycle = peewee.ForeignKeyField(Cycle, on_delete="CASCADE")
        unit = peewee.ForeignKeyField(Unit, on_delete="RESTRICT")
        achievement = peewee.CharField(max_length=40)
        counts = peewee.TextField()
        reason = peewee.TextField()
        evidence = peewee.TextField()
        author = peewee.CharField(max_length=80)
        author_name = peewee.CharField(max_length=200)
        decided_at = peewee.TextField()

    class PeerAnswer(Base):
        key = peewee.CharField(max_length=64, primary_key=True)
        case = peewee.ForeignKeyField(Case, on_delete="CASCADE")
        side = peewee.CharField(max_length=20)
        answers = peewee.TextField()
        comment = peewee.TextField()

        class Meta:
            without_rowid = isinstance(db, peewee.SqliteDatabase)  # PostgreSQL knows no such word

    class TrainingEvent(Base):
        version = peewee.IntegerField()
        kind = peewee.CharField(max_length=20)
        title = peewee.CharField(max_length=200)
        starts = peewee.TextField(index=True)
        place = peewee.CharField(max_length=200)
        material = peewee.TextField()
        called_off = peewee.BooleanField()
        created_by = peewee.CharField(max_length=80)
        created_at = peewee.TextField()

    class TrainingInvite(Base):
        event = peewee.ForeignKeyField(TrainingEvent, on_delete="CASCADE")
        unit = peewee.ForeignKeyField(Unit, null=True, on_delete="RESTRICT")
        role = peewee.CharField(max_length=40)

    class TrainingAttendance(Base):
        event = peewee.ForeignKeyField(TrainingEvent, on_delete="CASCADE")
        person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        source = peewee.CharField(max_length=200)
        recorded_by = peewee.CharField(max_length=80)
        recorded_at = peewee.TextField()

        class Meta:
            indexes = ((("event", "person"), True),)

    class Acknowledgement(Base):
        person = peewee.ForeignKeyField(Person, on_delete="CASCADE")
        subject = peewee.CharField(max_length=80, index=True)
        at = peewee.TextField()

        class Meta:
            indexes = ((("person", "subject"), True),)

    class Question(Base):
        version = peewee.IntegerField()
        event = peewee.ForeignKeyField(TrainingEvent, null=True, on_delete="CASCADE")
        person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        text = peewee.TextField()
        unsigned = peewee.BooleanField()
        asked_at = peewee.TextField()
        answer = peewee.TextField()
        answered_by = peewee.CharField(max_length=80)
        answered_at = peewee.TextField(null=True)

    return [
        UnitAchievement, PatternOverride, PeerAnswer,
        TrainingEvent, TrainingInvite, TrainingAttendance, Acknowledgement, Question,
    ]  # fmt: skip


FIXED = ("pattern_override", "peer_answer")
"""What was decided or answered once is not edited, whoever writes."""


def up(migrator: Any, db: Any) -> None:
    db.create_tables(tables(db))
    refused = "EXECUTE FUNCTION kinerja_refuse()"
    if isinstance(db, peewee.SqliteDatabase):
        refused = "BEGIN SELECT RAISE(ABORT, 'kinerja: UPDATE is refused'); END"
    for table in FIXED:
        each = "" if isinstance(db, peewee.SqliteDatabase) else "FOR EACH ROW "
        db.execute_sql(f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" {each}{refused}')


def down(migrator: Any, db: Any) -> None:
    for table in FIXED:
        on = "" if isinstance(db, peewee.SqliteDatabase) else f' ON "{table}"'
        db.execute_sql(f'DROP TRIGGER "{table}_no_update"{on}')
    db.drop_tables(list(reversed(tables(db))))
