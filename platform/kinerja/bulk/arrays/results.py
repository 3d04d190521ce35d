"""Answers into Parquet files: a chunk of cases becomes a row group. Made into bytes by whoever computed it, written in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from ...core.findings import Outcome
from ...engine.integer.codec import encode
from ...engine.integer.plan import LIST_POLICIES, value_type
from ...engine.integer.types import Bool, ListOf, Num, Text, Type
from ...policy.model import Base, Decision, Output
from ..chain import Chain, Link
from ..columns import SINGLE, output_type
from ..intervals import Interval
from ..sql.query import KEY
from .arrow import Column
from .chain import Answers
from .decide import Decided, _taken, column
from .parquet import Copied, Entries, Group, Kind, Pages, Values, Writer, pages
from .untyped import Array, np
from .values import Nested, Scalar, Value, as_kind, full, scalar, span

_EPOCH = date(1970, 1, 1).toordinal()
MOST_ENTRIES = 65_536


class Unlike(Exception):
    """The cases are not those that the other run answered: it is of no use."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A column of a file: an output of a decision, or (output None) the ids of its matched rows."""

    name: str
    link: Link
    output: Output | None
    kind: Kind
    type: Type


def slots(chain: Chain, entity: str | None) -> tuple[Slot, ...]:
    """The columns that the decisions over cases (None) or over such items give: outputs first, then matched rows."""
    mine = [link for link in chain.links if link.decision.for_each == entity]
    outputs = [_output_slot(link, output) for link in mine for output in link.decision.outputs]
    return (*outputs, *(_row_slot(link) for link in mine if link.plan.hit is not None))


def _output_slot(link: Link, output: Output) -> Slot:
    kind = value_type(output.type)
    if isinstance(output_type(link.decision, output), str) and link.plan.hit in LIST_POLICIES and not isinstance(kind, ListOf):
        kind = ListOf(kind, output.type.nullable)
    base = {Base.TEXT: "text", Base.BOOLEAN: "boolean", Base.DATE: "date"}.get(output.type.base)
    base = base or ("decimal" if output.type.scale else "int")
    return Slot(output.name, link, output, Kind(base, output.type.scale, isinstance(kind, ListOf)), kind)


def _row_slot(link: Link) -> Slot:
    several = link.plan.hit not in SINGLE
    return Slot(f"baris_{link.decision.name}", link, None, Kind("text", is_list=several), ListOf(Text()) if several else Text())


def row_ids(decision: Decision, link: Link) -> tuple[str, ...]:
    return tuple(row.id for row in link.plan.rows)


def answered(slot: Slot, decided: Decided) -> Value:
    """The value of a column, matched rows as texts."""
    if slot.output is not None:
        return decided.outputs[slot.output.name]
    ids = row_ids(slot.link.decision, slot.link)
    matched = decided.matched
    if isinstance(matched, Nested):
        return replace(matched, element=replace(scalar(matched.element), type=Text(), words=ids or ("",), range=None))
    return replace(scalar(matched or Scalar(0, Num(1))), type=Text(), words=ids or ("",), range=None)


# ── columns of a row group ────────────────────────────────────────────────────────────────────────────────────────────
def stored(value: Value, kind: Kind, rows: int) -> Values:
    if isinstance(value, Nested):
        inner = stored(value.element, replace(kind, is_list=False), value.space.size)
        return replace(inner, lengths=value.space.counts)
    held = scalar(value)
    null = None if held.null is None else full(held.null, rows)
    held = replace(held, data=full(held.data, rows), range=_reach(held), null=null)
    data = held.data
    if kind.base == "date":
        data = data - _EPOCH
    if kind.base == "text":
        return Values(data, held.null, Entries.of(held.words or ("",)))
    if kind.base in ("int", "decimal") and (reach := _few(held)) is not None:
        return Values(data - as_kind(np.array(reach.low), data.dtype), held.null, Entries.numbers(reach.low, reach.high))
    return Values(data.astype(np.int64) if data.dtype == object else data, held.null)


def _reach(value: Scalar) -> Interval | None:
    if isinstance(value.data, np.ndarray) or isinstance(value.type, Text | Bool):
        return value.range
    return None if value.null is True else span(value)


def _few(value: Scalar) -> Interval | None:
    """The range of numbers that are worth a dictionary: eight bytes each become one or two."""
    reach = value.range
    if reach is None or not isinstance(value.data, np.ndarray) or value.data.dtype == object:
        return None
    entries = reach.high - reach.low + 1
    return reach if entries <= MOST_ENTRIES and entries * 4 <= len(value.data) else None


@dataclass(frozen=True, slots=True)
class Encoded:
    """A row group of each file, as bytes."""

    columns: Mapping[str | None, Mapping[str, Pages]]
    rows: Mapping[str | None, int]


@dataclass(slots=True)
class Before:
    """A run whose columns are copied but for some. changed: (decision, output) of those. hasil: the bytes of that file.

    whole: whether these groups are all that its files hold, no case having been computed one by one.
    """

    files: Mapping[str | None, Path]
    hasil: memoryview
    whole: bool
    groups: Mapping[str | None, Sequence[Group]]
    changed: frozenset[tuple[str, str]]


@dataclass(slots=True)
class Results:
    """The files of a run while they are written. key: whether keys are texts. code: the key fact of each kind of item."""

    chain: Chain
    files: Mapping[str | None, Path]
    codes: Mapping[str, str | None]
    text_keys: bool
    row_ids: bool = True
    base: Before | None = None
    together: dict[str | None, int] = field(default_factory=dict)
    _writers: dict[str | None, Writer] = field(default_factory=dict)
    _slots: dict[str | None, tuple[Slot, ...]] = field(default_factory=dict)

    def open(self) -> None:
        for entity, file in self.files.items():
            self._slots[entity] = tuple(slot for slot in slots(self.chain, entity) if self.row_ids or slot.output is not None)
            code = self.codes.get(entity) if entity else None
            kinds = {KEY: Kind("text" if self.text_keys else "int")} | ({code: Kind("text")} if code else {})
            self._writers[entity] = Writer(file, kinds | {slot.name: slot.kind for slot in self._slots[entity]})

    def rows(self, entity: str | None) -> int:
        return self._writers[entity].rows

    def encode(self, keys: Column, answers: Answers) -> Encoded:
        """The answers of a chunk without its bad cases; on a base, the columns of changed decisions. Safe in any thread."""
        kept = np.flatnonzero(~answers.bad) if answers.bad.any() else None
        rows = len(answers.bad) if kept is None else len(kept)
        slots = self._slots[None] if self.base is None else self._changed(self.base)
        cases = {slot.name: self._column(slot, answers, kept, rows) for slot in slots} if rows else {}
        if self.base is not None or not rows:
            return Encoded({None: cases}, {None: rows})
        keys = keys if kept is None else taken(keys, kept)
        texts = Entries.from_column(keys) if self.text_keys else None
        cases[KEY] = pages(Values(texts or keys.values), self._writers[None].kinds[KEY], rows)
        found: dict[str | None, dict[str, Pages]] = {None: cases}
        sizes: dict[str | None, int] = {None: rows}
        for entity in self.codes:
            space = answers.spaces.get(entity)
            counts = None if space is None or not space.size else space.counts if kept is None else space.counts[kept]
            sizes[entity] = 0 if counts is None else int(counts.sum())
            if space is not None and counts is not None and sizes[entity]:
                chosen = None if kept is None else np.flatnonzero(space.spread(~answers.bad))
                found[entity] = self._items(entity, answers, chosen, sizes[entity], _owners(keys, texts, counts))
        return Encoded(found, sizes)

    def _items(self, entity: str, answers: Answers, chosen: Array | None, rows: int, owners: Values) -> dict[str, Pages]:
        kinds = self._writers[entity].kinds
        found = {slot.name: self._column(slot, answers, chosen, rows) for slot in self._slots[entity]}
        found[KEY] = pages(owners, kinds[KEY], rows)
        if code := self.codes.get(entity):
            codes = answers.codes[entity]
            found[code] = pages(stored(codes if chosen is None else _taken(codes, chosen), kinds[code], rows), kinds[code], rows)
        return found

    @staticmethod
    def _column(slot: Slot, answers: Answers, kept: Array | None, rows: int) -> Pages:
        value = answered(slot, answers.decided[slot.link.decision.name])
        return pages(stored(value if kept is None else _taken(value, kept), slot.kind, rows), slot.kind, rows)

    def _changed(self, base: Before) -> list[Slot]:
        """A table's matched rows change with its outputs."""
        decisions = {decision for decision, _ in base.changed}
        return [
            slot
            for slot in self._slots[None]
            if ((slot.link.decision.name, slot.name) in base.changed if slot.output else slot.link.decision.name in decisions)
        ]

    def write(self, group: Encoded) -> None:
        """Chunks in their order. Raises Unlike where a chunk is not the one that the other run answered."""
        if self.base is not None:
            self._write_changed(self.base, group)
            return
        for entity, writer in self._writers.items():
            writer.group(group.columns.get(entity, {}), group.rows.get(entity, 0))

    def _write_changed(self, base: Before, group: Encoded) -> None:
        rows, writer = group.rows[None], self._writers[None]
        if not rows:
            return
        before = base.groups[None][len(writer.groups)] if len(writer.groups) < len(base.groups[None]) else None
        if before is None or before.rows != rows:
            raise Unlike
        copied = {chunk.name: Copied(base.hasil, chunk) for chunk in before.chunks}
        writer.group({**copied, **group.columns[None]}, rows)

    def finish(self) -> None:
        """All chunks are written; of a run on a base, the items follow as they were."""
        if self.base is None:
            return
        if len(self._writers[None].groups) != len(self.base.groups[None]):
            raise Unlike
        for entity in self.codes:
            file, groups, writer = self.base.files[entity], self.base.groups[entity], self._writers[entity]
            if self.base.whole:
                writer.adopt(file, groups)
                continue
            held = memoryview(file.read_bytes())
            for group in groups:
                writer.group({chunk.name: Copied(held, chunk) for chunk in group.chunks}, group.rows)

    def single(self, found: Iterable[tuple[Any, Outcome]]) -> None:
        """Answers of the one-by-one engine, as a group of their own."""
        self.together = {entity: len(writer.groups) for entity, writer in self._writers.items()}
        listed = list(found)
        if not listed:
            return
        matched = [{(decision, item): ids for decision, item, ids in outcome.rows} for _, outcome in listed]
        keys = [key for key, _ in listed]
        columns: dict[str, Values | Pages | Copied] = {KEY: self._keys(keys)}
        for slot in self._slots[None]:
            rows = zip(listed, matched, strict=True)
            columns[slot.name] = _plain(slot, [_one(slot, outcome.outputs, ids, "") for (_, outcome), ids in rows])
        self._writers[None].group(columns, len(keys))
        for entity, fact in self.codes.items():
            flat = [
                (key, item, ids)
                for (key, outcome), ids in zip(listed, matched, strict=True)
                for item in outcome.items.get(entity, ())
            ]  # fmt: skip
            columns = {KEY: self._keys([key for key, _, _ in flat])}
            if fact:
                columns[fact] = stored(column([item[fact] for _, item, _ in flat], Text()), Kind("text"), len(flat))
            for slot in self._slots[entity]:
                columns[slot.name] = _plain(slot, [_one(slot, item, ids, str(item[fact or "nomor"])) for _, item, ids in flat])
            self._writers[entity].group(columns, len(flat))

    def groups(self, entity: str | None) -> list[Group]:
        """Those that hold no case of the one-by-one engine."""
        return self._writers[entity].groups[: self.together[entity]]

    def _keys(self, keys: Sequence[Any]) -> Values:
        return Values(Entries.of([str(key) for key in keys]) if self.text_keys else np.array(keys, np.int64))

    def close(self, *, whole: bool) -> None:
        """Complete the files, or leave them as they are, to be thrown away."""
        for writer in self._writers.values():
            writer.__exit__(None if whole else Exception, None, None)


def _one(slot: Slot, outputs: Mapping[str, Any], rows: Mapping[tuple[str, str], tuple[str, ...]], item: str) -> Any:
    if slot.output is not None:
        return encode(outputs[slot.name], slot.type)
    ids = rows.get((slot.link.decision.name, item), ())
    return list(ids) if isinstance(slot.type, ListOf) else ids[0] if ids else None


def _plain(slot: Slot, values: list[Any]) -> Values:
    return stored(column(values, slot.type), slot.kind, len(values))


def _owners(keys: Column, texts: Entries | None, counts: Array) -> Values:
    """The key of each item's case: a code for each run of items."""
    if texts is None:
        return Values(np.repeat(keys.values, counts))
    owners = np.flatnonzero(counts)
    if len(owners) * 2 > len(counts):
        return Values(owners, None, texts, runs=counts[owners])
    return Values(np.arange(len(owners)), None, Entries.from_column(taken(keys, owners)), runs=counts[owners])


def taken(keys: Column, chosen: Array) -> Column:
    """Rows of a column of numbers or texts."""
    if keys.offsets is None:
        return Column(keys.values[chosen])
    starts, lengths = keys.offsets[:-1][chosen], np.diff(keys.offsets)[chosen]
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    places = np.arange(int(offsets[-1])) + np.repeat(starts - offsets[:-1], lengths)
    return Column(keys.values[places], None, offsets)


def shown(keys: Column, chosen: Array) -> list[Any]:
    """The keys of some rows, as plain values."""
    if keys.offsets is None:
        return [None if keys.null is not None and keys.null[row] else int(keys.values[row]) for row in chosen]
    raw = keys.values.tobytes() if len(chosen) else b""
    ends = [(int(keys.offsets[row]), int(keys.offsets[row + 1])) for row in chosen]
    return [raw[start:end].decode() for start, end in ends]


__all__ = ["Before", "Results", "Unlike", "shown"]
