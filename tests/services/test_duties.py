"""Separation of duties when a task is done: what was lawful when planned may have ceased to be."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kinerja.core.errors import ForbiddenError
from kinerja.services.casework import tasks
from kinerja.store import models as db

TODAY = date(2026, 7, 20)


def ready(town: Any, task: str, of: str) -> int:
    row = db.Task.get(db.Task.case == town.case_of(of).id, db.Task.task == task, db.Task.state == "ready")
    return int(row.id)


def person(town: Any, name: str) -> Any:
    return db.Person.get(db.Person.nip == town.nips[name])


def test_a_tie_declared_later_bars_the_appraiser_and_names_the_next(town: Any) -> None:
    town.until("budi", "nilai_perilaku")
    task = ready(town, "nilai_perilaku", "budi")
    assert [view.id for view in town.desk("kabid", "budi")] == [task]
    db.ConflictOfInterest.create(person=person(town, "kabid"), other=person(town, "budi"), kind="keluarga", first=date(2026, 1, 1))
    assert town.desk("kabid", "budi") == [], "the desk offers only what may be done"
    with pytest.raises(ForbiddenError) as caught:
        tasks.complete(town.context("kabid"), task, {})
    assert (caught.value.code, caught.value.details["alternative"]) == ("benturan_kepentingan", "Kadis")


def test_a_tie_that_has_ended_bars_nobody(town: Any) -> None:
    town.until("budi", "nilai_perilaku")
    db.ConflictOfInterest.create(
        person=person(town, "kabid"), other=person(town, "budi"), first=date(2024, 1, 1), last=date(2025, 12, 31)
    )
    assert len(town.desk("kabid", "budi")) == 1


def test_a_substitute_obeys_the_same_duties(town: Any) -> None:
    """The head of division is away; Citra acts for the day: for Budi, not for herself, not for those she is tied to."""
    for name in ("budi", "citra", "sari"):
        town.do(name, "susun_skp", name, sudah_baca_standar=True)
    kabid, citra = person(town, "kabid"), person(town, "citra")
    db.Absence.create(person=kabid, first=TODAY, last=TODAY, kind="cuti")
    post = db.Position.get(db.Position.code == "kepala_bidang")
    db.Assignment.create(person=citra, position=post, first=TODAY, kind="plh")
    db.ConflictOfInterest.create(person=citra, other=person(town, "sari"), kind="keluarga", first=date(2026, 1, 1))
    offered = {view.nip for view in town.desk("citra") if view.task == "setujui_skp"}
    assert offered == {town.nips["budi"]}
    with pytest.raises(ForbiddenError) as caught:
        tasks.complete(town.context("citra"), ready(town, "setujui_skp", "citra"), {"keputusan_skp": "setuju"})
    assert caught.value.code == "menilai_diri_sendiri"
    with pytest.raises(ForbiddenError) as caught:
        tasks.complete(town.context("citra"), ready(town, "setujui_skp", "sari"), {"keputusan_skp": "setuju"})
    assert (caught.value.code, caught.value.details["alternative"]) == ("benturan_kepentingan", "Kadis")


def test_two_people_never_rate_each_other_even_if_the_data_say_so(town: Any) -> None:
    town.until("budi", "nilai_perilaku")
    kabid = person(town, "kabid")
    db.Case.update(appraiser=person(town, "budi")).where(db.Case.person == kabid.id).execute()
    with pytest.raises(ForbiddenError) as caught:
        tasks.complete(town.context("kabid"), ready(town, "nilai_perilaku", "budi"), {})
    assert (caught.value.code, caught.value.details["alternative"]) == ("saling_menilai", "Kadis")
