"""The terms of human tasks: read from their attributes, checked, and turned into the instant by which a task is to be done."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ..core.errors import InputError, Place
from . import durations
from .calendar import Calendar
from .catalogue import Report
from .model import Node, ProcessSource, Term, Timer

CALENDARS = ("hari_kerja", "hari_kalender")
AFTER = ("akhir_periode",)
DAYS = ("due", "remind")
NOWHERE = Place("")


def term_of(node: Node) -> Term | None:
    """The term that a task's attributes state; None where they state none."""
    given = node.attributes
    if not given.keys() & {"due", "remind", "escalate"}:
        return None
    return Term(
        _days(given.get("due")), given.get("calendar") or "hari_kerja", given.get("after") == "akhir_periode",
        _days(given.get("remind")), given.get("escalate", ""),
    )  # fmt: skip


def check_terms(source: ProcessSource, roles: tuple[str, ...], report: Report) -> None:
    """P072 to P075 on the human tasks of a process."""
    timed = {node.attached_to for node in source.nodes.values() if node.timer}
    for node in source.nodes.values():
        if node.kind != "userTask":
            continue
        given = node.attributes
        for what in DAYS:
            if what in given and _days(given[what]) is None:
                report.add("P073", node.place, what=what, value=given[what], name=node.name)
            elif what in given and not durations.sensible(given[what]):
                report.add("P076", node.place, what=f"kinerja:{what} ", value=given[what], name=node.name)
        known = {"calendar": CALENDARS, "after": AFTER, "escalate": roles}
        for what, values in known.items():
            if what in given and given[what] not in values:
                near = (given[what], values)
                report.add("P075", node.place, what=what, value=given[what], name=node.name, known=", ".join(values), near=near)
        for what in ("remind", "escalate", "calendar", "after"):
            if what in given and "due" not in given and (what in ("calendar", "after") or node.id not in timed):
                report.add("P074", node.place, what=what, name=node.name)


def due_of(term: Term, ready: datetime, last: date, calendar: Calendar | None) -> datetime | None:
    """The instant by which a task that became ready at `ready` is to be done; last: end of the case's period.

    None where the working days of that year are not known (`unknown_year`): a deadline is never guessed.
    """
    return _counted(term, ready, last, calendar)[0]


def unknown_year(term: Term, ready: datetime, last: date, calendar: Calendar | None) -> int | None:
    """The year without a calendar for which a task has no deadline; None where it has one, or needs none."""
    return _counted(term, ready, last, calendar)[1]


def _counted(term: Term, ready: datetime, last: date, calendar: Calendar | None) -> tuple[datetime | None, int | None]:
    if term.days is None:
        return None, None
    start = ready
    if term.after_period and last > ready.date():
        start = datetime.combine(last, ready.timetz())
    try:
        return durations.due(Timer(f"P{term.days}D", term.calendar, NOWHERE), start, calendar), None
    except InputError as error:
        if error.code != "kalender_tidak_ada":
            raise
        return None, int(error.details.get("year", start.year))


def first_word(term: Term | None, ready: datetime, due: datetime | None) -> datetime | None:
    """When something is first to be said about a task: the reminder, or its escalation; None when nothing is."""
    if term is None or due is None:
        return None
    if term.remind is not None:
        return max(ready, due - timedelta(days=term.remind))
    return due if term.escalate else None


def _days(text: str | None) -> int | None:
    duration = durations.parse_duration(text) if text else None
    return duration.days if duration is not None and duration.days_only else None
