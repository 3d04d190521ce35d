"""The same main job on real input: an event log's officers become employees of the agency that the map names.

What the log lacks comes from the map's `assumptions:` and is printed as ASUMSI; names are the log's own (pseudonyms stay
pseudonyms), the numbers shaped like a NIP are invented and say so.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from ..bootstrap import founded
from ..core.clock import JAKARTA, FixedClock
from ..core.errors import InputError
from ..core.indonesian import long_date, number
from ..ingest import AssumedFact, EventMap, OfficerMeasure, load_map, measure, read_events
from ..services.casework import cases
from ..services.city import City
from ..services.context import Actor, Context
from ..services.cycles import cycle, planning
from ..services.evaluation import measure as measuring
from ..services.operations import OPERATIONS
from ..settings import load_settings, shipped
from ..store import models as db
from ..store.database import Store
from .build import Cast, Progress, choose_cast, clear, settings_text, settle
from .conduct import conduct_of
from .play import DAYS_BEFORE, Stage, issue_all, play_round
from .report import print_letters, summarise
from .roster import CityPlan, Member, Post, Roster, draw_roster, load_plan
from .summary import Summary

CYCLE = "LOG-2026"
DAYS_AFTER_PERIOD = 20
ASSISTING = ("setda", "bkpsdm", "inspektorat")
"""Agencies whose people appraise, assess and issue; nobody of theirs has a case here."""


def run_on_events(folder: Path, events: Path, map_file: Path, progress: Progress) -> Summary:
    """Read the log through its map, make its officers employees, play a cycle on their measured work, issue and print letters."""
    event_map = load_map(map_file)
    log = read_events(events, event_map)
    measures = measure(log)
    officers = [m for m in measures if m.finished >= event_map.minimum_finished and m.officer not in event_map.no_letter]
    if not officers:
        raise InputError(
            "tidak_ada_petugas",
            f"tidak ada petugas dengan {event_map.minimum_finished} permohonan selesai atau lebih",
            f"no officer has {event_map.minimum_finished} finished requests or more",
            place=event_map.place,
            remedy_id="kecilkan minimum_finished, atau periksa kolom officer",
            remedy_en="lower minimum_finished, or check the officer column",
        )
    progress(f"{len(log.events)} permohonan, {len(measures)} petugas, {len(officers)} di antaranya menjadi pegawai")
    plan = _plan(load_plan(shipped("config") / "demo" / "city.yaml"), event_map)
    leaders = draw_roster(plan, (event_map.unit, *ASSISTING))
    roster, codes = _with_officers(plan, leaders, officers, event_map)
    clear(folder)
    with founded(folder.resolve(), settings_text(plan)) as draft:
        settings = load_settings(draft)
        store = Store.open(settings.database, draft)
        store.upgrade()
        with City(settings, store, FixedClock(plan.clock - timedelta(days=DAYS_BEFORE["susun_skp"])), OPERATIONS) as city:
            cast = choose_cast(roster, event_map.position)
            stage = _play(city, plan, roster, cast, codes, event_map, progress)
            measuring.import_events(stage.holder("bkpsdm"), log, event_map, codes)
            measuring.measure_cycle(stage.holder("bkpsdm"), CYCLE)
            _assess(stage, plan, event_map)
            progress("mencetak surat")
            summary = summarise(stage, plan.cycle_title, folder, print_letters(stage, documents=len(officers)))
    return replace(summary, notes=_notes(log, event_map, measures, officers))


def _plan(plan: CityPlan, event_map: EventMap) -> CityPlan:
    period = event_map.period
    clock = datetime.combine(period.last + timedelta(days=DAYS_AFTER_PERIOD), time(8), JAKARTA)
    return replace(plan, clock=clock, cycle_code=CYCLE, cycle_title=f"Tahun {period.first.year}", period=period)


def _with_officers(
    plan: CityPlan, leaders: Roster, officers: list[OfficerMeasure], event_map: EventMap
) -> tuple[Roster, dict[str, str]]:
    """The leaders' roster with the log's officers in place of invented ones; officer name → NIP-shaped number."""
    room = next(
        m.post.unit for m in leaders.members if m.post.code == event_map.position and m.post.unit.startswith(event_map.unit)
    )
    raw = plan.raw["posts"][event_map.position]
    assumed = {name: fact.value for name, fact in event_map.assumptions.items()}
    job_class, level = assumed.get("kelas_jabatan", raw["class"]), assumed.get("jenjang", raw.get("level"))
    post = Post(event_map.position, raw["title"], room, int(str(job_class)), raw["kind"], level and str(level), False)
    kept = tuple(m for m in leaders.members if m.post.code != event_map.position)
    made = tuple(Member(f"19900101201501{1}{serial:03d}", m.officer, "", post) for serial, m in enumerate(officers, 1))
    return Roster(leaders.units, kept + made), {m.name: m.nip for m in made}


def _play(
    city: City, plan: CityPlan, roster: Roster, cast: Cast, codes: dict[str, str], event_map: EventMap, progress: Progress
) -> Stage:
    settle(city, roster, cast)
    conduct = {nip: conduct_of(nip, plan.seed) for nip in codes.values()}
    behaviour = event_map.assumptions.get("perilaku_kerja")
    if behaviour is not None:
        conduct = {nip: replace(one, behaviour=str(behaviour.value)) for nip, one in conduct.items()}
    clock = city.clock
    assert isinstance(clock, FixedClock)
    holders = {"bkpsdm": cast.hr, "tim_evaluasi": cast.team}
    stage = Stage(city, clock, conduct, holders, {}, progress, plan.cycle_code, cast, roster, plan.clock)
    hr = Context(city, Actor.of(cast.hr[0].name, cast.hr[0].nip, ("bkpsdm",)))
    cycle.open_cycle(
        hr, plan.cycle_code, plan.cycle_title, plan.period, "tahunan", planning.Selection(people=tuple(codes.values()))
    )
    declared = [_assumption(name, fact) for name, fact in event_map.assumptions.items()] + [
        {
            "fact": "nip",
            "label": "NIP",
            "value": "nomor contoh",
            "text": "Nomor contoh",
            "reason": "catatan menyamarkan petugas; nomor ini hanya berbentuk seperti NIP",
        }
    ]
    for case in db.Case.select(db.Case.id).order_by(db.Case.id):
        cases.assume(hr, case.id, declared)
    for task in ("susun_skp", "setujui_skp"):
        progress(task)
        play_round(stage, task, plan.clock - timedelta(days=DAYS_BEFORE[task]))
    clock.set(plan.clock - timedelta(days=DAYS_BEFORE["lapor_realisasi"] + 1))
    return stage


def _assess(stage: Stage, plan: CityPlan, event_map: EventMap) -> None:
    behaviour = event_map.assumptions.get("perilaku_kerja")
    reasons = {"nilai_perilaku": {"alasan_perilaku": f"ASUMSI: {behaviour.reason}"}} if behaviour else {}
    for task in ("lapor_realisasi", "nilai_perilaku", "setujui_penilaian", "nilai_mutu", "tinjau_hasil"):
        stage.progress(task)
        play_round(stage, task, plan.clock - timedelta(days=DAYS_BEFORE[task]), said=reasons.get(task))
    issue_all(stage, plan.clock - timedelta(days=DAYS_BEFORE["terbitkan"]))
    stage.clock.set(plan.clock)


def _assumption(name: str, fact: AssumedFact) -> dict[str, Any]:
    return {
        "fact": name,
        "label": name.replace("_", " ").capitalize(),
        "value": fact.value,
        "text": fact.text,
        "reason": fact.reason,
        "place": fact.place,
    }


def _notes(log: Any, event_map: EventMap, measures: list[OfficerMeasure], officers: list[OfficerMeasure]) -> tuple[str, ...]:
    period, excluded = event_map.period, [m.officer for m in measures if m.officer in event_map.no_letter]
    few = len(measures) - len(officers) - len(excluded)
    lines = [
        f"{number(len(log.events))} permohonan nyata dari {Path(log.file).name}, dinyatakan sebagai periode "
        f"{long_date(period.first)}–{long_date(period.last)}",
        f"{len(officers)} petugas menjadi pegawai; {few} petugas di bawah {event_map.minimum_finished} permohonan hanya diukur",
        f"akun uji/administrasi diukur tanpa surat: {', '.join(excluded)}" if excluded else "",
        f"{len(log.rejected)} baris ditolak, {len(log.warnings)} peringatan",
        f"ASUMSI tercetak pada surat: {', '.join(event_map.assumptions)}" if event_map.assumptions else "",
    ]
    return tuple(line for line in lines if line)
