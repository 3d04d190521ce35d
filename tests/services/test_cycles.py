"""A cycle's life: from its template to its opening, taken back or gone on with, standing still, and closed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from kinerja.core.clock import JAKARTA
from kinerja.core.errors import ConflictError, ForbiddenError, InputError
from kinerja.services.casework import tasks
from kinerja.services.cycles import advance, cycle, joblist, pausing, reminders, timers
from kinerja.services.cycles.templates import slot_of_code, slots_of
from kinerja.services.openness import audit
from kinerja.store import models as db


# ── templates ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("template", "count"), [("tahunan", 1), ("semester", 2), ("triwulan", 4), ("bulanan", 12)])
def test_a_template_covers_its_year_once(template: str, count: int) -> None:
    slots = slots_of(template, 2028)
    assert len(slots) == count
    assert (slots[0].period.first, slots[-1].period.last) == (date(2028, 1, 1), date(2028, 12, 31))
    for one, following in pairwise(slots):
        assert following.period.first == one.period.last + timedelta(days=1)
    assert [slot_of_code(slot.code) for slot in slots] == list(slots)


def test_codes_say_what_they_stand_for() -> None:
    quarter = slot_of_code("2027-TW2")
    assert quarter is not None
    assert (quarter.title, quarter.period.first, quarter.period.last) == (
        "Triwulan II Tahun 2027",
        date(2027, 4, 1),
        date(2027, 6, 30),
    )
    february = slot_of_code("2028-02")
    assert february is not None
    assert (february.title, february.period.last) == ("Februari 2028", date(2028, 2, 29))
    assert [slot_of_code(code) for code in ("2027-TW5", "2027-13", "2027-S3", "27", "2027-", "٢٠٢٧", "1999")] == [None] * 7
    with pytest.raises(InputError):
        slots_of("mingguan", 2027)


# ── preview ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_preview_counts_why_and_names_who_appraises_instead(quiet: Any) -> None:
    kabid = db.Person.get(db.Person.nip == quiet.nips["kabid"])
    budi = db.Person.get(db.Person.nip == quiet.nips["budi"])
    db.ConflictOfInterest.create(person=budi, other=kabid, kind="keluarga", first=date(2026, 1, 1))
    seen = cycle.preview(quiet.context("hr"), "x", "x", quiet.period)
    assert seen.reasons["atasan"] == 1
    assert sum(seen.reasons.values()) == sum(len(plan.obstacles) for plan in seen.refused)
    [passed] = [plan for plan in seen.passed_on if plan.nip == quiet.nips["budi"]]
    assert (passed.appraiser, passed.superior) == ("Kadis", "Sekda")
    assert "benturan kepentingan" in passed.chain_note
    assert seen.years_without_calendar == ()
    far = cycle.preview(quiet.context("hr"), "x", "x", type(quiet.period)(date(2031, 1, 1), date(2031, 12, 31)))
    assert far.years_without_calendar == (2031, 2032)
    assert (seen.years_estimated, far.years_estimated) == ((2027,), ())


# ── taking back ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_an_untouched_opening_is_taken_back_without_a_trace_but_in_the_ledger(quiet: Any) -> None:
    opened = cycle.open_cycle(quiet.context("hr"), quiet.cycle, "S1", quiet.period, "semester")
    receipt = cycle.undo_open(quiet.context("hr"), quiet.cycle)
    assert receipt.values == {"cycle": quiet.cycle, "cases": opened.values["opened"]}
    assert [model.select().count() for model in (db.Cycle, db.Case, db.PlanItem, db.Task)] == [0] * 4
    assert joblist.jobs(quiet.context("hr"))[0].state == "undone"
    again = cycle.open_cycle(quiet.context("hr"), quiet.cycle, "S1", quiet.period, "semester")
    assert again.values == opened.values
    assert audit.verify_ledger(quiet.system).bad is None


def test_what_somebody_has_touched_stays(quiet: Any) -> None:
    cycle.open_cycle(quiet.context("hr"), quiet.cycle, "S1", quiet.period, "semester")
    quiet.do("budi", "susun_skp", "budi", sudah_baca_standar=True)
    with pytest.raises(ConflictError) as caught:
        cycle.undo_open(quiet.context("hr"), quiet.cycle)
    assert caught.value.details["touched"] == {"task": 1, "plan_item": 5, "plan_version": 1}
    with pytest.raises(ForbiddenError):
        cycle.undo_open(quiet.context("budi"), quiet.cycle)
    assert db.Case.select().count() > 0


def test_measured_cases_are_touched(town: Any) -> None:
    with pytest.raises(ConflictError) as caught:
        cycle.undo_open(town.context("hr"), town.cycle)
    assert "measurement" in caught.value.details["touched"]


def test_a_half_opened_cycle_can_be_taken_back(quiet: Any) -> None:
    from kinerja.services import batches

    begun = cycle.begin(quiet.context("hr"), quiet.cycle, "S1", quiet.period, "semester")
    small = batches.Kind("cycle.open", 2, cycle.OPENING.ready, cycle.OPENING.work, cycle.OPENING.finish)
    batches.run(quiet.context("hr"), small, begun.values["job"], batches=1)
    assert cycle.undo_open(quiet.context("hr"), quiet.cycle).values["cases"] == 2
    with pytest.raises(ConflictError):
        joblist.resume(quiet.context("hr"), begun.values["job"])


# ── standing still ────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_case_stands_still_and_its_deadlines_move(town: Any) -> None:
    town.until("budi", "baca_hasil")
    case = town.case_of("budi")
    due = case.next_timer
    hr = town.context("hr")
    pausing.pause(hr, case.id, "Sakit lama, dirawat di rumah sakit")
    assert town.desk("budi", "budi") == []
    [task] = db.Task.select().where(db.Task.case == case.id, db.Task.state == "paused")
    with pytest.raises(ConflictError, match="paused"):
        tasks.complete(town.context("budi"), task.id, {"sudah_baca_alasan": True, "tanggapan": "terima"})
    town.clock.advance(timedelta(days=40))
    assert timers.fire(town.system) == 0
    reminders.remind(town.system)
    assert db.Task.get_by_id(task.id).reminded_at is None
    assert advance.preview(hr, town.cycle).ready == {}
    receipt = pausing.resume(hr, case.id)
    assert receipt.values["days"] == 40
    case = town.case_of("budi")
    assert (case.state, case.next_timer) == ("open", due + timedelta(days=40))
    assert db.Task.get_by_id(task.id).due == due + timedelta(days=40)
    town.clock.set(due + timedelta(days=40, seconds=-1))
    assert timers.fire(town.system) == 0
    town.clock.set(due + timedelta(days=40))
    assert timers.fire(town.system) == 1
    assert town.case_of("budi").state == "closed"
    [told] = pausing.pauses(case.id)
    assert (told.reason, told.resumed_by) == ("Sakit lama, dirawat di rumah sakit", town.nips["hr"])
    assert audit.verify_ledger(town.system).bad is None


def test_a_case_that_stood_still_goes_its_way_to_the_end(town: Any) -> None:
    town.until("budi", "setujui_penilaian")
    case = town.case_of("budi")
    pausing.pause(town.context("hr"), case.id, "Pemeriksaan sedang berjalan")
    town.clock.advance(timedelta(days=3))
    pausing.resume(town.context("hr"), case.id)
    town.do("kadis", "setujui_penilaian", "budi", keputusan_atasan="setuju")
    assert town.case_of("budi").stage == "evaluasi"


def test_who_may_let_a_case_stand_still_and_when(town: Any) -> None:
    case = town.case_of("budi")
    with pytest.raises(ForbiddenError):
        pausing.pause(town.context("budi"), case.id, "Saya sedang tidak ingin dinilai")
    with pytest.raises(InputError):
        pausing.pause(town.context("hr"), case.id, "sakit")
    with pytest.raises(ConflictError):
        pausing.resume(town.context("hr"), case.id)
    pausing.pause(town.context("hr"), case.id, "Cuti di luar tanggungan")
    with pytest.raises(ConflictError):
        pausing.pause(town.context("hr"), case.id, "Cuti di luar tanggungan")
    with pytest.raises(ConflictError) as caught:
        cycle.close_cycle(town.context("hr"), town.cycle)
    assert caught.value.details["open"] == db.Case.select().count(), "what stands still is not closed"


def test_a_clock_that_runs_backwards_shortens_nothing(town: Any) -> None:
    case = town.case_of("budi")
    task = db.Task.get(db.Task.case == case.id, db.Task.state == "ready")
    pausing.pause(town.context("hr"), case.id, "Cuti di luar tanggungan")
    town.clock.set(datetime(2026, 7, 18, 8, tzinfo=JAKARTA))
    assert pausing.resume(town.context("hr"), case.id).values["days"] == 0
    assert db.Task.get_by_id(task.id).due == task.due
