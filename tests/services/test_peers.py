"""The confidential survey: who is asked, that no single answer is left anywhere, and when the whole may be read."""

from __future__ import annotations

import gc
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from kinerja.core.errors import ConflictError, ForbiddenError
from kinerja.jobs import Timekeeper
from kinerja.services import notices
from kinerja.services.bpmn import processes
from kinerja.services.casework import cases, peers, tasks
from kinerja.services.context import SYSTEM, Actor, Context
from kinerja.services.cycles import cycle
from kinerja.services.staff import people
from kinerja.services.staff.people import AssignmentEntry, PersonEntry
from kinerja.settings import shipped
from kinerja.store import models as db

VALUES = ("berorientasi_pelayanan", "akuntabel", "kompeten", "harmonis", "loyal", "adaptif", "kolaboratif")
SECRET = "kalimat-yang-tidak-boleh-tertinggal"
COLLEAGUES = tuple(f"19950101202001{number:04d}" for number in range(5))


def as_(town: Any, nip: str) -> Context:
    return Context(town.city, Actor.of(nip[-4:], nip))


@pytest.fixture
def staffed(quiet: Any) -> Any:
    """The division with five more operators, and appraisals open for two of the eight."""
    system = Context(quiet.city, SYSTEM)
    people.establish(
        system, [], [], [PersonEntry(nip, f"Rekan {nip[-1]}", rank="Pengatur, II/c") for nip in COLLEAGUES],
        [AssignmentEntry(nip, "operator_layanan_adminduk", "dukcapil.1", date(2021, 1, 1)) for nip in COLLEAGUES],
    )  # fmt: skip
    processes.load(system, shipped("workflows") / "survei-perilaku")
    chosen = cycle.Selection(people=(quiet.nips["sari"], quiet.nips["kabid"], quiet.nips["kadis"]))
    cycle.open_cycle(system, quiet.cycle, "Semester I Tahun 2026", quiet.period, "semester", chosen)
    for name, task in (("sari", "susun_skp"), ("sari", "setujui_skp"), ("kabid", "susun_skp"), ("kabid", "setujui_skp")):
        doer = {"susun_skp": name, "setujui_skp": {"sari": "kabid", "kabid": "kadis"}[name]}[task]
        quiet.do(doer, task, name, **({"sudah_baca_standar": True} if task == "susun_skp" else {"keputusan_skp": "setuju"}))
    return quiet


def asked(town: Any, of: str) -> dict[str, Any]:
    """NIP → open survey task on somebody."""
    case = town.case_of(of)
    query = db.Task.select(db.Task, db.Person).join(db.Case).switch(db.Task).join(db.Person, on=(db.Task.assignee == db.Person.id))
    return {row.assignee.nip: row for row in query.where(db.Case.parent == case.id, db.Task.state == "ready")}


def say(town: Any, row: Any, level: str = "sesuai", comment: str = "", **answers: str) -> None:
    given = {**dict.fromkeys(VALUES, level), **answers, "catatan_rekan": comment}
    tasks.complete(as_(town, row.assignee.nip), row.id, given)


def test_peers_follow_from_the_records_and_duties_are_obeyed(staffed: Any) -> None:
    """Seven others sit in the division; a declared tie takes one out, appraiser and superior never count."""
    sari, budi = (db.Person.get(db.Person.nip == staffed.nips[name]) for name in ("sari", "budi"))
    db.ConflictOfInterest.create(person=budi, other=sari, first=date(2026, 1, 1))
    receipt = peers.ask(staffed.context("tim"), staffed.case_of("sari").id)
    assert (receipt.values["asked"], receipt.values["new"]) == (6, True)
    assert set(asked(staffed, "sari")) == {*COLLEAGUES, staffed.nips["citra"]}
    again = peers.ask(staffed.context("hr"), staffed.case_of("sari").id)
    assert (again.values["asked"], again.values["new"]) == (6, False)
    assert db.Case.select().where(db.Case.parent == staffed.case_of("sari").id).count() == 6


def test_a_leaders_subordinates_are_heard(staffed: Any) -> None:
    peers.ask(staffed.context("hr"), staffed.case_of("kabid").id)
    sides = {row.case.subject.split(":")[2] for row in asked(staffed, "kabid").values()}
    assert sides == {"bawahan"}
    assert len(asked(staffed, "kabid")) == 8


def test_too_few_to_be_confidential_is_refused(staffed: Any) -> None:
    """The head of the agency has one division head below and few beside: nobody is asked."""
    for name, task, answers in (
        ("kadis", "susun_skp", {"sudah_baca_standar": True}),
        ("sekda", "setujui_skp", {"keputusan_skp": "setuju"}),
    ):
        staffed.do(name, task, "kadis", **answers)
    with pytest.raises(ConflictError, match="responden_kurang"):
        peers.ask(staffed.context("hr"), staffed.case_of("kadis").id)
    receipt = peers.ask_unit(staffed.context("hr"), staffed.cycle, "dukcapil")
    assert (receipt.values["cases"], receipt.values["asked"]) == (2, 15)
    assert [name for name, _ in receipt.values["refused"]] == ["Kadis"]


def test_who_may_ask_and_when(staffed: Any) -> None:
    with pytest.raises(ForbiddenError, match="tidak_berwenang"):
        peers.ask(staffed.context("kabid"), staffed.case_of("sari").id)
    with pytest.raises(ConflictError, match="terlambat_bertanya"):
        peers.ask(staffed.context("hr"), staffed.case_of("kadis").id)  # still planning


def test_the_survey_is_a_task_like_any_other(staffed: Any) -> None:
    """On the desk of who is asked, about the appraised; the notice came; others may neither see nor do it."""
    peers.ask(staffed.context("hr"), staffed.case_of("sari").id)
    nip = next(iter(asked(staffed, "sari")))
    [view] = tasks.desk(as_(staffed, nip))
    assert (view.task, view.person, view.nip) == ("jawab_survei", "Survei perilaku Sari", "")
    assert any("Survei perilaku Sari" in notice.text for notice in notices.mine(as_(staffed, nip)))
    page = tasks.page(as_(staffed, nip), view.id)
    assert page.form is not None
    assert page.form.confidential
    with pytest.raises(ForbiddenError):
        tasks.page(staffed.context("kabid"), view.id)
    with pytest.raises(ForbiddenError, match="bukan_tugas_anda"):
        tasks.complete(staffed.context("kabid"), view.id, dict.fromkeys(VALUES, "sesuai"))


def test_no_single_answer_is_left_anywhere(staffed: Any) -> None:
    """Neither task, process state, ledger, receipt nor any other table holds an answer together with who gave it."""
    peers.ask(staffed.context("hr"), staffed.case_of("sari").id)
    row = next(iter(asked(staffed, "sari").values()))
    say(staffed, row, "di_bawah", SECRET)
    done = db.Task.get_by_id(row.id)
    assert (done.state, done.answers) == ("done", {})
    holding = []
    for model in db.MODELS:
        if model is not db.PeerAnswer:
            holding += [(model.__name__, value) for values in model.select().tuples() for value in values if SECRET in str(value)]
    assert holding == []
    [entry] = [e for e in db.LedgerEntry.select() if e.subject == f"case:{done.case_id}" and e.act == "task.complete"]
    assert "di_bawah" not in entry.payload
    assert "di_bawah" not in db.Case.get_by_id(done.case_id).process_state
    [kept] = db.PeerAnswer.select()
    assert row.assignee.nip not in str(kept.__data__)
    assert set(kept.__data__) == {"key", "case", "side", "answers", "comment"}


def test_the_receipt_of_an_answer_does_not_depend_on_it(staffed: Any) -> None:
    """A key made from seven levels could be guessed back: the same person's other answer would have the same key."""
    peers.ask(staffed.context("hr"), staffed.case_of("sari").id)
    row = next(iter(asked(staffed, "sari").values()))
    context = as_(staffed, row.assignee.nip)
    assert tasks._answer_key(context, row.id, {"loyal": "sesuai"}) == tasks._answer_key(context, row.id, {"loyal": "di_atas"})


def test_the_whole_is_read_once_closed_and_by_whom(staffed: Any) -> None:
    case = staffed.case_of("sari").id
    peers.ask(staffed.context("hr"), case)
    rows = list(asked(staffed, "sari").values())
    for number, row in enumerate(rows[:-1]):
        say(
            staffed, row, "di_atas" if number < 2 else "sesuai", f"catatan {number}", loyal="tidak_tahu" if number < 4 else "sesuai"
        )
    running = peers.survey(staffed.context("kabid"), case)
    assert running is not None
    assert (running.answered, running.closed, running.shown, running.sides, running.comments) == (6, False, False, (), ())
    say(staffed, rows[-1])
    whole = peers.survey(staffed.context("kabid"), case)
    assert whole is not None
    assert (whole.asked, whole.answered, whole.closed, whole.shown) == (7, 7, True, True)
    [side] = whole.sides
    counts = {aspect.name: aspect.counts for aspect in side.aspects}
    assert counts["akuntabel"] == {"di_atas": 2, "sesuai": 5}
    assert counts["loyal"] is None, "three who know are too few"
    assert sorted(whole.comments) == [f"catatan {number}" for number in range(6)]
    assert peers.survey(staffed.context("sari"), case) is None, "the employee reads it once the result is decided"
    with pytest.raises(ForbiddenError):
        peers.survey(as_(staffed, COLLEAGUES[0]), case)
    assert cases.case_page(staffed.context("hr"), case)


def test_time_runs_out_and_too_few_answers_stay_closed(staffed: Any) -> None:
    case = staffed.case_of("sari").id
    peers.ask(staffed.context("hr"), case)
    rows = list(asked(staffed, "sari").values())
    for row in rows[:4]:
        say(staffed, row, comment="hanya empat")
    staffed.clock.set(staffed.clock.now() + timedelta(days=30))
    Timekeeper(staffed.city).round()
    whole = peers.survey(staffed.context("kabid"), case)
    assert whole is not None
    assert (whole.answered, whole.closed, whole.shown, whole.comments) == (4, True, False, ())
    assert asked(staffed, "sari") == {}


def test_a_substitute_does_not_answer_for_the_person_asked(staffed: Any) -> None:
    peers.ask(staffed.context("hr"), staffed.case_of("sari").id)
    row = next(iter(asked(staffed, "sari").values()))
    case = db.Case.get_by_id(row.case_id)
    form = staffed.city.definition(case.process).form_of("jawab_survei")
    with pytest.raises(ForbiddenError, match="jawaban_pribadi"):
        peers.keep_unsigned(staffed.context("kadis"), case, row, form, dict.fromkeys(form.fields))


def test_answers_lie_in_no_order_of_arrival(staffed: Any) -> None:
    """Keys are drawn by chance, and the table keeps no hidden row numbers."""
    peers.ask(staffed.context("hr"), staffed.case_of("kabid").id)
    for number, row in enumerate(asked(staffed, "kabid").values()):
        say(staffed, row, comment=str(number))
    gc.collect()
    database = staffed.city.store.database
    [(sql,)] = database.execute_sql("SELECT sql FROM sqlite_master WHERE name = 'peer_answer'").fetchall()
    assert "WITHOUT ROWID" in sql
    keys = [row.key for row in db.PeerAnswer.select()]
    assert keys == sorted(keys)
    assert len(set(keys)) == 8


def test_a_side_cannot_be_had_from_the_whole_less_the_other(staffed: Any) -> None:
    """Both sides are many, but only two subordinates know one value of behaviour: then neither side shows it."""
    levels = {"rekan": ["sesuai"] * 6, "bawahan": ["di_bawah"] * 2 + ["tidak_tahu"] * 4}
    found = [
        SimpleNamespace(side=side, answers={"loyal": level, "adaptif": "sesuai"}, comment="")
        for side, said in levels.items()
        for level in said
    ]
    whole, *apart = peers._sides(staffed.context("hr"), found, staffed.period.last)
    shown = {side.side: {aspect.name: aspect.counts for aspect in side.aspects} for side in apart}
    assert {aspect.name: aspect.counts for aspect in whole.aspects}["loyal"] == {"sesuai": 6, "di_bawah": 2}
    assert {side: counts["loyal"] for side, counts in shown.items()} == {"rekan": None, "bawahan": None}
    assert all(counts["adaptif"] == {"sesuai": 6} for counts in shown.values())
