"""What an expression is in SQL: text of an expression, with what is known about its values."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ...engine.integer.errors import NotPortable
from ...engine.integer.types import Bool, Num, Text, Type
from ..intervals import Interval


@dataclass(frozen=True, slots=True)
class Flag:
    """A condition under which a case is left to the one-by-one engine. depth: layers of columns below it."""

    sql: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Scalar:
    """sql gives BIGINT (HUGEINT where wide), VARCHAR or BOOLEAN; NULL where the value is null, or where the case is flagged.

    null: whether it may be null at all. range: of the integer (numbers, days, durations). texts: all that a text can be.
    scaled: the value and the factor above 0 that it is a product of.
    """

    sql: str
    type: Type
    null: bool = False
    depth: int = 0
    range: Interval | None = None
    texts: frozenset[str] | None = None
    wide: bool = False
    flag: Flag | None = None
    literal: bool = False
    scaled: tuple[Scalar, int] | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A fraction; the denominator is 1 or more. It is null where its numerator is."""

    n: Scalar
    d: Scalar
    flag: Flag | None = None

    @property
    def null(self) -> bool:
        return self.n.null

    @property
    def depth(self) -> int:
        return max(self.n.depth, self.d.depth)


@dataclass(frozen=True, slots=True)
class Fields:
    """A record whose fields are values."""

    fields: dict[str, Value]
    flag: Flag | None = None


@dataclass(frozen=True, slots=True)
class Fixed:
    """A list whose elements stand in the rule."""

    items: tuple[Value, ...]
    flag: Flag | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A list held in a column of lists. element: what one element is like (its sql is empty)."""

    sql: str
    element: Scalar
    depth: int = 0
    most: int = 10_000
    flag: Flag | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """A list whose elements are rows of another relation, grouped by case: element is an expression over that relation."""

    entity: str
    element: Value
    keep: Scalar | None = None
    flag: Flag | None = None


Value = Scalar | Pair | Fields | Fixed | Column | Rows


def either(*flags: Flag | None) -> Flag | None:
    """Flagged where any is."""
    found = list(dict.fromkeys(flag for flag in flags if flag is not None))
    if not found:
        return None
    if len(found) == 1:
        return found[0]
    return Flag("(" + " OR ".join(flag.sql for flag in found) + ")", max(flag.depth for flag in found))


def where(test: Scalar, flag: Flag | None, *, holds: bool = True) -> Flag | None:
    """The flag counts only where the test holds (or does not)."""
    if flag is None:
        return None
    condition = test.sql if holds else f"NOT {test.sql}"
    return Flag(f"({condition} AND {flag.sql})", max(test.depth, flag.depth))


def chosen_flag(test: Scalar, then: Flag | None, otherwise: Flag | None) -> Flag | None:
    """The flag of the branch that is taken. CASE looks at the other branch only for the rows that take it."""
    if then is None and otherwise is None:
        return None
    arms = [flag.sql if flag is not None else "FALSE" for flag in (then, otherwise)]
    depth = max(test.depth, *(flag.depth for flag in (then, otherwise) if flag is not None))
    return Flag(f"(CASE WHEN {test.sql} THEN {arms[0]} ELSE {arms[1]} END)", depth)


def flagged(value: Value, *flags: Flag | None) -> Value:
    return replace(value, flag=either(value.flag, *flags))


def clear(value: Value) -> Value:
    """Without its flag, once that has been noted."""
    return replace(value, flag=None) if value.flag is not None else value


def quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def integer(value: int, kind: Type) -> Scalar:
    suffix = "BIGINT" if abs(value) < 2**63 else "HUGEINT"
    return Scalar(f"({value})::{suffix}", kind, range=Interval(value, value), wide=suffix == "HUGEINT", literal=True)


def nothing(kind: Type) -> Value:
    """Null of a type."""
    if isinstance(kind, Num) and kind.den is None:
        return Pair(Scalar("NULL::BIGINT", Num(1), True, range=Interval(0, 0), literal=True), integer(1, Num(1)))
    word = "VARCHAR" if isinstance(kind, Text) else "BOOLEAN" if isinstance(kind, Bool) else "BIGINT"
    span = Interval(0, 0) if word == "BIGINT" else None
    return Scalar(f"NULL::{word}", kind, True, range=span, texts=frozenset() if word == "VARCHAR" else None, literal=True)


def scalar(value: Value, what: str) -> Scalar:
    if not isinstance(value, Scalar):
        raise refused(what)
    return value


def span(value: Scalar) -> Interval:
    if value.range is None:
        raise refused(f"rentang {type(value.type).__name__}")
    return value.range


def refused(what: str) -> NotPortable:
    """Beyond this emitter; the one-by-one engine can do it."""
    return NotPortable(f"{what} belum dapat ditulis dalam SQL", f"{what} cannot be written in SQL yet")
