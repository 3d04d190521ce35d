"""`kinerja rules …`: one JSON document on stdout, one line a finding, exit status 1 on findings, never a traceback."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from kinerja.cli.rules import rules as command

from .conftest import Rules


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_check_of_clean_rules(rules: Rules) -> None:
    result = run("check", rules.root)
    assert result.exit_code == 0
    assert "0 galat" in result.stderr


def test_check_prints_one_line_a_finding_and_stops_with_one(rules: Rules) -> None:
    rules.change("decisions/predikat.yaml", "[50..90)", "76,61")
    result = run("check", rules.root, "--en")
    assert result.exit_code == 1
    line = next(line for line in result.stdout.splitlines() if "R011" in line)
    assert line.startswith(f"{rules.root}/decisions/predikat.yaml:16:")
    assert "→ write 76.61" in line


def test_check_as_one_document(rules: Rules) -> None:
    rules.change("decisions/predikat.yaml", "[50..90)", "76,61")
    result = run("check", rules.root, "--json")
    document = json.loads(result.stdout)
    assert result.exit_code == 1
    assert document["errors"] == 1
    assert {"code", "severity", "file", "line", "column", "text", "remedy"} == set(document["diagnostics"][0])


@pytest.mark.parametrize("name", ["check", "show", "prove"])
def test_a_missing_folder_is_one_line(rules: Rules, name: str) -> None:
    result = run(name, rules.root / "nowhere")
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 1
    assert "R001" in result.stdout
    assert isinstance(result.exception, SystemExit)


def test_a_bad_day_is_one_line_and_status_two(rules: Rules) -> None:
    result = run("check", rules.root, "--today", "besok")
    assert result.exit_code == 2
    assert "tanggal_tidak_sah" in result.stderr


def test_show_has_the_fingerprint_at_the_top(rules: Rules) -> None:
    policy = rules.check().policy
    assert policy is not None
    result = run("show", rules.root, "--json")
    document = json.loads(result.stdout)
    assert document["fingerprint"] == policy.fingerprint
    (predikat,) = document["decisions"]["predikat"]
    assert predikat["rows"][0]["cells"] == [">= 90", "di_atas, sesuai"]
    assert [one["from"] for one in predikat["inputs"]] == ["nilai.nilai", "kasus.perilaku"]
    assert "predikat: Predikat" in run("show", rules.root).stdout


def test_prove_prints_method_status_and_time(rules: Rules) -> None:
    result = run("prove", rules.root)
    assert result.exit_code == 0
    assert "proved   predikat: tepat satu jawaban [grid" in result.stdout
    english = run("prove", rules.root, "--en").stdout
    assert "proved   predikat: exactly one answer [grid" in english
    assert "tepat" not in english
    rules.change("decisions/predikat.yaml", "[50..90)", "[51..90)")
    result = run("prove", rules.root)
    assert result.exit_code == 1
    assert "predikat.yaml:12:5: P101 galat: Kasus dengan nilai = 50: tidak ada baris" in result.stdout
    document = json.loads(run("prove", rules.root, "--json").stdout)
    assert document["proved"] is False
    assert {"failed", "proved"} == {one["status"] for one in document["obligations"]}


def test_schemas_are_written(rules: Rules) -> None:
    result = run("schemas", rules.root / "schemas")
    assert result.exit_code == 0
    assert (rules.root / "schemas" / "decision.json").is_file()
