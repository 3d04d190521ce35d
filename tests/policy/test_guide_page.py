"""The Indonesian guide: every file on it is written, every command on it is run, and prints what stands there."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from kinerja.cli.rules import rules as command

PAGE = Path(__file__).parents[2] / "docs" / "panduan" / "menulis-aturan.md"
TIME = re.compile(r"\d+\.\d (m?s)\b")


@pytest.mark.slow
def test_the_guide_prints_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```(\w+) ?(\S*)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    ran = 0
    for language, name, content in blocks:
        if language == "sh":
            continue  # commands that act in a city: tests/cli/test_releases.py and tests/e2e/test_workshop.py walk them
        if language != "console":
            path = tmp_path / name
            if name.startswith("usulan/") and not (tmp_path / "usulan").exists():
                shutil.copytree(tmp_path / "aturan", tmp_path / "usulan")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
            continue
        for step in re.findall(r"^\$ kinerja rules (.*)\n((?:(?!\$ ).*\n)*)", content, re.M):
            result = CliRunner().invoke(command, shlex.split(step[0]))
            shown = result.stdout + result.stderr  # in this order: what is counted is told last
            assert TIME.sub(r"… \1", shown) == TIME.sub(r"… \1", step[1]), step[0]
            ran += 1
    assert ran == 11


def test_the_guide_names_what_the_console_shows() -> None:
    """Every button and heading that the console's part writes in bold is a text of the console; every picture is there."""
    from kinerja_admin.texts import english

    part = PAGE.read_text(encoding="utf-8").split("## 9. ", 1)[1]
    bold = {" ".join(text.split()) for text in re.findall(r"\*\*(.+?)\*\*", part, re.S)}
    rules = {"Usulan rating hasil kerja"}  # the title of a rule file
    assert len(bold) > 15
    assert sorted(bold - rules - set(english())) == []
    pictures = re.findall(r"\]\((\.\./images/[\w-]+\.png)\)", part)
    assert len(pictures) == 4
    assert all((PAGE.parent / picture).is_file() for picture in pictures)
