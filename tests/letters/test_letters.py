"""What the shipped letters say, as a reader of the PDF finds it."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from types import ModuleType

import pikepdf
import pytest

from kinerja.core.exactjson import canonical, loads
from kinerja.letters import Person

Make = Callable[..., bytes]


def text_of(pdf: bytes) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not installed")
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode().replace("\xa0", " ")


def words(pdf: bytes) -> str:
    return " ".join(text_of(pdf).split())


def pages(pdf: bytes) -> list[str]:
    return text_of(pdf).rstrip("\f").split("\f")


def test_a_keputusan_has_its_parts_in_order(make: Make, samples: ModuleType) -> None:
    text = words(make("keputusan.html", samples.keputusan(3)))
    parts = [
        "PEMERINTAH KOTA KOTALAMA",
        "DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL",
        "KEPUTUSAN KEPALA DINAS",
        "NOMOR 800.1.11.1/017/KEP-DUKCAPIL/2026",
        "TENTANG",
        "PENETAPAN PREDIKAT KINERJA",
        "Menimbang",
        "a. bahwa",
        "b. bahwa",
        "c. bahwa",
        "Mengingat",
        "1. Undang-Undang Nomor 20 Tahun 2023",
        "2. Peraturan Pemerintah Nomor 12",
        "3. Peraturan Pemerintah Nomor 30",
        "5. Peraturan Menteri",
        "Memperhatikan",
        "1. Kebijakan Kota Kotalama",
        "MEMUTUSKAN:",
        "Menetapkan",
        "KESATU",
        "KEDUA",
        "KETIGA",
        "KEEMPAT",
        "KELIMA",
        "Ditetapkan di Kotalama",
        "pada tanggal 20 Juli 2026",
        "Dra. Ratna Nasution, M.Si.",
        "NIP 197103121996032004",
        "Tembusan",
        "Pegawai yang bersangkutan.",
        "LAMPIRAN",
        "NOMOR : 800.1.11.1/017/KEP-DUKCAPIL/2026",
        "TANGGAL : 20 Juli 2026",
        "Aisyah Anggraini, S.Kom.",
        "Jumlah",
    ]
    position = 0
    for part in parts:
        found = text.find(part, position)
        assert found >= 0, f"{part!r} is missing or out of order after {text[position - 60 : position]!r}"
        position = found
    assert text.count("Undang-Undang Nomor 20 Tahun 2023") == 1


def test_the_annex_prints_the_figures_and_sums_them(make: Make, samples: ModuleType) -> None:
    letter = samples.keputusan(4)
    text = words(make("keputusan.html", letter))
    total = sum(row.allowance for row in letter.rows)
    assert f"Rp {total:,}".replace(",", ".") in text
    for row in letter.rows:
        assert row.person.nip in text
    assert "98,74" in text  # 98.735, half up
    assert re.search(r"Sangat Baik \d", text)


@pytest.mark.slow
def test_a_header_repeats_on_each_page_of_a_long_annex(make: Make, samples: ModuleType) -> None:
    found = pages(make("keputusan.html", samples.keputusan(60)))
    annex = found[2:]
    assert len(annex) >= 4
    assert all("TPP per bulan" in page for page in annex)
    for number, page in enumerate(found, 1):
        assert bool(re.search(rf"^-\s*{number}\s*-$", page, re.M)) == (number > 1)
    assert "Lukman Kurniawan" in annex[-1]  # the signature never stands alone
    assert "Jumlah" in annex[-1]


def test_a_very_large_annex_is_split_into_tables(samples: ModuleType) -> None:
    content = samples.keputusan(620).content()
    assert [part["first"] for part in content["parts"]] == [1, 251, 501]
    assert sum(len(part["rows"]) for part in content["parts"]) == 620


def test_without_money_the_decree_speaks_of_none(make: Make, samples: ModuleType) -> None:
    rows = tuple(replace(samples.row(number), allowance=None) for number in range(2))
    text = words(make("keputusan.html", replace(samples.keputusan(2), rows=rows)))
    assert "TPP per bulan" not in text
    assert "Tambahan Penghasilan" not in text
    assert "KEEMPAT" in text
    assert "KELIMA" not in text


def test_contoh_is_marked_on_every_page_or_on_none(make: Make, samples: ModuleType) -> None:
    for page in pages(make("keputusan.html", samples.keputusan(3))):
        assert "CONTOH, tidak berlaku sebagai keputusan" in page
    assert "CONTOH" not in words(make("keputusan.html", replace(samples.keputusan(3), sample=False)))


def test_a_dokumen_evaluasi_has_the_eleven_sections_and_its_reasons(make: Make, samples: ModuleType) -> None:
    text = words(make("dokumen-evaluasi.html", samples.dokumen()))
    for part in (
        "1. Pegawai yang dinilai",
        "2. Pejabat penilai",
        "3. Atasan pejabat penilai",
        "4. Evaluasi kinerja",
        "5. Catatan dan rekomendasi",
        "6. Keberatan pegawai",
        "7. Penjelasan pejabat penilai",
        "8. Keputusan dan rekomendasi",
        "9. Tanggal",
        "10 dan 11. Tanda tangan",
        "belum dinilai",
        "103,85",
        "Rp 3.386.828",
        "Mengapa",
        "rules/decisions/predikat_kinerja.yaml:22",
        "PermenPANRB 6/2022 Lampiran",
        "belum diverifikasi",
        "Agar naik",
        "3 Agustus 2026",
        "Ramah dan cekatan",
        samples.RELEASE.release,
        samples.RELEASE.ledger_head,
    ):
        assert part in text, part
    assert "ASUMSI" not in text


def test_optional_parts_may_be_missing_and_assumptions_are_boxed(make: Make, samples: ModuleType) -> None:
    letter = samples.dokumen(
        superior=None,
        judgements=(),
        allowance=(),
        reasons=(),
        lift=(),
        notes=(),
        organisation=None,
        assumptions=samples.ASSUMED,
        employee=Person("Resource11"),
        credit_points=Fraction("18.75"),
        job_class=None,
        months=None,
        sample=False,
    )
    text = words(make("dokumen-evaluasi.html", letter))
    for part in (
        "ASUMSI",
        "bukan penilaian seorang pejabat",
        "Resource11",
        "tidak ada dalam catatan sumber",
        "18,75",
        "Tidak ada catatan.",
    ):
        assert part in text, part
    assert "None" not in text


def test_a_verification_address_prints_a_code_and_its_words(make: Make, samples: ModuleType) -> None:
    address = "https://kinerja.kotalama.example/v/8Zk1vY0wq3JmT6sR9bLh2Q"
    letter = replace(samples.dokumen(), provenance=replace(samples.RELEASE, verify_url=address))
    text = text_of(make("dokumen-evaluasi.html", letter))
    assert address in re.sub(r"\s", "", text)
    assert "Periksa keaslian" not in words(make("dokumen-evaluasi.html", samples.dokumen()))


@pytest.mark.slow
def test_the_same_letter_has_the_same_bytes_also_from_the_register(make: Make, samples: ModuleType) -> None:
    facts = {"outputs": {"nilai": Fraction("103.85")}}

    class Kept:
        def content(self) -> object:
            return loads(canonical(samples.dokumen().content()).decode())

    first = make("dokumen-evaluasi.html", samples.dokumen(), facts)
    assert first == make("dokumen-evaluasi.html", samples.dokumen(), facts, anew=True)
    assert first == make("dokumen-evaluasi.html", Kept(), facts, anew=True)
    assert first != make("dokumen-evaluasi.html", samples.dokumen(), {"outputs": {"nilai": Fraction("103.86")}})


def test_the_file_is_archival_tagged_and_carries_its_facts(make: Make, samples: ModuleType) -> None:
    facts = {"outputs": {"tpp_bruto": 3386828, "nilai_hasil_kerja": Fraction("103.85")}, "release": {"fingerprint": "9a"}}
    with pikepdf.open(io.BytesIO(make("dokumen-evaluasi.html", samples.dokumen(), facts))) as pdf:
        packet = pdf.Root.Metadata
        assert "/Filter" not in packet
        meta = bytes(packet.read_raw_bytes())
        assert b'pdfaid:part="3"' in meta
        assert b'pdfaid:conformance="U"' in meta
        assert b"2026-07-20" in meta
        assert pdf.Root.Lang == "id"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert "/StructTreeRoot" in pdf.Root
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert pdf.Root.AF[0].AFRelationship == "/Source"
        assert bytes(pdf.attachments["keputusan.json"].get_file().read_bytes()) == canonical(facts)
        assert str(pdf.docinfo.CreationDate).startswith("D:20260720")
        width, height = (float(pdf.pages[0].MediaBox[n]) / 72 * 2.54 for n in (2, 3))
        assert (round(width, 1), round(height, 1)) == (21.5, 33.0)
        fonts = {
            str(font.BaseFont) for font in pdf.objects if isinstance(font, pikepdf.Dictionary) and font.get("/Type") == "/Font"
        }
        assert any("Bookman" in name for name in fonts)
        assert all("+" in name for name in fonts)  # embedded subsets


def test_people_cannot_write_markup_into_letters(make: Make, samples: ModuleType) -> None:
    text = text_of(make("dokumen-evaluasi.html", samples.dokumen(employee=Person("<b onload=x>Budi</b> & {{ 7*7 }}"))))
    assert "<b onload=x>Budi</b>" in " ".join(text.split())
    assert "{{ 7*7 }}" in text


def test_no_stream_runs_into_its_end_mark(make: Make, samples: ModuleType) -> None:
    """Compressed data that ends in CR makes a validator read a wrong length; the first of these letters has such a stream."""
    for number in range(3):
        facts = {"outputs": {"nilai": number}}
        with pikepdf.open(io.BytesIO(make("piagam.html", samples.piagam(samples.NAMES[number]), facts))) as pdf:
            streams = [item for item in pdf.objects if isinstance(item, pikepdf.Stream)]
            assert len(streams) > 5
            assert not [stream for stream in streams if stream.read_raw_bytes().endswith(b"\r")]
