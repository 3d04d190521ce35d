"""What two people agreed a plan to be: the plan itself, and each amendment after it, kept as they were."""

from __future__ import annotations

import peewee

from .base import Versioned
from .cycles import Case
from .fields import InstantField, JsonField, ShortField

PLAN_STATES = ("diusulkan", "disepakati", "dikembalikan", "ditolak", "ditarik")


class PlanVersion(Versioned):
    """number 1: the plan; the next ones: amendments, in the order in which they were proposed. since: the day from which it holds.

    state: diusulkan, then disepakati, dikembalikan (the plan), ditolak or ditarik (an amendment). changes: [{code, what, before,
    after}]. items: every indicator as it stands in this version. expectations: value → what the leader expects. proposed_role,
    answered_role: pegawai or pejabat_penilai, one each.
    """

    case = peewee.ForeignKeyField(Case, backref="plan_versions", on_delete="CASCADE")
    number = peewee.IntegerField()
    state = ShortField(max_length=20, default="diusulkan")
    since = peewee.DateField()
    reason = peewee.TextField(default="")
    changes = JsonField(default=list)
    items = JsonField(default=list)
    expectations = JsonField(default=dict)
    proposed_by = ShortField(max_length=80)
    proposed_name = ShortField(max_length=200, default="")
    proposed_role = ShortField(max_length=40)
    proposed_at = InstantField()
    answered_by = ShortField(max_length=80, default="")
    answered_name = ShortField(max_length=200, default="")
    answered_role = ShortField(max_length=40, default="")
    answered_at = InstantField(null=True)
    answer = peewee.TextField(default="")

    class Meta:
        indexes = ((("case", "number"), True),)
