"""The page of a plan: what was agreed by whom, what is expected, and the talk while it is open."""

from __future__ import annotations

from datetime import datetime

import pytest

from kinerja.core.clock import JAKARTA
from kinerja.store import models as db


def test_reading_talking_and_agreeing(own_console):
    small = own_console.small
    case = small.case_of("operator")
    page = f"/rencana/{case}"
    operator, penilai = (own_console.sign_in(name) for name in ("operator", "penilai"))
    assert own_console.sign_in("asing").get(page).status_code == 403
    assert operator.get("/rencana/").status_code == 404
    assert page in operator.get(f"/kasus/{case}").text
    assert "belum disepakati" in operator.get(page).text
    assert "Jaga rahasia jabatan dan data pribadi warga." in operator.get(page).text
    said = {"kunci": "a1", "indikator": "ADM-4", "teks": "Apakah <b>120 menit</b> berlaku sejak Januari?"}
    assert operator.post(page + "/dialog", **said).status_code == 302
    assert operator.post(page + "/dialog", kunci="a2", teks="?").status_code == 400
    assert "Apakah &lt;b&gt;120 menit&lt;/b&gt; berlaku" in penilai.get(page).text
    small.advance(own_console.city, "operator", "lapor_realisasi")
    agreed = operator.get(page).text
    assert "disepakati kedua pihak" in agreed
    assert 'name="teks"' not in agreed
    assert operator.post(page + "/dialog", kunci="a3", teks="Saya ingin mengubah target").status_code == 403


def test_the_appraiser_sees_and_changes_the_expectations(own_console):
    small = own_console.small
    small.advance(own_console.city, "operator", "setujui_skp")
    task = small.task_of("operator").id
    penilai = own_console.sign_in("penilai")
    page = penilai.get(f"/tugas/{task}").text
    assert page.count('name="ekspektasi_') == 7
    assert "Jaga rahasia jabatan dan data pribadi warga." in page
    sent = penilai.post(f"/tugas/{task}", kunci="k1", keputusan_skp="setuju", ekspektasi_loyal="Jaga berkas warga di meja loket.")
    assert sent.status_code == 302
    assert "Jaga berkas warga di meja loket." in own_console.sign_in("operator").get(f"/rencana/{small.case_of('operator')}").text


def test_what_is_served_is_chosen_shown_and_drawn_as_a_tree(own_console):
    small = own_console.small
    case = small.case_of("operator")
    task = small.task_of("operator").id
    own = db.Case.get_by_id(case)
    above = db.Case.create(
        cycle=own.cycle, person=own.appraiser, position=own.position, unit=own.unit, agency=own.agency, first=own.first,
        last=own.last,
        appraiser=own.superior, superior=own.superior, process=own.process, process_state=own.process_state,
        opened_at=own.opened_at,
    )  # fmt: skip
    for code in ("KBD-1", "KBD-2"):
        db.PlanItem.create(case=above, code=code, label_id=f"Hasil {code}", polarity="lebih_tinggi", target=95, weight=50)
    operator, penilai = (own_console.sign_in(name) for name in ("operator", "penilai"))
    assert '<select id="f-mendukung.ADM-1"' in operator.get(f"/tugas/{task}").text
    sent = {"kunci": "m1", "indikator": "ADM-1", "atasan": "KBD-2"}
    assert operator.post(f"/rencana/{case}/dukung", **sent).status_code == 302
    assert operator.post(f"/rencana/{case}/dukung", kunci="m2", indikator="ADM-1", atasan="XX").status_code == 404
    assert "mendukung" in operator.get(f"/kasus/{case}").text
    tree = "/rencana/pohon?siklus=2026-S1&unit=dukcapil"
    assert operator.get(tree).status_code == 403
    page = own_console.sign_in("hr").get(tree).text
    assert "didukung 1" in page
    assert "belum didukung" in page
    assert own_console.sign_in("hr").get("/rencana/pohon?siklus=2026-S1&unit=xx").status_code == 404
    assert penilai.get(f"/rencana/{case}").status_code == 200


def test_a_change_is_proposed_answered_and_kept_beside_the_old(own_console):
    small = own_console.small
    small.advance(own_console.city, "operator", "lapor_realisasi")
    page = f"/rencana/{small.case_of('operator')}"
    operator, penilai = (own_console.sign_in(name) for name in ("operator", "penilai"))
    late = operator.get(page).text
    assert "Rencana ini dapat diubah sampai 15 Mei 2026; waktunya sudah lewat." in late
    assert 'name="target.ADM-4"' not in late
    own_console.city.clock.set(datetime(2026, 4, 1, 8, tzinfo=JAKARTA))
    db.Measurement.delete().execute()
    assert "Diajukan dan disepakati sampai 15 Mei 2026; sisa 2 perubahan." in operator.get(page).text
    assert 'name="target.ADM-4"' in operator.get(page).text
    change = {"target.ADM-4": "150", "sejak": "2026-04-01", "alasan_ubah": "Mesin cetak rusak <b>dua bulan</b>"}
    wrong = operator.post(page + "/ubah", kunci="u1", **(change | {"bobot.ADM-4": "25"}))
    assert wrong.status_code == 400
    assert "jumlah bobot menjadi 105, harus 100" in wrong.text
    assert "Mesin cetak rusak &lt;b&gt;dua bulan&lt;/b&gt;" in wrong.text, "what was typed is kept"
    assert operator.post(page + "/ubah", kunci="u2", **change).status_code == 302
    assert "Tarik kembali" in operator.get(page).text
    assert operator.post(page + "/jawab", kunci="j1", putusan="sepakat").status_code == 403
    assert "Perubahan menunggu jawaban Anda" in penilai.get(page).text
    assert penilai.post(page + "/jawab", kunci="j2", putusan="sepakat").status_code == 302
    after = penilai.get(page).text
    assert "Versi 2" in after
    assert "≤ 150" in after
    assert after.count("versi yang dinilai") == 1


@pytest.mark.slow
def test_the_arithmetic_of_a_part_and_the_paper_are_there(own_console):
    case = own_console.small.case_of("operator")
    share = {"per": "hari_kalender", "days": 90, "whole": 365, "target": 120, "target_high": None}
    db.PlanItem.update(target="29.59", share=share).where(db.PlanItem.case == case, db.PlanItem.code == "ADM-4").execute()
    operator = own_console.sign_in("operator")
    for page in (f"/rencana/{case}", f"/kasus/{case}"):
        assert "120 × 90/365 hari kalender = 29,5890…, dibulatkan 29,59" in operator.get(page).text
    paper = operator.get(f"/rencana/{case}/skp.pdf")
    assert (paper.status_code, paper.headers["Content-Type"]) == (200, "application/pdf")
    assert own_console.sign_in("asing").get(f"/rencana/{case}/skp.pdf").status_code == 403
