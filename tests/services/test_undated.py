"""A year without a calendar: said with the remedy, and mended by adding the file."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kinerja.core.clock import JAKARTA
from kinerja.services import notices
from kinerja.services.cycles import cycle, reminders, undated
from kinerja.settings import shipped
from kinerja.store import models as db


@pytest.fixture
def bare(quiet: Any) -> Any:
    """A city whose own calendars end with 2025, and a cycle opened in it."""
    own = Path(quiet.city.folder, "config", "calendars")
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir(parents=True)
    text = (shipped("config") / "calendars" / "kotalama-2026.yaml").read_text("utf-8")
    head = text.split("\ndays:")[0].replace("2026", "2025")
    (own / "kotalama-2025.yaml").write_text(head + "\ndays: []\n", "utf-8")
    cycle.open_cycle(quiet.context("hr"), quiet.cycle, "Semester I", quiet.period, "semester")
    return quiet


def told(town: Any, name: str) -> list[str]:
    return [one.text for one in notices.mine(town.context(name)) if "kalender hari kerja" in one.text.lower()]


def test_the_missing_year_is_said_once_with_the_file_to_add(bare: Any) -> None:
    cases = db.Case.select().count()
    status = cycle.status(bare.context("hr"), bare.cycle)
    assert (status.undated, status.calendars) == ({2026: cases}, ("config/calendars/kotalama-2026.yaml",))
    for _ in range(2):
        assert undated.date_tasks(bare.system) == 0
    [words] = told(bare, "hr")
    assert "kotalama-2026.yaml" in words
    assert told(bare, "budi") == []


def test_deadlines_follow_once_the_file_is_there_without_a_restart(bare: Any) -> None:
    shutil.copy(shipped("config") / "calendars" / "kotalama-2026.yaml", Path(bare.city.folder, "config", "calendars"))
    assert undated.date_tasks(bare.system) == db.Case.select().count()
    assert undated.date_tasks(bare.system) == 0
    task = db.Task.get(db.Task.case == bare.case_of("budi").id, db.Task.state == "ready")
    assert task.due == datetime(2026, 8, 4, tzinfo=JAKARTA), "ten working days from 20 July"
    assert cycle.status(bare.context("hr"), bare.cycle).undated == {}
    bare.clock.set(datetime(2026, 8, 1, 8, tzinfo=JAKARTA))
    assert reminders.remind(bare.system), "and so do the reminders"
