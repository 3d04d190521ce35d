"""Units, positions, people and who held what when. All dates are inclusive; a missing last day means "until further notice"."""

from __future__ import annotations

import peewee

from .base import Record, Versioned
from .fields import InstantField, JsonField, ShortField

UNIT_KINDS = ("region", "agency", "division")
POSITION_KINDS = ("struktural", "fungsional", "pelaksana", "pejabat_negara")
PERSON_STATUSES = ("PNS", "PPPK", "CPNS", "pejabat_negara")
"""Elected heads (pejabat_negara) appraise but are not appraised; their `nip` is any code of their own."""
ASSIGNMENT_KINDS = ("definitif", "plt", "plh")


class Unit(Versioned):
    """A node of the organisation tree. kind `agency` marks a perangkat daerah: the level at which decrees are issued.

    head_title: how a decree names its head ("Kepala Dinas …"); address, contact: for letterheads.
    """

    code = ShortField(max_length=40, unique=True)
    name = ShortField(max_length=200)
    short_name = ShortField(max_length=60, default="")
    kind = ShortField(max_length=20, default="division")
    parent = peewee.ForeignKeyField("self", null=True, backref="children", on_delete="RESTRICT")
    head_title = ShortField(max_length=200, default="")
    address = ShortField(max_length=300, default="")
    contact = ShortField(max_length=200, default="")
    active = peewee.BooleanField(default=True)

    def __str__(self) -> str:
        return str(self.short_name or self.name)


class Position(Versioned):
    """A post of a unit. code: the post type by which performance standards name it; formation: seats of it in the unit.

    competency: what the post asks of its holder, [{name, level}] with levels 1…5.
    """

    code = ShortField(max_length=80, index=True)
    title = ShortField(max_length=200)
    unit = peewee.ForeignKeyField(Unit, backref="positions", on_delete="RESTRICT")
    job_class = peewee.IntegerField(constraints=[peewee.Check("job_class BETWEEN 1 AND 17")])
    kind = ShortField(max_length=20, default="pelaksana")
    level = ShortField(max_length=40, null=True)
    leads_unit = peewee.BooleanField(default=False)
    formation = peewee.IntegerField(default=1)
    competency = JsonField(default=list)

    class Meta:
        indexes = ((("unit", "code", "job_class"), True),)

    def __str__(self) -> str:
        return str(self.title)


class Person(Versioned):
    nip = ShortField(max_length=18, unique=True)
    name = ShortField(max_length=200)
    status = ShortField(max_length=20, default="PNS")
    rank = ShortField(max_length=80, default="")
    email = ShortField(max_length=200, default="")
    active = peewee.BooleanField(default=True)

    def __str__(self) -> str:
        return str(self.name)


class Assignment(Versioned):
    person = peewee.ForeignKeyField(Person, backref="assignments", on_delete="RESTRICT")
    position = peewee.ForeignKeyField(Position, backref="assignments", on_delete="RESTRICT")
    first = peewee.DateField()
    last = peewee.DateField(null=True)
    kind = ShortField(max_length=20, default="definitif")

    class Meta:
        indexes = ((("position", "first"), False), (("person", "first"), False))


class Absence(Versioned):
    """Days on which a person cannot act in office (leave, study, suspension); a substitute or the next authority acts then."""

    person = peewee.ForeignKeyField(Person, backref="absences", on_delete="RESTRICT")
    first = peewee.DateField()
    last = peewee.DateField()
    kind = ShortField(max_length=40, default="cuti")
    note = ShortField(max_length=300, default="")


class ConflictOfInterest(Versioned):
    """A declared tie (kinship, interest) between two people: neither may rate or decide on the other while it holds."""

    person = peewee.ForeignKeyField(Person, backref="conflicts", on_delete="RESTRICT")
    other = peewee.ForeignKeyField(Person, backref="conflicts_of_others", on_delete="RESTRICT")
    kind = ShortField(max_length=40, default="keluarga")
    note = ShortField(max_length=300, default="")
    first = peewee.DateField()
    last = peewee.DateField(null=True)


class PersonnelRecord(Versioned):
    """What an assessment or an archive says of a person on a day. aspect: `potensi` (rendah, menengah, tinggi), `predikat` (a
    rating from before this system), or `kompetensi:NAME` (level 1…5). source: the paper it stands on."""

    person = peewee.ForeignKeyField(Person, backref="personnel_records", on_delete="RESTRICT")
    aspect = ShortField(max_length=120)
    value = ShortField(max_length=40)
    day = peewee.DateField()
    source = ShortField(max_length=200, default="")

    class Meta:
        indexes = ((("person", "aspect", "day"), True),)


class FormerValue(Record):
    """What a column of a person or post held until a day, that day included; the row itself holds what came after the last of them.

    entity: person, position; row: its id; name: the column (status, job_class); value: as text.
    """

    entity = ShortField(max_length=20)
    row = peewee.IntegerField()
    name = ShortField(max_length=40)
    value = ShortField(max_length=40)
    last = peewee.DateField()

    class Meta:
        indexes = ((("entity", "row", "name", "last"), True),)


class Notice(Record):
    """Something a person is told, in both languages. link: what it is about, "case:12"."""

    person = peewee.ForeignKeyField(Person, backref="notices", on_delete="CASCADE")
    text = peewee.TextField()
    link = ShortField(max_length=200, default="")
    created_at = InstantField()
    read_at = InstantField(null=True)
    text_en = peewee.TextField(default="")
