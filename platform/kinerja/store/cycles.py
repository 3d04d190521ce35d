"""Cycles, cases and the work in them.

An appraisal case is one employee in one post in one period of a cycle. Other processes have cases about something else: an agency's
month, a release of rules, a coaching plan; what such a case has no part in (cycle, person, post, unit) stays empty.
"""

from __future__ import annotations

import peewee

from .base import Record, Versioned
from .fields import InstantField, JsonField, ScaledField, ShortField
from .people import Person, Position, Unit

STAGES = (
    "perencanaan", "pelaksanaan", "penilaian", "evaluasi", "penetapan", "tindak_lanjut", "keberatan", "pembinaan", "pembayaran",
    "aturan", "selesai",
)  # fmt: skip
TASK_STATES = ("ready", "held", "paused", "done", "cancelled")


class ProcessVersion(Record):
    """A workflow as it was loaded: a case stays on its version. files: relative name → text. version: sha256 over the files."""

    process = ShortField(max_length=80)
    version = ShortField(max_length=64)
    title = ShortField(max_length=200, default="")
    files = JsonField()
    loaded_at = InstantField()

    class Meta:
        indexes = ((("process", "version"), True),)


class Cycle(Versioned):
    """template: tahunan, semester, triwulan, bulanan. state: opening, open, closed. number_places: see letters.

    release: fingerprint on which plans were set up; evaluations name their own.
    """

    code = ShortField(max_length=40, unique=True)
    title = ShortField(max_length=200)
    template = ShortField(max_length=20, default="tahunan")
    first = peewee.DateField()
    last = peewee.DateField()
    state = ShortField(max_length=20, default="open")
    release = ShortField(max_length=64, default="")
    opened_at = InstantField()
    closed_at = InstantField(null=True)

    def __str__(self) -> str:
        return str(self.title)


class Case(Versioned):
    """subject: what a case outside a cycle is about ("pembayaran:dukcapil:2026-06", "rilis:<fingerprint>", "pembinaan:<case>"),
    once each; None for appraisal cases, which cycle, person, post and first day name. title: the subject in words, for screens.
    parent: the case it came from. unit None: the whole city.

    process_state: the machine's state as JSON text; `version` guards it. chain_note: why another than the direct superior
    appraises.
    next_timer: when the process wants to be looked at again. assumptions:
    [{fact, label, value, text, reason}] for facts that no record gives; printed on letters as ASUMSI.
    """

    cycle = peewee.ForeignKeyField(Cycle, null=True, backref="cases", on_delete="RESTRICT")
    person = peewee.ForeignKeyField(Person, null=True, backref="cases", on_delete="RESTRICT")
    position = peewee.ForeignKeyField(Position, null=True, backref="cases", on_delete="RESTRICT")
    unit = peewee.ForeignKeyField(Unit, null=True, backref="cases", on_delete="RESTRICT")
    agency = peewee.ForeignKeyField(Unit, null=True, backref="agency_cases", on_delete="RESTRICT")
    first = peewee.DateField()
    last = peewee.DateField()
    appraiser = peewee.ForeignKeyField(Person, null=True, backref="appraised_cases", on_delete="RESTRICT")
    superior = peewee.ForeignKeyField(Person, null=True, backref="superior_cases", on_delete="RESTRICT")
    chain_note = peewee.TextField(default="")
    process = peewee.ForeignKeyField(ProcessVersion, backref="cases", on_delete="RESTRICT")
    process_state = peewee.TextField(default="")
    stage = ShortField(max_length=20, default="perencanaan", index=True)
    state = ShortField(max_length=20, default="open", index=True)
    assumptions = JsonField(default=list)
    rating = ShortField(max_length=40, null=True)
    next_timer = InstantField(null=True, index=True)
    opened_at = InstantField()
    closed_at = InstantField(null=True)
    subject = ShortField(max_length=120, null=True, unique=True)
    title = ShortField(max_length=200, default="")
    parent = peewee.ForeignKeyField("self", null=True, backref="children", on_delete="RESTRICT")

    class Meta:
        indexes = ((("cycle", "person", "position", "first"), True),)

    def __str__(self) -> str:
        return str(self.subject) if self.cycle is None or self.person is None else f"{self.cycle.code}/{self.person.nip}"


class PlanItem(Versioned):
    """One indicator of a plan, as the standard stated it when the plan was set up. place: file and line of the standard.

    serves: the superior's indicator it contributes to. share: {per, days, whole, target, target_high} where the target is a part of
    the whole period's; None where it is whole. dropped_at: an amendment took it out of the plan; what was measured stays on record.
    """

    case = peewee.ForeignKeyField(Case, backref="items", on_delete="CASCADE")
    ordinal = peewee.IntegerField(default=0)
    code = ShortField(max_length=40)
    label_id = peewee.TextField()
    label_en = peewee.TextField(default="")
    polarity = ShortField(max_length=40)
    target = ScaledField(4)
    target_high = ScaledField(4, null=True)
    weight = ScaledField(4)
    unit = ShortField(max_length=40, default="")
    source = ShortField(max_length=40, default="laporan")
    statistic = ShortField(max_length=40, default="")
    service = ShortField(max_length=80, default="")
    standard = ShortField(max_length=80, default="")
    place = ShortField(max_length=300, default="")
    serves = peewee.ForeignKeyField("self", null=True, backref="served_by", on_delete="SET NULL")
    share = JsonField(null=True)
    dropped_at = InstantField(null=True)

    class Meta:
        indexes = ((("case", "code"), True),)


IN_FORCE = PlanItem.dropped_at.is_null()
"""Of the indicators of a plan those that stand: what an amendment took out is left aside."""


class Task(Record):
    """A human task of a case. assignee: set where one person must do it; else whoever holds `role` for the agency may.

    engine_id: the task's id in the machine. answers: what the form brought. state: ready, held (kept with an incident), paused (its
    case stands still), done, cancelled. remind_at: when the next word about it is due (a reminder, then the escalation).
    """

    case = peewee.ForeignKeyField(Case, backref="tasks", on_delete="CASCADE")
    engine_id = ShortField(max_length=64)
    task = ShortField(max_length=80)
    title = ShortField(max_length=200, default="")
    role = ShortField(max_length=40)
    assignee = peewee.ForeignKeyField(Person, null=True, backref="tasks", on_delete="RESTRICT")
    form = ShortField(max_length=80, default="")
    stage = ShortField(max_length=20, default="")
    state = ShortField(max_length=20, default="ready", index=True)
    ready_at = InstantField()
    due = InstantField(null=True)
    done_by = ShortField(max_length=80, null=True)
    done_at = InstantField(null=True)
    answers = JsonField(null=True)
    key = ShortField(max_length=120, null=True)
    remind_at = InstantField(null=True, index=True)
    reminded_at = InstantField(null=True)
    escalated_at = InstantField(null=True)

    class Meta:
        indexes = ((("case", "engine_id"), True), (("role", "state"), False), (("assignee", "state"), False))


class CaseMove(Record):
    """A case moved to another version of its process. before, after: the machine's states; batch: the migration it was part of."""

    batch = ShortField(max_length=64, index=True)
    case = peewee.ForeignKeyField(Case, backref="moves", on_delete="CASCADE")
    old = peewee.ForeignKeyField(ProcessVersion, backref="moves_from", on_delete="RESTRICT")
    new = peewee.ForeignKeyField(ProcessVersion, backref="moves_to", on_delete="RESTRICT")
    before = peewee.TextField()
    after = peewee.TextField()
    moved_by = ShortField(max_length=80)
    moved_at = InstantField()
    reverted_at = InstantField(null=True)
