"""One change, and the words for values in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from ...core import english
from ...core.errors import Place
from ...core.indonesian import long_date, money, number, rupiah
from ...core.numbers import english_number
from ..model import ValueType


@dataclass(frozen=True, slots=True)
class Change:
    """kind: added, removed, changed. subject: what it is about ("tpp_dasar"). first: the day it counts from, None: from the start.

    place: where it stands in the new files (in the old ones when removed). example: a case that is answered differently.
    """

    kind: str
    subject: str
    text_id: str
    text_en: str
    place: Place | None = None
    first: date | None = None
    example_id: str = ""
    example_en: str = ""

    def line(self, language: str = "id") -> str:
        text, example = (self.text_id, self.example_id) if language == "id" else (self.text_en, self.example_en)
        since = since_id(self.first) if language == "id" else since_en(self.first)
        return f"{self.subject}: {text}{since}" + (f" — {example}" if example else "")

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "subject": self.subject,
            "text": {"id": self.line("id"), "en": self.line("en")},
            "from": self.first,
            "place": str(self.place) if self.place else None,
        }


def since_id(first: date | None) -> str:
    return f" mulai {long_date(first)}" if first else ""


def since_en(first: date | None) -> str:
    return f" from {english.long_date(first)}" if first else ""


@dataclass(frozen=True, slots=True)
class Words:
    """One value in both languages."""

    id: str
    en: str


def words(value: Any, type_: ValueType | None = None) -> Words:
    """A value as people read it: 88,31 and 88.31; Rp 1.540.000 and Rp 1,540,000; 95 persen and 95 percent."""
    if isinstance(value, Words):
        return value
    unit = type_.unit if type_ is not None else ""
    if isinstance(value, Fraction):
        if unit == "rupiah":
            return Words(rupiah(value), money(english_number(value)))
        if not unit:
            return Words(number(value), english_number(value))
        return Words(f"{number(value)} {unit}", f"{english_number(value)} {english.unit_name(unit)}")
    if isinstance(value, bool):
        return Words("ya" if value else "tidak", "yes" if value else "no")
    if isinstance(value, date):
        return Words(long_date(value), english.long_date(value))
    if value is None:
        return Words("kosong", "none")
    if isinstance(value, Mapping):
        return Words(", ".join(map(str, value)), ", ".join(map(str, value)))
    return Words(str(value), str(value))


def moved(before: Any, after: Any, type_: ValueType | None = None) -> Words:
    """Numbers: "naik dari 90 ke 92" / "rises from 90 to 92"; other values: "berubah dari … menjadi …"."""
    old, new = words(before, type_), words(after, type_)
    if isinstance(before, Fraction) and isinstance(after, Fraction):
        up = after > before
        return Words(
            f"{'naik' if up else 'turun'} dari {old.id} ke {new.id}", f"{'rises' if up else 'falls'} from {old.en} to {new.en}"
        )
    return Words(f"berubah dari {old.id} menjadi {new.id}", f"changes from {old.en} to {new.en}")
