"""The acts of a demo city: played on their day, in order, each once; and each that this city can play says where to look."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kinerja.core.clock import JAKARTA, FixedClock
from kinerja.demo.act import Act, Programme, Sight
from kinerja.demo.acts import ACTS
from kinerja.demo.play import Stage
from kinerja.demo.summary import Summary, render
from kinerja.services.city import City
from kinerja.services.context import Context
from kinerja.services.openness import audit
from kinerja.services.rulebook import reviewing
from kinerja.services.staff.accounts import actor_by_name
from kinerja.store import models as db

END = datetime(2026, 7, 20, 8, tzinfo=JAKARTA)


def test_acts_are_played_once_on_their_day_in_order() -> None:
    stage = cast(Stage, SimpleNamespace(clock=FixedClock(END), progress=lambda text: None))
    played: list[tuple[str, Any]] = []

    def act(name: str, days: int, sight: Sight | None) -> Act:
        def play(given: Stage) -> Sight | None:
            played.append((name, given.clock.now()))
            return sight

        return Act(name, days, play)

    programme = Programme((act("akhir", 2, Sight("b", "/b")), act("awal", 30, Sight("a", "/a")), act("sepi", 2, None)), END)
    programme.play_until(stage, END - timedelta(days=30))
    assert [name for name, _ in played] == ["awal"]
    programme.play_until(stage, END)
    programme.play_until(stage, END)
    assert played == [
        ("awal", END - timedelta(days=30)),
        ("akhir", END - timedelta(days=2)),
        ("sepi", END - timedelta(days=2)),
    ]
    assert programme.sights == [Sight("a", "/a"), Sight("b", "/b")]


@pytest.mark.slow
def test_the_summary_says_where_to_look(demo: tuple[Path, Summary]) -> None:
    text = render(demo[1])
    for line in demo[1].sights:
        assert line.split()[0] in text
    assert len(demo[1].sights) <= 2 * len(ACTS)


@pytest.mark.slow
def test_a_draft_waits_for_its_officer_with_a_gap(city: City) -> None:
    officer = Context(city, actor_by_name("kebijakan"))
    review = reviewing.review_file(officer, "decisions/hasil_kerja.yaml")
    [gap] = review.gaps
    assert (gap.file, gap.above, gap.finding.code) == ("decisions/hasil_kerja.yaml", 2, "P101")
    assert not review.ready


@pytest.mark.slow
def test_a_release_went_the_way_of_its_process(city: City) -> None:
    first, second = db.Release.select().order_by(db.Release.id)
    case = db.Case.get(db.Case.subject == f"rilis:{second.fingerprint}")
    done = {row.task: row.done_by for row in db.Task.select().where(db.Task.case == case.id)}
    assert (case.state, second.state, city.release().fingerprint) == ("closed", "published", second.fingerprint)
    assert list(done) == ["ajukan_aturan", "periksa_dampak", "tetapkan_aturan", "umumkan_aturan"]
    assert done["tetapkan_aturan"] == second.approver != second.author == done["ajukan_aturan"]
    assert not db.Evaluation.select().where(db.Evaluation.release != first.id).exists()


@pytest.mark.slow
def test_papers_are_on_their_way_and_the_ceiling_is_watched(city: City) -> None:
    [letter] = db.Letter.select().where(db.Letter.kind == "berkas_pemeriksaan")
    assert (letter.content["total"], letter.content["band"]["name"]) == (3, "teguran lisan")
    waiting = db.Task.get(db.Task.case == letter.case_id, db.Task.state == "ready")
    assert waiting.task == "beri_keterangan"
    assert all(run.ceiling["melebihi_pagu"] for run in db.PayRun.select())


@pytest.mark.slow
def test_late_attendance_is_the_next_months_correction(demo: tuple[Path, Summary], city: City) -> None:
    [line] = db.PayLine.select().where(db.PayLine.kind == "correction")
    assert (str(line.month), str(line.run.month)) == ("2026-05-01", "2026-06-01")
    assert line.amount > 0
    assert any("pembetulan Rp" in sight for sight in demo[1].sights)


@pytest.mark.slow
def test_evidence_is_kept_and_given_twice(city: City) -> None:
    """The very same file stands in two cases, once in the store, and whole."""
    rows = list(db.EvidenceFile.select())
    assert len(rows) == 2
    assert len({row.sha256 for row in rows}) == 1
    count, found = audit.verify_evidence(Context(city, actor_by_name("auditor")))
    assert (count, found) == (1, ())
    assert db.RubricRating.select().count() > 0
