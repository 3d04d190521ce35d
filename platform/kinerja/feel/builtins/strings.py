"""String functions. Positions count Unicode code points from 1, or from the end when negative."""

from __future__ import annotations

from typing import Any

from ..arithmetic import Arithmetic
from ..errors import INDEX, FeelError, type_mismatch
from ..limits import check_list, check_string, spend
from ..regex import compile_pattern, expand_replacement
from ..values import Value, describe
from .registry import builtin, integer


@builtin("substring(string: string, start position: number, length?: number?) -> string")
def substring(n: Arithmetic, string: str, start: Any, length: Any = None) -> Value:
    position = integer(n, n.round(start, 0, "down"), "substring, “start position”")
    if position == 0 or abs(position) > len(string):
        if not string:
            return ""
        raise FeelError(
            INDEX,
            f"posisi {position} di luar teks sepanjang {len(string)}",
            f"position {position} is outside a text of {len(string)} characters",
        )
    first = position - 1 if position > 0 else len(string) + position
    if length is None:
        return string[first:]
    size = integer(n, n.round(length, 0, "down"), "substring, “length”")
    if size < 1:
        raise FeelError(INDEX, f"panjang {size} kurang dari 1", f"length {size} is less than 1")
    return string[first : first + size]


@builtin("string length(string: string) -> number")
def string_length(n: Arithmetic, string: str) -> Value:
    return n.number(len(string))


@builtin("upper case(string: string) -> string")
def upper_case(_: Arithmetic, string: str) -> Value:
    return string.upper()


@builtin("lower case(string: string) -> string")
def lower_case(_: Arithmetic, string: str) -> Value:
    return string.lower()


@builtin("substring before(string: string, match: string) -> string")
def substring_before(_: Arithmetic, string: str, match: str) -> Value:
    before, found, _rest = string.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after(string: string, match: string) -> string")
def substring_after(_: Arithmetic, string: str, match: str) -> Value:
    return string.partition(match)[2] if match else string


@builtin("contains(string: string, match: string) -> boolean")
def contains(_: Arithmetic, string: str, match: str) -> Value:
    return match in string


@builtin("starts with(string: string, match: string) -> boolean")
def starts_with(_: Arithmetic, string: str, match: str) -> Value:
    return string.startswith(match)


@builtin("ends with(string: string, match: string) -> boolean")
def ends_with(_: Arithmetic, string: str, match: str) -> Value:
    return string.endswith(match)


@builtin("matches(input: string, pattern: string, flags?: string?) -> boolean")
def matches(_: Arithmetic, string: str, pattern: str, flags: str | None = None) -> Value:
    return compile_pattern(pattern, flags or "").search(string)


@builtin("replace(input: string, pattern: string, replacement: string, flags?: string?) -> string")
def replace(_: Arithmetic, string: str, pattern: str, replacement: str, flags: str | None = None) -> Value:
    return expand_replacement(compile_pattern(pattern, flags or ""), string, replacement, literal="q" in (flags or ""))


@builtin("split(string: string, delimiter: string) -> list<string>")
def split(_: Arithmetic, string: str, delimiter: str) -> Value:
    parts = compile_pattern(delimiter, "").split(string)
    check_list(len(parts))
    return parts


@builtin("string join(list: list, delimiter?: string?) -> string")
def string_join(_: Arithmetic, values: list[Value], delimiter: str | None = None) -> Value:
    spend(len(values))
    texts = [_text(item) for item in values if item is not None]
    check_string(sum(map(len, texts)) + len(texts) * len(delimiter or ""))
    return (delimiter or "").join(texts)


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise type_mismatch("string join, “list”", "string", describe(value))
    return value
