"""Deadlines of tasks: by when, the reminder before, the escalation after, once each however the clock moves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from kinerja.core.clock import JAKARTA
from kinerja.jobs import Timekeeper
from kinerja.services import notices
from kinerja.services.cycles import cycle, reminders, timers
from kinerja.services.openness import audit
from kinerja.store import models as db


def words(town: Any, name: str) -> list[str]:
    return [notice.text for notice in notices.mine(town.context(name))]


def at(day: int, month: int = 8, hour: int = 8) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=JAKARTA)


def test_a_task_is_due_in_working_days(town: Any) -> None:
    """Opened on Monday 20 July: ten working days end with 3 August, that is at the midnight after it."""
    task = db.Task.get(db.Task.case == town.case_of("budi").id, db.Task.state == "ready")
    assert (task.due, task.remind_at) == (at(4, hour=0), at(1, hour=0))
    town.do("budi", "susun_skp", "budi", sudah_baca_standar=True)
    town.clock.set(datetime(2026, 8, 13, 8, tzinfo=JAKARTA))
    town.do("kabid", "setujui_skp", "budi", keputusan_skp="setuju")
    late = db.Task.get(db.Task.case == town.case_of("budi").id, db.Task.state == "ready")
    assert late.due == at(22, hour=0), "17 August is a holiday"


def test_work_of_a_period_is_due_after_its_end(quiet: Any) -> None:
    quiet.clock.set(datetime(2026, 3, 2, 8, tzinfo=JAKARTA))
    cycle.open_cycle(quiet.context("hr"), quiet.cycle, "Semester I", quiet.period, "semester")
    quiet.do("budi", "susun_skp", "budi", sudah_baca_standar=True)
    quiet.do("kabid", "setujui_skp", "budi", keputusan_skp="setuju")
    task = db.Task.get(db.Task.task == "lapor_realisasi")
    assert task.due == datetime(2026, 7, 8, 0, tzinfo=JAKARTA), "five working days after 30 June"


def test_the_doer_is_reminded_then_the_one_above_is_told_by_name(town: Any) -> None:
    town.clock.set(at(1))
    assert reminders.remind(town.system) == 10
    assert [text for text in words(town, "budi") if "Pengingat" in text] == [
        "Pengingat: “Susun rencana kinerja (SKP)” untuk Budi perlu selesai paling lambat 3 Agustus 2026."
    ]
    assert words(town, "kabid") == [
        "Pengingat: “Susun rencana kinerja (SKP)” untuk Kabid perlu selesai paling lambat 3 Agustus 2026."
    ]
    assert reminders.remind(town.system) == 0
    town.do("sari", "susun_skp", "sari", sudah_baca_standar=True)
    town.clock.set(at(4, hour=1))
    assert reminders.remind(town.system) == 9
    told = [text for text in words(town, "kabid") if "Lewat tenggat" in text]
    assert sorted(told) == [
        f"Lewat tenggat: “Susun rencana kinerja (SKP)” untuk {name} seharusnya selesai paling lambat 3 Agustus 2026 ({name})."
        for name in ("Budi", "Citra")
    ]
    assert reminders.remind(town.system) == 0
    entries = db.LedgerEntry.select().where(db.LedgerEntry.act == "task.remind")
    assert entries.count() == 2
    assert audit.verify_ledger(town.system).bad is None


def test_an_escalation_reaches_a_person_even_where_nobody_holds_the_role(town: Any) -> None:
    town.until("budi", "terbitkan")
    town.clock.advance(timedelta(days=30))
    reminders.remind(town.system)
    assert db.Role.get_or_none(db.Role.name == "pejabat_penetap") is None, "the small city has no signatory"
    [late] = db.Task.select().where(db.Task.task == "terbitkan")
    assert late.escalated_at is not None
    # both holders of the late task are BKPSDM itself: nobody else is left to tell, and the task says that it was said
    assert not [text for text in words(town, "hr") if "Lewat tenggat: “Terbitkan" in text]


@pytest.mark.slow
@pytest.mark.parametrize("moves", [(0, 1, -1, 1), (1, -1, 0, 1), (-1, -1, 1, 1), (1, 1, -1, -1)])
def test_no_clock_loses_or_doubles_a_deadline(town: Any, moves: tuple[int, ...]) -> None:
    """The clock jumps by days, also backwards: each deadline that has come is seen to exactly once (R6)."""
    town.until("budi", "baca_hasil")
    base = at(4, hour=12)
    keeper = Timekeeper(town.city)
    for days in (*moves, 0, 12):
        town.clock.set(base + timedelta(days=days))
        keeper.round()
        keeper.round()
    tasks = list(db.Task.select().where(db.Task.task == "susun_skp", db.Task.state == "ready"))
    assert len(tasks) == 9
    assert all(task.escalated_at for task in tasks)
    for name in ("sari", "citra"):
        assert len([text for text in words(town, "kabid") if f"untuk {name.capitalize()} seharusnya" in text]) == 1
    assert town.case_of("budi").state == "closed", "the window for objections has closed, once"
    fired = list(db.LedgerEntry.select().where(db.LedgerEntry.act == "process.timer"))
    assert len(fired) == 1
    assert [row.seq for row in db.LedgerEntry.select().order_by(db.LedgerEntry.seq)] == list(
        range(1, db.LedgerEntry.select().count() + 1)
    )
    assert audit.verify_ledger(town.system).bad is None


def test_the_zone_of_the_clock_does_not_matter(town: Any) -> None:
    from datetime import UTC, timezone

    town.until("budi", "baca_hasil")
    due = town.case_of("budi").next_timer
    for zone in (UTC, timezone(timedelta(hours=9)), timezone(timedelta(hours=-11))):
        town.clock.set((due - timedelta(seconds=1)).astimezone(zone))
        assert timers.fire(town.system) == 0
    town.clock.set(due.astimezone(UTC))
    assert timers.fire(town.system) == 1
    assert timers.fire(town.system) == 0


def test_a_year_without_a_calendar_gives_no_guessed_deadline(quiet: Any) -> None:
    quiet.clock.set(datetime(2031, 1, 6, 8, tzinfo=JAKARTA))
    cycle.open_cycle(quiet.context("hr"), quiet.cycle, "Semester I", quiet.period, "semester")
    assert {task.due for task in db.Task.select()} == {None}


def test_a_reminder_speaks_both_languages_and_names_the_last_day(town: Any) -> None:
    town.clock.set(at(1))
    reminders.remind(town.system)
    [told] = [notice.text_en for notice in notices.mine(town.context("budi")) if notice.text_en.startswith("Reminder")]
    assert told == 'Reminder: "Draft your performance plan (SKP)" for Budi is to be done by 3 August 2026.'
    town.clock.set(at(4, hour=1))
    reminders.remind(town.system)
    overdue = [notice.text_en for notice in notices.mine(town.context("kabid")) if notice.text_en.startswith("Overdue")]
    assert any(text.endswith("for Budi was to be done by 3 August 2026 (Budi).") for text in overdue), overdue
