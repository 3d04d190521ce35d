"""The ledger's table. Rows are added by `ledger.append` alone; triggers refuse update and delete."""

from __future__ import annotations

import peewee

from .base import Row
from .fields import InstantField, ShortField


class LedgerEntry(Row):
    """seq: 1, 2, 3 … without gaps. payload: canonical JSON text, hashed as it stands. hash: over the whole entry and `previous`."""

    seq = peewee.IntegerField(primary_key=True)
    at = InstantField()
    actor = ShortField(max_length=80)
    act = ShortField(max_length=80, index=True)
    subject = ShortField(max_length=120, index=True)
    payload = peewee.TextField()
    previous = ShortField(max_length=64)
    hash = ShortField(max_length=64, unique=True)
