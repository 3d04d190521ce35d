"""“Pembayaran”: opened and worked through in the browser, line by line with why, one's own breakdown, nobody else's."""

from __future__ import annotations

from datetime import date

import pytest

from kinerja.services.casework import tasks
from kinerja.store import models as db


@pytest.fixture
def paid(ready_console):
    console = ready_console
    for name in ("operator", "rekan", "penilai"):
        person = db.Person.get(db.Person.nip == console.small.PEOPLE[name][0])
        db.PersonnelRecord.create(person=person, aspect="predikat", value="Baik", day=date(2026, 1, 9), source="Kep.7")
    browser = console.sign_in("hr")
    answer = browser.post("/pembayaran/", perangkat="dukcapil", bulan="2026-06", kunci="a1")
    assert answer.status_code == 302, answer.text
    work(console, "hr", "siapkan_pembayaran", presensi_lengkap="ya")
    return console, browser, answer.headers["Location"]


def work(console, account, task, **answers):
    context = console.small.context(console.city, account)
    [found] = [view for view in tasks.desk(context) if view.task == task]
    return tasks.complete(context, found.id, answers)


def test_a_run_shows_its_lines_sums_and_why(paid):
    console, browser, address = paid
    page = browser.get(address).text
    assert "Dewi Lestari" in page
    assert "belum ada predikat yang berlaku" in page  # the head of the agency has none
    assert "persen_tpp" in page
    assert 'href="/tugas/' in page
    listed = browser.get("/pembayaran/").text
    assert "Juni 2026" in listed
    assert "1 tertahan" in listed
    english = console.sign_in("auditor")
    english.post("/bahasa", ke="en", bahasa="en")
    assert english.get(address).status_code == 200


def test_everybody_sees_their_own_once_it_is_approved(paid):
    console, _, address = paid
    operator = console.sign_in("operator")
    assert "Belum ada pembayaran yang disetujui" in operator.get("/pembayaran/").text
    work(console, "hr", "periksa_daftar", keputusan_daftar="benar")
    work(console, "penetap", "setujui_pembayaran", keputusan_pembayaran="setuju")
    mine = operator.get("/pembayaran/").text
    assert "Rp\u00a03.407.272" in mine
    assert "Mengapa?" in mine
    assert "Agus Setiawan" not in mine
    assert operator.get(address).status_code == 403
    assert console.sign_in("penetap").get(address).status_code == 200


@pytest.mark.slow
def test_opening_needs_a_key_and_the_right(paid):
    console, browser, _ = paid
    assert browser.post("/pembayaran/", perangkat="dukcapil", bulan="2026-06").status_code == 400
    assert console.sign_in("operator").post("/pembayaran/", perangkat="dukcapil", bulan="2026-06", kunci="b2").status_code == 403
    assert browser.post("/pembayaran/", perangkat="dukcapil", bulan="x", kunci="c3").status_code == 400
