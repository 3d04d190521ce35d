"""The house itself: what must and must not be there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest


def test_platform_is_no_package(project: Path) -> None:
    assert not (project / "platform" / "__init__.py").exists(), "platform/__init__.py would shadow the standard library's platform"


@pytest.mark.parametrize("folder", ["platform/kinerja", "admin/kinerja_admin", "rules", "workflows", "config", "tests", "docs"])
def test_top_level_rooms(project: Path, folder: str) -> None:
    assert (project / folder).is_dir()


def test_no_module_outgrows_its_room(project: Path) -> None:
    long = {
        str(file.relative_to(project)): lines
        for root in ("platform", "admin")
        for file in (project / root).rglob("*.py")
        if (lines := len(file.read_text("utf-8").splitlines())) > 500
    }
    assert not long


def test_pins_name_no_host(project: Path) -> None:
    for line in (project / "constraints.txt").read_text("utf-8").splitlines():
        assert re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.!+-]+", line), line


def test_the_door_is_posix_sh(project: Path) -> None:
    assert (project / "run").read_text("utf-8").startswith("#!/bin/sh\n")
    assert subprocess.run(["sh", "-n", "run"], cwd=project, check=False).returncode == 0


def test_the_door_refuses_other_pythons(project: Path, tmp_path: Path) -> None:
    old = tmp_path / "python-old"
    old.write_text('#!/bin/sh\ncase "$1" in --version) echo "Python 3.9.2" ;; *) exit 1 ;; esac\n')
    old.chmod(0o755)
    result = subprocess.run(
        ["./run", "setup"],
        cwd=project,
        env={"PATH": "/usr/bin:/bin", "PYTHON": str(old)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    assert "Python 3.9.2" in result.stderr
    assert "apt-get install python3" in result.stderr


def test_every_public_package_states_its_boundary(project: Path) -> None:
    for init in (project / "platform" / "kinerja").glob("*/__init__.py"):
        text = init.read_text("utf-8")
        assert text.startswith('"""'), init
        assert len(text.split('"""')[1]) > 40, f"{init} does not state its boundary"


def test_git_ignores_no_source(project: Path) -> None:
    """A pattern of .gitignore that matches a package by its name would leave every clone and every wheel without it."""
    if not (project / ".git").exists():
        pytest.skip("not a git checkout")
    files = "\n".join(
        str(file.relative_to(project))
        for root in ("platform", "admin", "rules", "workflows", "config", "tests", "docs", "bench")
        for file in (project / root).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts and file.suffix != ".pyc"
    )
    ignored = subprocess.run(
        ["git", "check-ignore", "--stdin"], cwd=project, input=files, capture_output=True, text=True, check=False
    )
    assert ignored.stdout.splitlines() == []
