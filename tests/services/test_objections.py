"""Objections: on a named input, decided by the superior, each outcome a letter with before and after."""

from __future__ import annotations

from typing import Any

import pytest

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
