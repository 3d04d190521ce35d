"""The rule workshop in a browser: a threshold raised, the gap seen and mended, who is touched, two people, the next evaluation."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .person import Person

pytestmark = pytest.mark.e2e
FILE = "/bengkel-aturan/berkas?file=decisions/hasil_kerja.yaml"


@pytest.fixture
def evaluated(server, small):
    """The operator's case has been evaluated; the colleague's waits for the evaluation team."""
    with small.open_city(server.folder) as city:
        small.advance(city, "operator", "terbitkan")
        small.advance(city, "rekan", "nilai_mutu")
    return server


def picture(person: Person, name: str) -> None:
    """Keep a screenshot where KINERJA_SCREENSHOTS names a folder."""
    folder = os.environ.get("KINERJA_SCREENSHOTS")
    if folder:
        person.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_threshold_from_draft_to_the_next_evaluation(chromium, evaluated, small, scripts):
    officer = Person(chromium, evaluated, small, "kebijakan", scripts)
    officer.follow("Bengkel aturan")
    officer.reads("Riwayat rilis", "Diterbitkan")
    officer.press("Mulai rancangan")
    picture(officer, "workshop-list")
    officer.follow("Usulan rating hasil kerja")
    officer.reads("Dapat dipakai", "Tidak ada perbedaan makna")

    box = officer.page.get_by_label("nilai_hasil_kerja, baris 2")
    box.fill("[104..110)")  # raises the threshold
    if scripts:  # and sees the gap while typing, before anything is saved
        officer.page.wait_for_selector("tr[data-row]:nth-child(2) + tr.gap-row + tr[data-row]")
    else:
        officer.press("Periksa tabel")
    officer.reads("1 hal tidak terbukti", "nilai_hasil_kerja = 90", "tidak ada baris")
    assert officer.page.locator("tr.gap-row").count() == 1
    box.fill("[104..110")  # a slip of the hand
    if scripts:
        officer.page.wait_for_selector("td.bad input[name='s1-0']")
    else:
        officer.press("Periksa tabel")
    officer.reads("galat")
    box.fill("[104..110)")
    officer.press("Simpan tabel")
    officer.reads("Belum dapat diajukan", "nilai_hasil_kerja = 90", "tidak ada baris")
    picture(officer, "workshop-gap")

    officer.page.get_by_label("nilai_hasil_kerja, baris 3").fill("[0..104)")  # mends it
    officer.press("Simpan tabel")
    officer.reads("1 kasus meleset", "90 ke 104")
    text = officer.page.get_by_role("textbox", name="Teks berkas")
    text.fill(text.input_value().replace("{nilai_hasil_kerja: 90}", "{nilai_hasil_kerja: 104}"))
    officer.press("Simpan teks")
    officer.reads("Dapat dipakai")
    if scripts:
        officer.page.get_by_text("dihitung dua kali").first.wait_for()
    picture(officer, "workshop-mended")

    officer.page.locator("main").get_by_role("link", name="Periksa dan ajukan").click()
    officer.reads("Siap diajukan", "90 ke 104", "dihitung dua kali")
    officer.touched("Dewi Lestari", "Baik → Butuh Perbaikan")
    picture(officer, "workshop-check")
    assert officer.page.get_by_label("Judul rilis").count() == 0  # not before its simulation is kept
    officer.press("Simpan simulasi ini")
    officer.reads("disimulasikan pada")
    officer.page.get_by_label("Judul rilis").fill("Ambang sesuai naik ke 104")
    officer.page.get_by_label("Kata sandi Anda").fill("salah-salah-salah")
    officer.press("Ajukan")
    officer.reads("kata sandi tidak cocok")
    officer.page.get_by_label("Judul rilis").fill("Ambang sesuai naik ke 104")
    officer.page.get_by_label("Kata sandi Anda").fill(small.PASSWORD)
    officer.press("Ajukan")
    officer.reads("menunggu persetujuan", "Anda yang mengajukan")
    officer.leave()

    second = Person(chromium, evaluated, small, "penetap", scripts)
    second.follow("Bengkel aturan")
    second.follow("Ambang sesuai naik ke 104")
    second.reads("90 ke 104", "Simulasi ini disimpan", "dihitung dua kali")
    second.touched("Dewi Lestari")
    picture(second, "workshop-release")
    form = second.page.locator("form", has=second.page.get_by_role("button", name="Setujui"))
    form.get_by_label("Kata sandi Anda").fill(small.PASSWORD)
    second.press("Setujui")
    second.reads("diterbitkan", "yang berlaku", "1 keputusan tersentuh")
    second.leave()

    with small.open_city(evaluated.folder) as city:
        small.advance(city, "rekan", "terbitkan")
        row = small.db.Evaluation.select().where(small.db.Evaluation.case == small.case_of("rekan")).get()
        assert row.release.title == "Ambang sesuai naik ke 104"
        assert row.finding["outputs"]["predikat"] == "Butuh Perbaikan"
        old = small.db.Evaluation.select().where(small.db.Evaluation.case == small.case_of("operator")).get()
        assert old.finding["outputs"]["predikat"] == "Baik"  # what was decided stays


def test_a_new_rule_file_from_nothing_to_its_first_case(chromium, evaluated, small):
    officer = Person(chromium, evaluated, small, "kebijakan", True)
    officer.open("/bengkel-aturan/")
    officer.press("Mulai rancangan")
    officer.follow("Berkas baru")
    officer.page.get_by_label("Nama").fill("absen_berat")
    officer.page.get_by_label("Judul").fill("Ketidakhadiran berat")
    officer.page.get_by_label("Masukan pertama").select_option("kasus.hari_absen")
    officer.press("Buat berkas")
    officer.reads("Dapat dipakai", "Ketidakhadiran berat")
    page = officer.page
    first = page.get_by_label("hari_absen, baris 1")
    first.fill("< 10")
    first.press("Alt+Enter")  # a row below, by keyboard
    page.get_by_label("hari_absen, baris 2").fill(">= 10")
    page.get_by_label("absen_berat, baris 2").select_option("ya")
    page.get_by_label("hari_absen, baris 2").press("Alt+ArrowUp")
    assert page.get_by_label("hari_absen, baris 1").input_value() == ">= 10"
    page.get_by_role("button", name="Geser baris 1 ke bawah").click()  # and by mouse
    assert page.get_by_label("hari_absen, baris 2").input_value() == ">= 10"
    page.wait_for_selector("#temuan .note.good")
    officer.press("Simpan tabel")
    officer.reads("Dapat dipakai")
    page.get_by_text("Tambah kasus").click()
    page.get_by_label("hari_absen", exact=True).fill("10")
    page.get_by_label("diharapkan: absen_berat").fill("ya")
    officer.press("Tambahkan dan jalankan")
    officer.reads("1 kasus dijawab seperti tertulis", "cocok")

    text = page.get_by_role("textbox", name="Teks berkas")  # the text is looked at while it is typed, too
    text.fill(text.input_value().replace("hit: UNIQUE", "hitt: UNIQUE"))
    page.wait_for_selector(".gutter .bad")
    page.locator("[data-live=text]").get_by_text("R004").wait_for()
    text.fill(text.input_value().replace("hitt: UNIQUE", "hit: UNIQUE"))
    page.wait_for_selector("#temuan .note.good")
    text.press("Control+End")
    text.press("ArrowUp")
    page.wait_for_selector("details.keys[data-path='cases'][open]")  # the keys for the place of the cursor
    picture(officer, "workshop-new-file")
    officer.leave()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_workshop_fits_its_window(chromium, evaluated, small, width):
    officer = Person(chromium, evaluated, small, "kebijakan", True, width)
    officer.open("/bengkel-aturan/")
    officer.fits()
    officer.press("Mulai rancangan")
    officer.open(FILE)
    officer.fits()
    picture(officer, f"workshop-file-{width}")
    officer.open("/bengkel-aturan/periksa")
    officer.fits()
    officer.press("English")
    officer.open("/bengkel-aturan/")
    officer.reads("Rule workshop", "History of releases")
    officer.press("Bahasa Indonesia")
    officer.leave()
