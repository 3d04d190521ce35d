"""Facts in columns → whole numbers, texts, days and lists; what the vocabulary does not let in is flagged and becomes NULL.

The same rules as policy.values.admit, which names the error of a flagged case afterwards.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from ...core.errors import InputError
from ...core.numbers import decimal_text
from ...engine.integer.types import Day, Num, Type
from ...policy.model import Base, ValueType
from ...policy.values import FIRST_DAY, LAST_DAY, LONGEST_TEXT, MOST_ELEMENTS
from ..intervals import STORED, Interval
from .values import Column, Scalar, Value, name, nothing, quote

INTEGERS = frozenset(
    ["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT", "UHUGEINT"]
)
_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)\Z")
EPOCH = "DATE '0001-01-01'"


@dataclass(frozen=True, slots=True)
class Admitted:
    """value is NULL where the fact is not let in. unless: the condition under which that is as it should be, "" for never.

    bad: further conditions under which the case is looked at by itself.
    """

    value: Value
    unless: str = ""
    bad: str = ""


def admitted(column: str, stored: str, kind: ValueType, scalar: Type, *, required: bool) -> Admitted:
    """The value of a column of this stored type. Raises InputError for a stored type that cannot hold such facts."""
    raw = name(column)
    if kind.is_list:
        return Admitted(_list(column, stored, kind, scalar), "" if required or not kind.nullable else f"{raw} IS NULL")
    sql, bad = _one(raw, column, stored, kind)
    null = kind.nullable or not required
    texts = frozenset(kind.values) if kind.values else None
    value = Scalar(sql, scalar, null, range=_reach(kind, scalar), texts=texts)
    return Admitted(value, f"{raw} IS NULL" if null else "", "" if isinstance(scalar, Num | Day) else bad)


def absent(kind: ValueType, scalar: Type) -> Value:
    """A fact for which there is no column: null in every case."""
    if kind.is_list:
        element = Scalar("", scalar, kind.nullable_elements, range=_reach(kind, scalar))
        return Column("NULL::BIGINT[]", element)
    return nothing(scalar)


def _reach(kind: ValueType, scalar: Type) -> Interval | None:
    if isinstance(scalar, Day):
        return Interval(FIRST_DAY.toordinal(), LAST_DAY.toordinal())
    if not isinstance(scalar, Num) or not scalar.den:
        return None
    low = STORED.low if kind.low is None else -(-kind.low.numerator * scalar.den // kind.low.denominator)
    high = STORED.high if kind.high is None else kind.high.numerator * scalar.den // kind.high.denominator
    return Interval(low, high)


def _one(raw: str, column: str, stored: str, kind: ValueType) -> tuple[str, str]:
    """(expression, condition under which it is not let in or ""); a null value is neither."""
    match kind.base:
        case Base.NUMBER:
            return number_sql(raw, column, stored, kind)
        case Base.BOOLEAN:
            if stored != "BOOLEAN":
                raise wrong_type(column, stored, "BOOLEAN")
            return raw, ""
        case Base.DATE:
            if stored != "DATE":
                raise wrong_type(column, stored, "DATE")
            bad = f"{raw} < DATE '{FIRST_DAY}' OR {raw} > DATE '{LAST_DAY}'"
            return f"(CASE WHEN {bad} THEN NULL ELSE ({raw} - {EPOCH}) + 1 END)", bad
        case Base.TEXT:
            if stored != "VARCHAR" and not stored.startswith("ENUM"):
                raise wrong_type(column, stored, "VARCHAR")
            text = raw if stored == "VARCHAR" else f"{raw}::VARCHAR"
            if kind.values:
                return text, f"{text} NOT IN ({', '.join(quote(value) for value in kind.values)})"
            return text, f"strlen({text}) > {LONGEST_TEXT}"  # in bytes: a long text is looked at by itself


def number_sql(raw: str, column: str, stored: str, kind: ValueType) -> tuple[str, str]:
    digits = _digits(column, stored, kind)
    tests = []
    low = STORED_LOW if kind.low is None else kind.low  # beyond what is declared or usual, a case is looked at by itself
    high = STORED_HIGH if kind.high is None else kind.high
    tests += [f"{raw} < {decimal_text(low)}", f"{raw} > {decimal_text(high)}"]
    shown = raw
    if digits > kind.scale:  # 76.6100 is 76.61; 76.6123 has too many digits
        shown = f"{raw}::DECIMAL(38,{kind.scale})"
        tests.append(f"{raw} <> {shown}")
    bad = " OR ".join(tests)
    if kind.scale and max(abs(low), abs(high)) * 100**kind.scale >= 10**18:  # the product would not fit in 18 digits
        shown = f"{raw}::DECIMAL(38,{kind.scale})"
    sql = f"({shown})::BIGINT" if not kind.scale else f"({shown} * {10**kind.scale})::BIGINT"
    return f"(CASE WHEN {bad} THEN NULL ELSE {sql} END)", bad


STORED_LOW, STORED_HIGH = Fraction(-(10**9)), Fraction(10**9)


def decimal_type(stored: str) -> tuple[int, int] | None:
    """(digits, those after the point) of DECIMAL(p, s)."""
    found = _DECIMAL.match(stored)
    return (int(found.group(1)), int(found.group(2))) if found else None


def _digits(column: str, stored: str, kind: ValueType) -> int:
    """Digits after the point that the stored type has."""
    if stored in INTEGERS:
        return 0
    if found := decimal_type(stored):
        return found[1]
    raise wrong_type(column, stored, f"DECIMAL(18,{kind.scale})" if kind.scale else "BIGINT")


def _list(column: str, stored: str, kind: ValueType, scalar: Type) -> Column:
    """A list that a rule reads is there, or the case is looked at by itself."""
    if not stored.endswith("[]"):
        raise wrong_type(column, stored, "BIGINT[]")
    raw = name(column)
    inner = stored.removesuffix("[]")
    sql, bad = _one("e", column, inner, kind)
    tests = [f"len({raw}) > {MOST_ELEMENTS}"]
    if kind.base is Base.NUMBER and _digits(column, inner, kind) <= kind.scale:
        low, high = kind.low, kind.high  # comparing the ends is quicker than every element
        tests += [f"list_min({raw}) < {decimal_text(STORED_LOW if low is None else low)}"]
        tests += [f"list_max({raw}) > {decimal_text(STORED_HIGH if high is None else high)}"]
    elif bad:
        tests.append(f"list_contains(list_transform({raw}, lambda e: {bad}), TRUE)")
    if not kind.nullable_elements:
        tests.append(f"list_count({raw}) <> len({raw})")
    same = (inner == "BIGINT" and kind.base is Base.NUMBER and not kind.scale) or (inner == "VARCHAR" and kind.base is Base.TEXT)
    held = raw if same else f"list_transform({raw}, lambda e: {sql})"
    texts = frozenset(kind.values) if kind.values else None
    element = Scalar("", scalar, kind.nullable_elements, range=_reach(kind, scalar), texts=texts)
    return Column(f"(CASE WHEN {' OR '.join(tests)} THEN NULL ELSE {held} END)", element, 0, MOST_ELEMENTS)


def wrong_type(column: str, stored: str, wanted: str) -> InputError:
    return InputError(
        "tipe_kolom_salah",
        f"kolom {column} bertipe {stored}, diharapkan {wanted}",
        f"column {column} has type {stored}, expected {wanted}",
        remedy_id=f"tulis kolom {column} sebagai {wanted}; bilangan biner (DOUBLE) tidak diterima",
        remedy_en=f"write column {column} as {wanted}; binary floating point (DOUBLE) is not accepted",
        fact=column,
    )
