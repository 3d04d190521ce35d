"""Money that left the house: one run for an agency and a month, and its lines.

A line is never edited: while a run is being prepared its lines are written anew as a whole; once the run is closed the database
refuses any change, and what becomes known later is a line of a later month.
"""

from __future__ import annotations

import peewee

from .base import Record, Versioned
from .cycles import Case
from .decisions import Letter
from .fields import InstantField, JsonField, ScaledField, ShortField
from .people import Person, Position, Unit

RUN_STATES = ("open", "computed", "approved", "closed")
LINE_KINDS = ("payment", "correction", "held")


class PayRun(Versioned):
    """month: its first day. state: see RUN_STATES. release: fingerprint of the rules it was computed by. heads: people paid for
    the month. total: rupiah, Σ of its lines. ceiling: the year's budget and what the rules forecast, {} without one.
    """

    case = peewee.ForeignKeyField(Case, backref="pay_runs", on_delete="RESTRICT", unique=True)
    agency = peewee.ForeignKeyField(Unit, backref="pay_runs", on_delete="RESTRICT")
    month = peewee.DateField()
    state = ShortField(max_length=20, default="open", index=True)
    release = ShortField(max_length=64, default="")
    heads = peewee.IntegerField(default=0)
    total = ScaledField(0, default=0)
    ceiling = JsonField(default=dict)
    computed_by = ShortField(max_length=80, default="")
    computed_at = InstantField(null=True)
    approved_by = ShortField(max_length=80, default="")
    approved_at = InstantField(null=True)
    closed_by = ShortField(max_length=80, default="")
    closed_at = InstantField(null=True)
    paid_on = peewee.DateField(null=True)
    sp2d = ShortField(max_length=80, default="")
    letter = peewee.ForeignKeyField(Letter, null=True, backref="pay_runs", on_delete="RESTRICT")

    class Meta:
        indexes = ((("agency", "month"), True),)


class PayLine(Record):
    """One amount for one person. kind: payment; correction (of `month`, an earlier one, of which `old` was paid); held: nothing is
    paid, the reason says why.

    month: the month it is for. first, last: the days of it in the post. facts: what the rules were asked; steps: one entry a
    decision {decision, outputs, trace}, as evaluations keep theirs. changes: for corrections [{name, before, after}].
    """

    run = peewee.ForeignKeyField(PayRun, backref="lines", on_delete="CASCADE")
    ordinal = peewee.IntegerField()
    kind = ShortField(max_length=20)
    person = peewee.ForeignKeyField(Person, backref="pay_lines", on_delete="RESTRICT")
    position = peewee.ForeignKeyField(Position, null=True, backref="pay_lines", on_delete="RESTRICT")
    month = peewee.DateField()
    first = peewee.DateField()
    last = peewee.DateField()
    rating = ShortField(max_length=40, default="")
    basis = ShortField(max_length=200, default="")
    amount = ScaledField(0)
    facts = JsonField(default=dict)
    steps = JsonField(default=list)
    release = ShortField(max_length=64, default="")
    reason_id = peewee.TextField(default="")
    reason_en = peewee.TextField(default="")
    changes = JsonField(default=list)
    old = peewee.ForeignKeyField("self", null=True, backref="corrections", on_delete="RESTRICT")

    class Meta:
        indexes = ((("run", "ordinal"), True), (("person", "month"), False))
