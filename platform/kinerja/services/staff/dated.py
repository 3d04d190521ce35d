"""What held of a person or a post on a day: status and class change on a day, and a month is paid by what held in it.

The row holds what holds now; what held before stands beside it with its last day. A change without a day mends the record: it is
taken as if it had always been so, since whatever came before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ...core.errors import InputError
from ...core.periods import Period
from ...store import models as db
from ...store.queries import rows

DATED: Mapping[str, str] = {"person": "status", "position": "job_class"}
"""Entity → its column that changes on a day."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Dated:
    """The values of one row. former: (last day, value) in order, as text; now: what the row holds, as text."""

    now: str
    former: tuple[tuple[date, str], ...] = ()

    def on(self, day: date) -> str:
        return next((value for last, value in self.former if day <= last), self.now)

    def cut(self, period: Period) -> tuple[Period, ...]:
        """The period where the value is one and the same, in order; the days of the pieces sum to it."""
        pieces, first = [], period.first
        for last, _ in self.former:
            if first <= last < period.last and self.on(last) != self.on(last + DAY):
                pieces.append(Period(first, last))
                first = last + DAY
        return (*pieces, Period(first, period.last))


def read(entity: str, ids: Iterable[int]) -> dict[int, Dated]:
    """Row → its values."""
    table: Any = {"person": db.Person, "position": db.Position}[entity]
    wanted, name = list(ids), DATED[entity]
    former: dict[int, list[tuple[date, str]]] = {}
    kept = db.FormerValue
    query = kept.select(kept.row, kept.last, kept.value).where(
        kept.entity == entity, kept.name == name, kept.row << (wanted or [0])
    )
    for row, last, value in rows(query.order_by(kept.last)):
        former.setdefault(row, []).append((last, value))
    column = getattr(table, name)
    return {
        row: Dated(str(value), tuple(former.get(row, ())))
        for row, value in rows(table.select(table.id, column).where(table.id << wanted))
    }


def held_on(entity: str, row: int, day: date) -> str:
    """What the row's dated column held on a day."""
    return read(entity, [row])[row].on(day)


def begin(entity: str, row: int, since: date, value: Any, today: date) -> bool:
    """Keep what holds until the day before `since`, on which the row's value begins; what held later is replaced. Whether that
    changes anything: the same value said again does not, an earlier day of it does.

    Raises InputError(`berlaku_di_masa_depan`): the row holds what holds now.
    """
    if since > today:
        raise InputError(
            "berlaku_di_masa_depan",
            f"perubahan yang berlaku sejak {since} dicatat pada hari itu",
            f"a change in force from {since} is recorded on that day",
            remedy_id="pilih hari ini atau sebelumnya",
            remedy_en="choose today or an earlier day",
        )
    kept, name = db.FormerValue, DATED[entity]
    held = read(entity, [row])[row]
    days = (since, *(last + DAY for last, _ in held.former if last >= since))
    if all(held.on(day) == str(value) for day in days):
        return False
    before = held.on(since - DAY)
    mine = (kept.entity == entity) & (kept.row == row) & (kept.name == name)
    kept.delete().where(mine, kept.last >= since - DAY).execute()
    kept.create(entity=entity, row=row, name=name, value=before, last=since - DAY)
    return True


def reached(entity: str, row: int, since: date) -> list[int]:
    """Ids of the cases that rest on the row's value on a day from `since` on: what a correction must look at."""
    case = db.Case
    own = case.person == row if entity == "person" else case.position == row
    return [id for (id,) in rows(case.select(case.id).where(own, case.last >= since, case.cycle.is_null(False)).order_by(case.id))]
