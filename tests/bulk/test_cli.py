"""The commands: files written, one JSON document on stdout, exit statuses."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kinerja.cli import main

from .reference import rows_of


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def answer(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def people(rules: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    assert call("population", "--cases", "60", "--seed", "3", "--bad", "20", "--out", folder, "--rules", rules).exit_code == 0
    return folder


@pytest.mark.slow
def test_population_and_bulk(rules: Path, people: Path, tmp_path: Path) -> None:
    assert sorted(file.name for file in people.iterdir()) == [
        "indikator.parquet", "kasus.parquet", "penilaian.parquet", "unit.parquet",
    ]  # fmt: skip
    document = answer(call("bulk", people, "--out", tmp_path, "--rules", rules, "--json"))
    assert document["cases"] == 60
    assert document["failed"] == sum(document["errors"].values()) > 0
    assert len(rows_of(tmp_path / "hasil.parquet")) == document["answered"]
    again = answer(call("bulk", people, "--out", tmp_path / "python", "--rules", rules, "--engine", "python", "--json"))
    files = [file for file in document["files"] if file != "jalannya.json"]
    assert {**again, "engine": "numpy", "single": document["single"]} == {**document, "files": files}
    for name in ("hasil.parquet", "items.parquet", "errors.parquet"):
        assert sorted(map(str, rows_of(tmp_path / name))) == sorted(map(str, rows_of(tmp_path / "python" / name)))


def test_no_population_named(rules: Path, tmp_path: Path) -> None:
    for more in ([], ["--explain", "K00000001"]):
        result = call("bulk", "--out", tmp_path, "--rules", rules, *more)
        assert result.exit_code == 2
        assert "populasi_tidak_disebut" in result.stderr


@pytest.mark.slow
def test_bulk_on_a_day_before_a_parameter_held(rules: Path, people: Path, tmp_path: Path) -> None:
    """The first named error of the exact engine, for every case that has no fault before it."""
    document = answer(call("bulk", people, "--out", tmp_path, "--rules", rules, "--on", "2019-01-01", "--json"))
    assert document["answered"] == 0
    assert document["on"] == "2019-01-01"
    assert "parameter_tidak_ada" in document["errors"]


def test_progress_goes_to_stderr(rules: Path, people: Path, tmp_path: Path) -> None:
    result = call("bulk", people, "--out", tmp_path, "--rules", rules)
    assert result.exit_code == 0
    assert "menghitung" in result.stderr
    assert result.stdout.startswith("60 kasus: ")


def test_a_folder_that_is_not_there(rules: Path, tmp_path: Path) -> None:
    result = call("bulk", tmp_path / "nowhere", "--out", tmp_path, "--rules", rules, "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["error"]["code"] == "folder_tidak_ada"
    assert call("population", "--cases", "0", "--out", tmp_path, "--rules", rules).exit_code == 2


@pytest.mark.slow
def test_simulate(rules: Path, people: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft"
    shutil.copytree(rules, draft)
    file = draft / "incentives" / "persen_tpp.yaml"
    file.write_text(file.read_text("utf-8").replace("| Baik            | 100    |", "| Baik            | 95     |"), "utf-8")
    document = answer(call("simulate", "--rules", draft, "--against", rules, "--population", people, "--json"))
    total = next(one for one in document["money"] if one["output"] == "tpp_bruto" and not one["group"])
    assert total["change"] < 0
    assert document["movers"]["cases"] == 0
    shown = call("simulate", "--rules", draft, "--against", rules, "--population", people, "--english")
    assert shown.exit_code == 0
    assert "The sum of tpp_bruto falls by Rp " in shown.stdout
    assert "job class" in shown.stdout


@pytest.mark.slow
def test_simulate_without_a_population_invents_one(rules: Path) -> None:
    document = answer(call("simulate", "--rules", rules, "--against", rules, "--json"))
    assert document["cases"] == 2_000
    assert document["rules"] == []
