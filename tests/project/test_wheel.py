"""The wheel carries the shipped data, and no stranger's module named `platform`."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest


@pytest.mark.slow
def test_the_wheel_holds_code_rules_and_workflows(project: Path, tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=project,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for wanted in (
        "kinerja/core/errors.py",
        "kinerja_admin/__init__.py",
        "kinerja/_data/rules/vocabulary.yaml",
        "kinerja/_data/workflows/penilaian-kinerja/process.bpmn",
        "kinerja/_data/config/default.toml",
        "kinerja/py.typed",
    ):
        assert wanted in names
    assert not [name for name in names if name.startswith(("platform/", "tests/", "var/"))]
