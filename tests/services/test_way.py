"""The whole way of a case, through the services people use: facts → rules → judgement → letter, restarted between any two steps."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from kinerja.core.errors import ConflictError, ForbiddenError
from kinerja.services.casework import cases, tasks
from kinerja.services.openness import audit
from kinerja.services.papers import issue
from kinerja.store import models as db


def test_a_case_goes_its_way_across_restarts(town: Any) -> None:
    stages = [town.case_of("budi").stage]
    for who, task, answers in town.way:
        town = town.restarted()
        town.do("budi" if who == "self" else who, task, "budi", **answers)
        stages.append(town.case_of("budi").stage)
    assert stages == [
        "perencanaan", "perencanaan", "pelaksanaan", "penilaian", "penilaian", "evaluasi", "penetapan", "tindak_lanjut", "selesai",
    ]  # fmt: skip
    case = town.case_of("budi")
    assert (case.state, case.rating) == ("closed", "Baik")
    assert audit.verify_ledger(town.system).bad is None
    town.city.close()


def test_facts_evaluation_and_letters_say_the_same(town: Any) -> None:
    town.until("sari", "baca_hasil")
    case = town.case_of("sari")
    page = cases.case_page(town.context("hr"), case.id)
    assert "Di sini" in page.picture
    assert "Here" in (english := cases.case_page(town.context("hr"), case.id, "en").picture)
    assert "Di sini" not in english
    assert page.evaluation is not None
    facts, outputs = page.evaluation.facts, page.evaluation.outputs
    assert facts["kasus"]["menit_terlambat"] == [10, 45, None]
    assert facts["kasus"]["hari_absen"] == 0
    assert facts["kasus"]["perilaku_kerja"] == "sesuai"
    actual = {row["kode"]: row["realisasi"] for row in facts["indikator"]}
    assert actual["ADM-1"] == 90
    assert actual["ADM-5"] == Fraction("82.5")
    assert {item.code: item.actual for item in page.items} == actual
    assert {item.code: item.achievement for item in page.items} == {
        row["kode"]: row["capaian"] for row in page.evaluation.items["indikator"]
    }
    decree, document = (db.Letter.get(db.Letter.kind == kind) for kind in ("keputusan_predikat", "dokumen_evaluasi"))
    [row] = decree.content["rows"]
    assert row["allowance"] == outputs["tpp_bruto"]
    assert Fraction(row["score"]) == outputs["nilai_hasil_kerja"]
    assert row["rating"] == document.content["rating"] == outputs["predikat"] == case.rating
    assert decree.content["total"] == outputs["tpp_bruto"]
    printed = {line["label"]: line["amount"] for line in document.content["allowance"]}
    assert printed["TPP bruto"] == outputs["tpp_bruto"]
    assert printed["TPP produktivitas kerja"] + printed["TPP disiplin kerja"] == outputs["tpp_bruto"]
    assert {row["code"]: Fraction(row["actual"]) for row in document.content["indicators"]} == actual
    assert "perilaku" in str([entry["aspect"] for entry in document.content["judgements"]]).lower()


def test_evidence_leads_back_to_the_file(town: Any) -> None:
    page = cases.case_page(town.context("kabid"), town.case_of("budi").id)
    evidence = next(item.evidence for item in page.items if item.code == "ADM-1")
    assert evidence is not None
    assert (evidence.source, evidence.count, evidence.method) == ("peristiwa.csv", 10, "persen_tepat_waktu")
    assert len(evidence.sha256) == 64
    assert evidence.period == "2026-01-01..2026-06-30"


def test_an_open_request_is_neither_late_nor_on_time(town: Any) -> None:
    page = cases.case_page(town.context("kabid"), town.case_of("citra").id)
    [birth] = [item for item in page.items if item.code == "ADM-3"]
    assert birth.evidence is not None
    assert (birth.actual, birth.evidence.count) == (100, 4)


def test_a_returned_plan_goes_back_and_may_come_again(town: Any) -> None:
    town.do("budi", "susun_skp", "budi", sudah_baca_standar=True)
    town.do("kabid", "setujui_skp", "budi", keputusan_skp="perbaiki", catatan_skp="Target ADM-4 belum dibahas bersama")
    [again] = town.desk("budi", "budi")
    assert again.task == "susun_skp"
    town.do("budi", "susun_skp", "budi", sudah_baca_standar=True)
    assert [task.task for task in town.desk("kabid", "budi")] == ["setujui_skp"]


def test_the_latest_judgement_counts_and_earlier_ones_stay(town: Any) -> None:
    town.until("budi", "setujui_penilaian")
    town.do("kadis", "setujui_penilaian", "budi", keputusan_atasan="tinjau_ulang", alasan_atasan="Alasannya belum memuat kejadian")
    town.do(
        "kabid",
        "nilai_perilaku",
        "budi",
        perilaku_kerja="di_atas",
        alasan_perilaku="Memimpin pemulihan loket saat gangguan listrik",
    )
    town.do("kadis", "setujui_penilaian", "budi", keputusan_atasan="setuju")
    town.do("tim", "nilai_mutu", "budi", **town.way[5][2])
    case = town.case_of("budi")
    page = cases.case_page(town.context("hr"), case.id)
    assert page.evaluation is not None
    assert page.evaluation.facts["kasus"]["perilaku_kerja"] == "di_atas"
    assert [view.value for view in page.judgements if view.aspect == "perilaku_kerja"] == ["sesuai", "di_atas"]


def test_the_team_moves_the_result_only_with_a_reason(town: Any) -> None:
    town.until("budi", "nilai_mutu")
    quality = town.way[5][2] | {"kalibrasi": "naik"}
    with pytest.raises(Exception, match="isian_belum_benar") as caught:
        town.do("tim", "nilai_mutu", "budi", **quality)
    assert set(caught.value.fields) == {"alasan_kalibrasi", "bukti_kalibrasi"}  # type: ignore[attr-defined]
    assert [task.task for task in town.desk("tim", "budi")] == ["nilai_mutu"]
    moved = {"alasan_kalibrasi": "Menangani dua loket selama tiga bulan", "bukti_kalibrasi": "BA kalibrasi 2/2026"}
    town.do("tim", "nilai_mutu", "budi", **quality, **moved)
    outputs = cases.case_page(town.context("hr"), town.case_of("budi").id).evaluation.outputs  # type: ignore[union-attr]
    assert (outputs["hasil_kerja"], outputs["hasil_kerja_akhir"]) == ("sesuai", "di_atas")


# ── duties ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def ready_task(town: Any, of: str) -> Any:
    return db.Task.get(db.Task.case == town.case_of(of).id, db.Task.state == "ready")


def test_nobody_rates_themselves_and_the_alternative_is_named(town: Any) -> None:
    town.do("kabid", "susun_skp", "kabid", sudah_baca_standar=True)
    task = ready_task(town, "kabid")
    with pytest.raises(ForbiddenError) as caught:
        tasks.complete(town.context("kabid"), task.id, {"keputusan_skp": "setuju"})
    assert caught.value.code == "menilai_diri_sendiri"
    assert caught.value.details["alternative"] == "Kadis"
    assert "Kadis" in tasks.explain(town.context("kabid"), task.id)


def test_a_task_is_its_assignees_alone(town: Any) -> None:
    task = ready_task(town, "budi")
    for name in ("sari", "kadis", "hr", "tim"):
        with pytest.raises(ForbiddenError):
            tasks.complete(town.context(name), task.id, {"sudah_baca_standar": True})
    assert ready_task(town, "budi").id == task.id


def test_a_team_member_of_the_same_unit_recuses(town: Any) -> None:
    town.until("budi", "nilai_mutu")
    assert town.desk("sari", "budi") == []
    with pytest.raises(ForbiddenError) as caught:
        tasks.complete(town.context("sari"), ready_task(town, "budi").id, town.way[5][2])
    assert caught.value.code == "seunit"
    assert caught.value.details["alternative"] == "Tim, Tim2"


def test_a_role_is_checked_for_the_unit(town: Any) -> None:
    town.until("budi", "nilai_mutu")
    from kinerja.services.context import Actor, Context

    elsewhere = Context(town.city, Actor.of("Tim BKPSDM", roles=["tim_evaluasi"], units=["bkpsdm"]))
    assert tasks.desk(elsewhere) == ()
    with pytest.raises(ForbiddenError):
        tasks.complete(elsewhere, ready_task(town, "budi").id, town.way[5][2])
    here = Context(town.city, Actor.of("Tim Dukcapil", roles=["tim_evaluasi"], units=["dukcapil"]))
    assert [task.task for task in tasks.desk(here)] == ["nilai_mutu"]


def test_hr_does_not_issue_its_own_result(town: Any) -> None:
    town.do("hr", "susun_skp", "hr", sudah_baca_standar=True)
    assert not [task for task in town.desk("hr") if task.nip == town.nips["hr"] and task.role == "bkpsdm"]


# ── once and only once ────────────────────────────────────────────────────────────────────────────────────────────────
def test_double_submit_brings_the_same_receipt(town: Any) -> None:
    task = ready_task(town, "budi")
    context = town.context("budi")
    first = tasks.complete(context, task.id, {"sudah_baca_standar": True})
    again = tasks.complete(context, task.id, {"sudah_baca_standar": True})
    assert first == again
    keyed = tasks.complete(town.context("kabid"), ready_task(town, "budi").id, {"keputusan_skp": "setuju"}, key="formulir-1")
    assert tasks.complete(town.context("kabid"), keyed.values["task"], {"keputusan_skp": "perbaiki"}, key="formulir-1") == keyed
    assert db.Task.select().where(db.Task.case == town.case_of("budi").id).count() == 3


def test_a_done_task_with_other_answers_is_a_conflict(town: Any) -> None:
    town.do("budi", "susun_skp", "budi", sudah_baca_standar=True)
    task = ready_task(town, "budi")
    tasks.complete(town.context("kabid"), task.id, {"keputusan_skp": "setuju"})
    with pytest.raises(ConflictError) as caught:
        tasks.complete(town.context("kabid"), task.id, {"keputusan_skp": "perbaiki", "catatan_skp": "Berubah pikiran sesudahnya"})
    assert caught.value.code == "tugas_sudah_selesai"
    assert caught.value.http_status == 409


# ── letters ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_unit_is_issued_on_one_decree(town: Any) -> None:
    for name in ("sari", "budi", "citra"):
        town.until(name, "terbitkan")
    assert issue.issuing_units(town.context("hr"), town.cycle) == {"dukcapil": 3}
    receipt = issue.issue_unit(town.context("hr"), town.cycle, "dukcapil")
    assert (receipt.values["cases"], receipt.values["held"]) == (3, 0)
    letter = db.Letter.get_by_id(int(receipt.values["letter"]))
    assert [row["person"]["name"] for row in letter.content["rows"]] == ["Budi", "Citra", "Sari"]
    assert letter.number == "800.1.13/Kep.1-Disdukcapil/2026"
    assert letter.content["signatory"]["name"] == "Kadis"
    assert db.Letter.select().where(db.Letter.kind == "keputusan_predikat").count() == 1
    numbers = [row.number for row in db.Letter.select().where(db.Letter.kind == "dokumen_evaluasi").order_by(db.Letter.id)]
    assert numbers == [f"800.1.13/DE.{n}-Disdukcapil/2026" for n in (1, 2, 3)]
    with pytest.raises(ConflictError):
        issue.issue_unit(town.context("hr"), town.cycle, "dukcapil")


@pytest.mark.slow
def test_a_letter_prints_the_same_bytes_at_any_time(town: Any) -> None:
    town.until("budi", "baca_hasil")
    letter = db.Letter.get(db.Letter.kind == "dokumen_evaluasi")
    path = issue.letter_file(town.context("budi"), letter.id)
    data = path.read_bytes()
    assert data.startswith(b"%PDF")
    path.unlink()
    town = town.restarted()
    assert issue.letter_file(town.context("budi"), letter.id).read_bytes() == data
    assert db.LedgerEntry.select().where(db.LedgerEntry.act == "letter.print").count() == 1
    with pytest.raises(ForbiddenError):
        issue.letter_file(town.context("sari"), letter.id)
    town.city.close()
