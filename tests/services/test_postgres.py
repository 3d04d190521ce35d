"""The same way of a case on PostgreSQL, and the same race."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kinerja.core.clock import JAKARTA
from kinerja.core.errors import ConflictError, InputError
from kinerja.core.periods import Period
from kinerja.services.casework import amending, cascade, cases, plans, tasks
from kinerja.services.casework.amendment import Amendment, Edit
from kinerja.services.cycles import advance, cycle, pausing, reminders
from kinerja.services.openness import audit
from kinerja.services.papers import issue
from kinerja.services.rulebook import effects
from kinerja.store import models as db

pytestmark = pytest.mark.postgres


def test_the_whole_way_on_postgresql(postgres_town: Any) -> None:
    town = postgres_town
    for who, task, answers in town.way:
        town.do("budi" if who == "self" else who, task, "budi", **answers)
    case = town.case_of("budi")
    assert (case.state, case.stage, case.rating) == ("closed", "selesai", "Baik")
    assert audit.verify_ledger(town.system).bad is None
    page = cases.case_page(town.context("hr"), case.id)
    assert page.evaluation is not None
    assert page.evaluation.facts["kasus"]["menit_terlambat"] == []
    assert page.evaluation.facts["kasus"]["hari_absen"] == 2
    letter = db.Letter.get(db.Letter.kind == "dokumen_evaluasi")
    assert issue.letter_file(town.context("budi"), letter.id).read_bytes().startswith(b"%PDF")
    assert audit.recompute_all(town.system) == (1, ())


@pytest.mark.slow
def test_who_is_touched_reads_the_outputs_of_what_is_stored(postgres_town: Any) -> None:
    town = postgres_town
    town.until("budi", "terbitkan")
    policy = town.city.policy(town.city.release().fingerprint)
    found = effects.of_policy(town.context("hr"), policy)
    assert (found.computed, found.touched) == (1, ())  # the same rules say the same


def test_eight_processes_on_postgresql(postgres_town: Any, race: Callable[[Path, str], Any]) -> None:
    town = postgres_town
    for name in ("sari", "budi", "citra"):
        town.do(name, "susun_skp", name, sudah_baca_standar=True)
    results = race(town.city.folder, town.city.settings.database)
    assert sorted(results.values()) == [1, 1, 1, 7, 7, 7]
    assert {result for _, result in results} == {"approved", "409"}
    assert audit.verify_ledger(town.system).bad is None


def test_bulk_work_deadlines_and_pauses_on_postgresql(postgres_town: Any) -> None:
    """The same jobs, reminders and conditional updates hold on the other database."""
    town = postgres_town
    for name in ("sari", "budi", "citra"):
        first = town.do(name, "susun_skp", name, key=f"k-{name}", sudah_baca_standar=True)
        [task] = db.Task.select().where(db.Task.case == town.case_of(name).id, db.Task.task == "susun_skp")
        again = tasks.complete(town.context(name), task.id, {"sudah_baca_standar": True}, f"k-{name}")
        assert (again.seq, again.hash) == (first.seq, first.hash), "sent twice, kept once"
    assert advance.advance(town.context("kabid"), town.cycle, "setujui_skp").values["done"] == 3
    pausing.pause(town.context("hr"), town.case_of("budi").id, "Sakit lama, dirawat di rumah sakit")
    town.clock.advance(timedelta(days=20))
    assert reminders.remind(town.system) > 0
    assert reminders.remind(town.system) == 0
    assert pausing.resume(town.context("hr"), town.case_of("budi").id).values["days"] == 20
    with pytest.raises(ConflictError):
        cycle.undo_open(town.context("hr"), town.cycle)
    cycle.open_cycle(town.context("hr"), "2026-TW3", "Triwulan III", Period(date(2026, 7, 1), date(2026, 9, 30)), "triwulan")
    assert cycle.undo_open(town.context("hr"), "2026-TW3").values["cases"] > 3
    assert audit.verify_ledger(town.system).bad is None


def test_a_plan_is_linked_and_changed_on_postgresql(postgres_town: Any) -> None:
    town = postgres_town
    town.until("budi", "lapor_realisasi")
    town.clock.set(datetime(2026, 4, 1, 8, tzinfo=JAKARTA))
    db.Measurement.delete().execute()
    case = town.case_of("budi").id
    [head] = cascade.tree(town.context("kadis"), town.cycle, "dukcapil")
    assert [len(served) for _, _, _, _, served, _ in head.below[0].items] == [3, 2, 0]
    wanted = Amendment("Mesin cetak rusak dua bulan penuh", date(2026, 4, 1), {"ADM-4": Edit(target=Fraction(150))}, (), ("ADM-3",))
    with pytest.raises(InputError, match="bobot_bukan_100"):
        amending.propose(town.context("budi"), case, wanted)
    lighter = replace(wanted, edits={"ADM-4": Edit(target=Fraction(150), weight=Fraction(35))})
    amending.propose(town.context("budi"), case, lighter)
    amending.answer(town.context("kabid"), case, True)
    plan = plans.plan_of(town.context("budi"), case)
    assert [(item.code, item.target) for item in plan.items] == [("ADM-1", 95), ("ADM-2", 95), ("ADM-4", 150), ("ADM-5", 80)]
    assert [version.state for version in plan.versions] == ["disepakati", "disepakati"]
