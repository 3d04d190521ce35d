"""Objections: on a named input, decided by the superior, each outcome a letter with before and after."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from kinerja.core.indonesian import number
from kinerja.process import FormError
from kinerja.services.casework import cases, tasks
from kinerja.services.papers import printing
from kinerja.store import models as db

OBJECTION = {
    "pokok_keberatan": "perilaku",
    "masukan_keberatan": "Perilaku kerja",
    "uraian_keberatan": "Tercatat sesuai, padahal tiga kali saya memimpin loket darurat tanpa diminta.",
    "bukti_keberatan": "Surat tugas 12/2026",
}
ANSWER = {
    "sikap_penilai": "sebagian_benar",
    "tanggapan_penilai": "Penilaian saya menurut catatan kehadiran dan dua pengamatan langsung.",
}
BEHAVIOUR = {"perilaku_kerja": "di_atas", "alasan_perilaku": "Memimpin loket darurat tiga kali menurut surat tugas 12/2026."}


@pytest.fixture
def objected(town: Any) -> Any:
    town.until("citra", "baca_hasil")
    town.do("citra", "baca_hasil", "citra", sudah_baca_alasan=True, tanggapan="keberatan")
    town.do("citra", "tulis_keberatan", "citra", **OBJECTION)
    return town


def decide(town: Any, ruling: str) -> None:
    town.do("kabid", "tanggapi_keberatan", "citra", **ANSWER)
    reason = "Surat tugas 12/2026 menunjukkan kepemimpinan yang tidak tercatat dalam penilaian semula."
    town.do("kadis", "putuskan_keberatan", "citra", putusan_keberatan=ruling, alasan_putusan=reason)


def letters(kind: str) -> list[Any]:
    return list(db.Letter.select().where(db.Letter.kind == kind).order_by(db.Letter.id))


def test_who_answers_reads_what_was_written(objected: Any) -> None:
    [task] = [view for view in objected.desk("kabid", "citra") if view.task == "tanggapi_keberatan"]
    page = tasks.page(objected.context("kabid"), task.id)
    [written] = page.answers
    assert [words for _, _, words, _ in written.fields][:2] == ["Penilaian perilaku kerja", "Perilaku kerja"]


@pytest.mark.slow
def test_a_refusal_is_a_letter_at_once_and_changes_nothing(objected: Any) -> None:
    before = db.Evaluation.select().count()
    decide(objected, "ditolak")
    [letter] = letters("keputusan_keberatan")
    assert letter.content["outcome"] == "ditolak"
    assert all(change["before"] == change["after"] for change in letter.content["changes"])
    assert letter.content["statement"].startswith("Perilaku kerja: ")
    assert "hari" in letter.content["reasons"][0]["text"]
    assert letter.content["against"] == f"Keputusan Nomor {letters('keputusan_predikat')[0].number}"
    assert db.Evaluation.select().count() == before
    assert objected.case_of("citra").state == "closed"
    assert printing.letter_file(objected.context("citra"), letter.id).read_bytes().startswith(b"%PDF")


def test_upheld_is_judged_again_and_then_a_letter_with_before_and_after(objected: Any) -> None:
    decide(objected, "dikabulkan")
    assert letters("keputusan_keberatan") == []
    objected.do("kabid", "nilai_perilaku", "citra", **BEHAVIOUR)
    objected.do("kadis", "setujui_penilaian", "citra", keputusan_atasan="setuju")
    objected.do("hr", "terbitkan", "citra", konfirmasi_terbit=True)
    [letter] = letters("keputusan_keberatan")
    first, second = letters("keputusan_predikat")
    assert letter.content["outcome"] == "dikabulkan"
    assert letter.content["against"] == f"Keputusan Nomor {first.number}"
    assert letter.content["changes"][0] == {"what": "Perilaku kerja", "before": "Sesuai ekspektasi", "after": "Di atas ekspektasi"}
    assert any(first.number in noted for noted in second.content["noted"])
    seen = cases.case_page(objected.context("citra"), objected.case_of("citra").id)
    assert {view.kind for view in seen.letters} >= {"keputusan_keberatan", "keputusan_predikat", "dokumen_evaluasi"}
    # read again, accepted: no second decision on the same objection
    objected.do("citra", "baca_hasil", "citra", sudah_baca_alasan=True, tanggapan="terima")
    assert len(letters("keputusan_keberatan")) == 1


def test_what_is_disputed_is_chosen_from_what_the_case_rests_on(town: Any) -> None:
    town.until("citra", "baca_hasil")
    town.do("citra", "baca_hasil", "citra", sudah_baca_alasan=True, tanggapan="keberatan")
    with pytest.raises(FormError) as caught:
        town.do("citra", "tulis_keberatan", "citra", **OBJECTION | {"masukan_keberatan": "XYZ-9"})
    assert set(caught.value.fields) == {"masukan_keberatan"}
    [task] = [view for view in town.desk("citra", "citra") if view.task == "tulis_keberatan"]
    offered = [value for value, *_ in tasks.page(town.context("citra"), task.id).choices["masukan_keberatan"]]
    assert offered == ["Perilaku kerja", "ADM-1", "ADM-2", "ADM-3", "ADM-4", "ADM-5"]


def test_a_wrong_figure_comes_right_with_the_decision_and_nothing_else_is_judged_again(town: Any) -> None:
    town.until("citra", "baca_hasil")
    case = town.case_of("citra").id
    before = db.Evaluation.select().where(db.Evaluation.case == case).order_by(db.Evaluation.id.desc()).get()
    old = next(row["realisasi"] for row in before.facts["indikator"] if row["kode"] == "ADM-2")
    town.do("citra", "baca_hasil", "citra", sudah_baca_alasan=True, tanggapan="keberatan")
    town.do("citra", "tulis_keberatan", "citra", **OBJECTION | {"masukan_keberatan": "ADM-2"})
    assert town.case_of("citra").state == "open"
    with pytest.raises(FormError) as caught:  # upheld without saying what is right
        decide(town, "dikabulkan")
    assert set(caught.value.fields) == {"nilai_seharusnya"}
    reason = "Register loket menunjukkan enam berkas yang tidak masuk ke catatan layanan."
    ruling = {"putusan_keberatan": "dikabulkan", "alasan_putusan": reason, "nilai_seharusnya": "97,5"}
    town.do("kadis", "putuskan_keberatan", "citra", **ruling)
    waiting = [row.task for row in db.Task.select().where(db.Task.case == case, db.Task.state == "ready")]
    assert waiting == ["terbitkan"], "neither behaviour nor quality is asked about again"
    town.do("hr", "terbitkan", "citra", konfirmasi_terbit="ya")
    after = db.Evaluation.select().where(db.Evaluation.case == case).order_by(db.Evaluation.id.desc()).get()
    assert next(row["realisasi"] for row in after.facts["indikator"] if row["kode"] == "ADM-2") == Fraction("97.5") != old
    assert after.facts["kasus"]["perilaku_kerja"] == before.facts["kasus"]["perilaku_kerja"]
    [letter] = letters("keputusan_keberatan")
    assert {"what": "Realisasi ADM-2", "before": number(old), "after": "97,5"} in letter.content["changes"]
    kept = [
        row.value for row in db.Measurement.select().join(db.PlanItem).where(db.PlanItem.code == "ADM-2", db.PlanItem.case == case)
    ]
    assert {old, Fraction("97.5")} <= set(kept), "the figure before stays on record"


def test_a_quality_score_upheld_goes_to_the_team_alone(town: Any) -> None:
    town.until("citra", "baca_hasil")
    town.do("citra", "baca_hasil", "citra", sudah_baca_alasan=True, tanggapan="keberatan")
    town.do("citra", "tulis_keberatan", "citra", **OBJECTION | {"masukan_keberatan": "ADM-5"})
    decide(town, "dikabulkan")
    case = town.case_of("citra").id
    assert [row.task for row in db.Task.select().where(db.Task.case == case, db.Task.state == "ready")] == ["nilai_mutu"]
