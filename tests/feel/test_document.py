"""docs/feel.md says what is so: its example runs and prints what it says; its codes are those of the language."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

from kinerja.feel import errors

CODES = {value for name, value in vars(errors).items() if name.isupper() and isinstance(value, str)}


def test_the_example_prints_what_it_says(project: Path) -> None:
    text = (project / "docs" / "feel.md").read_text(encoding="utf-8")
    example = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert example is not None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(example[1], "docs/feel.md", "exec"), {})
    said = [line.rpartition("  # ")[2] for line in example[1].splitlines() if line.startswith("print(")]
    assert printed.getvalue().splitlines()[1:] == said[1:]
    assert "[]" in printed.getvalue().splitlines()[0]


def test_every_code_is_explained(project: Path) -> None:
    text = (project / "docs" / "feel.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `([a-z_]+)` \|", text, re.MULTILINE))
    assert explained - {"STRICT"} == CODES | {"waktu_tidak_tetap", "fungsi_luar"}
