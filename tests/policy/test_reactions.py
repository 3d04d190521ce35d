"""Reactions as a kind of rule file: checked with the rest, part of the meaning, told in the difference, kept by the exchanges."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kinerja.policy import check_policy, load_policy
from kinerja.policy.difference import compare
from kinerja.policy.dmnfile import export_model
from kinerja.policy.dmnfile import prepare_import as import_model
from kinerja.policy.sheets import export_workbook, import_workbook, prepare_import
from kinerja.settings import shipped

EXAMPLES = Path(__file__).parents[1] / "engine" / "reactions"
NAME = "pembinaan_dua_bulan"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "aturan"
    shutil.copytree(shipped("rules"), folder)
    shutil.copytree(EXAMPLES, folder / "reactions", dirs_exist_ok=True)
    return folder


def change(rules: Path, old: str, new: str) -> None:
    path = rules / "reactions" / f"{NAME}.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_they_are_checked_with_the_rest(rules: Path) -> None:
    assert {one.name for one in load_policy(rules).reactions} >= {NAME, "absen_pp94"}
    change(rules, "times: 2", "times: 99")
    [error] = check_policy(rules).errors
    assert (error.code, error.place.file) == ("R006", f"reactions/{NAME}.yaml")


def test_a_name_stands_once(rules: Path) -> None:
    shutil.copy(rules / "reactions" / f"{NAME}.yaml", rules / "reactions" / "lagi.yaml")
    assert "R027" in {error.code for error in check_policy(rules).errors}


def test_they_are_part_of_the_meaning_and_of_the_difference(rules: Path) -> None:
    before = load_policy(rules)
    assert before.fingerprint != load_policy(shipped("rules")).fingerprint
    change(rules, "times: 2", "times: 3")
    after = load_policy(rules)
    assert before.fingerprint != after.fingerprint
    assert [one.line() for one in compare(before, after)] == [f"reaksi {NAME}: pola berubah"]
    (rules / "reactions" / f"{NAME}.yaml").unlink()
    assert [one.line() for one in compare(after, load_policy(rules))] == [f"reaksi {NAME}: dihapus"]
    assert [one.kind for one in compare(load_policy(rules), after)] == ["added"]


def test_the_exchanges_keep_them(rules: Path, tmp_path: Path) -> None:
    export_workbook(rules, tmp_path / "a.xlsx")
    import_workbook(prepare_import(tmp_path / "a.xlsx", tmp_path / "b"), tmp_path / "b")
    export_model(rules, tmp_path / "a.dmn")
    import_workbook(import_model(tmp_path / "a.dmn", tmp_path / "c"), tmp_path / "c")
    assert {load_policy(tmp_path / name).fingerprint for name in "bc"} == {load_policy(rules).fingerprint}
