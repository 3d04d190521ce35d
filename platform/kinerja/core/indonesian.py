"""Numbers and dates as Indonesian readers write them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from .numbers import display_text, round_half_up

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip


def number(value: Fraction | int, digits: int | None = None) -> str:
    """1234567.5 → "1.234.567,5". `digits` fixes the places after the comma (half up); None prints the value exactly."""
    fraction = value if type(value) is Fraction else Fraction(value)
    if digits is not None:
        fraction = round_half_up(fraction, digits)
    text = display_text(fraction)
    if "/" in text:
        return text
    sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, decimals = text.partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    if digits:
        decimals = decimals.ljust(digits, "0")
    return sign + grouped + ("," + decimals if decimals else "")


def rupiah(value: Fraction | int) -> str:
    """1234567 → "Rp 1.234.567", -79075 → "-Rp 79.075"."""
    return money(number(value))


def money(written: str) -> str:
    """A written number, in whatever language, as an amount: what is taken back has its sign before the currency."""
    return "-Rp " + written[1:] if written.startswith("-") else "Rp " + written


def long_date(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
