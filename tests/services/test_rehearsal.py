"""Rehearsing a cycle: on a copy, the same for the same seed, and what it finds is what its people did."""

from __future__ import annotations

import hashlib
import sqlite3
import time
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kinerja.core.errors import ConflictError, ForbiddenError, InputError
from kinerja.core.exactjson import dumps, loads
from kinerja.core.periods import Period
from kinerja.jobs import Timekeeper
from kinerja.services.cycles import joblist, rehearsal
from kinerja.services.cycles.rehearsal import asked
from kinerja.services.staff import people
from kinerja.services.staff.people import AssignmentEntry, PersonEntry
from kinerja.store import models as db
from kinerja.store.copying import copy

NEXT = Period(date(2026, 7, 1), date(2026, 9, 30))


def rows_of_the_city() -> str:
    digest = hashlib.sha256()
    for model in (db.Cycle, db.Case, db.PlanItem, db.Task, db.Measurement, db.Notice, db.Evaluation, db.Letter):
        for row in model.select().order_by(model.id).tuples():
            digest.update(repr(row).encode())
    return digest.hexdigest()


@pytest.mark.slow
def test_a_rehearsal_plays_whole_cases_and_leaves_the_city_alone(town: Any) -> None:
    before = rows_of_the_city()
    entries = db.LedgerEntry.select().count()
    report = rehearsal.rehearse(town.context("hr"), "Triwulan III", NEXT, 6, seed=3)
    assert rows_of_the_city() == before
    assert db.LedgerEntry.select().count() == entries + 1, "the report alone"
    assert (report.cases, report.finished, report.refused) == (6, 6, 1)
    assert report.last > NEXT.last
    counts = {line.task: line.count for line in report.tasks}
    assert counts["susun_skp"] >= 6
    assert counts["terbitkan"] >= 6
    assert sum(line.missed for line in report.tasks) == report.missed == sum(line.missed for line in report.offices)
    assert sum(week.done for week in report.weeks) <= sum(counts.values())
    assert rehearsal.last(town.context("hr")) == report
    assert not list(Path(town.city.folder).glob("gladi*"))


@pytest.mark.slow
def test_the_same_seed_plays_the_same_way(town: Any) -> None:
    one, two, other = (rehearsal.rehearse(town.context("hr"), "T", NEXT, 5, seed=seed) for seed in (1, 1, 2))
    assert dumps(one) == dumps(two)
    assert dumps(one) != dumps(replace(other, seed=1))
    assert rehearsal.Report.of_json(loads(dumps(one.as_json()))) == one


@pytest.mark.slow
def test_an_appraiser_with_many_people_is_the_bottleneck(town: Any) -> None:
    """Forty people under one head of division: what one person can do in a day is what holds them up."""
    nips = [f"2000{number:014d}" for number in range(40)]
    people.establish(
        town.system, (), (), [PersonEntry(nip, f"Orang {nip[-2:]}") for nip in nips],
        [AssignmentEntry(nip, "operator_layanan_adminduk", "dukcapil.1", date(2020, 1, 1)) for nip in nips],
    )  # fmt: skip
    report = rehearsal.rehearse(town.context("hr"), "Triwulan III", NEXT, 43, seed=1)
    assert report.cases == 43
    heaviest = max(report.load, key=lambda line: line.tasks)
    assert (heaviest.name, heaviest.role) in {("Kabid", "pejabat_penilai"), ("Kadis", "atasan_pejabat_penilai")} or (
        heaviest.role == "bkpsdm"
    )
    kabid = next(line for line in report.load if line.name == "Kabid")
    assert kabid.tasks >= 15
    assert report.missed > 0
    assert report.bottleneck
    assert any(line.name == "Disdukcapil" and line.missed for line in report.offices)


@pytest.mark.slow
def test_the_chart_is_a_picture_of_the_report(town: Any) -> None:
    report = rehearsal.rehearse(town.context("hr"), "Triwulan <III>", NEXT, 5, seed=1)
    picture = rehearsal.chart(report)
    root = ET.fromstring(picture)
    words = [element.text or "" for element in root.iter() if element.tag.endswith("text")]
    assert "Gladi siklus Triwulan <III>" in words
    assert any(f"{report.missed} tenggat terlewat" in text for text in words)
    assert sum(element.tag.endswith("title") for element in root.iter()) == len(report.weeks)
    assert rehearsal.chart(report) == picture
    assert any("hari" in line for line in rehearsal.told(report))
    empty = replace(report, tasks=(), load=(), offices=(), weeks=(), bottleneck="", missed=0)
    ET.fromstring(rehearsal.chart(empty))
    assert report.tasks[0].days == Fraction(report.tasks[0].days)


def test_who_may_rehearse_and_what(town: Any) -> None:
    with pytest.raises(ForbiddenError):
        rehearsal.rehearse(town.context("budi"), "T", NEXT, 5, seed=1)
    with pytest.raises(InputError):
        rehearsal.rehearse(town.context("hr"), "T", NEXT, 0, seed=1)


@pytest.mark.postgres
def test_a_copy_of_postgresql_is_played_on(postgres_town: Any, tmp_path: Path) -> None:
    report = rehearsal.rehearse(postgres_town.context("hr"), "Triwulan III", NEXT, 4, seed=3)
    assert (report.cases, report.finished) == (4, 4)
    copy(postgres_town.city.store, tmp_path / "salinan.db")
    import sqlite3

    with sqlite3.connect(tmp_path / "salinan.db") as copied:
        assert copied.execute('SELECT COUNT(*) FROM "ledger_entry"').fetchone()[0] == db.LedgerEntry.select().count()


@pytest.mark.slow
# ── asked for in the console ──────────────────────────────────────────────────────────────────────────────────────────
def test_a_rehearsal_that_is_asked_for_is_a_job_with_progress(town: Any) -> None:
    with pytest.raises(ForbiddenError):
        rehearsal.begin(town.context("budi"), "T", NEXT, 3, 1)
    with pytest.raises(InputError):
        rehearsal.begin(town.context("hr"), "T", NEXT, 2_001, 1)
    job = int(rehearsal.begin(town.context("hr"), "Triwulan III", NEXT, 3, 1).values["job"])
    with pytest.raises(ConflictError) as caught:
        rehearsal.begin(town.context("hr"), "Triwulan III", NEXT, 3, 1)
    assert caught.value.code == "pekerjaan_berjalan"
    assert joblist.go_on(town.city) is False, "a process that serves does not play it"
    assert rehearsal.waiting(town.city) == job
    seen: list[tuple[str, int]] = []
    url = f"file:{town.city.folder / 'kota.db'}?mode=ro"

    def looked(month: str) -> None:
        with sqlite3.connect(url, uri=True) as outside:
            seen.append((month, outside.execute("SELECT done FROM job WHERE id = ?", (job,)).fetchone()[0]))

    report = rehearsal.play(town.city, job, looked)
    assert [done for _, done in seen] == list(range(1, len(seen) + 1))
    assert seen[0][0] == "2026-07"
    assert rehearsal.last(town.context("hr")) == report
    view, _ = joblist.job(town.context("hr"), job)
    assert (view.state, view.left, view.percent) == ("done", 0, 100)
    assert rehearsal.waiting(town.city) is None


@pytest.mark.slow
def test_a_rehearsal_that_stopped_is_played_anew(town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    job = int(rehearsal.begin(town.context("hr"), "Triwulan III", NEXT, 3, 1).values["job"])

    def fails(*_: Any, **__: Any) -> None:
        raise InputError("uji", "mati", "dead")

    with monkeypatch.context() as patched:
        patched.setattr(asked, "rehearse", fails)
        with pytest.raises(InputError):
            rehearsal.play(town.city, job)
    assert joblist.job(town.context("hr"), job)[0].state == "stopped"
    assert rehearsal.waiting(town.city) is None
    rehearsal.again(town.context("hr"), job)
    assert rehearsal.waiting(town.city) == job
    rehearsal.play(town.city, job)
    with pytest.raises(ConflictError):
        rehearsal.play(town.city, job)


@pytest.mark.slow
def test_a_process_that_cannot_begin_is_not_begun_for_ever(town: Any) -> None:
    (town.city.folder / "kinerja.toml").write_text("[store]\nurl = 1\n", "utf-8")
    job = int(rehearsal.begin(town.context("hr"), "Triwulan III", NEXT, 2, 1).values["job"])
    keeper = Timekeeper(town.city)
    assert keeper.rehearse() is not None
    deadline = time.monotonic() + 60
    while joblist.job(town.context("hr"), job)[0].state == "running" and time.monotonic() < deadline:
        time.sleep(0.2)
        keeper.rehearse()
    view = joblist.job(town.context("hr"), job)[0]
    assert view.state == "stopped"
    assert view.trouble["code"] == "gladi_berhenti"


@pytest.mark.slow
def test_a_served_city_plays_it_in_a_process_of_its_own(town: Any) -> None:
    (town.city.folder / "kinerja.toml").write_text(
        '[store]\nurl = "sqlite:kota.db"\n[web]\nsecret = "rahasia-uji-yang-panjang"\n', "utf-8"
    )
    job = int(rehearsal.begin(town.context("hr"), "Triwulan III", NEXT, 2, 1).values["job"])
    keeper = Timekeeper(town.city)
    assert keeper.rehearse() is not None
    assert keeper.rehearse() is None, "one at a time"
    deadline = time.monotonic() + 240
    while joblist.job(town.context("hr"), job)[0].state == "running" and time.monotonic() < deadline:
        time.sleep(0.2)
    keeper.stop()
    assert joblist.job(town.context("hr"), job)[0].state == "done"
    assert rehearsal.last(town.context("hr")).cases == 2
