"""The letters that follow an evaluation, and the plan before it."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pikepdf
import pytest

LETTERS = Path(__file__).resolve().parents[2] / "workflows" / "penilaian-kinerja" / "letters"
Make = Callable[..., bytes]


def words(pdf: bytes) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not installed")
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("template", "sample", "expected"),
    [
        (
            "keputusan-insentif.html",
            "insentif",
            ("PEMBERIAN INSENTIF KINERJA", "KELIMA", "dibebankan pada Anggaran Pendapatan", "Rp 16.934.130", "LAMPIRAN"),
        ),
        (
            "keputusan-keberatan.html",
            "keberatan",
            ("KEBERATAN ATAS HASIL EVALUASI", "30 Juli 2026", "dikabulkan sebagian", "Semula", "90,32", "94,92", "tetap", "final"),
        ),
        (
            "piagam.html",
            "piagam",
            ("PIAGAM PENGHARGAAN", "diberikan kepada", "Aisyah Anggraini", "98,41 persen", "Wali Kota Kotalama"),
        ),
        (
            "surat-pembinaan.html",
            "pembinaan",
            (
                "Hal : Pembinaan kinerja",
                "Butuh Perbaikan",
                "76,20",
                "bukan hukuman disiplin",
                "31 Agustus 2026",
                "15 September 2026",
            ),
        ),
        (
            "berkas-pemeriksaan.html",
            "pemeriksaan",
            (
                "Usulan pemeriksaan",
                "Senin",
                "6 Juli 2026",
                "3 hari kerja",
                "teguran lisan",
                "petunjuk bagi pemeriksa, bukan putusan",
                "didengar sebelum apa pun diputus",
                "tidak menjatuhkan hukuman disiplin",
                "PP 94/2021",
                "29 Juli 2026",
            ),
        ),
        (
            "daftar-tpp.html",
            "daftar_tpp",
            ("DAFTAR PEMBAYARAN", "Juni 2026", "Rp 8.774.730", "Pembetulan", "Rp 43.131", "Rp 12.738.825", "disetujui oleh Joko"),
        ),
        (
            "skp.html",
            "skp",
            (
                "SASARAN KINERJA PEGAWAI",
                "Berorientasi pelayanan",
                "Kolaboratif",
                "7–8 orang",
                "(belum disetujui)",
                "Pejabat penilai",
            ),
        ),
    ],
)
def test_a_letter_says_what_it_must(make: Make, samples: ModuleType, template: str, sample: str, expected: tuple[str, ...]) -> None:
    text = words(make(template, getattr(samples, sample)()))
    for part in expected:
        assert part in text, f"{part!r} is missing from {template}"
    assert "None" not in text


def test_an_objection_without_changed_figures_has_one_dictum_less(make: Make, samples: ModuleType) -> None:
    text = words(make("keputusan-keberatan.html", samples.keberatan(changes=(), outcome="ditolak")))
    assert "ditolak" in text
    assert "KEEMPAT" in text
    assert "KELIMA" not in text


def test_a_certificate_keeps_to_one_page_with_a_very_long_name(make: Make, samples: ModuleType) -> None:
    with pikepdf.open(io.BytesIO(make("piagam.html", samples.piagam(samples.NAMES[4])))) as document:
        assert len(document.pages) == 1


def test_every_shipped_template_is_tested() -> None:
    ours = {"keputusan.html", "dokumen-evaluasi.html", "keputusan-insentif.html", "keputusan-keberatan.html", "piagam.html"}
    ours |= {"surat-pembinaan.html", "skp.html", "daftar-tpp.html", "berkas-pemeriksaan.html"}
    assert {path.name for path in LETTERS.glob("*.html") if not path.name.startswith("_")} == ours


def test_an_agreed_plan_shows_its_day(make: Make, samples: ModuleType) -> None:
    assert "20 Juli 2026" in words(make("skp.html", replace(samples.skp(), agreed=samples.DAY)))
