"""How units were rated, departures from the distribution pattern, and the confidential answers about behaviour."""

from __future__ import annotations

import peewee

from .base import Record, Row
from .cycles import Case, Cycle
from .decisions import Judgement
from .fields import InstantField, JsonField, ScaledField, ShortField
from .people import Unit


class UnitAchievement(Record):
    """What a unit as a whole achieved in a cycle (capaian organisasi), from a document. The latest of a unit and cycle counts."""

    cycle = peewee.ForeignKeyField(Cycle, backref="achievements", on_delete="CASCADE")
    unit = peewee.ForeignKeyField(Unit, backref="achievements", on_delete="RESTRICT")
    achievement = ShortField(max_length=40)
    evidence = peewee.TextField()
    recorded_by = ShortField(max_length=80)
    recorded_at = InstantField()


class PatternOverride(Record):
    """A unit's ratings stand although they do not follow the pattern. counts: rating → people, as they stood when it was decided.

    It holds while the counts are the same; a changed distribution needs a new decision.
    """

    cycle = peewee.ForeignKeyField(Cycle, backref="overrides", on_delete="CASCADE")
    unit = peewee.ForeignKeyField(Unit, backref="overrides", on_delete="RESTRICT")
    achievement = ShortField(max_length=40)
    counts = JsonField()
    reason = peewee.TextField()
    evidence = peewee.TextField(default="")
    author = ShortField(max_length=80)
    author_name = ShortField(max_length=200, default="")
    decided_at = InstantField()


class RubricRating(Record):
    """What stands behind a judgement that a rubric brought. decision: of the rules of `release`, a fingerprint; it made the total.

    scores: [{criterion, label: {id, en}, score, comment, evidence}], in the rule file's order; trace: as findings give it.
    """

    judgement = peewee.ForeignKeyField(Judgement, unique=True, backref="rubric", on_delete="CASCADE")
    decision = ShortField(max_length=80)
    release = ShortField(max_length=64)
    total = ScaledField(4)
    scores = JsonField()
    trace = JsonField()


class PeerAnswer(Row):
    """One answer about somebody's behaviour. It names neither who answered nor when; `key` orders answers by chance.

    case: the appraised; side: rekan or bawahan; answers: {value of BerAKHLAK: level}.
    """

    key = ShortField(max_length=64, primary_key=True)
    case = peewee.ForeignKeyField(Case, backref="peer_answers", on_delete="CASCADE")
    side = ShortField(max_length=20)
    answers = JsonField()
    comment = peewee.TextField(default="")

    class Meta:
        without_rowid = True  # SQLite would keep the order of arrival in hidden row numbers
