"""Evidence and the rubric from the command line: a file of this machine, answers as one JSON document, a file taken back out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kinerja.cli.main import main
from kinerja.services.casework import cases
from kinerja.services.custody import place
from kinerja.services.staff import accounts
from kinerja.store import models as db

PDF = b"%PDF-1.7\nbuku agenda\n"
Ask = Callable[..., tuple[int, Any]]


@pytest.fixture
def ask(town: Any) -> Ask:
    """A command's exit status and its JSON document."""
    database = town.city.settings.database
    (town.city.folder / "kinerja.toml").write_text(f'[web]\nsecret = "{"x" * 40}"\n[store]\nurl = "{database}"\n')
    for name in ("budi", "kabid"):
        accounts.create_account(town.system, name, "x", nip=town.nips[name])

    def command(*words: str) -> tuple[int, Any]:
        answer = CliRunner().invoke(main, [*words, "--city", str(town.city.folder), "--json"])
        town.city.store.activate()
        return answer.exit_code, json.loads(answer.stdout) if answer.stdout else None

    return command


def test_progress_with_a_file_listed_taken_out_and_verified(town: Any, ask: Ask, tmp_path: Path) -> None:
    town.until("budi", "lapor_realisasi")
    case = str(town.case_of("budi").id)
    file = tmp_path / "buku agenda.pdf"
    file.write_bytes(PDF)
    said = ("case", "progress", case, "Seratus berkas selesai pekan ini")
    status, receipt = ask(*said, "--evidence", str(file), "--as", "budi")
    assert (status, receipt["values"]["evidence"][:7]) == (0, "sha256:")
    [listed] = ask("case", "evidence", case, "--as", "kabid")[1]
    assert (listed["name"], listed["size"], listed["elsewhere"]) == ("buku agenda.pdf", len(PDF), 0)
    out = tmp_path / "keluar.pdf"
    assert ask("case", "evidence", case, "--get", listed["sha256"][:12], "--out", str(out), "--as", "kabid")[0] == 0
    assert out.read_bytes() == PDF
    assert ask(*said, "--evidence", "@" + str(tmp_path / "tidak ada.pdf"), "--as", "budi")[1]["error"]["code"] == "berkas_tidak_ada"
    file.write_bytes(b"<svg onload='x()'/>")
    assert ask(*said, "--evidence", str(file), "--as", "budi")[1]["error"]["code"] == "jenis_bukti_ditolak"
    assert ask("audit", "verify")[1]["evidence"] == {"files": 1, "troubles": []}
    place(town.city.settings.evidence, listed["sha256"]).write_bytes(b"lain")
    status, report = ask("audit", "verify")
    assert (status, report["sound"], report["evidence"]["troubles"][0]["code"]) == (1, False, "bukti_berubah")


@pytest.mark.slow
def test_the_rubric_is_answered_as_one_document(town: Any, ask: Ask, tmp_path: Path) -> None:
    town.until("budi", "nilai_mutu")
    [task] = town.desk("tim", "budi")
    shown = ask("task", "show", str(task.id), "--as", "tim")[1]["form"]["fields"]
    score = next(field for field in shown if field["name"] == "skor_mutu_kebenaran")
    assert (score["range"], score["part"]) == ([0, 100], "skor_mutu")
    file = tmp_path / "ba.pdf"
    file.write_bytes(PDF)
    answers = dict(town.way[5][2]) | {"skor_mutu_kebenaran": 90.5, "skor_mutu_kebenaran_bukti": f"@{file}"}
    document = tmp_path / "jawaban.json"
    document.write_text(json.dumps(answers | {"skor_mutu_kegunaan_komentar": ""}))
    status, wrong = ask("task", "do", str(task.id), "--answers", f"@{document}", "--as", "tim")
    assert (status, list(wrong["error"]["details"]["fields"])) == (2, ["skor_mutu_kegunaan_komentar"])
    document.write_text(json.dumps(answers))
    assert ask("task", "do", str(task.id), "--answers", f"@{document}", "--as", "tim")[0] == 0
    [row] = db.RubricRating.select()
    assert [str(one["score"]) for one in row.scores] == ["181/2", "165/2", "165/2"]


@pytest.mark.slow
def test_hr_declares_what_stands_in_for_a_fact(town: Any, ask: Ask) -> None:
    """Checked against the vocabulary, with a reason, by HR only; said again it replaces, without a fact nothing is left."""
    accounts.create_account(town.system, "bkpsdm", "x", nip=town.nips["hr"], roles=[("bkpsdm", "")])
    case = str(town.case_of("citra").id)
    said = ("case", "assume", case, "hari_absen=0", "--reason", "presensi belum masuk")
    assert ask(*said, "--as", "kabid")[0] == 2
    for words, code in (
        (("hari_absn=0", "--reason", "x"), "fakta_tidak_dikenal"),
        (("hari_absen=-1", "--reason", "x"), "di_luar_rentang"),
        (("hari_absen=0",), "alasan_kosong"),
        (("hari_absen", "--reason", "x"), "bukan_pasangan"),
    ):
        status, answer = ask("case", "assume", case, *words, "--as", "bkpsdm")
        assert (status, answer["error"]["code"]) == (2, code)
    assert ask(*said, "--as", "bkpsdm")[0] == 0
    [declared] = cases.case_page(town.context("hr"), int(case)).assumptions
    assert (declared.fact, declared.value, declared.reason) == ("hari_absen", "0", "presensi belum masuk")
    assert ask("case", "assume", case, "--as", "bkpsdm")[0] == 0
    assert cases.case_page(town.context("hr"), int(case)).assumptions == ()
