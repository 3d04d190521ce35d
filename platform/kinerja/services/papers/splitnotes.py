"""What a letter says of a period that is shared: its own part, the others, acting posts and absences, with the sum."""

from __future__ import annotations

from datetime import date
from typing import Any

from ...core.indonesian import long_date
from ...core.periods import Period
from ...store import models as db
from ...store.queries import Seat, rows, seats
from ..staff.seats import DEFINITIVE
from ..staff.splitting import months_credited, spans_of


def split_notes(case: Any) -> tuple[str, ...]:
    """Sentences in Indonesian, none for a case that holds its whole period with nothing beside it."""
    own, whole = Period(case.first, case.last), Period(case.cycle.first, case.cycle.last)
    held = seats(db.Person.id == case.person_id)
    notes = [] if own == whole else [_own(own, whole), *_others(held, own, whole)]
    for seat in held:
        if seat.kind != DEFINITIVE and (inside := _inside(seat.first, seat.last or whole.last, own)):
            notes.append(
                f"Selama periode ini ia juga {seat.kind.capitalize()}. {seat.title}, {long_date(inside.first)} sampai dengan "
                f"{long_date(inside.last)} ({inside.days} hari)."
            )
    away = db.Absence
    recorded = away.select(away.first, away.last, away.kind).where(away.person == case.person_id).order_by(away.first)
    for first, last, kind in rows(recorded):
        if inside := _inside(first, last, own):
            notes.append(f"Ketidakhadiran yang tercatat: {kind}, {inside.days} dari {own.days} hari.")
    return tuple(notes)


def _own(own: Period, whole: Period) -> str:
    return (
        f"Penilaian ini meliputi {own.days} dari {whole.days} hari periode, {long_date(own.first)} sampai dengan "
        f"{long_date(own.last)}: {months_credited(own, whole)} dari {whole.months} bulan. Bulan dihitung pada jabatan di hari "
        "terakhirnya."
    )


def _others(held: list[Seat], own: Period, whole: Period) -> list[str]:
    """The other stretches, and that all of them sum to the period."""
    spans = spans_of([seat for seat in held if seat.kind == DEFINITIVE], whole)
    if not any(span.period == own for span in spans):  # assignments have changed since: the sum would not be this letter's
        return []
    told = [
        f"{span.period.days} hari ({span.months} bulan) " + (f"sebagai {span.seat.title}" if span.seat else "tanpa jabatan")
        for span in spans
        if span.period != own
    ]
    days = " + ".join(str(span.period.days) for span in spans)
    months = " + ".join(str(span.months) for span in spans)
    return [f"Bagian lain periode ini: {'; '.join(told)}. Jumlahnya {days} = {whole.days} hari, {months} = {whole.months} bulan."]


def _inside(first: date, last: date, whole: Period) -> Period | None:
    begin, end = max(first, whole.first), min(last, whole.last)
    return Period(begin, end) if begin <= end else None
