"""The human path in a real browser, sentence by sentence, the server restarted between steps; with and without JavaScript."""

from __future__ import annotations

import re

import pytest

from .person import Person

pytestmark = pytest.mark.e2e
REASON = "Tiga kali mengambil alih loket saat rekan sakit, dan antrean tetap tertib."
QUALITY = "Dua puluh berkas diperiksa: dua perlu pembetulan kecil, tidak ada yang merugikan warga."


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_rating_to_reading_why(chromium, server, small, scripts):
    def person(account: str) -> Person:
        return Person(chromium, server, small, account, scripts)

    appraiser = person("penilai")  # an appraiser opens Tugas saya and rates
    appraiser.follow("Tugas saya")
    appraiser.reads("Dewi Lestari", "1 tugas menunggu Anda")
    appraiser.follow("perilaku")
    appraiser.reads("KTP-el terbit tepat waktu", "rekap-layanan-2026.xlsx")
    appraiser.page.get_by_label("Di atas ekspektasi").check()
    appraiser.page.get_by_label("Alasan").fill("singkat")
    appraiser.press("Kirim penilaian")
    appraiser.reads("Belum terkirim", "tulis paling sedikit 20 huruf")
    assert appraiser.page.get_by_label("Di atas ekspektasi").is_checked()
    appraiser.page.get_by_label("Alasan").fill(REASON)
    appraiser.press("Kirim penilaian")
    appraiser.reads("Dewi Lestari: selesai", "Tidak ada yang menunggu Anda")
    appraiser.leave()
    server.restart()

    superior = person("atasan")  # the superior agrees
    superior.follow("Tugas saya")
    superior.follow("Setujui penilaian")
    superior.reads(REASON, "Di atas ekspektasi", "Bambang Sutrisno")
    superior.page.get_by_label("Setuju", exact=True).check()
    superior.press("Simpan keputusan")
    superior.leave()
    server.restart()

    team = person("tim")  # the evaluation team records a quality score with a reason
    team.follow("Tugas saya")
    team.follow("mutu")
    for criterion in ("kebenaran", "kelengkapan", "kegunaan"):
        team.page.locator(f'[name="skor_mutu_{criterion}"]').fill("88,5")
        team.page.locator(f'[name="skor_mutu_{criterion}_komentar"]').fill(QUALITY)
        team.page.locator(f'[name="skor_mutu_{criterion}_bukti"]').fill("berita acara 12/2026")
    team.press("Kirim penilaian mutu")
    team.reads("selesai")
    team.leave()
    server.restart()

    hr = person("hr")  # HR presses Terbitkan and opens the PDF
    hr.follow("Penetapan")
    hr.reads("Dinas Kependudukan dan Pencatatan Sipil", "Baik")
    hr.press("Terbitkan Dinas")
    hr.reads("1 pegawai", "Kep.1")
    hr.reads("Tidak ada kasus yang menunggu penetapan")
    letter = hr.page.get_by_role("link", name=re.compile("Buka PDF .*Kep")).get_attribute("href")
    pdf = hr.context.request.get(server.address + letter)
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.body().startswith(b"%PDF-")
    hr.leave()
    server.restart()

    employee = person("operator")  # the employee reads why
    employee.follow("Hasil saya")
    employee.reads("Predikat kinerja", "Baik", "Mengapa?", REASON)
    employee.page.locator("#mengapa-predikat_kinerja summary").click()
    employee.reads("PermenPANRB 6/2022")
    employee.follow("predikat_kinerja[.]yaml")
    assert employee.page.locator("span:target").inner_text().startswith("  |")
    employee.follow("Tugas saya")
    employee.follow("Baca hasil")
    employee.reads("Mengapa?", "Agar naik")
    employee.page.get_by_label("Saya sudah membaca").check()
    employee.page.get_by_label("Saya menerima hasil ini").check()
    employee.press("Kirim tanggapan")
    employee.reads("selesai")
    employee.leave()

    with small.open_city(server.folder) as city:
        assert small.db.Case.get_by_id(small.case_of("operator")).state == "closed"
        assert small.db.Incident.select().count() == 0
        assert city.find_release() is not None


@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_fits_its_window_and_shows_the_place_of_the_case(chromium, server, small, width):
    with small.open_city(server.folder):
        case, task = small.case_of("operator"), small.task_of("operator").id
    hr = Person(chromium, server, small, "hr", True, width)
    pages = ("/", "/tugas/", "/siklus/", "/penetapan/", "/aturan/", "/organisasi/unit/", "/hasil-saya/")
    for path in (*pages, f"/kasus/{case}", f"/tugas/{task}"):
        hr.open(path)
        hr.fits()
    hr.open(f"/kasus/{case}")
    assert hr.page.locator(".stepper [aria-current=step]").inner_text().startswith("Penilaian")
    here = hr.page.locator("#proses-nilai_perilaku").bounding_box()
    frame = hr.page.locator(".picture").bounding_box()
    assert frame["x"] <= here["x"]
    assert here["x"] + here["width"] <= frame["x"] + frame["width"] + 1
    hr.leave()


def test_the_keyboard_alone_is_enough(chromium, server, small):
    appraiser = Person(chromium, server, small, "penilai", True)
    with small.open_city(server.folder):
        task = small.task_of("operator").id
    appraiser.open(f"/tugas/{task}")
    keyboard = appraiser.page.keyboard
    keyboard.press("Tab")
    assert appraiser.page.evaluate("document.activeElement.className") == "skip"
    keyboard.press("Enter")
    assert appraiser.page.evaluate("document.activeElement.id") == "isi"
    for _ in range(40):
        if appraiser.page.evaluate("document.activeElement.name") == "perilaku_kerja":
            break
        keyboard.press("Tab")
    keyboard.press("ArrowDown")
    keyboard.press("Tab")
    keyboard.type(REASON)
    for _ in range(3):  # over the evidence, in words or as a file, to the button
        keyboard.press("Tab")
    keyboard.press("Enter")
    appraiser.page.wait_for_url(re.compile(r"/tugas/(#isi)?$"))
    appraiser.reads("selesai")
    appraiser.leave()
