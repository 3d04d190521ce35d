"""Parquet from numpy columns: plain numbers, dictionary-coded texts, lists of either. Written column by column, uncompressed.

What the format leaves open is chosen so that nothing is computed twice: codes that are there already are the dictionary's codes,
a bit width of 8, 16 or 32 makes an index the array itself, and runs of one code take three bytes.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from struct import pack
from types import TracebackType
from typing import Any, BinaryIO

from .arrow import Column
from .thrift import Listed, Long, Struct, struct, varint
from .untyped import Array, np

_MAGIC = b"PAR1"
_BOOLEAN, _INT32, _INT64, _BYTES = 0, 1, 2, 6
_PLAIN, _RLE, _DICTIONARY = 0, 3, 8


Part = bytes | memoryview
"""Of a page: written as it lies in memory, not joined first."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a column holds: "int", "decimal" (scale), "text", "boolean", "date", "small" (unsigned 16 bits); or lists of those."""

    base: str
    scale: int = 0
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Entries:
    """What codes stand for, as Parquet has it: texts each after its length in four bytes, or numbers of eight."""

    count: int
    plain: bytes

    @staticmethod
    def of(words: Sequence[str]) -> Entries:
        encoded = [word.encode() for word in words]
        return Entries(len(encoded), b"".join(pack("<I", len(word)) + word for word in encoded))

    @staticmethod
    def numbers(low: int, high: int) -> Entries:
        """All whole numbers of a range."""
        return Entries(high - low + 1, np.arange(low, high + 1, dtype="<i8").tobytes())

    @staticmethod
    def from_column(column: Column) -> Entries:
        """From offsets into bytes."""
        assert column.offsets is not None
        first, last = int(column.offsets[0]), int(column.offsets[-1])
        lengths, held = np.diff(column.offsets).astype("<u4"), column.values[first:last]
        count = len(lengths)
        if count and (lengths == lengths[0]).all():
            found = np.empty((count, 4 + int(lengths[0])), np.uint8)
            found[:, :4] = lengths.view(np.uint8).reshape(-1, 4)
            found[:, 4:] = held.reshape(count, -1)
            return Entries(count, found.tobytes())
        spread = np.empty(len(held) + 4 * count, np.uint8)
        heads = column.offsets[:-1] - first + 4 * np.arange(count)
        spread[heads[:, None] + np.arange(4)] = lengths.view(np.uint8).reshape(-1, 4)
        spread[np.arange(len(held)) + 4 * np.repeat(np.arange(1, count + 1), lengths)] = held
        return Entries(count, spread.tobytes())


@dataclass(frozen=True, slots=True)
class Values:
    """Numbers (days since 1970 for dates), codes into words, or texts. null: which are null. lengths: elements of each list.

    runs: how often each code is repeated, where that is so: data then has one code a run.
    """

    data: Any
    null: Array | None = None
    words: Entries | None = None
    lengths: Array | None = None
    absent: Array | None = None
    runs: Array | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """A column of a row group: where it starts in the file, its dictionary page (0: none) and its data page."""

    name: str
    start: int
    dictionary: int
    data: int
    count: int
    size: int


@dataclass(frozen=True, slots=True)
class Group:
    chunks: list[Chunk]
    rows: int


@dataclass(frozen=True, slots=True)
class Pages:
    """A column of a row group as it will lie in a file. data: where its data page begins, behind its dictionary if it has one."""

    parts: list[Part]
    data: int
    count: int
    size: int


def pages(column: Values, kind: Kind, rows: int) -> Pages:
    """The pages of a column; nothing of a file is touched."""
    values, levels, count = _levels(column, kind, rows)
    parts: list[Part] = []
    if values.words is not None:
        words = values.words.plain
        parts += [struct((1, 2), (2, len(words)), (3, len(words)), (7, [(1, values.words.count), (2, _PLAIN)])), words]
        encoding, body = _DICTIONARY, _indices(values)
    else:
        encoding, body = _PLAIN, _plain(values.data, kind)
    data, size = _length(parts), len(levels) + _length(body)
    header = [(1, count), (2, encoding), (3, _RLE), (4, _RLE)]
    parts += [struct((1, 0), (2, size), (3, size), (5, header)), levels, *body]
    return Pages(parts, data, count, _length(parts))


def _length(parts: Sequence[Part]) -> int:
    return sum(part.nbytes if isinstance(part, memoryview) else len(part) for part in parts)


@dataclass(frozen=True, slots=True)
class Copied:
    """A column as another file of ours holds it, byte for byte. held: that file."""

    held: memoryview
    chunk: Chunk


class Writer:
    """A file of row groups. Used as a context; the file is complete once that ends well."""

    def __init__(self, file: Path, kinds: Mapping[str, Kind]) -> None:
        self.kinds = dict(kinds)
        self._path, self._adopted = file, False
        self._file: BinaryIO = file.open("wb")
        self._file.write(_MAGIC)
        self._at = len(_MAGIC)
        self.groups: list[Group] = []
        self.rows = 0

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None and not self._adopted:
            self._footer()
        self._file.close()

    def adopt(self, other: Path, groups: Sequence[Group]) -> None:
        """Become a whole file of ours that is there already: another name of it, or a copy where the system has no such names."""
        self._file.close()
        self._path.unlink()
        try:
            os.link(other, self._path)
        except OSError:
            shutil.copyfile(other, self._path)
        self.groups, self.rows, self._adopted = list(groups), sum(group.rows for group in groups), True

    def group(self, columns: Mapping[str, Values | Pages | Copied], rows: int) -> None:
        """A row group; columns as named by the kinds."""
        if not rows:
            return
        chunks = []
        for name, kind in self.kinds.items():
            column = columns[name]
            if isinstance(column, Copied):
                chunks.append(self._copy(column))
                continue
            found = pages(column, kind, rows) if isinstance(column, Values) else column
            start, data = self._at, self._at + found.data
            chunks.append(Chunk(name, start, start if found.data else 0, data, found.count, found.size))
            for part in found.parts:
                self._file.write(part)
            self._at += found.size
        self.groups.append(Group(chunks, rows))
        self.rows += rows

    def _copy(self, column: Copied) -> Chunk:
        chunk = column.chunk
        if chunk.start + chunk.size > len(column.held):
            raise OSError("truncated")
        moved = self._at - chunk.start
        self._file.write(column.held[chunk.start : chunk.start + chunk.size])  # nothing may hold a piece once the file is let go of
        self._at += chunk.size
        dictionary = chunk.dictionary + moved if chunk.dictionary else 0
        return replace(chunk, start=chunk.start + moved, dictionary=dictionary, data=chunk.data + moved)

    def _footer(self) -> None:
        schema = [struct((4, b"schema"), (5, len(self.kinds)))]
        for name, kind in self.kinds.items():
            if not kind.is_list:
                schema.append(_leaf(name, kind))
                continue
            schema.append(struct((3, 1), (4, name.encode()), (5, 1), (6, 3), (10, [(3, [])])))
            schema.append(struct((3, 2), (4, b"list"), (5, 1)))
            schema.append(_leaf("element", kind))
        heads = {(name, coded): _column_head(name, kind, coded) for name, kind in self.kinds.items() for coded in (False, True)}
        groups = []
        for group in self.groups:
            described = []
            for chunk in group.chunks:
                places = [(5, Long(chunk.count)), (6, Long(chunk.size)), (7, Long(chunk.size)), (9, Long(chunk.data))]
                if chunk.dictionary:
                    places.append((11, Long(chunk.dictionary)))
                meta = heads[chunk.name, bool(chunk.dictionary)] + struct(*places, after=4)
                described.append(struct((2, Long(chunk.start)), (3, Struct(meta))))
            size = sum(chunk.size for chunk in group.chunks)
            groups.append(struct((1, Listed(12, described)), (2, Long(size)), (3, Long(group.rows))))
        footer = struct((1, 1), (2, Listed(12, schema)), (3, Long(self.rows)), (4, Listed(12, groups)), (6, b"kinerja"))
        self._file.write(footer + pack("<I", len(footer)) + _MAGIC)


def _column_head(name: str, kind: Kind, coded: bool) -> bytes:
    """What all row groups say of a column: type, encodings, path, no compression. A struct that goes on after field 4."""
    path = [name.encode(), b"list", b"element"] if kind.is_list else [name.encode()]
    encodings = [_PLAIN, _RLE, _DICTIONARY] if coded else [_PLAIN, _RLE]
    return struct((1, _physical(kind)), (2, Listed(5, encodings)), (3, Listed(8, path)), (4, 0))[:-1]


def _physical(kind: Kind) -> int:
    return {"text": _BYTES, "boolean": _BOOLEAN, "date": _INT32, "small": _INT32}.get(kind.base, _INT64)


def _leaf(name: str, kind: Kind) -> bytes:
    """A column: optional, with its converted and its logical type."""
    fields: list[tuple[int, Any]] = [(1, _physical(kind)), (3, 1), (4, name.encode())]
    match kind.base:
        case "text":
            fields += [(6, 0), (10, [(1, [])])]
        case "date":
            fields += [(6, 6), (10, [(6, [])])]
        case "decimal":
            fields += [(6, 5), (7, kind.scale), (8, 18), (10, [(5, [(1, kind.scale), (2, 18)])])]
        case "small":
            fields += [(6, 12)]
    return struct(*fields)


# ── values ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _levels(values: Values, kind: Kind, rows: int) -> tuple[Values, bytes, int]:
    """The values that are there, repetition and definition levels, and how many level entries there are."""
    if not kind.is_list:
        if values.null is None or not values.null.any():
            return values, _prefixed(_run(1, rows)), rows
        there = ~values.null
        return _only(values, there), _prefixed(_packed(there.view(np.uint8), 1)), rows
    assert values.lengths is not None
    lengths = values.lengths
    slots = np.maximum(lengths, 1)
    ends = np.cumsum(slots)
    count = int(ends[-1])
    repeated = np.ones(count, np.uint8)
    repeated[ends - slots] = 0
    defined = np.full(count, 3, np.uint8)
    empty = lengths == 0
    defined[(ends - slots)[empty]] = 1
    if values.absent is not None:
        defined[(ends - slots)[values.absent]] = 0
    if values.null is not None:
        defined[np.flatnonzero(defined == 3)[values.null]] = 2
    held = values if values.null is None else _only(values, ~values.null)
    return held, _prefixed(_packed(repeated, 1)) + _prefixed(_packed(defined, 2)), count


def _only(values: Values, there: Array) -> Values:
    data = values.data if values.runs is None else np.repeat(values.data, values.runs)
    return Values(data[there], None, values.words)


def _prefixed(body: bytes) -> bytes:
    return pack("<I", len(body)) + body


def _run(value: int, count: int) -> bytes:
    return varint(count << 1) + bytes([value])


def _packed(values: Array, width: int) -> bytes:
    """Bit-packed groups of eight."""
    groups = -(-len(values) // 8)
    padded = np.zeros(groups * 8, np.uint8)
    padded[: len(values)] = values
    bits = ((padded[:, None] >> np.arange(width, dtype=np.uint8)) & 1).astype(np.uint8)
    body: bytes = np.packbits(bits.reshape(-1), bitorder="little").tobytes()
    return varint(groups << 1 | 1) + body


def _indices(values: Values) -> list[Part]:
    assert values.words is not None
    width, kind = (1, "<u1") if values.words.count <= 256 else (2, "<u2") if values.words.count <= 65_536 else (4, "<u4")
    codes = values.data.astype(kind)
    if values.runs is not None:
        if len(values.runs) and values.runs.max() < 64:  # a run's head then is one byte
            found = np.empty((len(codes), 1 + width), np.uint8)
            found[:, 0] = values.runs << 1
            found[:, 1:] = codes.view(np.uint8).reshape(-1, width)
            return [bytes([width * 8]), found.data.cast("B")]
        codes = np.repeat(codes, values.runs)
    groups = -(-len(codes) // 8)
    rest = b"\0" * (width * (groups * 8 - len(codes)))
    return [bytes([width * 8]) + varint(groups << 1 | 1), codes.data.cast("B") if len(codes) else b"", rest]


def _plain(data: Any, kind: Kind) -> list[Part]:
    if isinstance(data, Entries):
        return [data.plain]
    if kind.base == "boolean":
        data = np.packbits(data.astype(np.bool_), bitorder="little")
    else:
        data = np.ascontiguousarray(data, "<i4" if _physical(kind) == _INT32 else "<i8")
    return [data.data.cast("B")] if len(data) else []
