"""Thrift's compact protocol, as far as the headers and the footer of a Parquet file need it (https://thrift.apache.org)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


class Long(int):
    """Written as i64; a plain int is i32."""


class Struct(bytes):
    """Already written."""


@dataclass(frozen=True, slots=True)
class Listed:
    """kind: of the elements by Thrift's number; those of 12, structs, are written already."""

    kind: int
    elements: Sequence[Any]


def varint(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    found.append(value)
    return bytes(found)


def _zigzag(value: int) -> bytes:
    return varint(value << 1 if value >= 0 else -value * 2 - 1)


def struct(*fields: tuple[int, Any], after: int = 0) -> bytes:
    """A struct: (field id, value) in rising order; value: int, Long, bytes, list of fields or Struct, or Listed.

    after: the last field of what these go on from.
    """
    found, last = bytearray(), after
    for number, value in fields:
        kind, body = _value(value)
        found.append((number - last) << 4 | kind)
        found += body
        last = number
    return bytes(found) + b"\0"


def _value(value: Any) -> tuple[int, bytes]:
    match value:
        case Long():
            return 6, _zigzag(value)
        case int():
            return 5, _zigzag(value)
        case Struct():
            return 12, bytes(value)
        case list():
            return 12, struct(*value)
        case bytes():
            return 8, varint(len(value)) + value
        case Listed(kind, elements):
            size = len(elements)
            head = bytes([size << 4 | kind]) if size < 15 else bytes([0xF0 | kind]) + varint(size)
            return 9, head + b"".join(element if kind == 12 else _value(element)[1] for element in elements)
    raise TypeError(value)


__all__ = ["Listed", "Long", "Struct", "struct", "varint"]
