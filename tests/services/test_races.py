"""Many at once, and death in the middle: with real processes on a real file."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kinerja.services.casework import tasks
from kinerja.services.context import SYSTEM, Actor, Context
from kinerja.services.cycles import cycle
from kinerja.services.cycles.planning import Selection
from kinerja.services.openness import audit
from kinerja.store import models as db

RACING = Path(__file__).with_name("racing.py")
WORKERS = 8
CROWD = 200


def two_hundred(town: Any) -> None:
    """So many plans that wait for their appraiser, in a cycle of their own."""
    post = db.Position.get(db.Position.code == "operator_layanan_adminduk")
    with town.city.store.transaction():
        for number in range(CROWD):
            person = db.Person.create(nip=f"2000{number:014d}", name=f"Orang {number:03d}")
            db.Assignment.create(person=person, position=post, first=date(2020, 1, 1))
    people = Selection(people=tuple(f"2000{number:014d}" for number in range(CROWD)))
    cycle.open_cycle(town.context("hr"), "RAMAI", "Ramai", town.period, "semester", people)
    waiting = db.Task.select().join(db.Case).join(db.Cycle).where(db.Cycle.code == "RAMAI", db.Task.state == "ready")
    for task in list(waiting.order_by(db.Task.id)):
        tasks.complete(Context(town.city, Actor.of("x", task.assignee.nip)), task.id, {"sudah_baca_standar": True})


def assert_once_each(results: Any) -> None:
    ids = {task for task, _ in results}
    assert len(ids) == CROWD
    assert {result for _, result in results} == {"approved", "409"}
    for task in ids:
        assert (results[(task, "approved")], results[(task, "409")]) == (1, WORKERS - 1)


def run(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, str(RACING), *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_eight_processes_approve_and_exactly_one_wins_each(town: Any, race: Callable[[Path, str], Any]) -> None:
    for name in ("sari", "budi", "citra"):
        town.do(name, "susun_skp", name, sudah_baca_standar=True)
    results = race(town.city.folder, "sqlite:kota.db")
    ids = {task for task, _ in results}
    assert len(ids) == 3
    for task in ids:
        assert results[(task, "approved")] == 1
        assert results[(task, "409")] == WORKERS - 1
    assert db.Task.select().where(db.Task.task == "lapor_realisasi", db.Task.state == "ready").count() == 3
    assert db.LedgerEntry.select().where(db.LedgerEntry.payload.contains("setujui_skp")).count() == 3
    assert audit.verify_ledger(town.system).bad is None


@pytest.mark.slow
def test_two_hundred_plans_are_approved_once_each_by_eight_at_once(town: Any, race: Callable[[Path, str], Any]) -> None:
    """R3: exactly one approval each, seven refusals as conflicts, nothing else."""
    two_hundred(town)
    results = race(town.city.folder, "sqlite:kota.db")
    assert_once_each(results)
    assert db.LedgerEntry.select().where(db.LedgerEntry.payload.contains("setujui_skp")).count() == CROWD
    assert audit.verify_ledger(town.system).bad is None


@pytest.mark.slow
def test_kill_nine_at_any_moment_loses_and_doubles_nothing(opened: Path, tmp_path: Path, open_city: Callable[..., Any]) -> None:
    moments = random.Random(7)
    for attempt in range(6):
        folder = tmp_path / f"kota-{attempt}"
        shutil.copytree(opened, folder)
        worker = run("work", str(folder), "sqlite:kota.db")
        assert worker.stdout is not None
        said = [worker.stdout.readline()] if attempt else []  # also before the first receipt
        time.sleep(moments.uniform(0, 0.08) + (0 if attempt else 0.6))
        worker.send_signal(signal.SIGKILL)
        said += worker.stdout.readlines()
        worker.wait(10)
        worker.stdout.close()
        worker.stdin.close()  # type: ignore[union-attr]
        promised = {int(line.split()[0]): int(line.split()[1]) for line in said if line.strip() not in ("", "end")}
        with open_city(folder) as city:
            context = Context(city, SYSTEM)
            assert audit.verify_ledger(context).bad is None
            done = {task.id for task in db.Task.select().where(db.Task.task == "susun_skp", db.Task.state == "done")}
            entered = db.LedgerEntry.select().where(db.LedgerEntry.act == "task.complete").count()
            assert set(promised) <= done
            assert len(done) == entered, "an act and its ledger entry stand or fall together"
            assert db.Task.select().where(db.Task.task == "setujui_skp", db.Task.state == "ready").count() == len(done)
            for task in db.Task.select().where(db.Task.task == "susun_skp", db.Task.state == "ready"):
                tasks.complete(Context(city, Actor.of("x", task.assignee.nip)), task.id, {"sudah_baca_standar": True})
            assert db.Task.select().where(db.Task.task == "susun_skp", db.Task.state != "done").count() == 0


@pytest.mark.slow
def test_what_was_killed_before_its_letter_prints_it_later(town: Any) -> None:
    """Between the decision and its PDF nothing but the row is needed."""
    from kinerja.services.papers import issue

    town.until("budi", "baca_hasil")
    letters = list(db.Letter.select())
    assert [(letter.pdf, letter.sha256) for letter in letters] == [("", ""), ("", "")]
    town = town.restarted()
    for letter in letters:
        issue.letter_file(town.context("hr"), letter.id)
    assert all(letter.sha256 for letter in db.Letter.select())
    assert [letter.ordinal for letter in db.Letter.select()] == [1, 1]
    town.city.close()


def test_a_locked_store_says_so_and_changes_nothing(town: Any) -> None:
    import sqlite3

    from kinerja.core.errors import BusyError

    task = db.Task.get(db.Task.case == town.case_of("budi").id, db.Task.state == "ready")
    town.city.store.database.pragma("busy_timeout", 200)
    other = sqlite3.connect(town.city.folder / "kota.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(BusyError) as caught:
        tasks.complete(town.context("budi"), task.id, {"sudah_baca_standar": True})
    assert (caught.value.http_status, caught.value.details["retry_after"]) == (503, 5)
    other.execute("ROLLBACK")
    other.close()
    assert tasks.complete(town.context("budi"), task.id, {"sudah_baca_standar": True}).held is None


def test_a_full_disk_loses_nothing_and_recovers(town: Any) -> None:
    from kinerja.core.errors import BusyError

    database = town.city.store.database
    before = db.LedgerEntry.select().count()
    pages = database.pragma("page_count")
    database.pragma("max_page_count", pages)
    stopped = []
    for name in ("sari", "budi", "citra", "hr", "hr2", "tim", "tim2"):
        try:
            town.do(name, "susun_skp", name, sudah_baca_standar=True)
        except BusyError as error:
            stopped.append(error.code)
    assert set(stopped) == {"penyimpanan_penuh"}
    done = db.Task.select().where(db.Task.task == "susun_skp", db.Task.state == "done").count()
    assert db.LedgerEntry.select().count() - before == done
    database.pragma("max_page_count", 1_000_000)
    for name in ("sari", "budi", "citra"):
        if town.desk(name, name):
            town.do(name, "susun_skp", name, sudah_baca_standar=True)
    assert audit.verify_ledger(town.system).bad is None
