"""Stored columns → facts as columns of whole numbers; rows that the vocabulary does not let in are failed.

The same rules as policy.values.admit, which names the error of a failed case afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import duckdb

from ...core.errors import InputError
from ...engine.integer.lower import Lowering, Scope
from ...engine.integer.numeric import truth
from ...engine.integer.plan import value_type
from ...engine.integer.types import Type
from ...feel import names_used
from ...policy.model import Base, Entity, ValueType
from ...policy.values import FIRST_DAY, LAST_DAY, LONGEST_TEXT, MOST_ELEMENTS
from ..intervals import Interval
from ..sql.admission import INTEGERS, STORED_HIGH, STORED_LOW, decimal_type, number_sql, wrong_type
from ..sql.query import Table
from ..sql.values import name, quote
from .arrow import Batch, Column
from .evaluate import Evaluator, Names
from .extent import narrower
from .untyped import np
from .values import Nested, Scalar, Space, Value, as_kind, either, fitting, nothing, refused, select

FEW = 1_000
_PLAIN = INTEGERS - {"UBIGINT", "HUGEINT", "UHUGEINT"}
_EPOCH = date(1970, 1, 1).toordinal()
Read = Callable[[Batch, Evaluator], Value]


@dataclass(frozen=True, slots=True)
class Fact:
    """selects: alias → SQL. read: the fact of a batch; what is not let in is failed. key: its words are what items are told by."""

    selects: Mapping[str, str]
    read: Read


def constraints(entity: Entity, ev: Evaluator, facts: Mapping[str, Value]) -> None:
    """A constraint over facts that are all there must hold."""
    for constraint in entity.constraints:
        used = [one for one in names_used(constraint.that) if one in entity.facts]
        scope = Scope({one: _variable(one, entity) for one in used})
        values = {one: facts[one] for one in used}
        null = either(*(value.null for value in values.values() if isinstance(value, Scalar)))
        if null is True:
            continue
        there = ev if null is None else ev.where(~null)
        present = {one: value.present() if isinstance(value, Scalar) else value for one, value in values.items()}
        held = there.scalar(truth(Lowering().lower(constraint.that, scope)), Names(present)).data
        there.fail(~held if isinstance(held, np.ndarray) else not held)


def _variable(fact: str, entity: Entity) -> Any:
    from ...engine.integer.ir import Var

    return Var(fact, value_type(entity.facts[fact].type))


def fact(
    db: duckdb.DuckDBPyConnection, table: Table, column: str, kind: ValueType, alias: str, *, required: bool, used: bool
) -> Fact:
    """How a fact is read from a stored column. Raises InputError for a type or a lack that does not fit."""
    scalar = value_type(replace(kind, is_list=False))
    stored = table.columns.get(column)
    if stored is None:
        if required and not kind.nullable:
            raise missing_column(column)
        if kind.is_list:
            raise refused(f"daftar {column} yang kolomnya tidak ada")
        return Fact({}, lambda batch, ev: nothing(scalar))
    null = kind.nullable or not required
    if kind.is_list:
        return _list(db, table, column, stored, kind, scalar, alias, null=null)
    match kind.base:
        case Base.NUMBER:
            return _number(name(column), column, stored, kind, scalar, alias, null=null)
        case Base.BOOLEAN | Base.DATE:
            return _plain(column, stored, kind, scalar, alias, null=null)
    return _text(db, table, column, stored, kind, scalar, alias, null=null, used=used)


def missing_column(column: str) -> InputError:
    return InputError(
        "kolom_tidak_ada",
        f"kolom {column} tidak ada",
        f"there is no column {column}",
        remedy_id=f"tambahkan kolom {column}",
        remedy_en=f"add the column {column}",
        fact=column,
    )


def _absent(ev: Evaluator, null: Any, *, allowed: bool) -> Any:
    """The nulls of a fact; failed where it must be there."""
    if null is None or allowed:
        return null
    ev.fail(null)
    return None


def _filled(column: Column) -> Any:
    """Zeros, or False, where it is null."""
    data = column.values if column.values.dtype.kind in "ib" else column.values.astype(np.int64)
    return data if column.null is None else data & ~column.null if data.dtype == np.bool_ else data * ~column.null


# ── numbers ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def _number(raw: str, column: str, stored: str, kind: ValueType, scalar: Type, alias: str, *, null: bool) -> Fact:
    digits = decimal_type(stored)
    if stored in _PLAIN or (digits is not None and digits[0] <= 18 and digits[1] <= kind.scale):
        factor = 10 ** (kind.scale - (digits[1] if digits else 0))

        def read(batch: Batch, ev: Evaluator) -> Value:
            return numbers(batch[alias], kind, scalar, factor, ev.fail, null=_absent(ev, batch[alias].null, allowed=null))

        return Fact({alias: raw}, read)
    sql, bad = number_sql(raw, column, stored, kind)

    def read_checked(batch: Batch, ev: Evaluator) -> Value:
        ev.fail(batch[f"{alias}_x"].values)
        missing = _absent(ev, batch[f"{alias}_n"].values, allowed=null)
        missing = missing if missing is not None and missing.any() else None
        return numbers(batch[alias], kind, scalar, 1, ev.fail, null=missing)

    return Fact({alias: sql, f"{alias}_x": f"coalesce({bad}, FALSE)", f"{alias}_n": f"{raw} IS NULL"}, read_checked)


def numbers(column: Column, kind: ValueType, scalar: Type, factor: int, fail: Callable[[Any], None], *, null: Any) -> Scalar:
    """A column of numbers, failed outside the declared range; held values are within it."""
    den = 10**kind.scale
    low = -(-((STORED_LOW if kind.low is None else kind.low) * den).__ceil__() // factor)
    high = ((STORED_HIGH if kind.high is None else kind.high) * den).__floor__() // factor
    if null is not None and null.all():
        return Scalar(0, scalar, True, Interval(0, 0))
    data = _filled(column)
    if not len(data):
        return Scalar(data, scalar, null, Interval(0, 0))
    first, last = int(data.min()), int(data.max())
    if first < low or last > high:
        outside = (data < low) | (data > high)
        fail(outside if column.null is None else outside & ~column.null)
        data = select(outside, low, data)
        first, last = max(first, low), min(last, high)
        first = min(first, low) if outside.any() else first
    narrow = high - low < FEW  # then what the vocabulary says, so that every batch has the same combinations
    reach = (Interval(low, high) if narrow else Interval(min(first, last), max(first, last))).times(factor)
    data = as_kind(data, fitting(reach.hull(Interval(0, factor))))
    return Scalar(data * factor if factor > 1 else data, scalar, null, reach)


# ── texts, booleans, dates ────────────────────────────────────────────────────────────────────────────────────────────
def _plain(column: str, stored: str, kind: ValueType, scalar: Type, alias: str, *, null: bool) -> Fact:
    wanted = "BOOLEAN" if kind.base is Base.BOOLEAN else "DATE"
    if stored != wanted:
        raise wrong_type(column, stored, wanted)

    def read(batch: Batch, ev: Evaluator) -> Value:
        found = batch[alias]
        missing = _absent(ev, found.null, allowed=null)
        if kind.base is Base.BOOLEAN:
            return Scalar(_filled(found), scalar, missing)
        data = found.values.astype(np.int64) + _EPOCH
        reach = Interval(FIRST_DAY.toordinal(), LAST_DAY.toordinal())
        outside = (data < reach.low) | (data > reach.high)
        ev.fail(outside if found.null is None else outside & ~found.null)
        return Scalar(np.where(outside, reach.low, data), scalar, missing, reach)

    return Fact({alias: name(column)}, read)


def _text(
    db: duckdb.DuckDBPyConnection, table: Table, column: str, stored: str, kind: ValueType, scalar: Type, alias: str,
    *, null: bool, used: bool,
) -> Fact:  # fmt: skip
    """Codes into the known words; for a text that no rule reads, only whether it is there and not too long."""
    if stored != "VARCHAR" and not stored.startswith("ENUM"):
        raise wrong_type(column, stored, "VARCHAR")
    raw = name(column) if stored == "VARCHAR" else f"{name(column)}::VARCHAR"
    if not used and not kind.values:
        length = {
            f"{alias}_x": f"coalesce(strlen({raw}) > {LONGEST_TEXT}, FALSE)",
            **({} if null else {f"{alias}_n": f"{raw} IS NULL"}),
        }

        def checked(batch: Batch, ev: Evaluator) -> Value:
            for test in length:
                ev.fail(batch[test].values)
            return nothing(scalar)

        return Fact(length, checked)
    words = kind.values or words_of(db, table, raw)
    code = code_of(db, words, raw, alias)
    long = np.array([len(word) > LONGEST_TEXT for word in words], np.bool_)

    def read(batch: Batch, ev: Evaluator) -> Value:
        found, absent = batch[alias], None
        if found.null is not None:
            absent = batch[f"{alias}_n"].values if f"{alias}_n" in batch else found.null
            ev.fail(found.null & ~absent)
            absent = _absent(ev, absent if absent.any() else None, allowed=null)
        data = as_kind(_filled(found), fitting(Interval(0, len(words))))
        data = data - 1 if len(words) <= FEW else data
        data = np.maximum(data, 0) if found.null is not None else data
        if long.any():
            ev.fail(long.take(data, mode="clip"))
        return Scalar(data, scalar, absent, words=words or ("",))

    return Fact({alias: code, **({f"{alias}_n": f"{raw} IS NULL"} if kind.values and null else {})}, read)


def words_of(db: duckdb.DuckDBPyConnection, table: Table, raw: str) -> tuple[str, ...]:
    found = db.execute(f"SELECT DISTINCT {raw} AS w FROM ({table.sql}) WHERE {raw} IS NOT NULL ORDER BY 1").fetchall()
    return tuple(row[0] for row in found)


def code_of(db: duckdb.DuckDBPyConnection, words: Sequence[str], raw: str, alias: str) -> str:
    """A text's place among the words. DuckDB computes `list_position` once for each entry of a Parquet dictionary."""
    if len(words) <= FEW:
        return f"list_position([{', '.join(map(quote, words))}]::VARCHAR[], {raw})"
    db.execute("CREATE OR REPLACE TEMP TABLE kata AS SELECT unnest($1::VARCHAR[]) AS w", [list(words)])
    db.execute(f"DROP TYPE IF EXISTS kata_{alias}")
    db.execute(f"CREATE TYPE kata_{alias} AS ENUM (SELECT w FROM kata)")
    return f"enumcode_of({raw}::kata_{alias})"


# ── lists ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _list(
    db: duckdb.DuckDBPyConnection, table: Table, column: str, stored: str, kind: ValueType, scalar: Type, alias: str, *, null: bool
) -> Fact:
    """A list that a rule reads is there, or the case is looked at by itself."""
    if not stored.endswith("[]"):
        raise wrong_type(column, stored, "BIGINT[]")
    inner = stored.removesuffix("[]")
    digits = decimal_type(inner)
    if kind.base is not Base.NUMBER or not (inner in _PLAIN or (digits and digits[0] <= 18 and digits[1] <= kind.scale)):
        raise refused(f"daftar {column} bertipe {stored}")
    factor = 10 ** (kind.scale - (digits[1] if digits else 0))

    def read(batch: Batch, ev: Evaluator) -> Value:
        found = batch[alias]
        assert found.offsets is not None
        assert found.inner is not None
        first, last = int(found.offsets[0]), int(found.offsets[-1])
        counts = np.diff(found.offsets).astype(np.int64)
        elements = found.inner.cut(first, last)
        if found.null is not None:
            ev.fail(found.null)
            counts = np.where(found.null, 0, counts)
            if counts.sum() != last - first:
                raise refused(f"daftar kosong {column} yang berisi")
        ev.fail(counts > MOST_ELEMENTS)
        space = Space(last - first, counts)

        def fail(mask: Any) -> None:
            ev.fail(space.fold(np.logical_or, mask, False) if mask.any() else None)

        if elements.null is not None and not kind.nullable_elements:
            fail(elements.null)
        missing = elements.null if kind.nullable_elements else None
        return Nested(space, numbers(elements, kind, scalar, factor, fail, null=missing))

    narrow = narrower(db, table, column, inner)
    return Fact({alias: f"{name(column)}::{narrow}[]" if narrow else name(column)}, read)


__all__ = ["FEW", "Fact", "code_of", "constraints", "fact", "words_of"]
