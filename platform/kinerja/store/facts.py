"""Records that facts come from, with their custody: source, hash, who, when."""

from __future__ import annotations

import peewee

from .base import Record, Versioned
from .cycles import PlanItem
from .fields import InstantField, JsonField, ScaledField, ShortField
from .people import Person


class Import(Record):
    """One file taken in. sha256 + map_sha256 make a re-import change nothing, as long as the import stands.

    rejected, warnings: [{line, code, text}]. first, last: the period the map declares the file to be; None = its rows speak for
    themselves. undone_at, undone_by: set when the import was taken back; the file may then be taken in again.
    """

    kind = ShortField(max_length=40)
    file = ShortField(max_length=300)
    sha256 = ShortField(max_length=64)
    map = ShortField(max_length=300, default="")
    map_sha256 = ShortField(max_length=64, default="")
    first = peewee.DateField(null=True)
    last = peewee.DateField(null=True)
    accepted = peewee.IntegerField(default=0)
    rejected = JsonField(default=list)
    warnings = JsonField(default=list)
    imported_by = ShortField(max_length=80)
    imported_at = InstantField()
    undone_at = InstantField(null=True)
    undone_by = ShortField(max_length=80, null=True)


Import.add_index(Import.index(Import.kind, Import.sha256, Import.map_sha256, unique=True, where=Import.undone_at.is_null()))


class ImportChange(Record):
    """What an import did to one row, so that it can be shown and taken back. entity: the table; row: its id; line: of the file.

    before: columns as they were, None for a row that the import added; after, row_version: as it left them.
    """

    source = peewee.ForeignKeyField(Import, backref="changes", on_delete="CASCADE")
    line = peewee.IntegerField()
    entity = ShortField(max_length=40)
    row = peewee.IntegerField()
    before = JsonField(null=True)
    after = JsonField()
    row_version = peewee.IntegerField()

    class Meta:
        indexes = ((("entity", "row"), False),)


class ServiceEvent(Record):
    """One request for a public service. officer: the code in the source; person: who that is, where known. finished None = open."""

    service = ShortField(max_length=80)
    request = ShortField(max_length=120)
    officer = ShortField(max_length=80)
    person = peewee.ForeignKeyField(Person, null=True, backref="service_events", on_delete="RESTRICT")
    started = InstantField()
    finished = InstantField(null=True)
    due = InstantField(null=True)
    source = peewee.ForeignKeyField(Import, backref="events", on_delete="RESTRICT")

    class Meta:
        indexes = ((("service", "request"), True), (("person", "service"), False))


class Attendance(Versioned):
    """A working day. minutes_late None = no check-in. absent without excuse counts as hari_absen."""

    person = peewee.ForeignKeyField(Person, backref="attendance", on_delete="RESTRICT")
    day = peewee.DateField()
    minutes_late = peewee.IntegerField(null=True)
    absent = peewee.BooleanField(default=False)
    excused = peewee.BooleanField(default=False)
    source = peewee.ForeignKeyField(Import, null=True, backref="attendance", on_delete="RESTRICT")

    class Meta:
        indexes = ((("person", "day"), True),)


class Measurement(Record):
    """The actual of a plan item; the latest counts, earlier ones stay. evidence: {source, sha256, count, period, method, …}."""

    plan_item = peewee.ForeignKeyField(PlanItem, backref="measurements", on_delete="CASCADE")
    value = ScaledField(4)
    evidence = JsonField()
    recorded_by = ShortField(max_length=80)
    recorded_at = InstantField()
    held = peewee.BooleanField(default=False)
