"""The demo's main job, from an empty folder to letters: build, play, issue, and leave work open at every stage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ..bootstrap import founded
from ..core.clock import FixedClock
from ..services.city import City
from ..services.context import Actor, Context
from ..services.cycles import cycle
from ..services.evaluation import measure
from ..services.operations import OPERATIONS
from ..settings import load_settings, shipped
from ..store.database import Store
from .act import Programme, Sight
from .acts import ACTS
from .build import Cast, Progress, choose_cast, clear, record, settings_text, settle
from .conduct import conduct_of
from .play import DAYS_BEFORE, Stage, issue_all, play_round, report_actuals
from .report import print_letters, summarise
from .roster import CityPlan, Roster, draw_roster, load_plan
from .summary import Summary

READERS_OF_TEN = 6
CAST_AGENCIES = ("setda", "bkpsdm", "inspektorat", "dukcapil")


def run_demo(folder: Path, progress: Progress, agencies: tuple[str, ...] | None = None) -> Summary:
    """Build the demo city in `folder`, replacing an earlier demo city, and play one cycle in it.

    agencies: codes of those that take part, None = all; `CAST_AGENCIES` are the fewest a cycle can be played with.
    """
    plan = load_plan(shipped("config") / "demo" / "city.yaml")
    roster = draw_roster(plan, agencies)
    clear(folder)
    with founded(folder.resolve(), settings_text(plan)) as draft:
        settings = load_settings(draft)
        store = Store.open(settings.database, draft)
        store.upgrade()
        clock = FixedClock(plan.clock - timedelta(days=DAYS_BEFORE["susun_skp"] + 3))
        with City(settings, store, clock, OPERATIONS) as city:
            stage, sights = _play(city, clock, plan, roster, progress)
            progress("mencetak surat")
            printed = print_letters(stage)
            summary = summarise(stage, plan.cycle_title, folder, printed, sights)
    return summary


def _play(city: City, clock: FixedClock, plan: CityPlan, roster: Roster, progress: Progress) -> tuple[Stage, tuple[Sight, ...]]:
    cast = choose_cast(roster)
    progress(f"{len(roster.members)} orang, {len(roster.agencies)} perangkat daerah")
    settle(city, roster, cast)
    conduct = {member.nip: conduct_of(member.nip, plan.seed) for member in roster.members}
    hr = Context(city, Actor.of(cast.hr[0].name, cast.hr[0].nip, ("bkpsdm",)))
    progress("membuka siklus")
    cycle.open_cycle(hr, plan.cycle_code, plan.cycle_title, plan.period, "semester")
    stay, later = _stay_open(roster)
    holders = {"bkpsdm": cast.hr, "tim_evaluasi": cast.team}
    stage = Stage(city, clock, conduct, holders, stay, progress, plan.cycle_code, cast, roster, plan.clock)

    programme = Programme(ACTS, plan.clock)

    def at(task: str) -> datetime:
        return plan.clock - timedelta(days=DAYS_BEFORE[task])

    def turn(task: str, before: Callable[[Stage, Any], None] | None = None) -> None:
        programme.play_until(stage, at(task))
        progress(task)
        play_round(stage, task, at(task), before)

    for task in ("susun_skp", "setujui_skp"):
        turn(task)
    programme.play_until(stage, at("lapor_realisasi") - timedelta(days=1))
    clock.set(at("lapor_realisasi") - timedelta(days=1))
    record(city, roster, plan, hr, conduct, progress)
    measure.measure_cycle(hr, plan.cycle_code)
    for task in ("lapor_realisasi", "nilai_perilaku", "setujui_penilaian", "nilai_mutu"):
        turn(task, report_actuals if task == "lapor_realisasi" else None)
    _keep_one_review(stage)
    turn("tinjau_hasil")
    programme.play_until(stage, at("terbitkan"))
    issue_all(stage, at("terbitkan"))
    # only now these come through to Terbitkan, so that one waits there
    stage.held["nilai_mutu"] -= later
    play_round(stage, "nilai_mutu", clock.now())
    _keep_some_unread(stage, cast)
    turn("baca_hasil")
    programme.play_until(stage, plan.clock)
    clock.set(plan.clock)
    return stage, tuple(programme.sights)


def _stay_open(roster: Roster) -> tuple[dict[str, set[str]], set[str]]:
    """Task → people whose case stays there: a registry operator at each, the first one waiting for the appraiser's rating."""
    operators = [m.nip for m in roster.members if m.post.code == "operator_layanan_adminduk"]
    others = [m.nip for m in roster.members if m.post.code == "pengadministrasi_umum"]
    order = ("nilai_perilaku", "susun_skp", "setujui_skp", "lapor_realisasi", "setujui_penilaian", "nilai_mutu")
    stay = {task: {operators[place]} for place, task in enumerate(order)}
    for place, task in enumerate(("susun_skp", "nilai_perilaku", "setujui_penilaian")):
        stay[task].add(others[place])
    later = {operators[len(order)]}
    stay["nilai_mutu"] |= later
    return stay, later


def _keep_one_review(stage: Stage) -> None:
    """Leave the first low result for the reader to review."""
    from ..store import models as db

    first = (
        db.Task.select(db.Task, db.Case, db.Person)
        .join(db.Case)
        .join(db.Person, on=(db.Case.person == db.Person.id), attr="person")
        .where(db.Task.task == "tinjau_hasil", db.Task.state == "ready")
        .order_by(db.Task.id)
        .first()
    )
    if first is not None:
        stage.held["tinjau_hasil"] = {first.case.person.nip}


def _keep_some_unread(stage: Stage, cast: Cast) -> None:
    """Not everybody has read their result yet; the window for objections still runs."""
    unread = {nip for nip, conduct in stage.conduct.items() if conduct.random.randrange(10) >= READERS_OF_TEN}
    stage.held["baca_hasil"] = unread | {cast.employee.nip}
