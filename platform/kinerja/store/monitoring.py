"""What is said while work goes on: feedback, coaching, progress, reviews, talk about the plan; disputed measurements; evidence."""

from __future__ import annotations

import peewee

from .base import Record
from .cycles import Case
from .facts import Measurement
from .fields import InstantField, ShortField

NOTE_KINDS = ("kemajuan", "umpan_balik", "bimbingan", "tinjauan_triwulan", "dialog_skp")


class CaseNote(Record):
    """One remark on a case, kept as it was said. item: code of the indicator it is about, "" = the work as a whole."""

    case = peewee.ForeignKeyField(Case, backref="notes", on_delete="CASCADE")
    kind = ShortField(max_length=20)
    item = ShortField(max_length=40, default="")
    text = peewee.TextField()
    evidence = ShortField(max_length=300, default="")
    author = ShortField(max_length=80)
    author_name = ShortField(max_length=200, default="")
    written_at = InstantField()


class Dispute(Record):
    """A measurement said to be wrong. While it is open the measurement is held. state: open, upheld (it stays out), dismissed."""

    measurement = peewee.ForeignKeyField(Measurement, unique=True, backref="disputes", on_delete="CASCADE")
    case = peewee.ForeignKeyField(Case, backref="disputes", on_delete="CASCADE")
    item = ShortField(max_length=40)
    reason = peewee.TextField()
    raised_by = ShortField(max_length=80)
    raised_name = ShortField(max_length=200, default="")
    raised_at = InstantField()
    state = ShortField(max_length=20, default="open", index=True)
    decision = peewee.TextField(default="")
    decided_by = ShortField(max_length=80, default="")
    decided_name = ShortField(max_length=200, default="")
    decided_at = InstantField(null=True)
    evidence = ShortField(max_length=300, default="")


class EvidenceFile(Record):
    """A file given as evidence in a case, once each; its bytes lie in the city's folder under their sha256.

    name: as its owner called it, for readers only. kind: what its bytes are (`services.casework.sniffing`). Records refer to it as
    "sha256:<hex>".
    """

    case = peewee.ForeignKeyField(Case, backref="evidence_files", on_delete="CASCADE")
    sha256 = ShortField(max_length=64, index=True)
    name = ShortField(max_length=200)
    kind = ShortField(max_length=20)
    size = peewee.IntegerField()
    added_by = ShortField(max_length=80)
    added_name = ShortField(max_length=200, default="")
    added_at = InstantField()

    class Meta:
        indexes = ((("case", "sha256"), True),)
