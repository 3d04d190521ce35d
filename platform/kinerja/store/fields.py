"""Column types that lose nothing: exact numbers as scaled integers, exact JSON, instants as sortable UTC text."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import peewee

from ..core.clock import JAKARTA
from ..core.errors import InputError
from ..core.exactjson import dumps, loads
from ..core.numbers import exact, from_scaled, to_scaled

INT64 = 2**63


class ScaledField(peewee.BigIntegerField):
    """An exact number with at most `scale` digits after the point, kept as value × 10^scale in 64 bits; reads back as Fraction.

    Accepts Fraction, int, Decimal and decimal text. Raises ValueError when digits would be lost or 64 bits overflow,
    TypeError for a float. (A NUMERIC column of SQLite is a binary float, hence the integer.)
    """

    def __init__(self, scale: int = 4, **options: Any) -> None:
        super().__init__(**options)
        self.scale = scale

    def db_value(self, value: Any) -> int | None:
        if value is None:
            return None
        number = to_scaled(exact(value), self.scale)
        if not -INT64 <= number < INT64:
            raise ValueError(f"{self.name}: {value} does not fit in 64 bits at scale {self.scale}")
        return number

    def adapt(self, value: Any) -> Any:
        # peewee coerces with int() by default, which would cut digits without a word
        return value

    def python_value(self, value: Any) -> Fraction | None:
        if value is None or isinstance(value, Fraction | Decimal):
            return value if value is None else Fraction(value)
        return from_scaled(int(value), self.scale)


class ShortField(peewee.CharField):
    """One line of text of bounded length. SQLite would take any length where PostgreSQL refuses: here both refuse alike.

    Raises InputError(`teks_terlalu_panjang`) naming the column.
    """

    def db_value(self, value: Any) -> Any:
        value = None if value is None else self.adapt(value)
        if isinstance(value, str) and len(value) > self.max_length:
            raise InputError(
                "teks_terlalu_panjang",
                f"{self.name}: paling banyak {self.max_length} huruf",
                f"{self.name}: at most {self.max_length} characters",
                column=self.name,
            )
        return value


class JsonField(peewee.TextField):
    """Plain values as exact JSON text; numbers read back as Fraction, lists as list."""

    def db_value(self, value: Any) -> str | None:
        return None if value is None else dumps(value)

    def adapt(self, value: Any) -> Any:
        return value

    def python_value(self, value: Any) -> Any:
        return loads(value, file=f"<{self.model.__name__}.{self.name}>") if isinstance(value, str) else value


class InstantField(peewee.TextField):
    """An instant as UTC text of fixed width ("2026-01-31T09:30:00.000000Z"), so that text order is time order; reads as WIB.

    Raises ValueError for a datetime without a zone.
    """

    def db_value(self, value: datetime | str | None) -> str | None:
        if value is None:
            return None
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        if value.tzinfo is None:
            raise ValueError(f"{self.name}: an instant needs a time zone")
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def adapt(self, value: Any) -> Any:
        return value

    def python_value(self, value: Any) -> datetime | None:
        if value is None or isinstance(value, datetime):
            return value
        return datetime.fromisoformat(value).astimezone(JAKARTA)
