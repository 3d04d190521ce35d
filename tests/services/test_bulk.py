"""Many cases at once: whole batches, each once, whoever dies in the middle."""

from __future__ import annotations

import hashlib
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kinerja.core.errors import ConflictError, ForbiddenError, InputError, KinerjaError
from kinerja.jobs import Timekeeper
from kinerja.services import batches
from kinerja.services.casework import tasks
from kinerja.services.city import City
from kinerja.services.context import SYSTEM, Actor, Context
from kinerja.services.cycles import advance, cycle, joblist
from kinerja.services.cycles.planning import Selection
from kinerja.services.openness import audit
from kinerja.store import models as db

PROGRAM = Path(__file__).with_name("bulkwork.py")
sys.path.insert(0, str(PROGRAM.parent))
from bulkwork import CYCLE, PERIOD, advance_it, crowd, open_it, small  # noqa: E402

PEOPLE = 30
MOMENTS = 50


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cycle, "OPENING", small(cycle.OPENING, 2))
    monkeypatch.setattr(advance, "ADVANCING", small(advance.ADVANCING, 2))


def state_of(city: City) -> str:
    """One hash over everything that opening and advancing write: cases, plans, tasks, jobs and ledger, ids and all."""
    digest = hashlib.sha256()
    for model in (db.Cycle, db.Case, db.PlanItem, db.Task, db.Job, db.JobItem, db.LedgerEntry, db.Receipt):
        for row in model.select().order_by(model._meta.primary_key).tuples():
            digest.update(repr(row).encode())
    assert audit.verify_ledger(Context(city, SYSTEM)).bad is None
    return digest.hexdigest()


def die(what: str, folder: Path, seconds: float) -> bool:
    """Start the work in a process, kill it after so many seconds of work; whether it had not finished."""
    worker = subprocess.Popen(
        [sys.executable, str(PROGRAM), what, str(folder), "sqlite:kota.db"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert worker.stdout is not None
    assert worker.stdout.readline() == "ready\n"
    time.sleep(seconds)
    worker.send_signal(signal.SIGKILL)
    said = worker.stdout.read()
    worker.wait(10)
    worker.stdout.close()
    return "end" not in said


# ── one process ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_an_opening_goes_on_where_it_was_left(quiet: Any, small_batches: None) -> None:
    begun = cycle.begin(quiet.context("hr"), CYCLE, "Semester I", PERIOD, "semester")
    job = begun.values["job"]
    assert batches.run(quiet.context("hr"), cycle.OPENING, job, batches=2) is None
    assert (db.Case.select().count(), db.Cycle.get().state) == (4, "opening")
    quiet = quiet.restarted()
    receipt = cycle.open_cycle(quiet.context("hr"), CYCLE, "Semester I", PERIOD, "semester")
    assert receipt.values == {"cycle": CYCLE, "opened": begun.values["cases"], "refused": begun.values["refused"]}
    assert (db.Case.select().count(), db.Cycle.get().state) == (receipt.values["opened"], "open")
    with pytest.raises(ConflictError) as caught:
        cycle.open_cycle(quiet.context("hr"), CYCLE, "Semester I", PERIOD, "semester")
    assert caught.value.code == "siklus_sudah_ada"
    quiet.city.close()


def test_a_cut_off_opening_is_not_taken_for_another(quiet: Any, small_batches: None) -> None:
    begun = cycle.begin(quiet.context("hr"), CYCLE, "Semester I", PERIOD, "semester")
    with pytest.raises(ConflictError) as caught:
        cycle.open_cycle(quiet.context("hr"), CYCLE, "Semester I", PERIOD, "semester", Selection(units=("dukcapil",)))
    assert (caught.value.code, caught.value.details["job"]) == ("pembukaan_lain", begun.values["job"])


def test_who_is_in_is_fixed_when_the_opening_begins(quiet: Any, small_batches: None) -> None:
    begun = cycle.begin(quiet.context("hr"), CYCLE, "Semester I", PERIOD, "semester")
    batches.run(quiet.context("hr"), cycle.OPENING, begun.values["job"], batches=1)
    crowd(5)
    receipt = cycle.open_cycle(quiet.context("hr"), CYCLE, "Semester I", PERIOD, "semester")
    assert receipt.values["opened"] == begun.values["cases"]


def test_cases_made_in_bulk_are_like_cases_made_alone(quiet: Any) -> None:
    """Bulk rows lack nothing that people and machine need later: one goes its whole way."""
    open_it(quiet.city)
    quiet.until("budi", "nilai_mutu")
    case = quiet.case_of("budi")
    assert (case.stage, case.state) == ("evaluasi", "open")
    assert db.PlanItem.select().where(db.PlanItem.case == case.id).count() > 1


def test_the_refused_are_kept_with_their_reasons(quiet: Any) -> None:
    receipt = open_it(quiet.city)
    job, parts = joblist.job(quiet.context("hr"), 1)
    assert (job.state, job.done, job.refused, job.left, job.percent) == ("done", receipt.values["opened"], len(parts), 0, 100)
    assert [part.subject for part in parts] == ["Sekda · Sekretaris Daerah"]
    assert "tidak ada atasan pejabat penilai" in parts[0].note_id
    assert "no lawful appraiser's superior" in parts[0].note_en


def test_moving_on_asks_each_case_for_the_duty_and_says_why_not(town: Any, small_batches: None) -> None:
    for name in ("sari", "budi", "citra"):
        town.do(name, "susun_skp", name, sudah_baca_standar=True)
    stranger = advance.preview(town.context("tim"), CYCLE, "setujui_skp")
    assert (stranger.ready, [reason.count for reason in stranger.refused]) == ({}, [3])
    assert stranger.refused[0].text_id == "tugas ini milik pejabat penilai → yang boleh: Kabid"
    with pytest.raises(InputError) as caught:
        advance.advance(town.context("tim"), CYCLE, "setujui_skp")
    assert caught.value.code == "tidak_ada_yang_dimajukan"
    assert advance.preview(town.context("kabid"), CYCLE, "setujui_skp").ready == {"task": 3}
    receipt = advance.advance(town.context("kabid"), CYCLE, "setujui_skp")
    assert receipt.values == {"cycle": CYCLE, "task": "setujui_skp", "done": 3, "held": 0, "refused": 0}
    done = list(db.Task.select().where(db.Task.task == "setujui_skp"))
    assert {(task.state, task.done_by, task.answers["keputusan_skp"]) for task in done} == {("done", town.nips["kabid"], "setuju")}
    entries = db.LedgerEntry.select().where(db.LedgerEntry.act == "task.complete", db.LedgerEntry.payload.contains("setujui_skp"))
    assert entries.count() == 3, "each case has its own entry"


def test_a_task_that_asks_for_judgement_is_not_answered_for_many(town: Any) -> None:
    town.until("budi", "nilai_perilaku")
    seen = advance.preview(town.context("kabid"), CYCLE, "nilai_perilaku")
    assert seen.ready == {}
    assert "satu per satu" in seen.refused[0].text_id
    assert "nilai_perilaku" not in advance.bulk_tasks(town.context("kabid"), CYCLE)


def test_one_that_changed_in_between_is_left_and_the_rest_goes_on(town: Any, small_batches: None) -> None:
    for name in ("sari", "budi", "citra"):
        town.do(name, "susun_skp", name, sudah_baca_standar=True)
    begun = advance.begin(town.context("kabid"), CYCLE, "setujui_skp")
    town.do("kabid", "setujui_skp", "budi", keputusan_skp="perbaiki", catatan_skp="Target antrean perlu disebut per bulan.")
    receipt = batches.run(town.context("kabid"), advance.ADVANCING, begun.values["job"])
    assert receipt is not None
    assert (receipt.values["done"], receipt.values["refused"]) == (2, 1)
    assert joblist.job(town.context("kabid"), begun.values["job"])[1][0].subject == "Budi"
    assert town.case_of("budi").stage == "perencanaan"


def test_deadlines_and_incidents_move_on_in_bulk(town: Any) -> None:
    town.until("budi", "baca_hasil")
    town.clock.advance(timedelta(days=15))
    assert advance.preview(town.context("hr"), CYCLE).ready == {"timer": 1}
    assert advance.advance(town.context("hr"), CYCLE).values["done"] == 1
    assert town.case_of("budi").state == "closed"
    with pytest.raises(ForbiddenError):
        advance.preview(town.context("budi"), CYCLE)


def test_decrees_are_issued_a_unit_at_a_time(town: Any) -> None:
    town.until("budi", "terbitkan")
    assert advance.preview(town.context("hr"), CYCLE, "terbitkan").ready == {"issue": 1}
    receipt = advance.advance(town.context("hr"), CYCLE, "terbitkan")
    assert receipt.values["done"] == 1
    assert {letter.kind for letter in db.Letter.select()} >= {"keputusan_predikat", "dokumen_evaluasi"}


def test_what_stops_a_job_is_told_and_asking_again_goes_on(quiet: Any, small_batches: None) -> None:
    def breaks(*_: Any) -> Any:
        raise KinerjaError("mogok", "mesin mogok", "the machine stopped")

    begun = cycle.begin(quiet.context("hr"), CYCLE, "Semester I", PERIOD, "semester")
    job = begun.values["job"]
    whole = cycle.OPENING
    with pytest.raises(KinerjaError, match="mogok"):
        batches.run(quiet.context("hr"), batches.Kind("cycle.open", 2, whole.ready, breaks, whole.finish), job)
    view, _ = joblist.job(quiet.context("hr"), job)
    assert view.trouble is not None
    assert (view.state, view.trouble["code"], view.done) == ("stopped", "mogok", 0)
    assert joblist.resume(quiet.context("hr2"), job) is not None, "whoever may open cycles finishes an opening"
    assert db.Case.select().count() == begun.values["cases"]


def test_only_its_own_hand_goes_on_with_a_job_of_tasks(town: Any, small_batches: None) -> None:
    for name in ("sari", "budi", "citra"):
        town.do(name, "susun_skp", name, sudah_baca_standar=True)
    begun = advance.begin(town.context("kabid"), CYCLE, "setujui_skp")
    with pytest.raises(ForbiddenError):
        joblist.resume(town.context("hr"), begun.values["job"])
    with pytest.raises(ForbiddenError):
        joblist.job(town.context("budi"), begun.values["job"])


def test_a_served_city_goes_on_by_itself_in_the_name_of_who_began(town: Any, small_batches: None) -> None:
    for name in ("sari", "budi", "citra"):
        town.do(name, "susun_skp", name, sudah_baca_standar=True)
    advance.begin(town.context("kabid"), CYCLE, "setujui_skp")
    keeper = Timekeeper(town.city)
    while keeper.work():
        pass
    assert {task.done_by for task in db.Task.select().where(db.Task.task == "setujui_skp")} == {town.nips["kabid"]}
    assert joblist.jobs(town.context("kabid"))[0].state == "done"
    assert keeper.work() is False


def test_an_answer_for_many_must_answer_all_and_be_possible() -> None:
    from kinerja.process.formfile import check_form

    base = "form: f\ntitle: {id: a, en: a}\nintro: {id: a, en: a}\nfields:\n"
    choice = "  x: {label: {id: a, en: a}, type: choice, required: true, options: [{value: ya, label: {id: a, en: a}}]}\n"
    words = "  y: {label: {id: a, en: a}, type: text}\n"
    for bulk, said in (("{}", "belum menjawab"), ("{x: lain}", "bukan pilihan"), ("{x: ya, z: 1}", "tidak ditanyakan"),
                       ("{x: ya, y: baik}", "kata-kata sendiri")):  # fmt: skip
        _, problems = check_form(base + choice + words + f"bulk: {bulk}\n", "f.yaml")
        assert any(said in problem.text_id for problem in problems), bulk
    form, problems = check_form(base + choice + words + "bulk: {x: ya}\n", "f.yaml")
    assert (form.bulk if form else None, problems) == ({"x": "ya"}, ())


# ── killed ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture(scope="module")
def crowded(published: Path, tmp_path_factory: pytest.TempPathFactory, open_city_session: Callable[[Path], City]) -> Path:
    folder = tmp_path_factory.mktemp("ramai") / "kota"
    shutil.copytree(published, folder)
    with open_city_session(folder):
        crowd(PEOPLE)
    return folder


@pytest.fixture(scope="module")
def planned(crowded: Path, tmp_path_factory: pytest.TempPathFactory, open_city_session: Callable[[Path], City]) -> Path:
    """The same with an open cycle in which every plan waits for its appraiser."""
    folder = tmp_path_factory.mktemp("rencana") / "kota"
    shutil.copytree(crowded, folder)
    with open_city_session(folder) as city:
        open_it(city)
        for task in list(db.Task.select().where(db.Task.task == "susun_skp", db.Task.state == "ready").order_by(db.Task.id)):
            tasks.complete(Context(city, Actor.of("x", task.assignee.nip)), task.id, {"sudah_baca_standar": True})
    return folder


def killed(what: str, start: Path, place: Path, opened: Callable[[Path], City], work: Callable[[City], Any]) -> Iterator[bool]:
    """Kill the work at moments spread over its length, go on, and compare with a run that nobody disturbed."""
    whole = place / "utuh"
    shutil.copytree(start, whole)
    with opened(whole) as city:
        began = time.monotonic()
        work(city)
        length = time.monotonic() - began
        expected = state_of(city)
    moments = random.Random(5)
    for number in range(MOMENTS):
        folder = place / f"{what}-{number}"
        shutil.copytree(start, folder)
        interrupted = die(what, folder, moments.uniform(0, length))
        if number % 3 == 0:
            die(what, folder, moments.uniform(0, length / 2))  # some die twice
        with opened(folder) as city:
            if _unfinished(what):
                work(city)
            assert state_of(city) == expected, f"{what} {number}"
        shutil.rmtree(folder)
        yield interrupted


def _unfinished(what: str) -> bool:
    kind = {"open": "cycle.open", "advance": "cycle.advance"}[what]
    return not db.Job.select().where(db.Job.kind == kind, db.Job.state == "done").exists()


@pytest.mark.slow
@pytest.mark.parametrize("what", ["open", "advance"])
def test_killed_at_fifty_moments_the_outcome_is_the_same(
    what: str,
    crowded: Path,
    planned: Path,
    tmp_path: Path,
    open_city_session: Callable[[Path], City],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cycle, "OPENING", small(cycle.OPENING, 4))
    monkeypatch.setattr(advance, "ADVANCING", small(advance.ADVANCING, 3))
    start, work = {"open": (crowded, open_it), "advance": (planned, advance_it)}[what]
    interrupted = list(killed(what, start, tmp_path, open_city_session, work))
    assert len(interrupted) == MOMENTS
    assert sum(interrupted) >= MOMENTS // 2, "most of them died before the end"
