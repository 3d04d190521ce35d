"""Mapping files: the strict tree of the rule files' first pass, with getters that type each value and refuse unknown keys.

Scalars stay text until a getter types them, so that 1.10, no and 2026-01-01 mean what was written. The first error stops the
reading: one line with file, line and remedy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from ..core.errors import InputError, Place
from ..core.exactjson import read_text
from ..core.numbers import parse_number
from ..core.periods import parse_date
from ..policy import source
from ..policy.diagnostics import Report
from ..policy.source import parse_text

MAX_BYTES = 256 * 1024


def fault(place: Place, text_id: str, text_en: str, remedy_id: str, remedy_en: str) -> InputError:
    """The one kind of error a mapping file can have; callers raise it."""
    return InputError("peta_tidak_sah", text_id, text_en, place=place, remedy_id=remedy_id, remedy_en=remedy_en)


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value as written. quoted: "null" in quotes is a text, null without is none."""

    raw: str
    quoted: bool
    place: Place

    @property
    def is_null(self) -> bool:
        return not self.quoted and self.raw in ("", "null", "~")

    def text(self) -> str:
        if self.is_null or not self.raw.strip():
            raise fault(self.place, "nilai kosong", "empty value", "tulis nilainya", "write the value")
        return " ".join(self.raw.split())

    def number(self) -> Fraction:
        try:
            return parse_number(self.raw)
        except InputError as error:
            raise fault(self.place, error.text_id, error.text_en, error.remedy_id, error.remedy_en) from error

    def whole(self, low: int, high: int) -> int:
        number = self.number()
        if number.denominator != 1 or not low <= number <= high:
            raise fault(
                self.place,
                f"“{self.raw}” bukan bilangan bulat {low}…{high}",
                f'"{self.raw}" is not a whole number {low}…{high}',
                f"tulis bilangan bulat dari {low} sampai {high}",
                f"write a whole number from {low} to {high}",
            )
        return int(number)

    def day(self) -> date:
        try:
            return parse_date(self.raw)
        except InputError as error:
            raise fault(self.place, error.text_id, error.text_en, error.remedy_id, error.remedy_en) from error


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Value, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Block:
    """A mapping whose keys are read one by one; `done` refuses what nobody read."""

    entries: dict[str, tuple[Value, Place]]
    place: Place
    read: set[str]

    def get(self, key: str) -> Value | None:
        self.read.add(key)
        entry = self.entries.get(key)
        return entry[0] if entry else None

    def scalar(self, key: str) -> Scalar:
        value = self._required(key)
        if not isinstance(value, Scalar):
            raise _shape(self.entries[key][1], key, "satu nilai", "one value")
        return value

    def optional(self, key: str) -> Scalar | None:
        """None when the key is absent or null."""
        if key not in self.entries:
            self.read.add(key)
            return None
        value = self.scalar(key)
        return None if value.is_null else value

    def block(self, key: str) -> Block:
        value = self._required(key)
        if not isinstance(value, Block):
            raise _shape(self.entries[key][1], key, "pasangan kunci: nilai", "key: value pairs")
        return value

    def optional_block(self, key: str) -> Block | None:
        return self.block(key) if key in self.entries else None

    def sequence(self, key: str) -> Sequence:
        """Absent: empty."""
        if key not in self.entries:
            self.read.add(key)
            return Sequence((), self.place)
        value = self._required(key)
        if not isinstance(value, Sequence):
            raise _shape(self.entries[key][1], key, "daftar", "a list")
        return value

    def done(self) -> None:
        for key, (_, place) in self.entries.items():
            if key not in self.read:
                known = ", ".join(sorted(self.read))
                raise fault(
                    place,
                    f"kunci “{key}” tidak dikenal",
                    f'unknown key "{key}"',
                    f"kunci yang dikenal di sini: {known}",
                    f"known keys here: {known}",
                )

    def _required(self, key: str) -> Value:
        value = self.get(key)
        if value is None:
            raise fault(self.place, f"kunci “{key}” tidak ada", f'missing key "{key}"', f"tambahkan {key}:", f"add {key}:")
        return value


Value = Scalar | Sequence | Block


def load_block(path: Path) -> Block:
    """The file's top-level mapping. Raises InputError: missing, too large, not UTF-8, or `peta_tidak_sah` with its line."""
    name = str(path)
    report = Report()
    node = parse_text(read_text(path, max_bytes=MAX_BYTES), name, report)
    for found in report:
        raise fault(found.place, found.text_id, found.text_en, found.remedy_id, found.remedy_en)
    if not isinstance(node, source.MapNode):
        raise _shape(Place(name, 1), "berkas", "pasangan kunci: nilai", "key: value pairs")
    return _block(node)


def _block(node: source.MapNode) -> Block:
    return Block({entry.key.text: (_value(entry.value), entry.key.place) for entry in node.entries}, node.place, set())


def _value(node: source.Node) -> Value:
    if isinstance(node, source.Scalar):
        return Scalar(node.text, node.style != "plain", node.place)
    if isinstance(node, source.ListNode):
        return Sequence(tuple(_value(item) for item in node.items), node.place)
    return _block(node)


def _shape(place: Place, what: str, wanted_id: str, wanted_en: str) -> InputError:
    return fault(place, f"“{what}” harus {wanted_id}", f'"{what}" must be {wanted_en}', f"tulis {wanted_id}", f"write {wanted_en}")
