"""Texts, by code point."""

from __future__ import annotations

from collections.abc import Sequence

from .. import errors
from ..errors import Fault
from .pairs import Pair, lowest


def substring(text: str, start: int, length: int | None = None) -> str:
    if start == 0 or abs(start) > len(text):
        if not text:
            return ""
        raise Fault(errors.INDEX)
    if length is not None and length < 1:
        raise Fault(errors.INDEX)
    first = start - 1 if start > 0 else len(text) + start
    return text[first:] if length is None else text[first : first + length]


def before(text: str, match: str) -> str:
    index = text.find(match)
    return text[:index] if match and index >= 0 else ""


def after(text: str, match: str) -> str:
    index = text.find(match)
    return text[index + len(match) :] if index >= 0 else ""


def text_join(values: Sequence[str | None], delimiter: str) -> str:
    return delimiter.join(value for value in values if value is not None)


def number_text(x: Pair) -> str:
    """The number as a decimal literal, an error where it does not end."""
    n, d = lowest(*x)
    digits = 0
    while 10**digits % d:
        digits += 1
        if digits > d.bit_length() * 2:
            raise Fault(errors.NOT_ROUND)
    whole_, rest = divmod(abs(n) * 10**digits // d, 10**digits)
    return ("-" if n < 0 else "") + str(whole_) + (f".{rest:0{digits}d}" if digits else "")


def boolean_text(x: bool) -> str:
    return "true" if x else "false"
