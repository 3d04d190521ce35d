"""Cells of staff tables as values: one reader a type, each refusing with what is wrong and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ...core.indonesian import MONTHS
from ...ingest.tabular import LOST_DIGITS, Column

YES, NO = ("ya", "y", "true", "1"), ("tidak", "t", "false", "0", "")
_DAY_FIRST = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", re.ASCII)
_IN_WORDS = re.compile(r"(\d{1,2}) +([A-Za-z]+) +(\d{4})", re.ASCII)


class Refused(Exception):
    """A row cannot be taken. column: heading, "" for the row as a whole; texts and remedy in both languages."""

    def __init__(self, column: str, code: str, text: tuple[str, str], remedy: tuple[str, str]) -> None:
        super().__init__(text[1])
        self.column, self.code, self.text, self.remedy = column, code, text, remedy


Reader = Callable[[str, str], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A column with the field it fills. read: (cell, heading) → plain value; empty: what an empty cell stands for."""

    column: Column
    name: str
    read: Reader
    empty: Any = ""


def values(fields: tuple[Field, ...], cells: Mapping[str, str]) -> dict[str, Any]:
    """Field → value, for the columns that the file has. Raises Refused for the first cell that cannot be read."""
    found: dict[str, Any] = {}
    for field in fields:
        name = field.column.name
        if name not in cells:
            continue
        cell = cells[name]
        if not cell and field.column.required:
            raise Refused(name, "sel_kosong", ("wajib diisi", "must be filled in"), ("isi sel ini", "fill in this cell"))
        found[field.name] = field.read(cell, name) if cell else field.empty
    return found


def text(most: int) -> Reader:
    def read(cell: str, column: str) -> str:
        if LOST_DIGITS in cell:
            raise _lost(column)
        if len(cell) > most or any(ord(letter) < 32 for letter in cell):
            raise Refused(
                column, "teks_tidak_sah", (f"paling banyak {most} huruf, satu baris", f"at most {most} characters, one line"),
                ("persingkat", "shorten it"),
            )  # fmt: skip
        return cell

    return read


def nip(cell: str, column: str) -> str:
    if LOST_DIGITS in cell:
        raise _lost(column)
    bare = cell.replace(" ", "").removeprefix("'")
    if not (bare.isascii() and bare.replace("-", "").isalnum() and len(bare) <= 18):
        raise Refused(column, "nip_tidak_sah", (f"“{cell[:20]}” bukan NIP", f'"{cell[:20]}" is no NIP'), ("18 angka", "18 digits"))
    return bare


def one_of(allowed: tuple[str, ...]) -> Reader:
    by_fold = {value.casefold(): value for value in allowed}

    def read(cell: str, column: str) -> str:
        found = by_fold.get(cell.casefold())
        if found is None:
            names = ", ".join(allowed)
            raise Refused(
                column, "nilai_tidak_dikenal", (f"“{cell[:30]}” tidak dikenal", f'unknown "{cell[:30]}"'),
                (f"pilih: {names}", f"choose: {names}"),
            )  # fmt: skip
        return found

    return read


def whole(low: int, high: int) -> Reader:
    def read(cell: str, column: str) -> int:
        if not (cell.isascii() and cell.isdigit() and low <= int(cell[:9]) <= high):
            raise Refused(
                column, "angka_tidak_sah", (f"“{cell[:20]}” bukan bilangan bulat {low}–{high}", f"not a whole number {low}–{high}"),
                (f"tulis angka {low}–{high}", f"write a number {low}–{high}"),
            )  # fmt: skip
        return int(cell)

    return read


def day(cell: str, column: str) -> date:
    """ISO, day/month/year as spreadsheets here write it, or in words ("1 Januari 2025")."""
    found, named = _DAY_FIRST.fullmatch(cell), _IN_WORDS.fullmatch(cell)
    try:
        if named is not None and named[2].capitalize() in MONTHS:
            return date(int(named[3]), MONTHS.index(named[2].capitalize()) + 1, int(named[1]))
        return date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(cell)
    except ValueError as error:
        raise Refused(
            column, "tanggal_tidak_sah", (f"“{cell[:20]}” bukan tanggal", f'"{cell[:20]}" is no date'),
            ("tulis TTTT-BB-HH, misalnya 2026-04-15", "write YYYY-MM-DD, for example 2026-04-15"),
        ) from error  # fmt: skip


def yes_no(cell: str, column: str) -> bool:
    if cell.lower() not in YES + NO:
        raise Refused(column, "nilai_tidak_dikenal", ("tulis ya atau tidak", "write ya or tidak"), ("ya atau tidak", "ya or tidak"))
    return cell.lower() in YES


def competencies(cell: str, column: str) -> list[dict[str, Any]]:
    """ "Pelayanan publik:3; Integritas:2" → [{name, level}]."""
    found = []
    for part in filter(None, (part.strip() for part in cell.split(";"))):
        name, _, level = part.rpartition(":")
        if not name.strip() or not (level.strip().isascii() and level.strip().isdigit() and 1 <= int(level) <= 5):
            raise Refused(
                column, "kompetensi_tidak_sah", (f"“{part[:40]}” bukan kompetensi bertingkat", f'"{part[:40]}" has no level'),
                ("tulis Nama:tingkat, dipisah titik koma; tingkat 1–5", "write Name:level, parted by semicolons; levels 1–5"),
            )  # fmt: skip
        found.append({"name": name.strip(), "level": int(level)})
    return found


def _lost(column: str) -> Refused:
    return Refused(
        column, "angka_terpotong",
        ("tersimpan sebagai angka; digit terakhirnya hilang", "kept as a number; its last digits are lost"),
        ("format kolom sebagai Teks, lalu ketik ulang", "format the column as text and type it again"),
    )  # fmt: skip
