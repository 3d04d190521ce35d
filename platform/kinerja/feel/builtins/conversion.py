"""Conversion functions and `not`."""

from __future__ import annotations

import re

from ..arithmetic import Arithmetic
from ..errors import bad_value
from ..text import value_text
from ..values import Value
from .registry import builtin

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?", re.ASCII)


def _read(n: Arithmetic, text: str) -> Value:
    if not _NUMBER.fullmatch(text):
        raise bad_value(f"“{text[:40]}” bukan angka", f'"{text[:40]}" is not a number')
    return n.read(text)


@builtin("number(from: string) -> number")
def number(n: Arithmetic, text: str) -> Value:
    return _read(n, text)


@builtin("number(from: string, grouping separator: string?, decimal separator: string?) -> number")
def number_with_separators(n: Arithmetic, text: str, grouping: str | None, point: str | None) -> Value:
    if grouping not in (None, " ", ",", ".") or point not in (None, ".", ",") or (grouping is not None and grouping == point):
        raise bad_value(
            "pemisah harus titik, koma atau spasi, dan berbeda", "separators are a point, a comma or a blank, and differ"
        )
    if grouping is not None:
        text = text.replace(grouping, "")
    if point == ",":
        text = "" if "." in text else text.replace(",", ".")
    return _read(n, text)


@builtin("string(from: any?) -> string")
def string(n: Arithmetic, value: Value) -> Value:
    return None if value is None else value_text(n, value)


@builtin("not(negand: boolean?) -> boolean")
def negation(n: Arithmetic, negand: bool | None) -> Value:
    if negand is None and n.exact_results:
        raise bad_value("not dari null", "not of null")
    return None if negand is None else not negand
