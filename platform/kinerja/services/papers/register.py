"""The number register: gap-free, unique per register, year, unit and kind, moved in the transaction of the letter itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import peewee

from ...store import models as db

MARKS = {
    "keputusan_predikat": "Kep",
    "dokumen_evaluasi": "DE",
    "daftar_tpp": "TPP",
    "keputusan_insentif": "KI",
    "keputusan_keberatan": "KK",
    "piagam": "PG",
    "surat_pembinaan": "SP",
    "berkas_pemeriksaan": "BP",
}
CLASSIFICATION = "800.1.13"
"""Archive classification of employee performance papers (city's choice; recalled from Permendagri 83/2022)."""


def next_ordinal(register: str, year: int, unit: int, kind: str) -> int:
    """The next number of a register. The row's update takes its lock, so that two letters never share a number."""
    table = db.NumberRegister
    here = (table.register == register) & (table.year == year) & (table.unit == unit) & (table.kind == kind)
    if not table.update(last=table.last + 1).where(here).execute():
        try:
            with table._meta.database.atomic():
                table.insert(register=register, year=year, unit=unit, kind=kind, last=1).execute()
            return 1
        except peewee.IntegrityError:  # somebody opened the register at the same moment
            table.update(last=table.last + 1).where(here).execute()
    return int(table.get(here).last)


def number_text(register: str, kind: str, ordinal: int | None, unit: Any, day: date) -> str:
    """As printed, "800.1.13/Kep.7-DPMPTSP/2026"; a sample without a number gets a row of dots. register: a mark of its own."""
    place = unit.short_name or unit.code
    body = "……" if ordinal is None else str(ordinal)
    mark = f"/{register}" if register else ""
    return f"{CLASSIFICATION}/{MARKS[kind]}.{body}-{place.replace(' ', '')}/{day.year}{mark}"
