"""Training and socialisation: events, who was there, what was read and understood, what was asked."""

from __future__ import annotations

import peewee

from .base import Record, Versioned
from .fields import InstantField, ShortField
from .people import Person, Unit

EVENT_KINDS = ("sosialisasi", "pelatihan")


class TrainingEvent(Versioned):
    """starts: day and hour. material: what is shown, or where it lies. called_off: it does not take place."""

    kind = ShortField(max_length=20, default="sosialisasi")
    title = ShortField(max_length=200)
    starts = InstantField(index=True)
    place = ShortField(max_length=200)
    material = peewee.TextField(default="")
    called_off = peewee.BooleanField(default=False)
    created_by = ShortField(max_length=80)
    created_at = InstantField()

    def __str__(self) -> str:
        return str(self.title)


class TrainingInvite(Record):
    """Whom an event invites: everyone of a unit and below (None: of the whole city), who holds `role` ("" = anyone)."""

    event = peewee.ForeignKeyField(TrainingEvent, backref="invites", on_delete="CASCADE")
    unit = peewee.ForeignKeyField(Unit, null=True, backref="invites", on_delete="RESTRICT")
    role = ShortField(max_length=40, default="")


class TrainingAttendance(Record):
    """source: the list it was read from."""

    event = peewee.ForeignKeyField(TrainingEvent, backref="attendance", on_delete="CASCADE")
    person = peewee.ForeignKeyField(Person, backref="trained", on_delete="RESTRICT")
    source = ShortField(max_length=200, default="")
    recorded_by = ShortField(max_length=80)
    recorded_at = InstantField()

    class Meta:
        indexes = ((("event", "person"), True),)


class Acknowledgement(Record):
    """A person has read and understood something. subject: "release:" and its fingerprint, "event:" and its
    id, or "standard:" and the case in whose plan the standard stands."""

    person = peewee.ForeignKeyField(Person, backref="acknowledged", on_delete="CASCADE")
    subject = ShortField(max_length=80, index=True)
    at = InstantField()

    class Meta:
        indexes = ((("person", "subject"), True),)


class Question(Versioned):
    """A question for everybody to read with its answer. unsigned: readers are not told who asked; the office knows."""

    event = peewee.ForeignKeyField(TrainingEvent, null=True, backref="questions", on_delete="CASCADE")
    person = peewee.ForeignKeyField(Person, backref="questions", on_delete="RESTRICT")
    text = peewee.TextField()
    unsigned = peewee.BooleanField(default=False)
    asked_at = InstantField()
    answer = peewee.TextField(default="")
    answered_by = ShortField(max_length=80, default="")
    answered_at = InstantField(null=True)
