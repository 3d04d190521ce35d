"""Tables beside their rule file: CSV and workbook mean the same as the grid in the file, and slips are named where they stand."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from openpyxl import Workbook

from kinerja.policy import check_policy, load_policy
from kinerja.policy.gridtext import read_grid
from kinerja.policy.sidecars import as_texts
from kinerja.settings import shipped

FILE = "decisions/mutu_pelayanan.yaml"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """The shipped rules, the table of `mutu_pelayanan` in a workbook."""
    folder = tmp_path / "aturan"
    shutil.copytree(shipped("rules"), folder)
    path = folder / FILE
    text = path.read_text("utf-8")
    grid = read_grid(text)
    assert grid is not None
    book = Workbook()
    assert book.active is not None
    for row in (grid.heading, *grid.rows):
        book.active.append(list(row))
    book.save(folder / "decisions" / "mutu.xlsx")
    lines = text.split("\n")
    lines[grid.lines[0] - 2 : grid.lines[-1]] = ["table: mutu.xlsx"]
    path.write_text("\n".join(lines), "utf-8")
    return folder


def test_a_workbook_means_the_same(rules: Path) -> None:
    assert load_policy(rules).fingerprint == load_policy(shipped("rules")).fingerprint


@pytest.mark.slow
def test_it_is_kept_as_text(rules: Path, tmp_path: Path) -> None:
    files = {path.relative_to(rules).as_posix(): path.read_text("utf-8") for path in rules.rglob("*.yaml")}
    kept = as_texts(rules, files)
    assert "table: mutu.xlsx.csv" in kept[FILE]
    assert kept.keys() - files.keys() == {"decisions/mutu.xlsx.csv"}
    for name, text in kept.items():
        path = tmp_path / "rilis" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    assert load_policy(tmp_path / "rilis").fingerprint == load_policy(rules).fingerprint


def test_a_wrong_cell_is_named_by_file_row_and_column(rules: Path) -> None:
    from openpyxl import load_workbook

    book = load_workbook(rules / "decisions" / "mutu.xlsx")
    assert book.active is not None
    book.active["A3"] = "[76,61..88.31)"
    book.save(rules / "decisions" / "mutu.xlsx")
    [error] = check_policy(rules).errors
    assert (error.code, str(error.place).rsplit(":", 1)[0]) == ("R011", "decisions/mutu.xlsx:3")


@pytest.mark.parametrize("content", [None, b"bukan buku kerja"])
def test_a_workbook_that_is_none_is_an_error_of_its_file(rules: Path, content: bytes | None) -> None:
    path = rules / "decisions" / "mutu.xlsx"
    path.unlink() if content is None else path.write_bytes(content)
    assert {error.code for error in check_policy(rules).errors} == {"R001"}
