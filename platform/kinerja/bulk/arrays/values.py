"""What an expression is over a few thousand rows at once, and the rows themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...engine.integer.errors import NotPortable
from ...engine.integer.types import Bool, Num, Text, Type
from ..intervals import Interval, point
from .untyped import Array, np

SMALL = 4_096


@dataclass(frozen=True, slots=True)
class Scalar:
    """data: whole numbers, bool, or codes into words; a plain value where it is constant.

    Whole numbers are in 16, 32 or 64 bits, mostly the fewest that hold their range (`fitting`): half the bits, less than half the
    time. Where 64 are not enough they are Python's own.
    null: None, True (all), or which rows. range: of whole numbers that are not null. Rows that are null or failed hold anything.
    """

    data: Any
    type: Type
    null: Any = None
    range: Interval | None = None
    words: tuple[str, ...] | None = None

    @property
    def constant(self) -> bool:
        return not isinstance(self.data, np.ndarray) and not isinstance(self.null, np.ndarray)

    def typed(self, kind: Type) -> Scalar:
        """The same figures, said to be of another type."""
        return Scalar(self.data, kind, self.null, self.range, self.words)

    def present(self) -> Scalar:
        """Once its nulls have been dealt with."""
        return self if self.null is None else Scalar(self.data, self.type, None, self.range, self.words)


@dataclass(frozen=True, slots=True)
class Pair:
    """A fraction with a denominator of 1 or more; null where its numerator is."""

    n: Scalar
    d: Scalar

    def present(self) -> Pair:
        return self if self.n.null is None else Pair(self.n.present(), self.d)


@dataclass(frozen=True, slots=True)
class Fields:
    fields: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Fixed:
    """A list whose elements stand in the rule."""

    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Nested:
    """A list a row: the rows of another space, grouped. keep: which of them count, None for all."""

    space: Space
    element: Value
    keep: Array | None = None


Value = Scalar | Pair | Fields | Fixed | Nested


class Space:
    """Rows. Those of a list belong to rows outside: counts says how many to each, in their order."""

    def __init__(self, size: int, counts: Array | None = None) -> None:
        self.size = size
        self.counts: Any = counts
        if counts is not None:
            self.ends = np.cumsum(counts)
            self.starts = self.ends - counts
            self._filled = None if len(counts) and counts.min() > 0 else counts > 0

    def spread(self, data: Array) -> Array:
        """One value of an outer row for each row of its list."""
        return np.repeat(data, self.counts)

    def fold(self, function: Any, data: Array, empty: Any) -> Array:
        """A ufunc over the rows of each list."""
        if not self.size:
            return np.full(len(self.starts), empty, data.dtype)
        if self._filled is None:
            return function.reduceat(data, self.starts)
        found = np.full(len(self.starts), empty, data.dtype)
        found[self._filled] = function.reduceat(data, self.starts[self._filled])
        return found

    def total(self, data: Array) -> Array:
        """Sums by differences of running sums: exact even where those wrap, as long as each sum fits."""
        if data.dtype == object:
            return self.fold(np.add, data, 0)
        running = np.empty(self.size + 1, np.int64)
        running[0] = 0
        running[1:] = data
        np.cumsum(running, out=running)
        edges = running[np.concatenate(([0], self.ends))]
        return edges[1:] - edges[:-1]


class Faults:
    """Rows that something failed in."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.mask: Array | None = None

    def add(self, mask: Any) -> None:
        if mask is True:
            mask = np.ones(self.size, np.bool_)
        if mask is None or mask is False or not mask.any():
            return
        self.mask = mask.copy() if self.mask is None else self.mask | mask


def refused(what: str) -> NotPortable:
    """Beyond this emitter; the decision is then computed row by row."""
    return NotPortable(f"{what} belum dapat dihitung berkolom", f"{what} cannot be computed in columns yet")


def scalar(value: Value, what: str = "nilai") -> Scalar:
    if not isinstance(value, Scalar):
        raise refused(what)
    return value


def either(*masks: Any) -> Any:
    """OR of masks that may be None or True."""
    found: Any = None
    for mask in masks:
        if mask is True:
            return True
        if mask is not None:
            found = mask if found is None else found | mask
    return found


def both(*masks: Any) -> Any:
    """AND of masks in which None is all rows."""
    found: Any = None
    for mask in masks:
        if mask is not None and mask is not True:
            found = mask if found is None else found & mask
    return found


def span(value: Scalar) -> Interval:
    if value.range is not None:
        return value.range
    if isinstance(value.data, np.ndarray):
        return Interval(int(value.data.min()), int(value.data.max())) if len(value.data) else point(0)
    return point(int(value.data))


def integer(value: int, kind: Type) -> Scalar:
    return Scalar(value, kind, range=point(value))


def truth(value: bool) -> Scalar:
    return Scalar(value, Bool())


def text(value: str) -> Scalar:
    return Scalar(0, Text(), words=(value,))


def nothing(kind: Type) -> Value:
    """Null of a type."""
    if isinstance(kind, Num) and kind.den is None:
        return Pair(Scalar(0, Num(1), True, point(0)), integer(1, Num(1)))
    if isinstance(kind, Text):
        return Scalar(0, kind, True, words=("",))
    return Scalar(False if isinstance(kind, Bool) else 0, kind, True, None if isinstance(kind, Bool) else point(0))


def mapped(value: Value, change: Callable[[Array], Array]) -> Value:
    """Every array of a value changed alike: rows taken or repeated."""
    match value:
        case Scalar():
            data = change(value.data) if isinstance(value.data, np.ndarray) else value.data
            null = change(value.null) if isinstance(value.null, np.ndarray) else value.null
            return replace(value, data=data, null=null)
        case Pair(n, d):
            return Pair(scalar(mapped(n, change)), scalar(mapped(d, change)))
        case Fields(fields):
            return Fields({name: mapped(one, change) for name, one in fields.items()})
        case Fixed(items):
            return Fixed(tuple(mapped(one, change) for one in items))
    raise refused("daftar dalam daftar")


def recoded(values: Sequence[Scalar]) -> tuple[list[Any], tuple[str, ...]]:
    """Texts under one set of words: the codes of each."""
    words = values[0].words or ()
    if all(value.words == words for value in values):
        return [value.data for value in values], words
    places = {word: place for place, word in enumerate(words)}
    found: list[Any] = [values[0].data]
    for value in values[1:]:
        table = [places.setdefault(word, len(places)) for word in value.words or ()]
        found.append(np.array(table, np.int64)[value.data] if isinstance(value.data, np.ndarray) else table[value.data])
    return found, tuple(places)


_WIDTHS = tuple((Interval(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1), np.dtype(f"i{bits // 8}")) for bits in (16, 32))


def fitting(reach: Interval) -> Any:
    """The narrowest kind of array that holds a range."""
    for holds, kind in _WIDTHS:
        if holds.low <= reach.low and reach.high <= holds.high:
            return kind
    return np.dtype(np.int64 if reach.bits64 else object)


def as_kind(data: Any, kind: Any) -> Any:
    """Whole numbers as arrays of this kind; constants stay what they are."""
    return data.astype(kind, copy=False) if isinstance(data, np.ndarray) else data


def alike(values: Sequence[Any]) -> list[Any]:
    """Arrays and constants of whole numbers in one kind of array, the widest that one of them needs."""
    kinds = [value.dtype if isinstance(value, np.ndarray) else fitting(point(int(value))) for value in values]
    if np.bool_ in kinds or any(isinstance(value, bool | np.bool_) for value in values):
        return list(values)
    kind = max(kinds, key=lambda one: (one.hasobject, one.itemsize))
    return [as_kind(value, kind) for value in values]


def select(test: Array, a: Any, b: Any) -> Array:
    """a where the test holds, else b. By arithmetic: numpy's own `where` guesses at every row, which takes twice as long.

    What overflows in a - b comes back in adding b: sums are exact modulo 2⁶⁴, and modulo 2³² and 2¹⁶ in narrower arrays.
    """
    one, other = isinstance(a, np.ndarray), isinstance(b, np.ndarray)
    if (a.dtype == np.bool_ if one else isinstance(a, bool)) or (b.dtype == np.bool_ if other else isinstance(b, bool)):
        return (test & a) | (~test & b)
    if not one and not other:
        kind = fitting(Interval(min(a, b, a - b), max(a, b, a - b)))
        return np.where(test, a, b) if kind.hasobject else test.astype(kind) * (a - b) + b
    if not (one and other and a.dtype == b.dtype):
        a, b = alike([a, b])
    if (a if one else b).dtype == object:
        return np.where(test, a, b)
    if not other and b == 0:
        return a * test
    if not one and a == 0:
        return b * ~test
    found = a - b
    found *= test
    found += b
    return found


def full(value: Any, size: int) -> Array:
    """A constant as an array."""
    if isinstance(value, np.ndarray):
        return value
    if isinstance(value, bool | np.bool_):
        return np.full(size, value, np.bool_)
    return np.full(size, value, np.int64 if -(2**63) <= value < 2**63 else object)
