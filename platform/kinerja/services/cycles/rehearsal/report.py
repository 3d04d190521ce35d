"""What a rehearsal found, read off the tasks that were done in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from statistics import median
from typing import Any

from ....core.clock import JAKARTA
from ....store import models as db

MOST = 10


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One kind of task. count: how many there were; missed: done late, not at all, or overtaken by their deadline; days: the median
    time from ready to done."""

    task: str
    title: str
    count: int
    missed: int
    days: Fraction


@dataclass(frozen=True, slots=True)
class LoadLine:
    """The busiest week (its Monday) of a person, and the tasks they did in it."""

    name: str
    role: str
    week: date
    tasks: int


@dataclass(frozen=True, slots=True)
class OfficeLine:
    name: str
    tasks: int
    missed: int


@dataclass(frozen=True, slots=True)
class WeekLine:
    """week: its Monday."""

    week: date
    done: int
    missed: int


@dataclass(frozen=True, slots=True)
class Report:
    """bottleneck: the task most deadlines were missed at, "" when none was. last: the day on which the last case closed, or the
    play ended."""

    cycle: str
    title: str
    first: date
    last_of_period: date
    seed: int
    cases: int
    finished: int
    last: date
    tasks: tuple[TaskLine, ...]
    load: tuple[LoadLine, ...]
    offices: tuple[OfficeLine, ...]
    weeks: tuple[WeekLine, ...]
    bottleneck: str
    missed: int
    reminders: int
    escalations: int
    incidents: int
    refused: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_json(cls, value: Mapping[str, Any]) -> Report:
        """A report as it was stored: numbers as Fraction, days as text."""
        plain: dict[str, Any] = {name: int(item) if isinstance(item, Fraction) else item for name, item in value.items()}
        for name in ("first", "last_of_period", "last"):
            plain[name] = date.fromisoformat(value[name])
        plain["tasks"] = tuple(
            TaskLine(t["task"], t["title"], int(t["count"]), int(t["missed"]), t["days"]) for t in value["tasks"]
        )
        plain["load"] = tuple(
            LoadLine(row["name"], row["role"], date.fromisoformat(row["week"]), int(row["tasks"])) for row in value["load"]
        )
        plain["offices"] = tuple(OfficeLine(row["name"], int(row["tasks"]), int(row["missed"])) for row in value["offices"])
        plain["weeks"] = tuple(
            WeekLine(date.fromisoformat(row["week"]), int(row["done"]), int(row["missed"])) for row in value["weeks"]
        )
        return cls(**plain)


def gathered(cycle: Any, seed: int, end: datetime, refused: int) -> Report:
    """The report on a cycle that has been played."""
    query = db.Task.select(db.Task, db.Case.agency, db.Unit.short_name, db.Unit.name).join(db.Case)
    query = query.join(db.Unit, on=(db.Case.agency == db.Unit.id), attr="office").where(db.Case.cycle == cycle.id)
    tasks = list(query.order_by(db.Task.id))
    cases = list(db.Case.select(db.Case.state, db.Case.closed_at).where(db.Case.cycle == cycle.id))
    late = {task.id for task in tasks if _missed(task, end)}
    lines = _lines(tasks, late, datetime.combine(cycle.last + timedelta(days=1), time(), JAKARTA))
    worst = max(lines, key=lambda line: (line.missed, line.days), default=None)
    closed = [case.closed_at for case in cases if case.closed_at is not None]
    in_cycle = db.Incident.select().join(db.Case).where(db.Case.cycle == cycle.id)
    return Report(
        cycle=cycle.code, title=cycle.title, first=cycle.first, last_of_period=cycle.last, seed=seed, cases=len(cases),
        finished=len(closed), last=max(closed, default=end).date() if len(closed) == len(cases) else end.date(), tasks=lines,
        load=_load(tasks), offices=_offices(tasks, late), weeks=_weeks(tasks, late),
        bottleneck=worst.title if worst is not None and worst.missed else "", missed=len(late),
        reminders=sum(task.reminded_at is not None for task in tasks), incidents=in_cycle.count(), refused=refused,
        escalations=sum(task.escalated_at is not None for task in tasks),
    )  # fmt: skip


def _missed(task: Any, end: datetime) -> bool:
    """Done after its deadline, never done, or cancelled by it."""
    return task.due is not None and (task.done_at or end) >= task.due


def _lines(tasks: list[Any], late: set[int], after: datetime) -> tuple[TaskLine, ...]:
    found: dict[str, list[Any]] = {}
    for task in tasks:
        found.setdefault(task.task, []).append(task)
    return tuple(
        TaskLine(name, own[0].title, len(own), sum(task.id in late for task in own), _days(own, after))
        for name, own in found.items()
    )


def _days(tasks: list[Any], after: datetime) -> Fraction:
    """The median wait. after: end of the period; what was ready before and done after it could only be done then."""
    begun = [(task.done_at, max(task.ready_at, after if task.done_at > after else task.ready_at)) for task in tasks if task.done_at]
    waits = [(done - begin) // timedelta(hours=1) for done, begin in begun]
    return Fraction(round(Fraction(median(waits)) * 10 / 24), 10) if waits else Fraction(0)


def _load(tasks: list[Any]) -> tuple[LoadLine, ...]:
    counts = Counter((task.done_by, task.role, _monday(task.done_at)) for task in tasks if task.done_at is not None)
    busiest: dict[str, tuple[int, date, str]] = {}
    for (nip, role, week), count in sorted(counts.items()):
        if role != "pegawai" and count > busiest.get(nip, (0, week, role))[0]:
            busiest[nip] = (count, week, role)
    names = {
        row.nip: row.name for row in db.Person.select(db.Person.nip, db.Person.name).where(db.Person.nip << (list(busiest) or [""]))
    }
    lines = [LoadLine(names.get(nip, nip), role, week, count) for nip, (count, week, role) in busiest.items()]
    return tuple(sorted(lines, key=lambda line: (-line.tasks, line.name))[:MOST])


def _offices(tasks: list[Any], late: set[int]) -> tuple[OfficeLine, ...]:
    counts: dict[str, list[int]] = {}
    for task in tasks:
        own = counts.setdefault(task.case.office.short_name or task.case.office.name, [0, 0])
        own[0] += 1
        own[1] += task.id in late
    lines = [OfficeLine(name, total, missed) for name, (total, missed) in counts.items()]
    return tuple(sorted(lines, key=lambda line: (-line.missed, line.name)))


def _weeks(tasks: list[Any], late: set[int]) -> tuple[WeekLine, ...]:
    done = Counter(_monday(task.done_at) for task in tasks if task.done_at is not None)
    missed = Counter(_monday(task.due) for task in tasks if task.id in late)
    return tuple(WeekLine(week, done[week], missed[week]) for week in sorted(done.keys() | missed.keys()))


def _monday(instant: datetime) -> date:
    return instant.date() - timedelta(days=instant.weekday())
