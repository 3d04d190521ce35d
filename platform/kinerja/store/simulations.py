"""Simulations as they were made: what a draft would have changed, for the release it became and for those who look back."""

from __future__ import annotations

import peewee

from .base import Record
from .fields import InstantField, JsonField, ShortField


class Simulation(Record):
    """draft, base: fingerprints of the rules compared; facts: digest of the population and budget they were compared on.

    document: the whole answer, as `kinerja simulate --json` prints it. people: [[nip, evaluation or null, agency, band before, band
    after, month before, month after, year before, year after]] of everyone computed; never edited.
    """

    draft = ShortField(max_length=64, index=True)
    base = ShortField(max_length=64)
    facts = ShortField(max_length=64)
    cycle = ShortField(max_length=40, default="")
    on_day = peewee.DateField()
    document = JsonField()
    people = JsonField()
    made_by = ShortField(max_length=80)
    made_at = InstantField()

    class Meta:
        indexes = ((("draft", "base", "facts"), True),)
