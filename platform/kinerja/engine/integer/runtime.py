"""All primitives by the name that nodes give them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .primitives.dates import day_number, day_of_number, day_text, later, months_later, parse_day, quotient, remainder
from .primitives.lists import (
    at,
    chain,
    count_from_to,
    distinct,
    filled,
    flat,
    greatest,
    has,
    least,
    positions,
    r_max,
    r_mean,
    r_median,
    r_min,
    r_product,
    r_sum,
    reverse,
    sublist,
    twice_median,
)
from .primitives.nulls import all_there, both, need, need_all, need_value, pair0, scale0
from .primitives.outputs import in_range, in_values, not_null, round_or_fail
from .primitives.pairs import (
    r_abs,
    r_add,
    r_div,
    r_eq,
    r_ge,
    r_gt,
    r_le,
    r_lt,
    r_mul,
    r_ne,
    r_neg,
    r_pow,
    r_sub,
    ratio,
    reduced,
)
from .primitives.rounding import MODES, exact, fit, modulo, r_modulo, r_round_by, round_pair, whole
from .primitives.texts import after, before, boolean_text, number_text, substring, text_join
from .temporal import DAY

FUNCTIONS: dict[str, Callable[..., Any]] = {
    **MODES,
    **{f"r_{name}": round_pair(mode) for name, mode in MODES.items()},
    **{
        f.__name__: f
        for f in (
            need, need_value, need_all, both, all_there, scale0, pair0, ratio, reduced, r_add, r_sub, r_mul, r_div,
            r_neg, r_abs, r_pow, r_lt, r_le, r_gt, r_ge, r_eq, r_ne, r_round_by, modulo, r_modulo, whole, exact, fit,
            r_sum, r_product, filled, r_mean, twice_median, r_median, r_min, r_max, at, count_from_to, flat, chain,
            distinct, reverse, has, positions, sublist, substring, before, after, text_join, number_text,
            boolean_text, day_number, parse_day, day_text, later, months_later, round_or_fail, in_range, in_values,
            not_null,
        )
    },
    "min": least,
    "max": greatest,
    "sum": sum,
    "size": len,
    "abs": abs,
    "all": all,
    "any": any,
    "length": len,
    "upper": str.upper,
    "lower": str.lower,
    "contains": lambda text, match: match in text,
    "starts": str.startswith,
    "ends": str.endswith,
    "same": lambda a, b: a == b,
    "year_of": lambda day: day_of_number(day).year,
    "month_of": lambda day: day_of_number(day).month,
    "day_of": lambda day: day_of_number(day).day,
    "weekday_of": lambda day: day_of_number(day).isoweekday(),
    "days_of": lambda seconds: quotient(seconds, DAY),
    "hours_of": lambda seconds: quotient(remainder(seconds, DAY), 3600),
    "minutes_of": lambda seconds: quotient(remainder(seconds, 3600), 60),
    "seconds_of": lambda seconds: remainder(seconds, 60),
    "years_of": lambda months: quotient(months, 12),
    "months_of": lambda months: remainder(months, 12),
}  # fmt: skip
