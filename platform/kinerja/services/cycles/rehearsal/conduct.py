"""Playing a cycle: a copy of the city in a temporary folder, a clock that jumps from day to day, simulated people."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from ....core.clock import JAKARTA, FixedClock
from ....core.errors import ConflictError, InputError, KinerjaError
from ....core.periods import Period
from ....process import FormError
from ....store import models as db
from ....store.copying import copy
from ....store.database import Store
from ...acts import Done, perform
from ...casework import tasks
from ...city import City
from ...context import SYSTEM, WHOLE_CITY, Actor, Context, require
from ...evaluation import measure
from ...notices import holders_of
from ...reading import TASK_JOINS, load_case
from ...staff.accounts import actor_by_id
from .. import cycle, reminders, timers
from ..planning import Selection, plan_cases
from . import people
from .report import Report, gathered

CODE = "GLADI"
MORNING = time(9)
PLANNING = "perencanaan"
AFTERWARDS = 150
"""Days after the period on which the play ends, whatever is still open."""
LEFT_OUT = (
    "ledger_entry", "receipt", "job", "job_item", "rehearsal", "service_event", "attendance", "import", "letter", "letter_case",
    "number_register", "import_change", "evaluation", "incident", "judgement", "measurement", "notice", "case_move", "case_pause",
)  # fmt: skip
"""What happened in the city is not needed to play another cycle in it; its ground is: rules, processes, people, accounts."""
Progress = Callable[[str], None]


@dataclass
class _Play:
    """One run. stuck: tasks that nobody may lawfully do; done: (day, person) → how much of the day is used."""

    city: City
    clock: FixedClock
    seed: int
    cycle: Any
    stuck: set[int] = field(default_factory=set)
    done: Counter[tuple[date, str]] = field(default_factory=Counter)


def rehearse(
    context: Context, title: str, period: Period, cases: int, seed: int, template: str = "tahunan", code: str = "",
    progress: Progress | None = None,
) -> Report:  # fmt: skip
    """Play a cycle of the period with so many cases, unit by unit, on a copy of the city; keep and answer what was found.

    The city itself is only read, and written to once: the report, kept for the console. code: of the cycle it is about, "" before
    there is one. Opens a second store in this process: not for one that serves. Raises InputError(`gladi_kosong`) where nobody can
    be appraised.
    """
    require(context, "cycle.rehearse", unit=WHOLE_CITY)
    if not 1 <= cases <= 100_000:
        raise InputError("jumlah_kasus", "jumlah kasus gladi 1 sampai 100.000", "a rehearsal takes 1 to 100,000 cases")
    chosen, refused = _choose(context, period, cases, seed)
    live = context.city
    with tempfile.TemporaryDirectory(prefix="gladi-") as place:
        folder = Path(place)
        copy(live.store, folder / "gladi.db", LEFT_OUT)
        calendars = live.settings.folder / "config" / "calendars"
        if calendars.is_dir():
            shutil.copytree(calendars, folder / "config" / "calendars")
        clock = FixedClock(datetime.combine(period.first, MORNING, JAKARTA))
        settings = replace(live.settings, folder=folder, database="sqlite:gladi.db")
        try:
            with City(settings, Store.open(settings.database, folder), clock, live.operations, engines=live.engines) as copied:
                report = _played(copied, clock, title, period, template, chosen, seed, refused, progress)
        finally:
            live.store.activate()
    report = replace(report, cycle=code)
    _keep(context, report)
    return report


def last(context: Context, code: str = "") -> Report | None:
    """The last rehearsal of a cycle ("": of any), None before the first."""
    require(context, "overview.read")
    query = db.Rehearsal.select().order_by(db.Rehearsal.id.desc())
    row: Any = (query.where(db.Rehearsal.cycle == code) if code else query).first()
    return Report.of_json(row.report) if row is not None else None


def _keep(context: Context, report: Report) -> None:
    def work() -> Done:
        at = context.city.clock.now()
        row = db.Rehearsal.create(
            cycle=report.cycle, cases=report.cases, seed=report.seed, report=report.as_json(), rehearsed_by=context.actor.id,
            rehearsed_at=at,
        )  # fmt: skip
        return Done(
            f"cycle:{report.cycle}" if report.cycle else "rehearsal",
            f"Gladi {report.title}: {report.cases} kasus, {report.missed} tenggat terlewat",
            f"Rehearsal of {report.title}: {report.cases} cases, {report.missed} deadlines missed",
            payload={"rehearsal": row.id, "cases": report.cases, "seed": report.seed, "missed": report.missed},
        )

    perform(context, "cycle.rehearse", work)


def _choose(context: Context, period: Period, cases: int, seed: int) -> tuple[tuple[str, ...], int]:
    """NIPs of the people who play: whole units in a drawn order, so that the load of an appraiser is what it would be."""
    policy = context.city.policy(context.city.release().fingerprint)
    plans = plan_cases(context, policy, period, Selection())
    units: dict[int, list[str]] = {}
    for plan in plans:
        if not plan.obstacles:
            units.setdefault(plan.seat.unit, []).append(plan.seat.nip)
    order = sorted(units)
    people.draw(seed, "units").shuffle(order)
    found = [nip for unit in order for nip in units[unit]][:cases]
    if not found:
        raise InputError("gladi_kosong", "tidak ada pegawai yang dapat dinilai", "nobody can be appraised")
    return tuple(dict.fromkeys(found)), sum(bool(plan.obstacles) for plan in plans)


def _played(
    city: City, clock: FixedClock, title: str, period: Period, template: str, chosen: tuple[str, ...], seed: int, refused: int,
    progress: Progress | None,
) -> Report:  # fmt: skip
    with city.store.transaction():  # what runs in the city does not run in its rehearsal
        db.Task.update(state="cancelled").where(db.Task.state << ("ready", "held", "paused")).execute()
        db.Case.update(state="closed", next_timer=None).where(db.Case.state != "closed").execute()
    system = Context(city, SYSTEM)
    cycle.open_cycle(system, CODE, title, period, template, Selection(people=chosen))
    play = _Play(city, clock, seed, db.Cycle.get(db.Cycle.code == CODE))
    end = period.last + timedelta(days=AFTERWARDS)
    day, month = period.first, 0
    while day <= end and _open(play):
        if _works(city, day):
            clock.set(datetime.combine(day, MORNING, JAKARTA))
            timers.fire(system)
            reminders.remind(system)
            _day(play, day)
        if progress and day.month != month:
            month = day.month
            progress(f"{day:%Y-%m}")
        day = _next(play, day)
    return gathered(play.cycle, seed, clock.now(), refused)


def _open(play: _Play) -> bool:
    return bool(db.Case.select().where(db.Case.cycle == play.cycle.id, db.Case.state == "open").exists())


def _works(city: City, day: date) -> bool:
    calendar = city.calendar
    return calendar.is_working(day) if calendar is not None and day.year in calendar.years else day.weekday() < 5


def _day(play: _Play, day: date) -> None:
    """Everyone looks at what waits for them; some get to it, as far as the day is long."""
    waiting = TASK_JOINS().where(db.Task.state == "ready", db.Cycle.id == play.cycle.id).order_by(db.Task.id)
    for number, task in enumerate(list(waiting)):
        if task.id not in play.stuck and not _too_early(play, task, day):
            play.clock.set(datetime.combine(day, MORNING, JAKARTA) + timedelta(seconds=number % 25_000))
            _somebody(play, task, day)


def _somebody(play: _Play, task: Any, day: date) -> None:
    ids = [task.assignee_id] if task.assignee_id is not None else holders_of(Context(play.city, SYSTEM), task.case, task.role)
    organisation = play.city.organisation(day)
    rows: Iterable[Any] = db.Person.select().where(db.Person.id << (ids or [0])).order_by(db.Person.id)
    refused = 0
    for person in rows:
        if organisation.absence(person.id, day) or play.done[day, person.nip] >= people.capacity(task.role):
            continue
        chance = people.draw(play.seed, person.nip, task.task, task.case.person.nip, day.toordinal()).randrange(100)
        if chance >= people.readiness(play.seed, person.nip, reminded=task.reminded_at is not None):
            continue
        try:
            _do(play, task, actor_by_id(person.nip), day)
        except ConflictError:
            return  # overtaken by its deadline
        except FormError:
            play.stuck.add(task.id)
            return
        except KinerjaError:
            refused += 1  # own case, own unit, a tie: the next holder of the role
            continue
        play.done[day, person.nip] += 1
        return
    if refused and refused == len(ids):
        play.stuck.add(task.id)


def _do(play: _Play, task: Any, actor: Actor, day: date) -> None:
    city, random = play.city, people.draw(play.seed, task.task, task.case.person.nip, day.toordinal())
    if task.stage != PLANNING:  # whoever reports also has their evidence
        for item in people.unmeasured(task.case_id):
            measure.record(Context(city, SYSTEM), task.case_id, item.code, people.actual(item, random), "gladi siklus")
    form = tasks.form_for(Context(city, SYSTEM), load_case(task.case_id), task)
    given = people.answers(form, random, city.fact_values, day) if form is not None else {}
    tasks.complete(Context(city, actor), task.id, given)


def _version(task: Any) -> Any:
    return task.case.process


def _after_period(play: _Play, task: Any) -> bool:
    term = play.city.definition(_version(task)).tasks[task.task].term
    return term is not None and term.after_period


def _too_early(play: _Play, task: Any, day: date) -> bool:
    return _after_period(play, task) and day <= task.case.last


def _next(play: _Play, day: date) -> date:
    """The next day on which anything can happen: tomorrow, or the end of the period when all that waits is due after it."""
    following = day + timedelta(days=1)
    names = {task.task for task in db.Task.select(db.Task.task).where(db.Task.state == "ready").distinct()}
    definition = play.city.definition(play.city.process_version(cycle.PROCESS))
    waits = [definition.tasks[name].term for name in names if name in definition.tasks]
    if waits and all(term is not None and term.after_period for term in waits) and following <= play.cycle.last:
        return date.fromordinal(play.cycle.last.toordinal() + 1)
    return following
