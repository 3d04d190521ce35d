"""Process data: plain exact values, and their JSON form in the stored state.

A number is a Fraction and is stored as {"$n": "76.5"}, a date as {"$d": "2026-03-13"}; no float comes in or goes out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ..core.errors import InputError
from ..core.numbers import display_text

MAX_DEPTH = 12


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as process data: int and Decimal become Fraction, tuples lists; raise InputError(`data_proses_tidak_sah`)."""
    return {_key(key): _plain(value, key, 0) for key, value in values.items()}


def _key(key: Any) -> str:
    if not isinstance(key, str) or not key or key.startswith("$"):
        raise _wrong(str(key), "nama tidak sah", "not a name")
    return key


def _plain(value: Any, name: str, depth: int) -> Any:
    if value is None or isinstance(value, bool | str | Fraction):
        return value
    if isinstance(value, int | Decimal):
        return Fraction(value)
    if isinstance(value, date):  # datetime is a date
        return value
    if depth < MAX_DEPTH:
        if isinstance(value, list | tuple):
            return [_plain(item, name, depth + 1) for item in value]
        if isinstance(value, Mapping):
            return {_key(key): _plain(item, name, depth + 1) for key, item in value.items()}
    raise _wrong(name, f"tipe {type(value).__name__}", f"the type {type(value).__name__}")


def _wrong(name: str, what_id: str, what_en: str) -> InputError:
    return InputError(
        "data_proses_tidak_sah",
        f"data proses “{name}”: {what_id}",
        f'process data "{name}": {what_en}',
        remedy_id="berikan teks, angka eksak, benar/salah, atau tanggal",
        remedy_en="give text, exact numbers, booleans or dates",
    )


def encoded(value: Any) -> Any:
    """JSON values for plain process data."""
    if isinstance(value, Fraction):
        return {"$n": display_text(value)}
    if isinstance(value, datetime):
        return {"$t": value.isoformat()}
    if isinstance(value, date):
        return {"$d": value.isoformat()}
    if isinstance(value, list):
        return [encoded(item) for item in value]
    if isinstance(value, dict):
        return {key: encoded(item) for key, item in value.items()}
    return value


def decoded(value: Any) -> Any:
    if isinstance(value, list):
        return [decoded(item) for item in value]
    if isinstance(value, dict):
        if "$n" in value:
            return Fraction(value["$n"])
        if "$d" in value:
            return date.fromisoformat(value["$d"])
        if "$t" in value:
            return datetime.fromisoformat(value["$t"])
        return {key: decoded(item) for key, item in value.items()}
    return value
