"""Work on many cases at once: the job table is the truth, so that a killed process goes on where the last batch ended."""

from __future__ import annotations

import peewee

from .base import Record
from .cycles import Case
from .fields import InstantField, JsonField, ShortField

JOB_STATES = ("running", "stopped", "done", "undone")
ITEM_STATES = ("waiting", "done", "held", "refused")


class Job(Record):
    """kind: cycle.open, cycle.advance. subject: what it works on ("cycle:2026-S1"). slot: held while the job lasts, so that the
    same work does not begin twice; null afterwards. cursor: ordinal of the last item worked on; total: items to work on.

    actor: in whose name (NIP or account). touched_at: when somebody last worked on it, null when it
    is left to whoever comes. release: rules the whole job stays on. trouble: the error that stopped it.
    """

    kind = ShortField(max_length=40)
    subject = ShortField(max_length=120, index=True)
    title = ShortField(max_length=200, default="")
    parameters = JsonField(default=dict)
    slot = ShortField(max_length=160, null=True, unique=True)
    state = ShortField(max_length=20, default="running", index=True)
    total = peewee.IntegerField(default=0)
    done = peewee.IntegerField(default=0)
    held = peewee.IntegerField(default=0)
    refused = peewee.IntegerField(default=0)
    cursor = peewee.IntegerField(default=0)
    actor = ShortField(max_length=80)
    release = ShortField(max_length=64, default="")
    trouble = JsonField(null=True)
    started_at = InstantField()
    touched_at = InstantField(null=True)
    finished_at = InstantField(null=True)


class JobItem(Record):
    """One part of a job, fixed when it starts. given: what is needed to do it. state: waiting, done, held (an incident waits),
    refused; note_id, note_en: why it was held or refused."""

    job = peewee.ForeignKeyField(Job, backref="items", on_delete="CASCADE")
    ordinal = peewee.IntegerField()
    subject = ShortField(max_length=120)
    given = JsonField(default=dict)
    state = ShortField(max_length=20, default="waiting")
    note_id = peewee.TextField(default="")
    note_en = peewee.TextField(default="")

    class Meta:
        indexes = ((("job", "ordinal"), True),)


class CasePause(Record):
    """A case that stood still for a reason; resumed_at null while it does."""

    case = peewee.ForeignKeyField(Case, backref="pauses", on_delete="CASCADE")
    reason = peewee.TextField()
    paused_by = ShortField(max_length=80)
    paused_at = InstantField()
    resumed_by = ShortField(max_length=80, null=True)
    resumed_at = InstantField(null=True)


class Rehearsal(Record):
    """What a rehearsal of a cycle found. cycle: its code, "" before it is opened; report: see services.rehearse."""

    cycle = ShortField(max_length=40, default="", index=True)
    cases = peewee.IntegerField()
    seed = peewee.IntegerField()
    report = JsonField()
    rehearsed_by = ShortField(max_length=80)
    rehearsed_at = InstantField()
