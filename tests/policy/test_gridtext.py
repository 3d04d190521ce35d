"""A table taken out of a rule file's text cell by cell, and put back."""

from __future__ import annotations

from pathlib import Path

import pytest

from kinerja.core.errors import InputError
from kinerja.policy import load_policy
from kinerja.policy.gridtext import read_grid, write_grid
from kinerja.settings import shipped

TABLES = sorted(path for path in shipped("rules").rglob("*.yaml") if "\ntable: |" in path.read_text("utf-8"))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_every_shipped_table_comes_back_with_the_same_cells(path: Path) -> None:
    text = path.read_text("utf-8")
    grid = read_grid(text)
    assert grid is not None
    again = write_grid(text, grid.rows)
    other = read_grid(again)
    assert other is not None
    assert (other.heading, other.rows) == (grid.heading, grid.rows)
    outside = text.split("\ntable: |\n")
    assert again.startswith(outside[0] + "\ntable: |\n")
    assert again.endswith(text[text.index("\ncases:") :])
    for line, cells in zip(grid.lines, (grid.heading, *grid.rows), strict=True):
        assert cells[0] in text.split("\n")[line - 1]


@pytest.mark.slow
def test_rewritten_tables_keep_the_meaning(tmp_path: Path) -> None:
    import shutil

    rules = tmp_path / "aturan"
    shutil.copytree(shipped("rules"), rules)
    before = load_policy(rules).fingerprint
    for path in TABLES:
        copy = rules / path.relative_to(shipped("rules"))
        text = copy.read_text("utf-8")
        grid = read_grid(text)
        assert grid is not None
        copy.write_text(write_grid(text, grid.rows), "utf-8")
    assert load_policy(rules).fingerprint == before


def test_rows_are_added_and_left_out() -> None:
    text = 'title: x\ntable: |\n  # catatan\n  | a | b   |\n  | 1 | "|" |\n\ncases: []\n'
    grid = read_grid(text)
    assert grid is not None
    assert grid.rows == (("1", '"|"'),)
    written = write_grid(text, [["1", '"|"'], ["", " "], ["22", "y"]])
    assert written == 'title: x\ntable: |\n  # catatan\n  | a  | b   |\n  | 1  | "|" |\n  | 22 | y   |\n\ncases: []\n'


@pytest.mark.parametrize("cell", ["a | b", '"x'])
def test_a_cell_that_would_end_its_column_is_refused(cell: str) -> None:
    with pytest.raises(InputError):
        write_grid("table: |\n  | a |\n  | 1 |\n", [[cell]])


def test_a_file_without_a_table() -> None:
    assert read_grid("title: x\nformula: 1\n") is None
    with pytest.raises(InputError):
        write_grid("title: x\n", [["1"]])
