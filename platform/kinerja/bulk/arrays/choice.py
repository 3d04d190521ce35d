"""One value out of several, each right in rows of its own: the branches of a choice, the outputs of a table's rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...engine.integer.types import Num, Type
from .numbers import wide
from .untyped import Array, np
from .values import Fields, Pair, Scalar, Value, alike, full, recoded, refused, scalar, select


@dataclass(frozen=True, slots=True)
class Part:
    """mask: the rows it is right in. rows: the same by number, where the value was computed for those alone."""

    mask: Array
    value: Value
    rows: Array | None = None


def merged(parts: Sequence[Part], kind: Type) -> Value:
    """The masks exclude each other; rows of none hold anything."""
    values = [part.value for part in parts]
    pairs = [value for value in values if isinstance(value, Pair)]
    if pairs and len(pairs) == len(values):
        return Pair(
            _scalars(_with(parts, [one.n for one in pairs]), Num(1)), _scalars(_with(parts, [one.d for one in pairs]), Num(1))
        )
    records = [value.fields for value in values if isinstance(value, Fields)]
    if records and len(records) == len(values):
        shared = [name for name in records[0] if all(name in record for record in records)]
        return Fields({name: merged(_with(parts, [one[name] for one in records]), _kind(records[0][name])) for name in shared})
    return _scalars(parts, kind)


def _with(parts: Sequence[Part], values: Sequence[Value]) -> list[Part]:
    return [Part(part.mask, value, part.rows) for part, value in zip(parts, values, strict=True)]


def _kind(value: Value) -> Type:
    if isinstance(value, Scalar):
        return value.type
    if isinstance(value, Pair):
        return Num(None)
    raise refused("daftar dalam konteks")


def _scalars(parts: Sequence[Part], kind: Type) -> Scalar:
    values = [scalar(part.value, "pilihan atas daftar") for part in parts]
    null = _nulls(parts, values)
    there = [(part, value) for part, value in zip(parts, values, strict=True) if value.null is not True]
    if not there:
        return values[0].typed(kind)
    if any(value.words is not None for value in values):
        codes, words = recoded([value for _, value in there])
        return Scalar(_data([part for part, _ in there], codes), kind, null, None, words)
    reach = there[0][1].range
    for _, value in there[1:]:
        reach = reach.hull(value.range) if reach is not None and value.range is not None else None
    data = [value.data for _, value in there]
    if any(_large(value) for _, value in there):
        data = [wide(value) for _, value in there]
    return Scalar(_data([part for part, _ in there], data), kind, null, reach)


def _large(value: Scalar) -> bool:
    if isinstance(value.data, np.ndarray):
        return bool(value.data.dtype == object)
    return not isinstance(value.data, bool) and not -(2**63) <= value.data < 2**63


def _data(parts: Sequence[Part], values: Sequence[Any]) -> Any:
    """Whole columns first, then the rows that were computed alone."""
    if len(parts) == 1 and parts[0].rows is None:
        return values[0]
    size, values = len(parts[0].mask), alike(values)
    whole = [(part, value) for part, value in zip(parts, values, strict=True) if part.rows is None]
    whole.sort(key=lambda one: not isinstance(one[1], np.ndarray))  # a column to begin with, constants into it
    found: Any = whole[0][1] if whole else None
    for part, value in whole[1:]:
        if value is not found and (isinstance(value, np.ndarray) or isinstance(found, np.ndarray) or value != found):
            found = select(part.mask, value, found)
    alone = [(part, value) for part, value in zip(parts, values, strict=True) if part.rows is not None]
    if not alone:
        return found
    if found is None:
        example = alone[0][1]
        found = np.zeros(size, example.dtype) if isinstance(example, np.ndarray) else full(example, size)
    else:
        found = found.copy() if isinstance(found, np.ndarray) else full(found, size)
    for part, value in alone:
        found[part.rows] = value
    return found


def _nulls(parts: Sequence[Part], values: Sequence[Scalar]) -> Any:
    if all(value.null is None for value in values):
        return None
    if all(value.null is True for value in values):
        return True
    found = np.zeros(len(parts[0].mask), np.bool_)
    for part, value in zip(parts, values, strict=True):
        if value.null is True:
            found |= part.mask
        elif value.null is not None:
            if part.rows is None:
                found |= part.mask & value.null
            else:
                found[part.rows] = value.null
    return found
