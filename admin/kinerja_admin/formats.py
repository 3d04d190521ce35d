"""How numbers, dates and values look on the screen, in the reader's language. Exact numbers in, text out."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import Any

from flask import Flask

from kinerja.core import english, indonesian
from kinerja.core.clock import JAKARTA, Clock, last_day
from kinerja.core.numbers import parse_number
from kinerja.policy.proof.domain import shown

from .texts import _, language, word

_SWAP = str.maketrans(",.", ".,")


def number(value: Any, digits: int | None = None) -> str:
    """1234.5 → "1.234,5" (id) or "1,234.5" (en); text that is a decimal literal counts as a number; None → "–"."""
    if value is None or value == "":
        return "–"
    exact = parse_number(value) if isinstance(value, str) else Fraction(value)
    text = indonesian.number(exact, digits)
    return text.translate(_SWAP) if language() == "en" else text


def rupiah(value: Any) -> str:
    return "–" if value is None else indonesian.money(number(value)).replace(" ", "\u00a0")


def day(value: date | datetime | str | None) -> str:
    """A date in words."""
    if value is None or value == "":
        return "–"
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
    if isinstance(value, datetime):
        value = value.astimezone(JAKARTA).date() if value.tzinfo else value.date()
    if language() == "en":
        return english.long_date(value)
    return indonesian.long_date(value)


def month(value: date) -> str:
    """The month of a day in words, "Juni 2026"."""
    return f"{(english if language() == 'en' else indonesian).MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime | str | None) -> str:
    """A date in words with the time of day in Jakarta."""
    if value is None or value == "":
        return "–"
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    local = value.astimezone(JAKARTA) if value.tzinfo else value
    return f"{day(local)}, {local:%H.%M}" if language() == "id" else f"{day(local)}, {local:%H:%M}"


def value(thing: Any, kind: str = "value", digits: int | None = None) -> str:
    """Any plain value of a fact or an output."""
    if thing is None:
        return _("belum ada")
    if isinstance(thing, bool):
        return _("ya") if thing else _("tidak")
    if isinstance(thing, int | Fraction):
        return number(thing, digits)
    if isinstance(thing, datetime):
        return moment(thing)
    if isinstance(thing, date):
        return day(thing)
    if isinstance(thing, list | tuple):
        return "; ".join(value(item, kind, digits) for item in thing) or _("tidak ada")
    return word(kind, thing)


def written(thing: Any) -> str:
    """A value as rule files write it: 76.61, true, null, [10, 45]."""
    return thing.isoformat() if isinstance(thing, date) else shown(Fraction(thing)) if type(thing) is int else shown(thing)


def by(due: date | datetime | None) -> str:
    """The last day on which something is in time, in words: a deadline in days ends with the midnight after it."""
    return day(last_day(due) if isinstance(due, datetime) else due)


def time_left(due: date | datetime | None, clock: Clock) -> tuple[str, str]:
    """How far a due date is, in words, and how pressing: "", "warn" (within three days) or "bad" (past)."""
    if due is None:
        return "", ""
    now = clock.now()
    if isinstance(due, datetime):
        local = due.astimezone(JAKARTA) if due.tzinfo else due.replace(tzinfo=JAKARTA)
        late, days = local <= now, (last_day(local) - now.date()).days
    else:
        late, days = due < now.date(), (due - now.date()).days
    if late:
        return (_("terlambat %(n)s hari", n=-days) if days < 0 else _("lewat tenggat hari ini")), "bad"
    if days == 0:
        return _("hari ini"), "warn"
    return _("%(n)s hari lagi", n=days), "warn" if days <= 3 else ""


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        number=number, rupiah=rupiah, day=day, by=by, month=month, moment=moment, value=value, written=written
    )
