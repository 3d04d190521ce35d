"""The operators on values. Each raises FeelError where the language has no answer; the compiler turns that into a named
error (strict) or null (standard)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .arithmetic import Arithmetic
from .errors import FeelError, bad_value, division_by_zero, type_mismatch, unknown_name
from .limits import check_string
from .temporal import DAY, DAY_SECONDS, SECOND, Date, DateTime, DayTimeDuration, Time, YearMonthDuration, midnight
from .values import Range, Value, describe, kind

Operation = Callable[[Arithmetic, Any, Any], Value]


def _concatenate(_: Arithmetic, a: str, b: str) -> str:
    check_string(len(a) + len(b))
    return a + b


def _shift_date(_: Arithmetic, date: Date, duration: DayTimeDuration) -> Date:
    return date.plus_days(duration.nano // DAY)


def _between(_: Arithmetic, a: DateTime, b: DateTime) -> DayTimeDuration:
    if a.time.zoned != b.time.zoned:
        raise type_mismatch("-", "date and time, both with a zone or both without", "date and time")
    return DayTimeDuration(a.instant - b.instant)


def _between_times(_: Arithmetic, a: Time, b: Time) -> DayTimeDuration:
    if a.zoned != b.zoned:
        raise type_mismatch("-", "time, both with a zone or both without", "time")
    return DayTimeDuration(a.utc_nano() - b.utc_nano())


def _scale_days(n: Arithmetic, duration: DayTimeDuration, factor: Any) -> DayTimeDuration:
    return DayTimeDuration(_whole(n.exact(factor) * duration.nano))


def _scale_months(n: Arithmetic, duration: YearMonthDuration, factor: Any) -> YearMonthDuration:
    return YearMonthDuration(_whole(n.exact(factor) * duration.months))


def _divide_days(n: Arithmetic, duration: DayTimeDuration, divisor: Any) -> DayTimeDuration:
    if not divisor:
        raise division_by_zero()
    return DayTimeDuration(_whole(duration.nano / n.exact(divisor)))


def _divide_months(n: Arithmetic, duration: YearMonthDuration, divisor: Any) -> YearMonthDuration:
    if not divisor:
        raise division_by_zero()
    return YearMonthDuration(_whole(duration.months / n.exact(divisor)))


def _whole(value: Any) -> int:
    """Toward zero; a duration holds whole nanoseconds or months."""
    result = int(value)
    if abs(result) > 10**28:
        raise bad_value("durasi terlalu panjang", "the duration is too long")
    return result


_NUM, _STR, _DATE, _TIME, _DT = "number", "string", "date", "time", "date and time"
_DAYS, _MONTHS = "days and time duration", "years and months duration"

ADDITIONS: dict[tuple[str, str], Operation] = {
    (_NUM, _NUM): lambda n, a, b: n.add(a, b),
    (_STR, _STR): _concatenate,
    (_DATE, _DAYS): _shift_date,
    (_DATE, _MONTHS): lambda n, a, b: a.plus_months(b.months),
    (_DT, _DAYS): lambda n, a, b: a.plus_nano(b.nano),
    (_DT, _MONTHS): lambda n, a, b: a.plus_months(b.months),
    (_TIME, _DAYS): lambda n, a, b: a.plus(b.nano),
    (_DAYS, _DAYS): lambda n, a, b: DayTimeDuration(a.nano + b.nano),
    (_MONTHS, _MONTHS): lambda n, a, b: YearMonthDuration(a.months + b.months),
    (_DAYS, _DATE): lambda n, a, b: _shift_date(n, b, a),
    (_MONTHS, _DATE): lambda n, a, b: b.plus_months(a.months),
    (_DAYS, _DT): lambda n, a, b: b.plus_nano(a.nano),
    (_MONTHS, _DT): lambda n, a, b: b.plus_months(a.months),
    (_DAYS, _TIME): lambda n, a, b: b.plus(a.nano),
}
SUBTRACTIONS: dict[tuple[str, str], Operation] = {
    (_NUM, _NUM): lambda n, a, b: n.subtract(a, b),
    (_DATE, _DATE): lambda n, a, b: DayTimeDuration((a.ordinal - b.ordinal) * DAY),
    (_DT, _DT): _between,
    (_DATE, _DT): lambda n, a, b: _between(n, midnight(a), b),
    (_DT, _DATE): lambda n, a, b: _between(n, a, midnight(b)),
    (_TIME, _TIME): _between_times,
    (_DATE, _DAYS): lambda n, a, b: a.plus_days((-b.nano) // DAY),
    (_DATE, _MONTHS): lambda n, a, b: a.plus_months(-b.months),
    (_DT, _DAYS): lambda n, a, b: a.plus_nano(-b.nano),
    (_DT, _MONTHS): lambda n, a, b: a.plus_months(-b.months),
    (_TIME, _DAYS): lambda n, a, b: a.plus(-b.nano),
    (_DAYS, _DAYS): lambda n, a, b: DayTimeDuration(a.nano - b.nano),
    (_MONTHS, _MONTHS): lambda n, a, b: YearMonthDuration(a.months - b.months),
}
MULTIPLICATIONS: dict[tuple[str, str], Operation] = {
    (_NUM, _NUM): lambda n, a, b: n.multiply(a, b),
    (_DAYS, _NUM): _scale_days,
    (_MONTHS, _NUM): _scale_months,
    (_NUM, _DAYS): lambda n, a, b: _scale_days(n, b, a),
    (_NUM, _MONTHS): lambda n, a, b: _scale_months(n, b, a),
}
DIVISIONS: dict[tuple[str, str], Operation] = {
    (_NUM, _NUM): lambda n, a, b: n.divide(a, b),
    (_DAYS, _NUM): _divide_days,
    (_MONTHS, _NUM): _divide_months,
    (_DAYS, _DAYS): lambda n, a, b: n.divide(n.number(a.nano), n.number(b.nano)),
    (_MONTHS, _MONTHS): lambda n, a, b: n.divide(n.number(a.months), n.number(b.months)),
}
POWERS: dict[tuple[str, str], Operation] = {(_NUM, _NUM): lambda n, a, b: n.power(a, b)}
TABLES = {"+": ADDITIONS, "-": SUBTRACTIONS, "*": MULTIPLICATIONS, "/": DIVISIONS, "**": POWERS}


def operation(operator: str, arithmetic: Arithmetic) -> Callable[[Value, Value], Value]:
    """The operator as a function of two values of any kind."""
    table = TABLES[operator]

    def apply(a: Value, b: Value) -> Value:
        first, second = kind(a), kind(b)
        found = table.get((first, second))
        if found is None:
            raise _no_operation(operator, table, a, b)
        return found(arithmetic, a, b)

    return apply


def _no_operation(operator: str, table: dict[tuple[str, str], Operation], a: Value, b: Value) -> FeelError:
    if a is None or b is None:
        other = kind(b if a is None else a)
        wanted = [pair[1 if b is None else 0] for pair in table if pair[0 if b is None else 1] == other]
        return type_mismatch(f"“{operator}”", wanted[0] if wanted else "number", "null")
    wanted = [pair[1] for pair in table if pair[0] == kind(a)]
    if wanted:
        return type_mismatch(f"“{operator}”", ", ".join(wanted), describe(b))
    return type_mismatch(f"“{operator}”", ", ".join(dict.fromkeys(pair[0] for pair in table)), describe(a))


def negate(arithmetic: Arithmetic, value: Value) -> Value:
    if type(value) is arithmetic.type:
        return -value
    if isinstance(value, DayTimeDuration):
        return DayTimeDuration(-value.nano)
    if isinstance(value, YearMonthDuration):
        return YearMonthDuration(-value.months)
    raise type_mismatch("“-”", "number, duration", describe(value))


# ── properties ────────────────────────────────────────────────────────────────────────────────────────────────────────
def _offset(time: Time, date: Date) -> DayTimeDuration | None:
    seconds = time.offset_on(date)
    return None if seconds is None else DayTimeDuration(seconds * SECOND)


def _sign_days(duration: DayTimeDuration) -> tuple[int, int]:
    return (-1 if duration.nano < 0 else 1), abs(duration.nano) // SECOND


def _part(duration: DayTimeDuration, unit: int, modulus: int) -> int:
    sign, seconds = _sign_days(duration)
    return sign * (seconds // unit % modulus if modulus else seconds // unit)


def _signed(total: int, divisor: int, *, rest: bool) -> int:
    quotient, remainder = divmod(abs(total), divisor)
    return (-1 if total < 0 else 1) * (remainder if rest else quotient)


PROPERTIES: dict[tuple[str, str], Callable[[Any], Any]] = {
    (_DATE, "year"): lambda v: v.year,
    (_DATE, "month"): lambda v: v.month,
    (_DATE, "day"): lambda v: v.day,
    (_DATE, "weekday"): lambda v: v.weekday,
    (_TIME, "hour"): lambda v: v.hour,
    (_TIME, "minute"): lambda v: v.minute,
    (_TIME, "second"): lambda v: v.second,
    (_TIME, "time offset"): lambda v: _offset(v, Date(1970, 1, 1)),
    (_TIME, "timezone"): lambda v: v.zone,
    (_DT, "year"): lambda v: v.date.year,
    (_DT, "month"): lambda v: v.date.month,
    (_DT, "day"): lambda v: v.date.day,
    (_DT, "weekday"): lambda v: v.date.weekday,
    (_DT, "hour"): lambda v: v.time.hour,
    (_DT, "minute"): lambda v: v.time.minute,
    (_DT, "second"): lambda v: v.time.second,
    (_DT, "time offset"): lambda v: _offset(v.time, v.date),
    (_DT, "timezone"): lambda v: v.time.zone,
    (_DAYS, "days"): lambda v: _part(v, DAY_SECONDS, 0),
    (_DAYS, "hours"): lambda v: _part(v, 3600, 24),
    (_DAYS, "minutes"): lambda v: _part(v, 60, 60),
    (_DAYS, "seconds"): lambda v: _part(v, 1, 60),
    (_MONTHS, "years"): lambda v: _signed(v.months, 12, rest=False),
    (_MONTHS, "months"): lambda v: _signed(v.months, 12, rest=True),
    ("range", "start"): lambda v: v.low,
    ("range", "end"): lambda v: v.high,
    ("range", "start included"): lambda v: v.low_closed,
    ("range", "end included"): lambda v: v.high_closed,
}


def read_property(arithmetic: Arithmetic, value: Value, name: str) -> Value:
    """The named property of a date, time, duration or range."""
    getter = PROPERTIES.get((kind(value), name))
    if getter is None:
        if value is None or isinstance(value, Range | str | bool) or type(value) is arithmetic.type:
            raise type_mismatch(f"“.{name}”", "context", describe(value))
        raise unknown_name(name, [property_ for owner, property_ in PROPERTIES if owner == kind(value)])
    result = getter(value)
    return arithmetic.number(result) if type(result) is int else result
