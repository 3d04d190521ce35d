"""Jobs over many cases, pauses of cases, rehearsals of cycles, and the reminders of tasks."""

from __future__ import annotations

from typing import Any

import peewee

TASK_COLUMNS = ("remind_at", "reminded_at", "escalated_at")


def tables(db: Any) -> list[type[peewee.Model]]:
    class Case(peewee.Model):
        class Meta:
            database = db
            table_name = "case"

    class Job(peewee.Model):
        kind = peewee.CharField(max_length=40)
        subject = peewee.CharField(max_length=120, index=True)
        title = peewee.CharField(max_length=200)
        parameters = peewee.TextField()
        slot = peewee.CharField(max_length=160, null=True, unique=True)
        state = peewee.CharField(max_length=20, index=True)
        total = peewee.IntegerField()
        done = peewee.IntegerField()
        held = peewee.IntegerField()
        refused = peewee.IntegerField()
        cursor = peewee.IntegerField()
        actor = peewee.CharField(max_length=80)
        release = peewee.CharField(max_length=64)
        trouble = peewee.TextField(null=True)
        started_at = peewee.TextField()
        touched_at = peewee.TextField(null=True)
        finished_at = peewee.TextField(null=True)

        class Meta:
            database = db
            table_name = "job"

    class JobItem(peewee.Model):
        job = peewee.ForeignKeyField(Job, on_delete="CASCADE")
        ordinal = peewee.IntegerField()
        subject = peewee.CharField(max_length=120)
        given = peewee.TextField()
        state = peewee.CharField(max_length=20)
        note_id = peewee.TextField()
        note_en = peewee.TextField()

        class Meta:
            database = db
            table_name = "job_item"
            indexes = ((("job", "ordinal"), True),)

    class CasePause(peewee.Model):
        case = peewee.ForeignKeyField(Case, on_delete="CASCADE")
        reason = peewee.TextField()
        paused_by = peewee.CharField(max_length=80)
        paused_at = peewee.TextField()
        resumed_by = peewee.CharField(max_length=80, null=True)
        resumed_at = peewee.TextField(null=True)

        class Meta:
            database = db
            table_name = "case_pause"

    class Rehearsal(peewee.Model):
        cycle = peewee.CharField(max_length=40, index=True)
        cases = peewee.IntegerField()
        seed = peewee.IntegerField()
        report = peewee.TextField()
        rehearsed_by = peewee.CharField(max_length=80)
        rehearsed_at = peewee.TextField()

        class Meta:
            database = db
            table_name = "rehearsal"

    return [Job, JobItem, CasePause, Rehearsal]


def up(migrator: Any, db: Any) -> None:
    db.create_tables(tables(db))
    for column in TASK_COLUMNS:
        db.execute_sql(f'ALTER TABLE "task" ADD COLUMN "{column}" TEXT')
    db.execute_sql('CREATE INDEX "task_remind_at" ON "task" ("remind_at")')


def down(migrator: Any, db: Any) -> None:
    db.execute_sql('DROP INDEX "task_remind_at"')
    for column in TASK_COLUMNS:
        db.execute_sql(f'ALTER TABLE "task" DROP COLUMN "{column}"')
    db.drop_tables(tables(db))
