"""Plain values against declared types: the one place where a fact is let in or refused, each refusal by its named error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ..core.errors import InputError, Place
from ..core.exactjson import dumps
from ..core.numbers import compared, display_text, ratio, terminates_within
from ..core.periods import parse_date
from .diagnostics import nearest
from .model import Base, ValueType

_WORDS = {
    Base.NUMBER: ("angka", "a number"),
    Base.TEXT: ("teks", "text"),
    Base.BOOLEAN: ("true atau false", "true or false"),
    Base.DATE: ("tanggal TTTT-BB-HH", "a date YYYY-MM-DD"),
}
_NUMBERS = (int, Fraction, Decimal)
MOST_ELEMENTS = 10_000
FIRST_DAY, LAST_DAY = date(1945, 8, 17), date(2199, 12, 31)
LONGEST_TEXT = 10_000
LONGEST_SHOWN = 40


def admit(value: Any, type_: ValueType, fact: str, place: Place | None = None) -> Any:
    """A typed value: Fraction, str, bool, date, None or a tuple of those. `fact` names it in errors ("indikator[ADM-1].target").

    Raises InputError with code fakta_hilang, tipe_salah, di_luar_rentang, terlalu_banyak_desimal or nilai_tidak_dikenal.
    """
    if value is None:
        if type_.nullable:
            return None
        raise missing(fact, place)
    if not type_.is_list:
        return _one(value, type_, fact, place)
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise _wrong(fact, "daftar", "a list", value, place)
    if len(value) > MOST_ELEMENTS:
        raise _refuse("di_luar_rentang", fact, f"lebih dari {MOST_ELEMENTS} unsur", f"more than {MOST_ELEMENTS} elements", place)
    found = _small_wholes(value, type_)
    return found if found is not None else tuple(_elements(value, type_, fact, place))


def _elements(value: Sequence[Any], type_: ValueType, fact: str, place: Place | None) -> Iterator[Any]:
    for number, item in enumerate(value, 1):
        if item is None and type_.nullable_elements:
            yield None
        else:
            yield _element(item, type_, f"{fact}[{number}]", place)


def _small_wholes(values: Sequence[Any], type_: ValueType) -> tuple[Fraction, ...] | None:
    """A list of nothing but integers within whole bounds (minutes late), all at once; None where it is another."""
    if type_.base is not Base.NUMBER or set(map(type, values)) != {int}:
        return None
    low, high = type_.low, type_.high
    if any(bound is not None and bound.denominator != 1 for bound in (low, high)):
        return None
    if (low is not None and min(values) < low.numerator) or (high is not None and max(values) > high.numerator):
        return None
    return tuple([ratio(value, 1) for value in values])


def _element(value: Any, type_: ValueType, fact: str, place: Place | None) -> Any:
    if value is None:
        raise missing(fact, place)
    return _one(value, type_, fact, place)


def _one(value: Any, type_: ValueType, fact: str, place: Place | None) -> Any:
    base = type_.base
    if base is Base.NUMBER:
        return _number(value, type_, fact, place)
    if base is Base.TEXT and type(value) is str:
        return _text(value, type_, fact, place)
    match base:
        case Base.BOOLEAN if isinstance(value, bool):
            return value
        case Base.DATE if isinstance(value, date) and not isinstance(value, datetime):
            return _day(value, fact, place)
        case Base.DATE if isinstance(value, str):
            try:
                day = parse_date(value)
            except InputError as error:
                raise _wrong(fact, *_WORDS[Base.DATE], value, place) from error
            return _day(day, fact, place)
        case Base.TEXT if isinstance(value, str):
            return _text(value, type_, fact, place)
        case _:
            raise _wrong(fact, *_WORDS[base], value, place)


def _day(value: date, fact: str, place: Place | None) -> date:
    if not FIRST_DAY <= value <= LAST_DAY:
        shown = f"{FIRST_DAY}..{LAST_DAY}"
        raise _refuse("di_luar_rentang", fact, f"{value} di luar {shown}", f"{value} is outside {shown}", place)
    return value


def _number(value: Any, type_: ValueType, fact: str, place: Place | None) -> Fraction:
    kind = type(value)
    if kind is Fraction:
        number: Fraction = value
    elif kind is int:
        number = ratio(value, 1)
    elif kind is Decimal and value.is_finite():
        number = ratio(*value.as_integer_ratio())
    elif isinstance(value, bool) or not isinstance(value, _NUMBERS) or (isinstance(value, Decimal) and not value.is_finite()):
        raise _wrong(fact, *_WORDS[Base.NUMBER], value, place)
    else:
        number = Fraction(value)
    low, high = type_.low, type_.high
    if (low is not None and compared(number, low) < 0) or (high is not None and compared(number, high) > 0):
        bounds, found = f"{_bound(low)}..{_bound(high)}", shown(number)
        raise _refuse("di_luar_rentang", fact, f"{found} di luar {bounds}", f"{found} is outside {bounds}", place)
    if number.denominator != 1 and not terminates_within(number, type_.scale):
        raise _refuse(
            "terlalu_banyak_desimal",
            fact,
            f"{shown(number)} mempunyai lebih dari {type_.scale} desimal",
            f"{shown(number)} has more than {type_.scale} decimals",
            place,
        )
    return number


def _text(value: str, type_: ValueType, fact: str, place: Place | None) -> str:
    if type_.values and value not in type_.values:
        near = nearest(value, type_.values)
        hint_id, hint_en = (f" (maksud Anda “{near}”?)", f' (did you mean "{near}"?)') if near else ("", "")
        known = ", ".join(type_.values)
        raise InputError(
            "nilai_tidak_dikenal",
            f"{fact}: “{value[:60]}” tidak dikenal{hint_id}",
            f'{fact}: unknown value "{value[:60]}"{hint_en}',
            place=place,
            remedy_id=f"pakai salah satu dari: {known}",
            remedy_en=f"use one of: {known}",
            fact=fact,
        )
    if len(value) > LONGEST_TEXT:
        raise _refuse("di_luar_rentang", fact, f"lebih dari {LONGEST_TEXT} huruf", f"more than {LONGEST_TEXT} characters", place)
    return value


def missing(fact: str, place: Place | None = None) -> InputError:
    return InputError(
        "fakta_hilang",
        f"{fact} belum ada",
        f"{fact} is missing",
        place=place,
        remedy_id=f"isi {fact}; nilai kosong tidak pernah diganti dengan nilai bawaan",
        remedy_en=f"give {fact}; a missing value is never replaced by a default",
        fact=fact,
    )


def unknown(fact: str, name: str, known: Mapping[str, Any] | Sequence[str], place: Place | None = None) -> InputError:
    near = nearest(name[:LONGEST_SHOWN], known)
    hint_id, hint_en = (f" (maksud Anda “{near}”?)", f' (did you mean "{near}"?)') if near else ("", "")
    fact = fact if len(fact) <= 2 * LONGEST_SHOWN else fact[: 2 * LONGEST_SHOWN] + "…"
    return InputError(
        "fakta_tidak_dikenal",
        f"{fact} tidak dikenal{hint_id}",
        f"{fact} is unknown{hint_en}",
        place=place,
        remedy_id="pakai: " + ", ".join(known),
        remedy_en="use: " + ", ".join(known),
        fact=fact,
    )


def _wrong(fact: str, expected_id: str, expected_en: str, value: Any, place: Place | None) -> InputError:
    found = shown(value)
    return _refuse(
        "tipe_salah", fact, f"diharapkan {expected_id}, ditemukan {found}", f"expected {expected_en}, found {found}", place
    )


def shown(value: Any) -> str:
    """A value in a message, as its file writes it, cut to a length that fits a line."""
    if isinstance(value, Fraction):
        text = display_text(value)
    else:
        try:
            text = dumps(value)
        except (TypeError, ValueError):  # a float or a stranger from a caller in Python
            text = str(value)
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


def _refuse(code: str, fact: str, why_id: str, why_en: str, place: Place | None) -> InputError:
    return InputError(
        code,
        f"{fact}: {why_id}",
        f"{fact}: {why_en}",
        place=place,
        remedy_id=f"perbaiki {fact}",
        remedy_en=f"mend {fact}",
        fact=fact,
    )


def _bound(value: Fraction | None) -> str:
    return "…" if value is None else display_text(value)
