"""Every command is there, helps, is documented, and turns errors into one line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from kinerja.cli.main import COMMANDS, main


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_loads_and_helps(name: str) -> None:
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0, result.output
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.help, f"{name} does not say what it does"


def test_checking_a_file_loads_neither_the_store_nor_a_workbook_library() -> None:
    """A mistake in a rule file is to be told within a second (R14), on a small machine too."""
    loaded = (
        "import sys, kinerja.cli.rules; print([m for m in ('peewee', 'openpyxl', 'numpy', 'z3', 'durable') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_every_command_is_in_a_document(project: Path) -> None:
    texts = [path.read_text("utf-8") for path in (project / "docs").rglob("*.md")] + [(project / "README.md").read_text("utf-8")]
    everything = "\n".join(texts)
    missing = [name for name in COMMANDS if f"kinerja {name}" not in everything]
    assert not missing


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["decide", "tidak_ada", "--input", "{}"], "keputusan_tidak_dikenal"),
        (["evaluate", "tidak-ada.json"], "berkas_tidak_terbaca"),
        (["measure", "tidak-ada.csv", "--map", "tidak-ada.yaml"], "berkas_tidak_terbaca"),
        (["task", "list", "--as", "x", "--city", "/tidak/ada"], "bukan_kota"),
        (["decide", "mutu_pelayanan", "--input", "{}", "--rules", "/tidak/ada"], "folder_tidak_ada"),
    ],
)
def test_the_users_errors_are_one_line_and_exit_2(arguments: list[str], code: str) -> None:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert code in result.output
    assert len(result.output.strip().splitlines()) == 1
