"""The page of a plan: what was agreed by whom, what is expected, and the talk while it is open."""

from __future__ import annotations


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
