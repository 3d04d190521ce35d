"""What of a cycle is left open when somebody wants to close it, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kinerja.core.errors import ConflictError, ForbiddenError, InputError
from kinerja.services import notices
from kinerja.services.context import Actor, Context
from kinerja.services.cycles import closing, cycle, pausing, timers
from kinerja.services.openness import audit, overview
from kinerja.store import models as db

WHY = "Berhenti atas permintaan sendiri, 30 Juni 2026"


def test_closing_says_what_is_open_and_what_becomes_of_it(town: Any) -> None:
    for task in ("susun_skp", "setujui_skp"):
        who = {"susun_skp": "budi", "setujui_skp": "kabid"}[task]
        town.do(who, task, "budi", **({"sudah_baca_standar": True} if who == "budi" else {"keputusan_skp": "setuju"}))
    pausing.pause(town.context("hr"), town.case_of("sari").id, "Cuti di luar tanggungan")
    with pytest.raises(ConflictError) as caught:
        cycle.close_cycle(town.context("hr"), town.cycle)
    error, cases = caught.value, db.Case.select().count()
    assert error.details["stages"] == {"perencanaan": cases - 1, "pelaksanaan": 1}
    for words in (f"masih ada {cases} kasus terbuka: perencanaan {cases - 1}, pelaksanaan 1", "1 di antaranya ditangguhkan"):
        assert words in error.text_id
    assert "kinerja cycle end" in error.remedy_id
    assert "kinerja cycle end" in error.remedy_en


def test_a_cycle_of_people_who_left_can_be_closed(town: Any) -> None:
    pausing.pause(town.context("hr"), town.case_of("sari").id, "Sedang dalam pemeriksaan")
    for case in list(db.Case.select().where(db.Case.person != town.case_of("hr").person_id)):
        closing.end_case(town.context("hr"), case.id, WHY)
    closing.end_case(town.system, town.case_of("hr").id, WHY)
    assert db.Task.select().where(db.Task.state << ("ready", "held", "paused")).count() == 0
    assert any("tanpa predikat" in one.text for one in notices.mine(town.context("budi")))
    cycle.close_cycle(town.context("hr"), town.cycle)
    assert cycle.status(town.context("hr"), town.cycle).state == "closed"
    assert audit.verify_ledger(town.system).bad is None


def test_who_may_end_and_when(town: Any) -> None:
    budi = town.case_of("budi").id
    for outsider in ("budi", "kabid", "kadis"):
        with pytest.raises(ForbiddenError):
            closing.end_case(town.context(outsider), budi, WHY)
    with pytest.raises(ForbiddenError, match="tidak_berwenang"):
        closing.end_case(town.context("hr"), town.case_of("hr").id, WHY)  # on one's own case no role counts
    with pytest.raises(InputError, match="alasan_terlalu_pendek"):
        closing.end_case(town.context("hr"), budi, "  pergi   ")
    closing.end_case(town.context("hr"), budi, WHY)
    with pytest.raises(ConflictError, match="kasus_sudah_selesai"):
        closing.end_case(town.context("hr"), budi, WHY)


def test_a_result_that_is_out_is_not_ended_but_closes_by_itself(town: Any) -> None:
    town.until("budi", "baca_hasil")
    case = town.case_of("budi")
    with pytest.raises(ConflictError, match="hasil_sudah_terbit"):
        closing.end_case(town.context("hr"), case.id, WHY)
    until = closing.left_open(db.Cycle.get(db.Cycle.code == town.cycle)).until
    assert until == case.next_timer.date()
    town.clock.set(case.next_timer + timedelta(minutes=1))
    timers.fire(town.system)
    assert town.case_of("budi").state == "closed"


def test_a_rating_that_was_not_issued_does_not_stand(town: Any) -> None:
    town.until("budi", "terbitkan")
    assert town.case_of("budi").rating
    closing.end_case(town.context("hr"), town.case_of("budi").id, WHY)
    assert town.case_of("budi").rating is None


def test_a_very_small_cycle_tells_a_policy_officer_no_rating(town: Any) -> None:
    """Who may not read cases learns nothing of one person from the city's counts: not by page, not by command."""
    town.until("budi", "terbitkan")
    policy = Context(town.city, Actor("Vera", "", {"pejabat_kebijakan": frozenset()}))
    scoped = Context(town.city, Actor("Tim", "", {"tim_evaluasi": frozenset({"bkpsdm"})}))
    for reader in (policy, scoped):
        assert cycle.status(reader, town.cycle).by_rating == {}
        seen = overview.overview(reader, town.cycle)
        assert (seen.by_rating, seen.allowance) == ({}, None)
    assert sum(cycle.status(town.context("hr"), town.cycle).by_rating.values()) == 1
    assert overview.overview(town.context("hr"), town.cycle).allowance
