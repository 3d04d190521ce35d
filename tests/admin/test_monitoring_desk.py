"""The monitoring page of a case: each side writes, a disputed actual is held and decided there."""

from __future__ import annotations


def test_writing_disputing_and_deciding(own_console):
    small = own_console.small
    small.advance(own_console.city, "operator", "lapor_realisasi")
    case = small.case_of("operator")
    page = f"/pantau/{case}"
    operator, penilai, atasan = (own_console.sign_in(name) for name in ("operator", "penilai", "atasan"))
    assert own_console.sign_in("asing").get(page).status_code == 403
    assert page in operator.get(f"/kasus/{case}").text
    assert (
        penilai.post(page + "/catatan", kunci="a1", jenis="bimbingan", teks="Latihan <i>berkas</i> tiap Senin").status_code == 302
    )
    assert "Latihan &lt;i&gt;berkas&lt;/i&gt; tiap Senin" in operator.get(page).text
    assert operator.post(page + "/catatan", kunci="a2", jenis="bimbingan", teks="Latihan berkas tiap Senin").status_code == 403
    assert operator.post(page + "/sanggah", kunci="s1", indikator="ADM-1", alasan="?").status_code == 400
    assert operator.post(page + "/sanggah", kunci="s2", indikator="ADM-1", alasan="Bukan saya yang menangani").status_code == 302
    assert "disanggah, ditahan" in operator.get(page).text
    assert "Terima: realisasi tidak dipakai" not in operator.get(page).text
    assert "Terima: realisasi tidak dipakai" in atasan.get(page).text
    assert penilai.post("/pantau/sanggahan/1", kunci="d1", putusan="diterima", alasan="Memang keliru").status_code == 403
    assert (
        atasan.post("/pantau/sanggahan/1", kunci="d2", putusan="ditolak", alasan="Catatan loket menyebut namanya").status_code
        == 302
    )
    assert "sanggahan ditolak, dipakai" in operator.get(page).text
    assert atasan.post("/pantau/sanggahan/99", kunci="d3", putusan="ditolak", alasan="Catatan loket menyebut").status_code == 404
