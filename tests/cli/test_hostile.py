"""The commands that evaluate, asked by someone who does not mean well: one clear line, its exit status, never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from kinerja.bootstrap import founded
from kinerja.cli import main
from kinerja.cli.common import guarded, json_option

RULES = str(Path(__file__).parents[2] / "rules")


def run(*arguments: str, text: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), input=text)


def ikm(text: str, *more: str) -> Result:
    return run("decide", "mutu_pelayanan", "--rules", RULES, "--input", text, *more)


def refused(result: Result, code: str, status: int = 2) -> str:
    assert (type(result.exception), result.exit_code) == (SystemExit, status), result.output
    lines = result.stderr.splitlines()
    assert len(lines) == 1
    assert code in lines[0]
    return lines[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"ikm": "\\ud800"}', "json_tidak_sah"),
        ('{"\\ud800": 88}', "json_tidak_sah"),
        ('{"ikm": "\udcff"}', "json_tidak_sah"),
        ('{"a\\nb\\u001b[2J": 1}', "fakta_tidak_dikenal"),
        ('{"ikm": "a\\n\\nb"}', "tipe_salah"),
        ('{"ikm": 1e400}', "di_luar_rentang"),
        ('{"ikm": 1e4000}', "angka_tidak_sah"),
    ],
)
def test_odd_input_gives_one_short_line(text: str, code: str) -> None:
    assert len(refused(ikm(text), code)) < 300
    answer = ikm(text, "--json")
    assert json.loads(answer.stdout.encode())["error"]["code"] == code


def test_a_name_that_is_no_utf8_is_told() -> None:
    refused(run("decide", "mutu\udcff", "--rules", RULES, "--json"), "keputusan_tidak_dikenal")


@pytest.mark.parametrize("day", ["", "2026-W01-1", "2026-1-1", "20260101", "2026-02-30"])
def test_a_day_is_a_calendar_date_or_refused(day: str) -> None:
    refused(ikm('{"ikm": 88}', "--on", day), "tanggal_tidak_sah")


def test_rules_that_do_not_compile_are_the_users_error(tmp_path: Path) -> None:
    assert str(tmp_path) in refused(run("decide", "mutu_pelayanan", "--rules", str(tmp_path), "--input", "{}"), "aturan_bermasalah")
    facts = tmp_path / "f.json"
    facts.write_text("{}")
    for command in ("evaluate", "whatif", "explain"):
        refused(run(command, str(facts), "--rules", str(tmp_path)), "aturan_bermasalah")
    refused(run("decide", "mutu_pelayanan", "--rules", "", "--input", "{}"), "folder_tidak_ada")


def test_a_batch_and_a_question_are_not_mixed(tmp_path: Path) -> None:
    batch = tmp_path / "b.json"
    batch.write_text("[]")
    refused(run("decide", "mutu_pelayanan", "--batch", str(batch)), "argumen_berlebih")
    refused(run("decide", "--input", "{}", "--batch", str(batch)), "argumen_berlebih")
    refused(run("evaluate", "f.json", "--batch", str(batch)), "argumen_berlebih")


@pytest.mark.parametrize(
    "arguments", [("evaluate", "-"), ("evaluate", "--batch", "-"), ("decide", "--batch", "-"), ("whatif", "-")]
)
def test_standard_input_that_is_no_text(arguments: tuple[str, ...]) -> None:
    assert refused(run(*arguments, "--rules", RULES, text=b"\xff\xfe{}"), "bukan_utf8").startswith("<stdin>:1:")


@pytest.mark.slow
def test_errors_of_a_batch_stand_where_the_case_stands(tmp_path: Path) -> None:
    lines = tmp_path / "kasus.jsonl"
    lines.write_text('\n{"id": 1, "kasus": {}}\n{"id": 2, "kasus": {"kelas": 1}}\n{"id": 3,\n')
    answers = [json.loads(line) for line in run("evaluate", "--batch", str(lines), "--rules", RULES).stdout.splitlines()]
    assert [answer["error"]["place"] for answer in answers] == [f"{lines}:2", f"{lines}:3", f"{lines}:4:10"]
    questions = tmp_path / "tanya.json"
    questions.write_text('[{"id": 1, "decision": "mutu_pelayanan", "given": {}}]')
    (answer,) = json.loads(run("decide", "--batch", str(questions), "--rules", RULES).stdout)["results"]
    assert answer["error"]["place"] == str(questions)
    facts = tmp_path / "fakta.json"
    facts.write_text('{"kasus": {}}')
    assert refused(run("whatif", str(facts), "--rules", RULES), "fakta_hilang").startswith(str(facts))


@pytest.mark.slow
def test_a_requirement_that_is_not_met_names_item_rule_and_remedy(tmp_path: Path) -> None:
    kasus = {"kelas_jabatan": 9, "bulan": 12, "perilaku_kerja": "sesuai", "menit_terlambat": [], "hari_absen": 0}
    item = {"kode": "A", "polaritas": "lebih_tinggi", "target": 5, "realisasi": 5, "bobot": 50}
    facts = tmp_path / "fakta.json"
    facts.write_text(json.dumps({"kasus": kasus, "indikator": [item, {**item, "kode": "B", "target": 0}]}))
    line = refused(run("evaluate", str(facts), "--rules", RULES), "target_nol")
    assert line.startswith("rules/decisions/capaian_indikator.yaml:")
    assert "indikator[B]: " in line
    assert line.endswith(" → periksa target")
    facts.write_text(json.dumps({"kasus": kasus, "indikator": [item]}))
    line = refused(run("evaluate", str(facts), "--rules", RULES), "bobot_tidak_100")
    assert line.endswith(" → periksa indikator")


def test_a_city_in_the_folder_where_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with founded(Path.cwd(), "[city]\n") as draft:
        (draft / "kinerja.db").touch()
        assert list(tmp_path.iterdir()) == []
    assert Path.cwd() == tmp_path  # the folder was not put in place of the old one
    parts = {"rules", "workflows", "config", "schemas", ".vscode", "kinerja.db", "kinerja.toml"}
    assert parts == {part.name for part in Path().iterdir()}


def test_a_map_without_events_is_refused(tmp_path: Path) -> None:
    refused(run("demo", "--dir", str(tmp_path / "d"), "--map", "x.yaml"), "argumen_berlebih")
    assert list(tmp_path.iterdir()) == []


def test_no_working_day_after_the_end_of_time() -> None:
    refused(run("calendar", "deadline", "9999-12-31", "--working-days", "1"), "kalender_tidak_ada")


def test_what_is_printed_is_utf8_in_any_locale() -> None:
    asked = [sys.executable, "-c", "from kinerja.cli import main; main()", "decide", "nilai", "--rules", RULES, "--json"]
    told = subprocess.run(asked, env={**os.environ, "PYTHONIOENCODING": "latin-1"}, capture_output=True, check=False)
    assert told.returncode == 2
    assert "→" in told.stderr.decode()
    assert json.loads(told.stdout.decode())["error"]["code"] == "keputusan_tidak_dikenal"


def test_a_mistake_of_our_own_is_an_incident_on_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    @json_option
    @guarded
    def broken(as_json: bool) -> None:
        raise KeyError("a\nb")

    @click.command()
    @guarded
    def full() -> None:
        raise OSError(28, "No space left on device", "/var/x")

    refused(CliRunner().invoke(broken, []), "insiden", status=3)
    assert json.loads(CliRunner().invoke(broken, ["--json"]).stdout)["error"]["code"] == "insiden"
    assert refused(CliRunner().invoke(full, []), "sistem_menolak").startswith("/var/x: ")
    monkeypatch.setenv("KINERJA_TRACEBACK", "1")
    assert isinstance(CliRunner().invoke(broken, []).exception, KeyError)
