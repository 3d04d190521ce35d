"""Tasks that should have a deadline and have none, since no calendar of the city knows their year: said with the remedy, mended
as soon as the calendar is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import peewee

from ...process import Term, Text, due_of, first_word, unknown_year
from ...store import models as db
from ...store.queries import rows
from ..acts import Done, perform
from ..context import WHOLE_CITY, Context, require
from ..notices import holders_of, tell
from ..reading import load_case

READERS = ("bkpsdm", "administrator")
NEWS = Text(
    "Kalender hari kerja {tahun} belum ada, jadi tugas yang jatuh pada tahun itu tidak bertenggat. Tambahkan {berkas}; tenggatnya "
    "menyusul sendiri.",
    "There is no working-day calendar for {tahun}, so tasks due in that year have no deadline. Add {berkas}; their deadlines "
    "follow by themselves.",
)


@dataclass(frozen=True, slots=True)
class Undated:
    """years: year → how many tasks wait without a deadline because no calendar knows it. files: the calendar files to add."""

    years: dict[int, int]
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    """Waiting tasks without a deadline that would have the same one. due: None where `year` is not known."""

    task: str
    process: int
    ready_at: datetime
    last: date
    count: int
    case: int
    term: Term
    due: datetime | None
    year: int | None


def undated(context: Context, cycle: str | None = None) -> Undated:
    """What waits without a deadline for want of a calendar, in a cycle or in all open cases."""
    years: dict[int, int] = {}
    for group in _groups(context, cycle):
        if group.due is None and group.year is not None:
            years[group.year] = years.get(group.year, 0) + group.count
    return Undated(dict(sorted(years.items())), tuple(_file(context, year) for year in sorted(years)))


def date_tasks(context: Context) -> int:
    """Give a deadline to what can have one now; tell HR and administrators, once, of each year that still wants a calendar.

    How many tasks were given one.
    """
    require(context, "process.load", unit=WHOLE_CITY)
    found = list(_groups(context, None))
    for year in sorted({group.year for group in found if group.due is None and group.year is not None}):
        _warn(context, year, next(group.case for group in found if group.year == year))
    ready = [group for group in found if group.due is not None]
    if not ready:
        return 0

    def work() -> Done:
        count = 0
        for group in ready:
            said = {"due": group.due, "remind_at": first_word(group.term, group.ready_at, group.due)}
            count += db.Task.update(**said).where(db.Task.id << _of(group)).execute()
        return Done(
            "tasks",
            f"{count} tugas mendapat tenggat sesudah kalendernya ada",
            f"{count} tasks were given a deadline once their calendar was there",
            payload={"count": count},
            values={"count": count},
        )

    return int(perform(context, "task.date", work).values["count"])


def _groups(context: Context, cycle: str | None) -> Iterator[_Group]:
    keys = (db.Case.process, db.Task.task, db.Task.ready_at, db.Case.last)
    query = db.Task.select(*keys, peewee.fn.COUNT(db.Task.id), peewee.fn.MIN(db.Case.id)).join(db.Case)
    query = query.where(db.Task.state == "ready", db.Task.due.is_null(), db.Case.state == "open").group_by(*keys).order_by(*keys)
    if cycle is not None:
        query = query.where(db.Case.cycle << db.Cycle.select(db.Cycle.id).where(db.Cycle.code == cycle))
    calendar = context.city.calendar
    definitions: dict[int, Any] = {}
    for process, task, ready_at, last, count, case in rows(query):
        if process not in definitions:
            definitions[process] = context.city.definition(db.ProcessVersion.get_by_id(process))
        known = definitions[process].tasks.get(task)
        if known is None or known.term is None or known.term.days is None:
            continue
        due, year = due_of(known.term, ready_at, last, calendar), unknown_year(known.term, ready_at, last, calendar)
        yield _Group(task, process, ready_at, last, count, case, known.term, due, year)


def _of(group: _Group) -> Any:
    same = (db.Case.process == group.process) & (db.Case.last == group.last) & (db.Case.state == "open")
    mine = (db.Task.task == group.task) & (db.Task.ready_at == group.ready_at) & (db.Task.state == "ready") & db.Task.due.is_null()
    return db.Task.select(db.Task.id).join(db.Case).where(same, mine)


def _file(context: Context, year: int) -> str:
    calendar = context.city.calendar
    return f"config/calendars/{calendar.name if calendar else 'kotalama'}-{year}.yaml"


def _warn(context: Context, year: int, case_id: int) -> None:
    """Once for each year, whoever looks and how often: that it was said stands among the notices."""
    words = Text(*(text.format(tahun=year, berkas=_file(context, year)) for text in (NEWS.id, NEWS.en)))
    case = load_case(case_id)
    if db.Notice.select().where(db.Notice.text == words.id).exists():
        return

    def work() -> Done:
        people = sorted({person for role in READERS for person in holders_of(context, case, role)})
        tell(context, case, people, words)
        return Done(f"case:{case_id}", words.id, words.en, payload={"year": year, "told": len(people)})

    perform(context, "task.undated", work)
