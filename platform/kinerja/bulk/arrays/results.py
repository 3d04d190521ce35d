"""Answers into Parquet files, some ten thousand cases a row group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from ...core.findings import Outcome
from ...engine.integer.codec import encode
from ...engine.integer.plan import LIST_POLICIES, value_type
from ...engine.integer.types import ListOf, Num, Text, Type
from ...policy.model import Base, Decision, Output
from ..chain import Chain, Link
from ..columns import SINGLE, output_type
from ..intervals import Interval
from ..sql.query import KEY
from .arrow import Column
from .chain import Answers
from .decide import Decided, _taken, column
from .parquet import Copied, Entries, Group, Kind, Values, Writer
from .stream import _column as joined_keys
from .untyped import Array, np
from .values import Nested, Scalar, Space, Value, as_kind, full, recoded, scalar, span

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


# ── columns of several chunks ─────────────────────────────────────────────────────────────────────────────────────────
def joined(values: Sequence[Value], sizes: Sequence[int]) -> Value:
    """One after the other."""
    if isinstance(values[0], Nested):
        lists = [value for value in values if isinstance(value, Nested)]
        counts = np.concatenate([one.space.counts for one in lists])
        element = joined([one.element for one in lists], [one.space.size for one in lists])
        return Nested(Space(int(counts.sum()), counts), element)
    scalars = [scalar(value) for value in values]
    null: Any = None
    if any(one.null is not None for one in scalars):
        null = np.concatenate(
            [full(False if one.null is None else one.null, size) for one, size in zip(scalars, sizes, strict=True)]
        )
    words: tuple[str, ...] | None = None
    data = [one.data for one in scalars]
    if isinstance(scalars[0].type, Text):
        data, words = recoded(scalars)
    column = np.concatenate([full(one, size) for one, size in zip(data, sizes, strict=True)])
    return Scalar(column, scalars[0].type, null, _reach(scalars), words)


def _reach(scalars: Sequence[Scalar]) -> Interval | None:
    """Of columns together."""
    found: Interval | None = None
    for one in scalars:
        if one.null is True:
            continue
        own = one.range if isinstance(one.data, np.ndarray) else span(one)
        if own is None:
            return None
        found = own if found is None else found.hull(own)
    return found


def stored(value: Value, kind: Kind) -> Values:
    if isinstance(value, Nested):
        inner = stored(value.element, replace(kind, is_list=False))
        return replace(inner, lengths=value.space.counts)
    held = scalar(value)
    data = held.data
    if kind.base == "date":
        data = data - _EPOCH
    if kind.base == "text":
        return Values(data, held.null, Entries.of(held.words or ("",)))
    if kind.base in ("int", "decimal") and (reach := _few(held)) is not None:
        return Values(data - as_kind(np.array(reach.low), data.dtype), held.null, Entries.numbers(reach.low, reach.high))
    return Values(data.astype(np.int64) if data.dtype == object else data, held.null)


def _few(value: Scalar) -> Interval | None:
    """The range of numbers that are worth a dictionary: eight bytes each become one or two."""
    reach = value.range
    if reach is None or not isinstance(value.data, np.ndarray) or value.data.dtype == object:
        return None
    entries = reach.high - reach.low + 1
    return reach if entries <= MOST_ENTRIES and entries * 4 <= len(value.data) else None


@dataclass(slots=True)
class _Part:
    keys: Column
    size: int
    values: dict[str, Value]


@dataclass(slots=True)
class _ItemPart:
    counts: Array
    size: int
    codes: Scalar | None
    values: dict[str, Value]


@dataclass(slots=True)
class Before:
    """A run whose columns are copied but for those of some decisions."""

    files: Mapping[str | None, BinaryIO]
    groups: Mapping[str | None, Sequence[Group]]
    changed: frozenset[str]


@dataclass(slots=True)
class Results:
    """The files of a run while they are written. key: whether keys are texts. code: the key fact of each kind of item."""

    chain: Chain
    files: Mapping[str | None, Path]
    codes: Mapping[str, str | None]
    text_keys: bool
    group: int
    row_ids: bool = True
    _parts: list[_Part] = field(default_factory=list)
    _items: dict[str, list[_ItemPart]] = field(default_factory=dict)
    _writers: dict[str | None, Writer] = field(default_factory=dict)
    _slots: dict[str | None, tuple[Slot, ...]] = field(default_factory=dict)
    _held: int = 0
    together: dict[str | None, int] = field(default_factory=dict)
    base: Before | None = None

    def open(self) -> None:
        for entity, file in self.files.items():
            self._slots[entity] = tuple(slot for slot in slots(self.chain, entity) if self.row_ids or slot.output is not None)
            code = self.codes.get(entity) if entity else None
            kinds = {KEY: Kind("text" if self.text_keys else "int")} | ({code: Kind("text")} if code else {})
            self._writers[entity] = Writer(file, kinds | {slot.name: slot.kind for slot in self._slots[entity]})
            if entity:
                self._items[entity] = []

    def rows(self, entity: str | None) -> int:
        return self._writers[entity].rows

    def add(self, keys: Column, answers: Answers) -> None:
        """The answers of a chunk, without its bad cases."""
        if self.base is not None:
            self._add_changed(self.base, answers)
            return
        size = len(answers.bad)
        kept = np.flatnonzero(~answers.bad) if answers.bad.any() else None
        values = {slot.name: self._kept(slot, answers, kept) for slot in self._slots[None]}
        self._parts.append(_Part(keys if kept is None else taken(keys, kept), size if kept is None else len(kept), values))
        for entity in self._items:
            space = answers.spaces.get(entity)
            if space is None or not space.size:
                count = self._parts[-1].size
                self._items[entity].append(_ItemPart(np.zeros(count, np.int64), 0, None, {}))
                continue
            chosen = None if kept is None else np.flatnonzero(space.spread(~answers.bad))
            codes = answers.codes.get(entity)
            if codes is not None and chosen is not None:
                codes = scalar(_taken(codes, chosen))
            counts: Any = space.counts if kept is None else space.counts[kept]
            shown = {slot.name: self._kept(slot, answers, chosen) for slot in self._slots[entity]}
            self._items[entity].append(_ItemPart(counts, int(counts.sum()), codes, shown))
        self._held += self._parts[-1].size
        if self._held >= self.group:
            self.flush()

    @staticmethod
    def _kept(slot: Slot, answers: Answers, kept: Array | None) -> Value:
        value = answered(slot, answers.decided[slot.link.decision.name])
        return value if kept is None else _taken(value, kept)

    def _add_changed(self, base: Before, answers: Answers) -> None:
        """The columns of changed decisions, for the cases that the other run answered; its groups set the pace."""
        kept = np.flatnonzero(~answers.bad) if answers.bad.any() else None
        values = {slot.name: self._kept(slot, answers, kept) for slot in self._changed(base)}
        size = len(answers.bad) if kept is None else len(kept)
        self._parts.append(_Part(Column(np.empty(0, np.int64)), size, values))
        self._held += size
        if len(self._writers[None].groups) == len(base.groups[None]):
            raise Unlike
        group = base.groups[None][len(self._writers[None].groups)]
        if self._held >= group.rows:
            self._flush_changed(base, group)

    def _changed(self, base: Before) -> list[Slot]:
        return [slot for slot in self._slots[None] if slot.link.decision.name in base.changed]

    def _flush_changed(self, base: Before, group: Group) -> None:
        parts, self._parts, self._held = self._parts, [], 0
        sizes = [part.size for part in parts]
        if sum(sizes) != group.rows:
            raise Unlike
        columns: dict[str, Values | Copied] = {chunk.name: Copied(base.files[None], chunk) for chunk in group.chunks}
        for slot in self._changed(base):
            columns[slot.name] = stored(joined([part.values[slot.name] for part in parts], sizes), slot.kind)
        self._writers[None].group(columns, group.rows)

    def _copy_items(self, base: Before) -> None:
        for entity in self._items:
            for group in base.groups[entity]:
                self._writers[entity].group({chunk.name: Copied(base.files[entity], chunk) for chunk in group.chunks}, group.rows)

    def flush(self) -> None:
        if self.base is not None:
            if self._parts or len(self._writers[None].groups) != len(self.base.groups[None]):
                raise Unlike
            self._copy_items(self.base)
            return
        parts, self._parts, self._held = self._parts, [], 0
        if not parts:
            return
        sizes, keys = [part.size for part in parts], joined_keys([part.keys for part in parts])
        texts = Entries.from_column(keys) if self.text_keys else None
        columns = {
            slot.name: stored(joined([part.values[slot.name] for part in parts], sizes), slot.kind) for slot in self._slots[None]
        }
        self._writers[None].group({KEY: Values(texts or keys.values), **columns}, sum(sizes))
        for entity, listed in self._items.items():
            self._items[entity] = []
            self._flush_items(entity, listed, keys, texts)

    def _flush_items(self, entity: str, parts: Sequence[_ItemPart], keys: Column, texts: Entries | None) -> None:
        counts = np.concatenate([part.counts for part in parts])
        parts = [part for part in parts if part.size]
        if not parts:
            return
        sizes, owners = [part.size for part in parts], np.flatnonzero(counts)
        columns: dict[str, Values] = {}
        if texts is not None:
            columns[KEY] = Values(owners, None, texts, runs=counts[owners])
        else:
            columns[KEY] = Values(np.repeat(keys.values, counts))
        if code := self.codes.get(entity):
            columns[code] = stored(joined([part.codes for part in parts if part.codes is not None], sizes), Kind("text"))
        for slot in self._slots[entity]:
            columns[slot.name] = stored(joined([part.values[slot.name] for part in parts], sizes), slot.kind)
        self._writers[entity].group(columns, sum(sizes))

    def single(self, found: Iterable[tuple[Any, Outcome]]) -> None:
        """Answers of the one-by-one engine, as a group of their own."""
        self.together = {entity: len(writer.groups) for entity, writer in self._writers.items()}
        listed = list(found)
        if not listed:
            return
        matched = [{(decision, item): ids for decision, item, ids in outcome.rows} for _, outcome in listed]
        keys = [key for key, _ in listed]
        columns: dict[str, Values | Copied] = {KEY: self._keys(keys)}
        for slot in self._slots[None]:
            rows = zip(listed, matched, strict=True)
            columns[slot.name] = _plain(slot, [_one(slot, outcome.outputs, ids, "") for (_, outcome), ids in rows])
        self._writers[None].group(columns, len(keys))
        for entity in self._items:
            fact = self.codes.get(entity)
            flat = [
                (key, item, ids)
                for (key, outcome), ids in zip(listed, matched, strict=True)
                for item in outcome.items.get(entity, ())
            ]  # fmt: skip
            columns = {KEY: self._keys([key for key, _, _ in flat])}
            if fact:
                columns[fact] = stored(column([item[fact] for _, item, _ in flat], Text()), Kind("text"))
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
    found = column(values, slot.type)
    return stored(found, slot.kind)


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
