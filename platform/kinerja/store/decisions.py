"""What people judged, what the rules said, and what left the house. Evaluations, judgements and letters are never edited."""

from __future__ import annotations

import peewee

from .base import Record
from .cycles import Case, Cycle, Task
from .fields import InstantField, JsonField, ShortField
from .people import Unit


class Judgement(Record):
    """A person's rating within the bounds of the rules. role, aspect: as rule files name them. The latest of an aspect counts."""

    case = peewee.ForeignKeyField(Case, backref="judgements", on_delete="CASCADE")
    task = peewee.ForeignKeyField(Task, null=True, backref="judgements", on_delete="CASCADE")
    role = ShortField(max_length=40)
    aspect = ShortField(max_length=80)
    value = JsonField()
    reason = peewee.TextField(default="")
    evidence = peewee.TextField(default="")
    author = ShortField(max_length=80)
    author_name = ShortField(max_length=200, default="")
    judged_at = InstantField()


class Release(Record):
    """A rule set stored whole. files: relative name → text. state: submitted, published, refused.

    `published_at` orders releases: the last published is in force for new evaluations ("known time").
    """

    fingerprint = ShortField(max_length=64, unique=True)
    title = ShortField(max_length=200)
    files = JsonField()
    state = ShortField(max_length=20, default="submitted")
    author = ShortField(max_length=80)
    approver = ShortField(max_length=80, null=True)
    adopted = peewee.BooleanField(default=False)
    note = peewee.TextField(default="")
    submitted_at = InstantField()
    published_at = InstantField(null=True)


class Evaluation(Record):
    """facts: the document the engine was given; finding: outputs, items, trace, release. on_day: the judgement day."""

    case = peewee.ForeignKeyField(Case, backref="evaluations", on_delete="CASCADE")
    on_day = peewee.DateField()
    release = peewee.ForeignKeyField(Release, backref="evaluations", on_delete="RESTRICT")
    facts = JsonField()
    finding = JsonField()
    evidence = JsonField(default=dict)
    evaluated_at = InstantField()


class Incident(Record):
    """A case the machine could not answer; the case waits at `task` until it is settled. Other cases go on."""

    case = peewee.ForeignKeyField(Case, null=True, backref="incidents", on_delete="CASCADE")
    task = peewee.ForeignKeyField(Task, null=True, backref="incidents", on_delete="CASCADE")
    code = ShortField(max_length=80)
    text_id = peewee.TextField()
    text_en = peewee.TextField(default="")
    particulars = JsonField(default=dict)
    state = ShortField(max_length=20, default="open", index=True)
    occurred_at = InstantField()
    settled_at = InstantField(null=True)
    settled_by = ShortField(max_length=80, null=True)


class NumberRegister(Record):
    """The last number given, per register, year, unit and kind: gap-free, since it moves in the letter's own transaction."""

    register = ShortField(max_length=40)
    year = peewee.IntegerField()
    unit = peewee.ForeignKeyField(Unit, backref="registers", on_delete="RESTRICT")
    kind = ShortField(max_length=40)
    last = peewee.IntegerField(default=0)

    class Meta:
        indexes = ((("register", "year", "unit", "kind"), True),)


class Letter(Record):
    """A letter that left the house. content: everything it says, so that it prints again byte for byte.

    kind: keputusan_predikat, dokumen_evaluasi, keputusan_keberatan. number: as printed; ordinal: its place in the register, None
    for a sample that takes no number. pdf: file under the city's letters folder, "" until printed; sha256: of its bytes.
    template: file of the process version.
    """

    kind = ShortField(max_length=40)
    number = ShortField(max_length=120)
    register = ShortField(max_length=40)
    ordinal = peewee.IntegerField(null=True)
    year = peewee.IntegerField()
    unit = peewee.ForeignKeyField(Unit, backref="letters", on_delete="RESTRICT")
    cycle = peewee.ForeignKeyField(Cycle, null=True, backref="letters", on_delete="RESTRICT")
    case = peewee.ForeignKeyField(Case, null=True, backref="own_letters", on_delete="RESTRICT")
    title = ShortField(max_length=300, default="")
    template = ShortField(max_length=120)
    template_version = ShortField(max_length=64)
    content = JsonField()
    token = ShortField(max_length=64, unique=True)
    sample = peewee.BooleanField(default=False)
    issued_by = ShortField(max_length=80)
    issued_at = InstantField()
    pdf = ShortField(max_length=300, default="")
    sha256 = ShortField(max_length=64, default="")

    class Meta:
        indexes = ((("register", "year", "unit", "kind", "ordinal"), True),)


class LetterCase(Record):
    """Which cases a letter decides, with the evaluation its figures come from. A case stands on one letter of a kind."""

    letter = peewee.ForeignKeyField(Letter, backref="cases", on_delete="CASCADE")
    case = peewee.ForeignKeyField(Case, backref="letters", on_delete="RESTRICT")
    evaluation = peewee.ForeignKeyField(Evaluation, null=True, backref="letters", on_delete="RESTRICT")
    ordinal = peewee.IntegerField(default=0)

    class Meta:
        indexes = ((("letter", "case"), True),)
