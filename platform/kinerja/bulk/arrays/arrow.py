"""Query results as numpy columns, without copies, through the Arrow C interface that DuckDB speaks by itself."""

from __future__ import annotations

import ctypes as c
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from .untyped import Array, np


@dataclass(frozen=True, slots=True)
class Column:
    """values of the rows; null: which are null, None where none is. Texts: offsets into bytes. Lists: offsets into `inner`."""

    values: Array
    null: Array | None = None
    offsets: Array | None = None
    inner: Column | None = None

    def __len__(self) -> int:
        return len(self.values if self.offsets is None else self.offsets) - (self.offsets is not None)

    def cut(self, start: int, stop: int) -> Column:
        null = None if self.null is None else self.null[start:stop]
        if self.offsets is None:
            return Column(self.values[start:stop], null)
        return Column(self.values, null, self.offsets[start : stop + 1], self.inner)


Batch = Mapping[str, Column]


Format = tuple[str, "Format | None"]


class _Schema(c.Structure):
    pass


class _Array(c.Structure):
    pass


class _Stream(c.Structure):
    pass


_Schema._fields_ = [
    ("format", c.c_char_p), ("name", c.c_char_p), ("metadata", c.c_void_p), ("flags", c.c_int64), ("n_children", c.c_int64),
    ("children", c.POINTER(c.POINTER(_Schema))), ("dictionary", c.POINTER(_Schema)), ("release", c.c_void_p),
    ("private", c.c_void_p),
]  # fmt: skip
_Array._fields_ = [
    ("length", c.c_int64), ("null_count", c.c_int64), ("offset", c.c_int64), ("n_buffers", c.c_int64), ("n_children", c.c_int64),
    ("buffers", c.POINTER(c.c_void_p)), ("children", c.POINTER(c.POINTER(_Array))), ("dictionary", c.POINTER(_Array)),
    ("release", c.c_void_p), ("private", c.c_void_p),
]  # fmt: skip
_Stream._fields_ = [
    ("get_schema", c.CFUNCTYPE(c.c_int, c.POINTER(_Stream), c.POINTER(_Schema))),
    ("get_next", c.CFUNCTYPE(c.c_int, c.POINTER(_Stream), c.POINTER(_Array))),
    ("get_last_error", c.CFUNCTYPE(c.c_char_p, c.POINTER(_Stream))),
    ("release", c.c_void_p), ("private", c.c_void_p),
]  # fmt: skip
_RELEASE = c.CFUNCTYPE(None, c.c_void_p)
_pointer = c.pythonapi.PyCapsule_GetPointer
_pointer.restype, _pointer.argtypes = c.c_void_p, [c.py_object, c.c_char_p]
_NUMBERS = {
    "c": np.int8, "C": np.uint8, "s": np.int16, "S": np.uint16, "i": np.int32, "I": np.uint32, "l": np.int64, "L": np.uint64,
    "tdD": np.int32,
}  # fmt: skip


class _Owner:
    """Keeps a batch's memory until no column of it is used any more."""

    def __init__(self, array: _Array) -> None:
        self.array = array

    def __del__(self) -> None:
        if self.array.release:
            _RELEASE(self.array.release)(c.addressof(self.array))


def batches(connection: duckdb.DuckDBPyConnection, sql: str, rows: int) -> Iterator[Batch]:
    """The rows of a query in its order, so many at a time or somewhat less. It has begun when this returns. Raises duckdb.Error.

    What DuckDB offers to everybody hands out 122,880 rows at a time, in buffers that grow by copying; it is what remains should
    the number of rows no longer be asked for in this way.
    """
    relation: Any = connection.sql(sql)
    submit = getattr(relation, "_submit", None)
    capsule = relation.__arrow_c_stream__() if submit is None else submit("stream", rows).arrow_capsule()
    stream = c.cast(_pointer(capsule, b"arrow_array_stream"), c.POINTER(_Stream)).contents
    schema = _Schema()
    _checked(stream, stream.get_schema(c.byref(stream), c.byref(schema)))
    names = [schema.children[i].contents.name.decode() for i in range(schema.n_children)]
    formats = [_format(schema.children[i].contents) for i in range(schema.n_children)]
    _RELEASE(schema.release)(c.addressof(schema))
    return _batches(stream, capsule, names, formats)


def _batches(stream: _Stream, capsule: object, names: Sequence[str], formats: Sequence[Format]) -> Iterator[Batch]:
    """capsule: what the stream belongs to, which lives as long as it is read."""
    while True:
        array = _Array()
        _checked(stream, stream.get_next(c.byref(stream), c.byref(array)))
        if not array.release:
            return
        owner = _Owner(array)
        yield {name: _column(array.children[i].contents, formats[i], owner) for i, name in enumerate(names)}


def _checked(stream: _Stream, code: int) -> None:
    if code:
        raise duckdb.Error((stream.get_last_error(c.byref(stream)) or b"").decode(errors="replace"))


def _format(schema: _Schema) -> Format:
    children = [_format(schema.children[i].contents) for i in range(schema.n_children)]
    return schema.format.decode(), children[0] if children else None


def _column(array: _Array, kind: Format, owner: _Owner) -> Column:
    """Every array starts at its own first row: DuckDB hands out no slices."""
    form, inner = kind
    size = array.length
    null = None
    if array.null_count and array.buffers[0]:
        null = ~_bits(array.buffers[0], size, owner)
    if form in ("+l", "u"):
        offsets = _view(array.buffers[1], size + 1, np.int32, owner) if size else np.zeros(1, np.int32)
        if form == "u":
            return Column(_view(array.buffers[2], int(offsets[-1]), np.uint8, owner), null, offsets)
        assert inner is not None
        return Column(np.empty(0, np.int64), null, offsets, _column(array.children[0].contents, inner, owner))
    if form == "b":
        return Column(_bits(array.buffers[1], size, owner), null)
    if form.startswith("d:"):
        width = int(form.split(",")[2]) if form.count(",") == 2 else 128
        assert width in (32, 64), form
        return Column(_view(array.buffers[1], size, np.int64 if width == 64 else np.int32, owner), null)
    return Column(_view(array.buffers[1], size, _NUMBERS[form], owner), null)


class _Memory:
    """An address as numpy wants it, holding on to what owns it."""

    def __init__(self, address: int, shape: int, kind: Any, owner: _Owner) -> None:
        self.owner = owner
        self.__array_interface__ = {"data": (address, True), "shape": (shape,), "typestr": np.dtype(kind).str, "version": 3}


def _view(address: int | None, size: int, kind: Any, owner: _Owner) -> Array:
    return np.asarray(_Memory(address, size, kind, owner)) if size and address else np.empty(0, kind)


def _bits(address: int | None, size: int, owner: _Owner) -> Array:
    packed = _view(address, (size + 7) // 8, np.uint8, owner)
    return np.unpackbits(packed, count=size, bitorder="little").view(np.bool_)
