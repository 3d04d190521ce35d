"""Whether a group's figures may be shown to somebody who may not read its people's cases one by one."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from ..context import WHOLE_CITY, Context, allowed
from .decide import decide_with

RULE = "kelompok_tampil"


def may_show(context: Context, people: int, on: date) -> bool:
    """For a figure over so many people of the whole city; how many are enough stands in the rules (`kelompok_tampil`)."""
    if not people or allowed(context, "case.list", unit=WHOLE_CITY):
        return True
    return bool(decide_with(context, RULE, {"jumlah_pegawai": Fraction(people)}, on)["tampil"])
