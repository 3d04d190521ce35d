"""A rule file as plain nested values, and back to YAML text. Meaning is kept; comments and layout are not."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ..core.numbers import decimal_text
from .shapes import plain
from .source import ListNode, MapNode, Node

Document = dict[str, Any]
_SAFE = re.compile(r"[A-Za-z_][\w./ ()%–-]*[\w)%.]\Z|[A-Za-z_]\Z|[+-]?\d+(\.\d+)?\Z|\d{4}-\d{2}-\d{2}\Z|[\d.-]+\.\.[\d.-]+\Z")
_NUMBER = re.compile(r"[+-]?[\d.]")
_CASES = ("given", "expect")
ORDER = (
    *("title", "decision", "parameter", "standard", "authority", "effective", "note", "label", "type", "unit", "scale", "range"),
    *("choices", "key", "applies_to", "for_each", "inputs", "outputs", "requires", "hit", "table", "formula", "steps", "monotone"),
    *("values", "entities", "goals", "indicators", "cases"),
)


def to_document(node: MapNode) -> Document:
    """The tree as nested dicts, lists and texts; the values of worked cases as numbers, texts, true, false, null."""
    return {name: _value(name, child) for name, child in node.items()}


def _value(name: str, node: Node) -> Any:
    if name in _CASES:
        return plain(node)
    if isinstance(node, MapNode):
        return {key: _value(key, child) for key, child in node.items()}
    if isinstance(node, ListNode):
        return [_value("", child) for child in node.items]
    return None if node.is_null else node.text.rstrip("\n") if node.style in ("literal", "folded") else node.text


def to_yaml(document: Document) -> str:
    """The document as a rule file: keys in the usual order, tables as `|` blocks, worked cases on one line each."""
    known = [key for key in ORDER if key in document]
    lines: list[str] = []
    for key in [*known, *(key for key in document if key not in known)]:
        lines += _entry(key, document[key], 0)
    return "\n".join(lines) + "\n"


def _entry(key: str, value: Any, indent: int) -> list[str]:
    pad = " " * indent
    name = _scalar(key)
    if isinstance(value, str) and "\n" in value:
        return [f"{pad}{name}: |", *(f"{pad}  {line}".rstrip() for line in value.split("\n"))]
    if isinstance(value, Mapping) and value and key not in _CASES and (indent == 0 or not _short(value)):
        return [f"{pad}{name}:", *(line for k, v in value.items() for line in _entry(str(k), v, indent + 2))]
    if isinstance(value, list) and value and any(isinstance(item, Mapping) for item in value):
        return [f"{pad}{name}:", *(line for item in value for line in _item(item, indent + 2))]
    shown = flow(value, literal=key in _CASES)
    return [f"{pad}{name}:" + (f" {shown}" if shown else "")]


def _item(value: Any, indent: int) -> list[str]:
    pad = " " * indent
    if isinstance(value, Mapping) and not _short(value):
        inner = [line for key, item in value.items() for line in _entry(str(key), item, indent + 2)]
        return [f"{pad}- {inner[0].lstrip()}", *inner[1:]]
    return [f"{pad}- {flow(value)}"]


def _short(value: Mapping[str, Any]) -> bool:
    """Fits on one line of a rule file, and holds no block of text."""
    return not _has_block(value) and len(flow(value)) <= 118


def _has_block(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_has_block(item) for item in value.values())
    if isinstance(value, list):
        return any(_has_block(item) for item in value)
    return isinstance(value, str) and "\n" in value


def flow(value: Any, *, literal: bool = False) -> str:
    """A value on one line. literal: texts that would read as numbers are put in quotes (values of worked cases)."""
    if isinstance(value, Mapping):
        inner = (f"{_scalar(str(key))}: {_inner(item, literal or key in _CASES)}" for key, item in value.items())
        return "{" + ", ".join(inner) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_inner(item, literal) for item in value) + "]"
    if isinstance(value, Fraction):
        return decimal_text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if literal and _NUMBER.match(text) else _scalar(text)


def _inner(value: Any, literal: bool) -> str:
    return "null" if value is None else flow(value, literal=literal)


def _scalar(text: str) -> str:
    return text if _SAFE.match(text) and text not in ("null", "true", "false") else json.dumps(text, ensure_ascii=False)
