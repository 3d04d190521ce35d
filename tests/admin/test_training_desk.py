"""“Sosialisasi”: planning, attendance from a file, questions and acknowledgements, uptake; by the hands that may."""

from __future__ import annotations

import io

from kinerja.store import models as db


def plan(hr, key="k1", when="2026-07-19T09:00"):
    return hr.post(
        "/sosialisasi/acara",
        kunci=key,
        jenis="sosialisasi",
        judul="Aturan <b>baru</b>",
        waktu=when,
        tempat="Aula",
        bahan="Salindia",
    )


def test_from_invitation_to_attendance(own_console):
    hr, operator = own_console.sign_in("hr"), own_console.sign_in("operator")
    assert plan(operator).status_code == 403
    assert plan(hr, when="kemarin").status_code == 400
    assert plan(hr).status_code == 302
    page = operator.get("/sosialisasi/").text
    assert "Aturan &lt;b&gt;baru&lt;/b&gt;" in page
    assert "Anda diundang" in page
    event = db.TrainingEvent.get().id
    assert "Catat yang hadir" not in operator.get(f"/sosialisasi/acara/{event}").text
    nip = own_console.small.PEOPLE["operator"][0]
    sent = {"csrf_token": hr.token(), "kunci": "h1", "berkas": (io.BytesIO(f"nip\n{nip}\n".encode()), "hadir.csv")}
    assert hr.client.post(f"/sosialisasi/acara/{event}/hadir", data=sent).status_code == 302
    assert "Anda hadir" in operator.get(f"/sosialisasi/acara/{event}").text
    wrong = hr.post(f"/sosialisasi/acara/{event}/hadir", kunci="h2", daftar="bukan nip!")
    assert wrong.status_code == 400
    assert "baris 1" in wrong.text
    assert operator.post(f"/sosialisasi/acara/{event}/batal").status_code == 403
    assert hr.post(f"/sosialisasi/acara/{event}/batal").status_code == 302
    assert own_console.sign_in("auditor").get("/sosialisasi/serapan").status_code == 200


def test_questions_and_acknowledgement(own_console):
    operator, hr, rekan = (own_console.sign_in(name) for name in ("operator", "hr", "rekan"))
    assert (
        operator.post("/sosialisasi/tanya", kunci="q1", pertanyaan="Apakah cuti memotong TPP?", tanpa_nama="1").status_code == 302
    )
    assert operator.post("/sosialisasi/tanya", kunci="q2", pertanyaan="apa").status_code == 400
    assert "Dewi Lestari" not in rekan.get("/sosialisasi/").text
    assert "Dewi Lestari" in hr.get("/sosialisasi/").text
    number = db.Question.get().id
    assert rekan.post(f"/sosialisasi/tanya/{number}", kunci="j1", jawaban="Tidak, selama cutinya sah.").status_code == 403
    assert hr.post(f"/sosialisasi/tanya/{number}", kunci="j2", jawaban="Tidak, selama cutinya sah.").status_code == 302
    assert "Tidak, selama cutinya sah." in rekan.get("/sosialisasi/").text
    subject = f"release:{own_console.city.release().fingerprint}"
    assert subject in operator.get("/sosialisasi/").text
    assert operator.post("/sosialisasi/paham", pokok=subject).status_code == 302
    assert subject not in operator.get("/sosialisasi/").text
