"""Evidence in the console: given with a form, handed out as a download, never shown as a page."""

from __future__ import annotations

import gc
import hashlib
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

PDF = b"%PDF-1.7\nsatu\n%%EOF\n"
DIGEST = hashlib.sha256(PDF).hexdigest()


def written(console, who: str, case: int, name: str = "Laporan “Juni”.pdf", data: bytes = PDF, key: str = "k1"):
    said = {
        "kunci": key,
        "jenis": "kemajuan",
        "teks": "Seratus berkas selesai minggu ini",
        "bukti_berkas": (io.BytesIO(data), name),
    }
    return console.sign_in(who).post(f"/pantau/{case}/catatan", **said)


@pytest.fixture
def case(own_console) -> int:
    own_console.small.advance(own_console.city, "operator", "lapor_realisasi")
    return int(own_console.small.case_of("operator"))


def test_given_and_handed_out_as_a_download(own_console, case):
    assert written(own_console, "operator", case).status_code == 302
    page = own_console.sign_in("penilai").get(f"/pantau/{case}").text
    assert f"/bukti/{case}/{DIGEST}" in page
    answer = own_console.sign_in("penilai").get(f"/bukti/{case}/{DIGEST}")
    assert answer.data == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == "attachment; filename=\"Laporan Juni.pdf\"; filename*=UTF-8''Laporan%20Juni.pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_who_may_open_it(own_console, case):
    written(own_console, "operator", case)
    address = f"/bukti/{case}/{DIGEST}"
    for name, status in {"operator": 200, "atasan": 200, "tim": 200, "hr": 200, "auditor": 200, "asing": 403, "rekan": 403}.items():
        assert own_console.sign_in(name).get(address).status_code == status, name
    hr = own_console.sign_in("hr")
    for wrong in (
        f"/bukti/{case}/{'0' * 64}",
        f"/bukti/{case}/{DIGEST[:-1]}",
        f"/bukti/{case}/..%2f..%2fkinerja.toml",
        "/bukti/99999/" + DIGEST,
    ):
        assert hr.get(wrong).status_code == 404, wrong


@contextmanager
def large_body() -> Iterator[None]:
    """The test client lays a large body into a file that it never closes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        gc.collect()


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.pdf", b"<script>alert(1)</script>"), ("a.svg", b"<svg onload=x()>"), ("a.pdf", b"%PDF-" + bytes(10_000_000))],
)
def test_what_is_refused_says_why_and_keeps_what_was_typed(own_console, case, name, data):
    with large_body():
        answer = written(own_console, "operator", case, name, data)
    assert answer.status_code == 400
    assert "Seratus berkas selesai minggu ini</textarea>" in answer.text
    assert "MB" in answer.text or "isi berkas ini bukan" in answer.text
    assert not own_console.city.settings.evidence.exists()


def test_a_form_without_evidence_stays_small(own_console, case):
    with large_body():
        answer = own_console.sign_in("hr").post(f"/kasus/{case}/tangguhkan", alasan="x" * 3_000_000)
    assert answer.status_code == 413


def test_the_rubric_takes_files_and_names_what_is_missing(own_console):
    small = own_console.small
    small.advance(own_console.city, "operator", "nilai_mutu")
    task = small.task_of("operator").id
    team = own_console.sign_in("tim")
    page = team.get(f"/tugas/{task}").text
    for name in ("Kebenaran", "Kelengkapan", "Kegunaan bagi warga"):
        assert name in page
    answers = dict(small.ANSWERS["nilai_mutu"]) | {"kunci": "r1", "skor_mutu_kebenaran_bukti": ""}
    wrong = team.post(f"/tugas/{task}", **answers)
    assert wrong.status_code == 422
    assert 'href="#f-skor_mutu_kebenaran_bukti">Kebenaran: bukti</a>: belum diisi' in wrong.text
    good = answers | {"kunci": "r2", "skor_mutu_kebenaran_bukti_berkas": (io.BytesIO(PDF), "berita acara.pdf")}
    assert team.post(f"/tugas/{task}", **good).status_code == 302
    case = small.case_of("operator")
    shown = own_console.sign_in("hr").get(f"/kasus/{case}").text
    assert "berita acara.pdf" in shown
    assert "Mengapa 88?" in shown
    assert "skor_mutu.yaml" in shown


def test_a_file_that_came_with_a_mistake_is_asked_for_again(own_console, case):
    """Browsers send a chosen file once; nobody is to believe that it is kept when the form comes back."""
    operator = own_console.sign_in("operator")
    said = {"kunci": "m1", "jenis": "kemajuan", "teks": "pendek"}
    wrong = operator.post(f"/pantau/{case}/catatan", **said, bukti_berkas=(io.BytesIO(PDF), "<b>Juni</b>.pdf"))
    assert wrong.status_code == 400
    assert "Berkas “&lt;b&gt;Juni&lt;/b&gt;.pdf” belum tersimpan: pilih sekali lagi" in wrong.text
    assert "belum tersimpan" not in operator.post(f"/pantau/{case}/catatan", **said).text, "no file, no word"
    assert "belum tersimpan" not in operator.get(f"/pantau/{case}").text


def test_a_task_form_with_a_mistake_asks_for_its_file_again(own_console):
    small = own_console.small
    small.advance(own_console.city, "operator", "nilai_mutu")
    task = small.task_of("operator").id
    answers = dict(small.ANSWERS["nilai_mutu"]) | {"kunci": "r1", "skor_mutu_kelengkapan_bukti": ""}
    sent = {"skor_mutu_kebenaran_bukti_berkas": (io.BytesIO(PDF), "berita acara.pdf")}
    wrong = own_console.sign_in("tim").post(f"/tugas/{task}", **answers, **sent)
    assert wrong.status_code == 422
    assert wrong.text.count("Berkas “berita acara.pdf” belum tersimpan: pilih sekali lagi") == 1
