"""The `cases:` of a rule file as text: one more is put at their end; every other line stays."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..core.errors import InputError

_CASES = re.compile(r"cases:\s*(\[\s*\])?\s*(#.*)?\Z")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?\Z", re.ASCII)
_COMMA = re.compile(r"([+-]?\d+),(\d+)\Z", re.ASCII)
_PLAIN = re.compile(r"[^\W\d_][\w /]*\Z")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_WORDS = frozenset({"null", "true", "false"})


def add_case(text: str, given: Mapping[str, str], expect: Mapping[str, str], error: str = "", on: str = "", note: str = "") -> str:
    """The same file with one more case. given, expect: values by name, as an officer writes them; error: the code expected instead.

    Raises InputError(`kasus_kosong`) without an expectation.
    """
    if not expect and not error:
        raise InputError(
            "kasus_kosong",
            "tulis hasil yang Anda harapkan, atau kode galatnya",
            "write the result that you expect, or the code of its error",
        )
    parts = [f"given: {_mapping(given)}"]
    if on:
        parts.append(f"on: {scalar(on)}")
    parts.append(f"error: {scalar(error)}" if error else f"expect: {_mapping(expect)}")
    if note:
        parts.append(f"note: {quoted(note)}")
    line = "  - {" + ", ".join(parts) + "}"
    lines = text.rstrip("\n").split("\n")
    start = next((number for number, one in enumerate(lines) if _CASES.match(one)), None)
    if start is None:
        lines += ["cases:", line]
    else:
        end = start + 1
        while end < len(lines) and (not lines[end].strip() or lines[end][0] in " -#\t"):
            end += 1
        while not lines[end - 1].strip():
            end -= 1
        lines[start:end] = [re.sub(r"\[\s*\]", "", lines[start]).rstrip(), *lines[start + 1 : end], line]
    return "\n".join(lines) + "\n"


def _mapping(values: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{name}: {scalar(value)}" for name, value in values.items()) + "}"


def scalar(written: str) -> str:
    """A value for YAML: numbers, dates, words and lists of those as they stand, anything else in quotes. 76,61 is read as 76.61."""
    value = " ".join(written.split())
    if value.startswith("[") and value.endswith("]"):
        inner = value[1:-1].strip()
        return "[" + ", ".join(scalar(item) for item in inner.split(",")) + "]" if inner else "[]"
    if comma := _COMMA.match(value):
        return ".".join(comma.groups())
    if value in _WORDS or _NUMBER.match(value) or _PLAIN.match(value) or DAY.match(value):
        return value
    return quoted(value)


def quoted(value: str) -> str:
    return '"' + " ".join(value.split()).replace("\\", "\\\\").replace('"', '\\"') + '"'
