"""What the README shows is what happens."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

from kinerja.cli.main import COMMANDS


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


def test_commands_and_files_it_names_exist(project: Path) -> None:
    text = (project / "README.md").read_text("utf-8") + (project / "README.id.md").read_text("utf-8")
    assert {name for name in re.findall(r"kinerja (\w+)", text) if name.islower()} & set(COMMANDS)
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (project / target).exists(), target
