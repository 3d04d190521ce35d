"""Cases and their items side by side: both are read once, in the order of their files, which is how populations are written.

Where the files are in another order, or keys do not belong together, Disorder is raised, and the run starts again on sorted rows.
Keys are compared by a 64-bit hash; two keys of one hash among the cases are seen as a disorder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import duckdb

from ..intervals import Interval
from .arrow import Batch, Column, batches
from .untyped import Array, np
from .values import fitting

CHUNK = 30_720
"""Cases at a time: their columns stay in the processor's cache. Four of them are a row group of DuckDB's files, so that nothing

has to be joined; other files are cut and joined."""
ITEMS = 4 * CHUNK
HASH = "h"


class Disorder(Exception):
    """The items do not follow the cases."""


def begun(db: duckdb.DuckDBPyConnection, queries: Mapping[str, tuple[str, int]]) -> dict[str, Iterator[Batch]]:
    """(SQL, rows at a time) by name → their rows. All begin at once: a whole row group is read before there is a first row."""
    with ThreadPoolExecutor(len(queries)) as pool:
        readers = {name: pool.submit(batches, db.cursor(), sql, rows) for name, (sql, rows) in queries.items()}
        return {name: reader.result() for name, reader in readers.items()}


def chunks(read: Iterator[Batch]) -> Iterator[Batch]:
    """Always as many rows at a time, however DuckDB hands them out: row groups, and so the files, are the same in every run."""
    pieces: list[Batch] = []
    held = 0
    for batch in read:
        size, start = len(batch[HASH]), 0
        while held + size - start >= CHUNK:
            stop = start + CHUNK - held
            yield _joined([*pieces, {name: column.cut(start, stop) for name, column in batch.items()}], None)
            pieces, held, start = [], 0, stop
        if start < size:
            pieces.append({name: column.cut(start, size) for name, column in batch.items()})
            held += size - start
    if pieces:
        yield _joined(pieces, None)


class Items:
    """The items of one kind, handed out case by case."""

    def __init__(self, read: Iterator[Batch]) -> None:
        self._batches = read
        self._batch: Batch | None = None
        self._empty: Batch | None = None
        self._heads = self._ends = np.empty(0, np.int64)
        self._run = self._at = 0

    def take(self, hashes: Array) -> tuple[Array, Batch]:
        """(how many items each of these cases has, their columns)."""
        counts = np.zeros(len(hashes), np.int64)
        pieces: list[Batch] = []
        cursor, order = 0, None
        while self._fill():
            assert self._batch is not None
            heads, ends = self._heads[self._run :], self._ends[self._run :]
            first = min(cursor + int(heads[0] != hashes[cursor]), len(hashes) - 1)  # a case's items may go on in a new batch
            expected = hashes[first : first + len(heads)]
            if np.array_equal(heads[: len(expected)], expected):
                owners = np.arange(first, first + len(expected))
            else:
                order = np.argsort(hashes) if order is None else order
                owners = _owners(hashes, order, heads[: len(hashes) + 1])
            taken = len(owners)
            if taken:
                if owners[0] < cursor or (np.diff(owners) <= 0).any():
                    raise Disorder
                counts[owners] += np.diff(ends[:taken], prepend=self._at)
                stop = int(ends[taken - 1])
                pieces.append({name: column.cut(self._at, stop) for name, column in self._batch.items() if name != HASH})
                self._at, self._run, cursor = stop, self._run + taken, int(owners[-1])
            if taken < len(heads):
                break
        return counts, _joined(pieces, self._empty)

    def finish(self) -> None:
        if self._fill():
            raise Disorder

    def _fill(self) -> bool:
        while self._run >= len(self._heads):
            self._batch = next(self._batches, None)
            if self._batch is None:
                return False
            if self._empty is None:
                self._empty = {name: column.cut(0, 0) for name, column in self._batch.items() if name != HASH}
            keys = self._batch[HASH].values
            edges = np.flatnonzero(keys[1:] != keys[:-1]) + 1
            self._heads, self._ends = keys[np.concatenate(([0], edges))] if len(keys) else keys, np.append(edges, len(keys))
            self._run = self._at = 0
        return True


def _owners(hashes: Array, order: Array, heads: Array) -> Array:
    """The cases that the first of these keys belong to, up to one that belongs to none."""
    found: list[Array] = []
    start, size = 0, 1_024
    while start < len(heads):
        window = heads[start : start + size]
        owners = order[np.minimum(np.searchsorted(hashes, window, sorter=order), len(hashes) - 1)]
        strange = np.flatnonzero(hashes[owners] != window)
        if len(strange):
            found.append(owners[: strange[0]])
            break
        found.append(owners)
        start, size = start + size, size * 2
    return np.concatenate(found) if found else order[:0]


def _joined(pieces: list[Batch], empty: Batch | None) -> Batch:
    if len(pieces) == 1:
        return pieces[0]
    if not pieces:
        return empty or {}
    return {name: _column([piece[name] for piece in pieces]) for name in pieces[0]}


def _narrow(parts: list[Array]) -> Array:
    """One after the other; numbers in as few bits as they need, since they are copied here anyway."""
    kind = None
    if all(part.dtype == np.int64 for part in parts):
        there = [part for part in parts if len(part)]
        kind = fitting(Interval(min(int(part.min()) for part in there), max(int(part.max()) for part in there))) if there else None
    return np.concatenate(parts, dtype=kind, casting="unsafe")


def _column(parts: list[Column]) -> Column:
    null: Any = None
    if any(part.null is not None for part in parts):
        null = np.concatenate([np.zeros(len(part), np.bool_) if part.null is None else part.null for part in parts])
    if parts[0].offsets is None:
        return Column(_narrow([part.values for part in parts]), null)
    offsets, at = [np.zeros(1, np.int64)], 0
    values, inner = [], []
    for part in parts:
        assert part.offsets is not None
        first, last = int(part.offsets[0]), int(part.offsets[-1])
        offsets.append(part.offsets[1:].astype(np.int64) - first + at)
        at += last - first
        if part.inner is None:
            values.append(part.values[first:last])
        else:
            inner.append(part.inner.cut(first, last))
    held = np.concatenate(values) if values else np.empty(0, np.int64)
    return Column(held, null, np.concatenate(offsets), _column(inner) if inner else None)
