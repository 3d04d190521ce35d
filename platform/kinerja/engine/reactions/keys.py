"""Idempotency keys: what makes two findings the same. Both matchers name their findings by these."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from ...core.numbers import decimal_text
from .model import Happening, Missing, Together, period_name, period_of


def together_key(form: Together, chosen: Sequence[Happening]) -> str:
    """chosen: one happening for each clause, in order. The stated fields and period, else the ids."""
    if not form.key:
        return "+".join(sorted(one.id for one in chosen))
    by_name = {clause.name: one for clause, one in zip(form.clauses, chosen, strict=True)}
    period = [period_name(period_of(max(one.on for one in chosen), form.per), form.per)] if form.per else []
    return ":".join([*period, "+".join(_text(by_name[clause].values[field]) for clause, field in form.key)])


def missing_key(form: Missing, due: Happening) -> str:
    return f"{due.on.isoformat()}:{'+'.join(_text(due.values[name]) for name in form.same)}"


def _text(value: Any) -> str:
    if isinstance(value, Fraction):
        return decimal_text(value)
    return value.isoformat() if isinstance(value, date) else str(value)
