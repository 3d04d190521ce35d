"""Lists: folds, positions, distinct values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import errors
from ..errors import Fault
from .pairs import Pair, lowest, r_add, r_lt, r_mul

MAX_LIST = 200_000


def r_sum(values: Sequence[Pair]) -> Pair:
    total: Pair = (0, 1)
    for value in values:
        total = r_add(total, value)
    return total


def r_product(values: Sequence[Pair]) -> Pair:
    total: Pair = (1, 1)
    for value in _filled(values):
        total = r_mul(total, value)
    return total


def _filled(values: Sequence[Any]) -> Any:
    if not values:
        raise Fault(errors.EMPTY_LIST)
    return values


def filled(size: int) -> int:
    if not size:
        raise Fault(errors.EMPTY_LIST)
    return size


def r_mean(values: Sequence[Pair]) -> Pair:
    total = r_sum(_filled(values))
    return lowest(total[0], total[1] * len(values))


def twice_median(values: Sequence[int]) -> int:
    """Sum of the two middle ones: the median over twice the denominator."""
    ordered = sorted(_filled(values))
    return int(ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2])


class _Key:
    """Orders pairs by value."""

    __slots__ = ("pair",)

    def __init__(self, pair: Pair) -> None:
        self.pair = pair

    def __lt__(self, other: _Key) -> bool:
        return r_lt(self.pair, other.pair)


def r_median(values: Sequence[Pair]) -> Pair:
    ordered = sorted(_filled(values), key=_Key)
    total = r_add(ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2])
    return lowest(total[0], total[1] * 2)


def least(values: Sequence[Any]) -> Any:
    return min(_filled(values))


def greatest(values: Sequence[Any]) -> Any:
    return max(_filled(values))


def r_min(values: Sequence[Pair]) -> Pair:
    best: Pair = _filled(values)[0]
    for value in values:
        if r_lt(value, best):
            best = value
    return best


def r_max(values: Sequence[Pair]) -> Pair:
    best: Pair = _filled(values)[0]
    for value in values:
        if r_lt(best, value):
            best = value
    return best


def at(values: Sequence[Any], position: int) -> Any:
    """From 1, negative from the end."""
    if not 1 <= abs(position) <= len(values):
        raise Fault(errors.INDEX)
    return values[position - 1 if position > 0 else position]


def count_from_to(low: int, high: int) -> list[int]:
    if abs(high - low) + 1 > MAX_LIST:
        raise Fault("batas_terlampaui")
    return list(range(low, high + 1)) if low <= high else list(range(low, high - 1, -1))


def flat(values: Sequence[Sequence[Any]]) -> list[Any]:
    return [element for value in values for element in value]


def chain(*values: Sequence[Any]) -> list[Any]:
    return flat(values)


def distinct(values: Sequence[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if value not in found:
            found.append(value)
    return found


def reverse(values: Sequence[Any]) -> list[Any]:
    return list(values)[::-1]


def has(values: Sequence[Any], element: Any) -> bool:
    return element in values


def positions(values: Sequence[Any], element: Any) -> list[int]:
    return [index + 1 for index, value in enumerate(values) if value == element]


def sublist(values: Sequence[Any], start: int, length: int | None = None) -> list[Any]:
    if not 1 <= abs(start) <= len(values):
        raise Fault(errors.INDEX)
    first = start - 1 if start > 0 else len(values) + start
    if length is None:
        return list(values[first:])
    if length < 0 or first + length > len(values):
        raise Fault(errors.INDEX)
    return list(values[first : first + length])
