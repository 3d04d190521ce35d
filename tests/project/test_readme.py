"""What the README shows is what happens."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import click

from kinerja.cli.main import COMMANDS, main
from kinerja_admin.desks import desks


def test_the_feel_example_runs_and_prints_what_it_says(project: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", (project / "README.md").read_text("utf-8"), re.DOTALL)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(code, {})
    lines = out.getvalue().splitlines()
    assert lines[0] == "12667/100"
    assert lines[1] == "True"
    assert lines[2].startswith("tipe_salah ")
    assert lines[3] == "None"


def test_commands_pages_and_files_it_names_exist(project: Path) -> None:
    text = (project / "README.md").read_text("utf-8") + (project / "README.id.md").read_text("utf-8")
    lines = re.findall(r"`(?:\.venv/bin/)?kinerja ([a-z][^`]*)`", text)
    assert len(lines) > 12
    for line in lines:
        first, *others = (part.strip().removeprefix("kinerja ") for part in line.split("·"))
        group = main.get_command(click.Context(main), first.split()[0])
        assert group is not None, line
        own = set(group.commands) if isinstance(group, click.Group) else set()
        words = [other.split()[0] for other in others] + (first.split()[1:2] if own else [])
        assert set(words) <= own | set(COMMANDS), line
    for page in re.findall(r"^\| (\*.+?\*) \|", text, re.MULTILINE):
        assert set(re.findall(r"\*([^*]+)\*", page)) <= {desk.name for desk in desks()}, page
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (project / target).exists(), target
