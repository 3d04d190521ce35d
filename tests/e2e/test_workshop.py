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

    officer.page.get_by_label("nilai_hasil_kerja, baris 2").fill("[104..110)")  # raises the threshold
    officer.press("Simpan tabel")
    officer.reads("Belum dapat diajukan", "nilai_hasil_kerja = 90", "tidak ada baris")  # and sees the gap
    picture(officer, "workshop-gap")

    officer.page.get_by_label("nilai_hasil_kerja, baris 3").fill("[0..104)")  # mends it
    officer.press("Simpan tabel")
    officer.reads("1 kasus meleset", "90 ke 104")
    text = officer.page.get_by_role("textbox", name="Teks berkas")
    text.fill(text.input_value().replace("{nilai_hasil_kerja: 90}", "{nilai_hasil_kerja: 104}"))
    officer.press("Simpan teks")
    officer.reads("Dapat dipakai")
    picture(officer, "workshop-mended")

    officer.page.locator("main").get_by_role("link", name="Periksa dan ajukan").click()
    officer.reads("Siap diajukan", "Dewi Lestari", "Baik → Butuh Perbaikan", "90 ke 104")  # who is touched
    picture(officer, "workshop-check")
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
    second.reads("Dewi Lestari", "90 ke 104")
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
