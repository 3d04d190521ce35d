"""Remarks both ways; and a disputed actual: held, used in no evaluation, decided by somebody uninvolved, said on the letter."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kinerja.core.errors import ConflictError, ForbiddenError, InputError
from kinerja.services import notices
from kinerja.services.casework import monitoring, tasks
from kinerja.services.evaluation.facts import collect
from kinerja.services.papers.heldnotes import held_notes
from kinerja.services.reading import load_case
from kinerja.store import models as db

WRONG = "Dua permohonan ini bukan saya yang menangani"


def actual_of(town: Any, code: str) -> Any:
    case = load_case(town.case_of("budi").id)
    document = collect(case, town.city.policy(town.city.release().fingerprint)).document
    return next(item["realisasi"] for item in document["indikator"] if item["kode"] == code)


def test_feedback_goes_both_ways_and_coaching_is_the_leaders(town: Any) -> None:
    case = town.case_of("budi").id
    monitoring.note(town.context("budi"), case, "umpan_balik", "Antrean pagi perlu satu loket lagi", "ADM-4")
    monitoring.note(town.context("kabid"), case, "bimbingan", "Latihan memeriksa berkas setiap Senin", evidence="jadwal.pdf")
    found = monitoring.monitoring(town.context("budi"), case)
    said = [(note.kind, note.item, note.author_name) for note in found.notes]
    assert said == [("bimbingan", "", "Kabid"), ("umpan_balik", "ADM-4", "Budi")]
    assert any("catatan baru" in notice.text for notice in notices.mine(town.context("kabid")))
    with pytest.raises(ForbiddenError, match="bukan_catatan_anda"):
        monitoring.note(town.context("budi"), case, "bimbingan", "Saya membimbing diri sendiri")
    with pytest.raises(ForbiddenError, match="tidak_berwenang"):
        monitoring.note(town.context("citra"), case, "umpan_balik", "Saya rekan seruangan")
    with pytest.raises(InputError, match="teks_terlalu_pendek"):
        monitoring.note(town.context("kabid"), case, "umpan_balik", "ok")


def test_a_disputed_actual_is_held_until_decided(town: Any) -> None:
    town.until("budi", "lapor_realisasi")
    case = town.case_of("budi").id
    before = actual_of(town, "ADM-1")
    assert before is not None
    number = int(monitoring.dispute(town.context("budi"), case, "ADM-1", WRONG).values["dispute"])
    assert actual_of(town, "ADM-1") is None
    with pytest.raises(ConflictError, match="sudah_disanggah"):
        monitoring.dispute(town.context("kabid"), case, "ADM-1", WRONG)
    for name in ("budi", "kabid", "citra"):
        with pytest.raises(ForbiddenError):
            monitoring.decide_dispute(town.context(name), number, False, "Catatan loket menunjukkan nama Anda")
    monitoring.decide_dispute(town.context("kadis"), number, False, "Catatan loket menunjukkan nama Anda")
    assert actual_of(town, "ADM-1") == before
    assert held_notes(case) == ()
    with pytest.raises(ConflictError, match="sudah_berubah"):
        monitoring.decide_dispute(town.context("hr"), number, True, "Ternyata memang keliru")


def test_an_upheld_dispute_leaves_the_weight_to_the_others_and_the_letter_says_so(town: Any) -> None:
    """The earlier measurement does not come back in its place."""
    town.until("budi", "lapor_realisasi")
    case = town.case_of("budi").id
    item = db.PlanItem.get(db.PlanItem.case == case, db.PlanItem.code == "ADM-1")
    old = db.Measurement.select().where(db.Measurement.plan_item == item.id).get()
    db.Measurement.create(plan_item=item, value=50, evidence=old.evidence, recorded_by="x", recorded_at=town.city.clock.now())
    number = int(monitoring.dispute(town.context("budi"), case, "ADM-1", WRONG).values["dispute"])
    monitoring.decide_dispute(town.context("hr"), number, True, "Petugas pada catatan itu orang lain")
    assert actual_of(town, "ADM-1") is None
    for who, task, answers in town.way[2:7]:
        town.do("budi" if who == "self" else who, task, "budi", **answers)
    finding = db.Evaluation.select().where(db.Evaluation.case == case).get().finding
    assert next(row for row in finding["indikator"] if row["kode"] == "ADM-1")["capaian"] is None
    document = db.Letter.get(db.Letter.case == case, db.Letter.kind == "dokumen_evaluasi")
    assert "ADM-1 disanggah dan ditahan" in str(document.content)
    with pytest.raises(ConflictError, match="terlambat_menyanggah"):
        monitoring.dispute(town.context("budi"), case, "ADM-2", WRONG)


def test_no_result_while_a_dispute_is_open_so_that_disputing_lifts_nobody(town: Any) -> None:
    """A held actual gives its weight to the others; a poor one would drop out by being disputed and left."""
    town.until("budi", "lapor_realisasi")
    case = town.case_of("budi").id
    number = int(monitoring.dispute(town.context("budi"), case, "ADM-1", WRONG).values["dispute"])
    for who, task, answers in town.way[2:6]:
        town.do("budi" if who == "self" else who, task, "budi", **answers)
    [incident] = db.Incident.select().where(db.Incident.case == case)
    assert (incident.code, incident.state) == ("sanggahan_belum_diputus", "open")
    assert "ADM-1" in incident.text_id
    assert db.Evaluation.select().where(db.Evaluation.case == case).count() == 0
    tasks.resume(town.context("hr"), incident.id)
    assert db.Incident.select().where(db.Incident.case == case, db.Incident.state == "open").count() == 1, (
        "asking again helps nobody"
    )
    monitoring.decide_dispute(town.context("kadis"), number, False, "Catatan loket menunjukkan nama Anda")
    assert db.Incident.select().where(db.Incident.case == case, db.Incident.state == "open").count() == 0
    finding = db.Evaluation.select().where(db.Evaluation.case == case).get().finding
    assert next(row for row in finding["indikator"] if row["kode"] == "ADM-1")["capaian"] is not None
    assert town.case_of("budi").stage == "penetapan"


def test_after_an_upheld_dispute_the_case_waits_for_the_measurement_in_its_place(town: Any) -> None:
    town.until("budi", "lapor_realisasi")
    case = town.case_of("budi").id
    number = int(monitoring.dispute(town.context("budi"), case, "ADM-1", WRONG).values["dispute"])
    for who, task, answers in town.way[2:6]:
        town.do("budi" if who == "self" else who, task, "budi", **answers)
    monitoring.decide_dispute(town.context("kadis"), number, True, "Petugas pada catatan itu orang lain")
    [incident] = db.Incident.select().where(db.Incident.case == case, db.Incident.state == "open")
    tasks.resume(town.context("hr"), incident.id)
    assert db.Evaluation.select().where(db.Evaluation.case == case).count() == 1


def test_targets_past_their_date_are_marked(town: Any) -> None:
    """The quality score of the team is still missing after the period; the day before its end nothing is late."""
    case = town.case_of("budi").id
    assert monitoring.monitoring(town.context("kabid"), case).expired == {"ADM-5"}
    db.Case.update(last=date(2026, 12, 31)).where(db.Case.id == case).execute()
    assert monitoring.monitoring(town.context("kabid"), case).expired == frozenset()
