"""Evidence: kept under its hash, told by its bytes, opened by those who may, found when it is gone, altered or given twice."""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
import zipfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kinerja.core.errors import ConflictError, ForbiddenError, IncidentError, InputError, NotFoundError
from kinerja.process import FormError
from kinerja.services import custody, sniffing
from kinerja.services.casework import evidence, monitoring, tasks
from kinerja.services.context import Actor, Context
from kinerja.services.custody import Upload
from kinerja.services.evaluation import measure
from kinerja.services.openness import audit
from kinerja.services.reading import item_views
from kinerja.settings import EVIDENCE_KINDS
from kinerja.store import models as db

PDF = Upload("Laporan Juni.pdf", b"%PDF-1.7\nsatu\n%%EOF\n")
SAID = "Seratus dua puluh berkas selesai"


def office(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


KNOWN = {
    "pdf": b"%PDF-1.4\n",
    "jpeg": b"\xff\xd8\xff\xe0" + b"0" * 20,
    "png": b"\x89PNG\r\n\x1a\n" + b"0" * 20,
    "docx": office("[Content_Types].xml", "word/document.xml"),
    "xlsx": office("[Content_Types].xml", "xl/workbook.xml"),
    "csv": b"nama,jumlah\nBudi,4\n",
    "txt": "Catatan rapat – dua loket".encode(),
}
REFUSED = {
    "laporan.pdf": b"<html><script>alert(1)</script>",
    "gambar.png": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>',
    "spasi.txt": b"\n\n   <!DOCTYPE html>",
    "tanda.txt": "\ufeff<svg>".encode(),
    "sisip.csv": b"a,b\n1,<script>x</script>",
    "makro.docx": office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
    "arsip.zip": office("a.txt"),
    "rusak.xlsx": b"PK\x03\x04rusak",
    "program": b"\x7fELF\x02\x01\x01\x00",
    "nol.txt": b"teks\x00teks",
    "bukan-utf8.txt": b"\xff\xfe\x00a",
    "tautan.lnk": b"#!/bin/sh\x1b[2J",
}


def case_of(town: Any, name: str = "budi") -> int:
    return int(town.case_of(name).id)


def reported(town: Any, who: str = "budi") -> int:
    """A case in execution, where progress is written."""
    town.until(who, "lapor_realisasi")
    return case_of(town, who)


def auditor(town: Any) -> Context:
    return Context(town.city, Actor.of("Auditor", roles=["auditor"]))


def given(town: Any, who: str, case: int, upload: Upload = PDF) -> str:
    receipt = monitoring.note(town.context(who), case, "kemajuan", SAID, evidence=upload)
    return str(receipt.values["evidence"])


# ── what a file is ────────────────────────────────────────────────────────────────────────────────────────────────────
def test_kinds_are_told_by_the_bytes() -> None:
    assert {kind: sniffing.kind_of(data) for kind, data in KNOWN.items()} == {kind: kind for kind in KNOWN}
    assert set(EVIDENCE_KINDS) == set(sniffing.MEDIA_TYPES) == set(KNOWN) == set(sniffing.ENDINGS)
    assert not any(word in kind for kind in sniffing.MEDIA_TYPES.values() for word in ("html", "svg", "script"))


@pytest.mark.parametrize("name", REFUSED)
def test_what_could_run_or_render_is_no_kind(name: str) -> None:
    assert sniffing.kind_of(REFUSED[name]) is None


def test_what_is_no_kind_or_not_the_citys_is_refused_and_leaves_nothing(town: Any) -> None:
    case = reported(town)
    for upload in (Upload("laporan.pdf", REFUSED["laporan.pdf"]), Upload("gambar.png", REFUSED["gambar.png"])):
        with pytest.raises(InputError, match="jenis_bukti_ditolak"):
            given(town, "budi", case, upload)
    with pytest.raises(InputError, match="jenis_bukti_ditolak"):
        custody.check(replace(town.city.settings, evidence_kinds=("png",)), PDF)
    assert db.EvidenceFile.select().count() == 0
    assert not town.city.settings.evidence.exists()


def test_size_has_a_limit_of_the_city(town: Any) -> None:
    case = reported(town)
    most = town.city.settings.evidence_bytes
    assert most == 10_000_000
    with pytest.raises(InputError, match="bukti_terlalu_besar"):
        given(town, "budi", case, Upload("besar.pdf", b"%PDF-" + bytes(most)))
    with pytest.raises(InputError, match="bukti_kosong"):
        given(town, "budi", case, Upload("kosong.pdf", b""))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd.pdf"), ("C:\\temp\\a.exe", "a.exe.pdf"), ('a"; rm -rf /\r\nX: y', "X y.pdf"),
        ("", "bukti.pdf"),
        ("\u202efdp.exe", "fdp.exe.pdf"), ("x" * 500 + ".pdf", "x" * 120 + ".pdf"), (".htaccess", "htaccess.pdf"),
        ("<b>laporan</b>.PDF", "b.pdf"), ("laporan.html", "laporan.html.pdf"),
    ],
)  # fmt: skip
def test_names_are_for_readers_only(name: str, shown: str) -> None:
    assert custody.shown_name(name, "pdf") == shown


# ── custody ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_file_is_in_database_ledger_and_folder_under_its_hash(town: Any) -> None:
    case = reported(town)
    reference = given(town, "budi", case)
    digest = reference.removeprefix("sha256:")
    assert reference == PDF.reference
    entry = db.LedgerEntry.select().order_by(db.LedgerEntry.seq.desc()).first()
    assert f'"evidence_files":["{digest}"]' in entry.payload
    view, data, media = evidence.read(town.context("kabid"), case, digest)
    assert (data, media, view.kind, view.added_name) == (PDF.data, "application/pdf", "pdf", "Budi")
    assert audit.verify_evidence(auditor(town)) == (1, ())


def test_missing_altered_and_unrecorded_files_are_found(town: Any) -> None:
    case = reported(town)
    references = [given(town, "budi", case, Upload("a", b"%PDF-" + bytes([n]))) for n in range(3)]
    digests = [reference.removeprefix("sha256:") for reference in references]
    settings = town.city.settings
    custody.place(settings.evidence, digests[0]).unlink()
    custody.place(settings.evidence, digests[1]).write_bytes(b"%PDF-lain")
    with town.city.store.transaction():
        db.EvidenceFile.delete().where(db.EvidenceFile.sha256 == digests[2]).execute()
    _, found = audit.verify_evidence(auditor(town))
    assert {(one.code, one.sha256, one.case) for one in found} == {
        ("bukti_hilang", digests[0], case), ("bukti_berubah", digests[1], case), ("bukti_tak_tercatat", digests[2], case),
    }  # fmt: skip
    for digest in digests[:2]:
        with pytest.raises(IncidentError):
            evidence.read(town.context("kabid"), case, digest)
    assert given(town, "budi", case, Upload("lagi", b"%PDF-" + bytes([1]))) == references[1]  # given again, it is whole again
    assert evidence.read(town.context("kabid"), case, digests[1])[1] == b"%PDF-" + bytes([1])


def test_a_backup_holds_the_files_that_the_store_names(town: Any, tmp_path: Path) -> None:
    case = reported(town)
    digest = given(town, "budi", case).removeprefix("sha256:")
    (town.city.settings.evidence / "lain.txt").write_text("bukan bukti")
    assert custody.pack(town.city.settings, tmp_path / "bukti.tar") == 1
    custody.place(town.city.settings.evidence, digest).unlink()
    with tarfile.open(tmp_path / "bukti.tar") as archive:
        assert archive.getnames() == [f"evidence/{digest[:2]}/{digest}"]
    subprocess.run(["tar", "-xf", tmp_path / "bukti.tar", "-C", town.city.folder], check=True)  # as an operator would
    assert audit.verify_evidence(auditor(town)) == (1, ())


def test_a_link_in_the_store_is_never_followed(town: Any, tmp_path: Path) -> None:
    case = reported(town)
    secret = tmp_path / "rahasia"
    secret.write_bytes(PDF.data)
    place = custody.place(town.city.settings.evidence, PDF.reference.removeprefix("sha256:"))
    place.parent.mkdir(parents=True)
    os.symlink(secret, place)
    given(town, "budi", case)
    assert not place.is_symlink()
    assert place.read_bytes() == PDF.data
    place.unlink()
    os.symlink(secret, place)
    with pytest.raises(IncidentError, match="bukti_hilang"):
        evidence.read(town.context("kabid"), case, place.name)


def test_an_address_that_is_no_hash_leads_nowhere(town: Any) -> None:
    case = reported(town)
    for digest in ("", "../../kinerja.toml", "a" * 63, "A" * 64, "g" * 64, "a" * 64 + "/.."):
        with pytest.raises(NotFoundError):
            evidence.read(town.context("hr"), case, digest)
        with pytest.raises(ValueError, match="sha256"):
            custody.place(town.city.settings.evidence, digest)


def test_rows_of_evidence_are_not_changed(town: Any) -> None:
    given(town, "budi", reported(town))
    with pytest.raises(Exception, match="refused"), town.city.store.transaction():
        db.EvidenceFile.update(name="lain").execute()


# ── who sees what ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_only_those_of_the_case_open_it(town: Any) -> None:
    case = reported(town)
    digest = given(town, "budi", case).removeprefix("sha256:")
    for reader in (auditor(town), *map(town.context, ("budi", "kabid", "kadis", "hr", "tim"))):
        assert evidence.read(reader, case, digest)[1] == PDF.data
    for name in ("citra",):
        with pytest.raises(ForbiddenError):
            evidence.read(town.context(name), case, digest)
        with pytest.raises(NotFoundError):  # nor through a case of their own, knowing its hash
            evidence.read(town.context(name), case_of(town, name), digest)
        with pytest.raises(InputError, match="bukti_tidak_ada"):
            monitoring.note(town.context(name), case_of(town, name), "kemajuan", SAID, evidence=f"sha256:{digest}")


def test_the_employee_sees_evidence_of_a_judgement_once_it_is_decided(town: Any) -> None:
    town.until("budi", "nilai_mutu")
    [task] = town.desk("tim", "budi")
    answers = dict(town.way[5][2]) | {"skor_mutu_kebenaran_bukti": PDF}
    tasks.complete(town.context("tim"), task.id, answers)
    case, digest = case_of(town), PDF.reference.removeprefix("sha256:")
    assert evidence.read(town.context("kabid"), case, digest)[1] == PDF.data
    assert evidence.files(town.context("budi"), case) == ()
    with pytest.raises(NotFoundError):
        evidence.read(town.context("budi"), case, digest)
    town.do("hr", "terbitkan", "budi", konfirmasi_terbit=True)
    assert evidence.read(town.context("budi"), case, digest)[1] == PDF.data


def test_a_file_answers_a_question_about_evidence_alone(town: Any) -> None:
    town.until("budi", "nilai_mutu")
    [task] = town.desk("tim", "budi")
    good = dict(town.way[5][2])
    for answers, wrong in (
        (good | {"skor_mutu_kebenaran_komentar": PDF}, "skor_mutu_kebenaran_komentar"),
        (good | {"skor_mutu_kebenaran_bukti": Upload("a.svg", b"<svg/>")}, "skor_mutu_kebenaran_bukti"),
        (good | {"skor_mutu_kebenaran_bukti": f"sha256:{'0' * 64}"}, "skor_mutu_kebenaran_bukti"),
        (good | {"skor_mutu_kebenaran_bukti": "javascript://x"}, "skor_mutu_kebenaran_bukti"),
    ):
        with pytest.raises(FormError) as caught:
            tasks.complete(town.context("tim"), task.id, answers)
        assert set(caught.value.fields) == {wrong}
    with pytest.raises(FormError):  # another answer is wrong: then no file is kept either
        tasks.complete(town.context("tim"), task.id, good | {"skor_mutu_kebenaran_bukti": PDF, "skor_mutu_kebenaran": "x"})
    assert not town.city.settings.evidence.exists()
    receipt = tasks.complete(town.context("tim"), task.id, good | {"skor_mutu_kebenaran_bukti": PDF})
    assert tasks.complete(town.context("tim"), task.id, good | {"skor_mutu_kebenaran_bukti": PDF}).seq == receipt.seq


def test_reuse_is_told_to_those_who_judge_and_to_nobody_else(town: Any) -> None:
    first, second = reported(town, "budi"), reported(town, "citra")
    given(town, "budi", first)
    given(town, "citra", second, Upload("milik saya.pdf", PDF.data))
    for reader in (auditor(town), *map(town.context, ("kabid", "tim", "hr"))):
        [view] = evidence.files(reader, second)
        assert (view.elsewhere, view.open) == (1, (first,))
    [view] = evidence.files(town.context("citra"), second)
    assert (view.elsewhere, view.open) == (0, ())
    before = [item.actual for item in item_views(second)]
    assert before == [item.actual for item in item_views(second)]  # the flag changes no number


# ── progress ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def leading(town: Any) -> int:
    """The case of the head of the division, in execution: their indicators are reported."""
    town.do("kabid", "susun_skp", "kabid", sudah_baca_standar=True)
    town.do("kadis", "setujui_skp", "kabid", keputusan_skp="setuju")
    return case_of(town, "kabid")


def report_item(case: int) -> Any:
    return next(item for item in item_views(case) if item.source == "laporan")


def test_progress_brings_an_actual_with_its_evidence(town: Any) -> None:
    case = leading(town)
    item = report_item(case)
    receipt = monitoring.note(town.context("kabid"), case, "kemajuan", SAID, item.code, PDF, Fraction("97.5"))
    assert receipt.values["evidence"] == PDF.reference
    found = next(one for one in item_views(case) if one.code == item.code)
    assert found.actual == Fraction("97.5")
    assert found.evidence is not None
    assert (found.evidence.source, f"sha256:{found.evidence.sha256}") == ("Laporan Juni.pdf", PDF.reference)
    assert item.code in monitoring.monitoring(town.context("kabid"), case).reportable
    assert monitoring.monitoring(town.context("kadis"), case).reportable == ()


def test_an_actual_needs_evidence_and_its_time(town: Any) -> None:
    case = leading(town)
    item = report_item(case)
    kabid = town.context("kabid")
    with pytest.raises(InputError, match="bukti_wajib"):
        monitoring.note(kabid, case, "kemajuan", SAID, item.code, "", Fraction(90))
    with pytest.raises(InputError, match="indikator_wajib"):
        monitoring.note(kabid, case, "kemajuan", SAID, "", "BA 1", Fraction(90))
    with pytest.raises(InputError, match="bukan_kemajuan"):
        monitoring.note(kabid, case, "umpan_balik", SAID, item.code, "BA 1", Fraction(90))
    with pytest.raises(ForbiddenError):  # the appraiser reports nothing in the employee's place
        monitoring.note(town.context("kadis"), case, "kemajuan", SAID, item.code, "BA 1", Fraction(90))
    with pytest.raises(ConflictError, match="bukan_laporan"):  # what events measure is not reported
        monitoring.note(town.context("budi"), reported(town), "kemajuan", SAID, "ADM-1", "BA 1", Fraction(90))
    town.do("kabid", "lapor_realisasi", "kabid", pernyataan_realisasi=True)
    with pytest.raises(ConflictError, match="laporan_sudah_dikirim"):
        measure.record(kabid, case, item.code, Fraction(120), "BA 2")
    assert monitoring.note(kabid, case, "kemajuan", SAID, item.code, "BA 3").values["note"]  # words still, at any time


def test_a_disputed_actual_stays_held_whatever_is_recorded_since(town: Any) -> None:
    case = leading(town)
    item = report_item(case)
    kabid = town.context("kabid")
    monitoring.note(kabid, case, "kemajuan", SAID, item.code, PDF, Fraction(90))
    book = Upload("buku.csv", KNOWN["csv"])
    raised = monitoring.dispute(town.context("kadis"), case, item.code, "Angkanya tidak sesuai buku", book)
    with pytest.raises(ConflictError, match="sedang_disanggah"):
        monitoring.note(kabid, case, "kemajuan", SAID, item.code, PDF, Fraction(100))
    measure.record(town.context("hr"), case, item.code, Fraction(100), "buku agenda")
    assert report_item(case).actual is None
    assert item.code not in monitoring.monitoring(kabid, case).reportable
    [view] = monitoring.monitoring(kabid, case).disputes
    assert view.evidence.startswith("sha256:")
    monitoring.decide_dispute(town.context("sekda"), int(raised.values["dispute"]), True, "Buku agenda yang benar")
    assert report_item(case).actual == 100
