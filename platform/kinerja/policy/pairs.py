"""Values by name as a line of text: "nilai = 90, perilaku = sesuai"."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ..core.numbers import display_text


def pairs(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {plain(value)}" for name, value in values.items())


def plain(value: Any) -> str:
    if isinstance(value, Fraction):
        return display_text(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(plain, value)) + "]"
    if isinstance(value, dict):
        return "{" + pairs(value) + "}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)
