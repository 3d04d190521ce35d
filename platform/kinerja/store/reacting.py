"""Reactions that fired: once each, with the facts that made them fire; and those whose facts did not stay."""

from __future__ import annotations

import peewee

from .base import Record
from .cycles import Case
from .fields import InstantField, JsonField, ShortField


class Firing(Record):
    """key: names case, reaction and the happenings, so that the same never fires twice. act: task, notice or flag; name, role,
    text_id, text_en: as the rule says. facts: the happenings, [{kind, on, …fields}]. started: the case that came of it.
    """

    key = ShortField(max_length=200, unique=True)
    case = peewee.ForeignKeyField(Case, backref="firings", on_delete="CASCADE")
    reaction = ShortField(max_length=80)
    title_id = peewee.TextField(default="")
    title_en = peewee.TextField(default="")
    act = ShortField(max_length=20)
    name = ShortField(max_length=80)
    role = ShortField(max_length=40)
    text_id = peewee.TextField(default="")
    text_en = peewee.TextField(default="")
    facts = JsonField(default=list)
    release = ShortField(max_length=64)
    place = ShortField(max_length=300, default="")
    fired_at = InstantField()
    started = peewee.ForeignKeyField(Case, null=True, backref="started_by", on_delete="SET NULL")


class Lapse(Record):
    """A firing that the records as they are now would not have brought about on its day: its facts were corrected since.

    Taken back (the row goes, the ledger keeps both) where the records bear it out again.
    """

    firing = peewee.ForeignKeyField(Firing, unique=True, backref="lapses", on_delete="CASCADE")
    seen_at = InstantField()
