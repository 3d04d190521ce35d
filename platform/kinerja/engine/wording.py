"""Values and places as a civil servant reads them, in Indonesian and English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from ..core import indonesian
from ..core.errors import Place
from ..core.findings import Citation
from ..core.numbers import decimal_text, display_text, ratio, round_half_up, terminates_within
from ..policy.model import Label

LONG_LIST = 12


def value_id(value: Any, unit: str = "") -> str:
    """Decimal comma, thousands with points, "di atas" for di_atas, "tidak ada" for null."""
    if type(value) is Fraction:
        return _number_id(*value.as_integer_ratio(), unit)
    if value is None:
        return "tidak ada"
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, list | tuple):
        return _listing(value, lambda element: value_id(element, unit), "butir", "kosong")
    if isinstance(value, date):
        return indonesian.long_date(value)
    return str(value).replace("_", " ")


def value_texts(value: Any, unit: str = "") -> tuple[str, str]:
    """Indonesian and English."""
    kind = type(value)
    if kind is Fraction:
        return _number_texts(*value.as_integer_ratio(), unit)
    if kind is str:
        text = value.replace("_", " ") if "_" in value else value
        return text, text
    return value_id(value, unit), value_en(value, unit)


@lru_cache(maxsize=8192)
def _number_texts(numerator: int, denominator: int, unit: str) -> tuple[str, str]:
    if not _ends(denominator):
        return _number_id(numerator, denominator, unit), _number_en(numerator, denominator, unit)
    whole, point, decimals = decimal_text(ratio(abs(numerator), denominator)).partition(".")
    grouped, sign = f"{int(whole):,}", "-" if numerator < 0 else ""
    text_id, text_en = sign + grouped.replace(",", ".") + point.replace(".", ",") + decimals, sign + grouped + point + decimals
    if unit == "rupiah":
        return (indonesian.money(text_id) if denominator == 1 else text_id), indonesian.money(text_en)
    return (f"{text_id} persen", f"{text_en} percent") if unit == "persen" else (text_id, text_en)


@lru_cache(maxsize=8192)
def _number_id(numerator: int, denominator: int, unit: str) -> str:
    value = ratio(numerator, denominator)
    if unit == "rupiah" and denominator == 1:
        return indonesian.rupiah(value)
    text = indonesian.number(value)
    if not _ends(denominator):
        text = f"≈ {indonesian.number(value, 4)} (tepatnya {text})"
    return f"{text} persen" if unit == "persen" else text


def value_en(value: Any, unit: str = "") -> str:
    if type(value) is Fraction:
        return _number_en(*value.as_integer_ratio(), unit)
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return _listing(value, lambda element: value_en(element, unit), "items", "empty")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace("_", " ")


@lru_cache(maxsize=8192)
def _number_en(numerator: int, denominator: int, unit: str) -> str:
    value = ratio(numerator, denominator)
    text = display_text(value)
    if not _ends(denominator):
        return f"≈ {decimal_text(round_half_up(value, 4))} (exactly {text})"
    whole, point, rest = text.lstrip("-").partition(".")
    text = ("-" if numerator < 0 else "") + f"{int(whole):,}" + point + rest
    if unit == "rupiah":
        return indonesian.money(text)
    return f"{text} percent" if unit == "persen" else text


@lru_cache(maxsize=1024)
def _ends(denominator: int) -> bool:
    return terminates_within(ratio(1, denominator), 40)


def _listing(values: Iterable[Any], write: Any, noun: str, empty: str) -> str:
    items = list(values)
    if not items:
        return empty
    if len(items) > LONG_LIST or any(isinstance(item, Mapping) for item in items):
        return f"{len(items)} {noun}"
    return "; ".join(write(item) for item in items)


def plain(value: Any) -> Any:
    """For a trace's JSON: exact, and a fraction without end as text ("1/3")."""
    kind = type(value)
    if kind is str or value is None:
        return value
    if kind is Fraction:
        return value if _ends(value.denominator) else display_text(value)
    if kind is tuple or kind is list:
        return tuple([plain(element) for element in value])
    if kind is dict:
        return {key: plain(element) for key, element in value.items()}
    return value


def name_id(label: Label) -> str:
    return _lowered(label.id)


def name_en(label: Label) -> str:
    return _lowered(label.en)


def _lowered(text: str) -> str:
    """The first letter small, unless the label begins with an abbreviation (TPP) or is a name (Indeks Kepuasan Masyarakat)."""
    head, *rest = text.split()
    name = any(word[0].isupper() and not word.isupper() for word in rest)
    return text if name or len(head) < 2 or head[1:] != head[1:].lower() else text[0].lower() + text[1:]


def where(place: Place, citations: Iterable[Citation]) -> str:
    """rules/decisions/x.yaml:23; PermenPANRB 6/2022 Lampiran; …"""
    return "; ".join([str(Place(place.file, place.line)), *dict.fromkeys(str(citation) for citation in citations)])


def joined(parts: list[str], word: str) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"
