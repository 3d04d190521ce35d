"""FEEL: our evaluator beside the other ones for Python, and feelin under Node, on expressions that all of them can read.

The peers live in environments of their own under `var/bench-feel`, made on first use; one that cannot be had is reported as such.
"""

from __future__ import annotations

import atexit
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from bench.harness import Contestant
from kinerja.feel import STANDARD, STRICT, Dialect, compile_expression, parse_expression

TITLE = "FEEL expressions, one evaluation (mean of eight)"
ROUNDS = 50
PEERS = Path(__file__).parent / "peers"
PLACE = Path(__file__).resolve().parents[1] / "var" / "bench-feel"

CASES: list[tuple[str, Any]] = [
    ("x + 1", 4),
    ("(x * 3 - 1) / 4", 2),
    ("x in [1..5]", True),
    ("[1, 2, 3, 4][item > 2]", [3, 4]),
    ("some i in [1, 2, 3] satisfies i > 2", True),
    ("count([1, 2, 3])", 3),
    ("x between 1 and 5", True),
    ("not(x = 3)", False),
]
ZEN_SPELLING = {
    "[1, 2, 3, 4][item > 2]": "filter([1, 2, 3, 4], # > 2)",
    "some i in [1, 2, 3] satisfies i > 2": "some([1, 2, 3], # > 2)",
    "count([1, 2, 3])": "len([1, 2, 3])",
    "x between 1 and 5": "x in [1..5]",
    "not(x = 3)": "not (x == 3)",
}


def contestants() -> Iterator[Contestant]:
    units = ROUNDS * len(CASES)
    yield Contestant("kinerja.feel, strict, compiled", _compiled(STRICT), units, "exact rationals")
    yield Contestant("kinerja.feel, standard, compiled", _compiled(STANDARD), units, "34 digits")
    yield Contestant("kinerja.feel, standard, from text", _from_text, units, "34 digits; parsed each time")
    zen = [(ZEN_SPELLING.get(text, text), expected) for text, expected in CASES]
    yield _python_peer("zen-engine, compiled", "zen-compiled", zen, "Rust; its own spelling; 28 digits")
    yield _python_peer("zen-engine, from text", "zen", zen, "Rust; its own spelling; parsed each time")
    yield _python_peer("pySFeel", "pysfeel", CASES, "floats; parsed each time")
    yield _python_peer("bkflow-feel", "bkflow", CASES, "floats; parsed each time")
    yield _node_peer("feelin (Node)", CASES, "floats; parsed each time")


def _compiled(dialect: Dialect) -> Callable[[], None]:
    scope = {"x": dialect.adopt(Fraction(3))}
    runs = [compile_expression(parse_expression(text), dialect) for text, _ in CASES]
    assert [dialect.release(run(scope)) for run in runs] == [expected for _, expected in CASES]

    def rounds() -> None:
        for _ in range(ROUNDS):
            for run in runs:
                run(scope)

    return rounds


def _from_text() -> None:
    scope = {"x": 3}
    for _ in range(ROUNDS):
        for text, _ in CASES:
            compile_expression(parse_expression(text), STANDARD)(scope)


# ── peers ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _python_peer(name: str, engine: str, cases: list[tuple[str, Any]], note: str) -> Contestant:
    python = PLACE / "python" / "bin" / "python"
    if not python.exists():
        venv = [sys.executable, "-m", "venv", str(PLACE / "python")]
        install = [str(python), "-m", "pip", "install", "--quiet", "bkflow-feel", "pySFeel", "zen-engine"]
        if not (_done(venv) and _done(install)):
            shutil.rmtree(PLACE / "python", ignore_errors=True)
            return Contestant(name, _nothing, skipped="its packages could not be installed")
    return _peer(name, [str(python), str(PEERS / "feel_python.py"), engine, json.dumps(cases)], len(cases), note)


def _node_peer(name: str, cases: list[tuple[str, Any]], note: str) -> Contestant:
    node, npm, place = shutil.which("node"), shutil.which("npm"), PLACE / "node"
    if node is None or npm is None:
        return Contestant(name, _nothing, skipped="no Node here")
    module = place / "node_modules" / "@bpmn-io" / "feelin" / "dist" / "index.js"
    if not module.exists():
        place.mkdir(parents=True, exist_ok=True)
        if not _done([npm, "install", "--silent", "--prefix", str(place), "@bpmn-io/feelin"]):
            return Contestant(name, _nothing, skipped="its package could not be installed")
    return _peer(name, [node, str(PEERS / "feel_node.mjs"), str(module), json.dumps(cases)], len(cases), note)


def _peer(name: str, command: list[str], cases: int, note: str) -> Contestant:
    """A child process that evaluates on demand; its start-up is not timed."""
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    atexit.register(child.kill)

    def rounds(count: int = ROUNDS) -> str:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(f"{count}\n")
        child.stdin.flush()
        return child.stdout.readline().strip()

    try:
        right = rounds(1)
    except OSError:
        right = ""
    if not right:
        return Contestant(name, _nothing, skipped="it did not start")
    return Contestant(name, rounds, ROUNDS * cases, f"{note}; {right} of {cases} right")


def _nothing() -> None:
    pass


def _done(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=300, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
