"""Dates as day numbers, durations as whole seconds or months. No times, no zones."""

from __future__ import annotations

import re
from datetime import date

from .errors import NotPortable
from .ir import Expr, Lit, Op
from .types import INTEGER, Day, Months, Num, Seconds, Text, type_name

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_DAYS = re.compile(r"(-)?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?\Z", re.ASCII)
_MONTHS = re.compile(r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?\Z", re.ASCII)
DAY = 86_400


def literal(text: str) -> Lit:
    """@"2026-01-01", @"P14D", @"P1Y6M"."""
    if _DATE.match(text):
        try:
            return Lit(date.fromisoformat(text).toordinal(), Day())
        except ValueError:
            raise NotPortable(f"tanggal “{text}”", f'the date "{text}"') from None
    if (found := _MONTHS.match(text)) and any(found.groups()[1:]):
        sign, years, months = found.groups()
        total = 12 * int(years or 0) + int(months or 0)
        return Lit(-total if sign else total, Months())
    if (found := _DAYS.match(text)) and any(found.groups()[1:]):
        sign, days, hours, minutes, seconds = found.groups()
        total = DAY * int(days or 0) + 3600 * int(hours or 0) + 60 * int(minutes or 0) + int(seconds or 0)
        return Lit(-total if sign else total, Seconds())
    raise NotPortable(f"waktu “{text}”", f'the time "{text}"')


def part(source: Expr, name: str) -> Expr:
    """value.name of a date or duration."""
    names: dict[type, tuple[str, ...]] = {
        Day: ("year", "month", "day", "weekday"),
        Seconds: ("days", "hours", "minutes", "seconds"),
        Months: ("years", "months"),
    }
    if name not in names.get(type(source.type), ()):
        raise NotPortable(f"bagian “{name}” dari {type_name(source.type)}", f'member "{name}" of {type_name(source.type)}')
    return Op(f"{name}_of", (source,), INTEGER)


def arithmetic(operator: str, a: Expr, b: Expr) -> Expr:
    pair = (type(a.type), operator, type(b.type))
    if pair == (Day, "-", Day):
        return Op("scale", (Op("sub", (a, b), INTEGER), Lit(DAY, INTEGER)), Seconds())
    if pair[0] is Day and operator in "+-" and pair[2] in (Seconds, Months):
        step = b if operator == "+" else Op("neg", (b,), b.type)
        return Op("later" if pair[2] is Seconds else "months_later", (a, step), Day())
    if operator == "+" and pair[2] is Day and pair[0] in (Seconds, Months):
        return arithmetic("+", b, a)
    if operator in "+-" and pair[0] is pair[2] and pair[0] in (Seconds, Months):
        return Op("add" if operator == "+" else "sub", (a, b), a.type)
    if operator == "*":
        scalar, duration = (a, b) if isinstance(a.type, Num) else (b, a)
        if isinstance(duration.type, Seconds | Months) and scalar.type == INTEGER:
            return Op("mul", (duration, scalar), duration.type)
    names = f"{type_name(a.type)} {operator} {type_name(b.type)}"
    raise NotPortable(names, names)


def date_of(arguments: list[Expr]) -> Expr:
    """date("…") of a literal, date(year, month, day), date(date)."""
    if len(arguments) == 1:
        (x,) = arguments
        if isinstance(x.type, Day):
            return x
        if isinstance(x, Lit) and isinstance(x.value, str):
            found = literal(x.value)
            if isinstance(found.type, Day):
                return found
        if isinstance(x.type, Text):
            return Op("parse_day", (x,), Day())
    if len(arguments) == 3 and all(x.type == INTEGER for x in arguments):
        return Op("day_number", tuple(arguments), Day())
    raise NotPortable("date(…) dengan argumen ini", "date(…) of these arguments")


def duration_of(arguments: list[Expr]) -> Expr:
    if len(arguments) == 1 and isinstance(arguments[0], Lit) and isinstance(arguments[0].value, str):
        found = literal(arguments[0].value)
        if isinstance(found.type, Seconds | Months):
            return found
    raise NotPortable("duration(…) yang bukan teks tetap", "duration(…) of other than a constant text")


__all__ = ["DAY", "arithmetic", "date_of", "duration_of", "literal", "part"]
