"""R14: malformed files, made from good ones by rule: each refused (or rightly accepted) in time, with file, line and remedy."""

from __future__ import annotations

import random
import shutil
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from kinerja.cli.rules import rules as rules_command
from kinerja.policy import Severity, as_text, check_policy
from kinerja.policy.difference import compare
from kinerja.policy.markdown import as_markdown
from kinerja.settings import shipped

from .conftest import FILES, Rules

TOKENS = [
    "&a",
    "*a",
    "!!x",
    "|",
    "[",
    "]",
    "{",
    "}",
    ":",
    "- ",
    '"',
    "'",
    "\t",
    "#",
    ",",
    "null",
    "~",
    "..",
    "(",
    "?",
    "%",
    "\x01",
    "é",
    "🜁",
    "1e999",
    "9" * 500,
    "-",
    ">",
    "if",
    "for x in",
    "@",
    "0x1",
    "\u2028",
    "\ufeff",
]


def mutate(text: str, chance: random.Random) -> str:
    """One to three slips of an editor: a piece lost, doubled, moved, or something typed in."""
    for _ in range(chance.randint(1, 3)):
        lines = text.split("\n")
        kind = chance.randrange(7)
        row = chance.randrange(len(lines))
        if kind == 0:
            del lines[row]
        elif kind == 1:
            lines.insert(row, lines[chance.randrange(len(lines))])
        elif kind == 2:
            lines[row] = " " * chance.randrange(9) + lines[row].lstrip()
        elif kind == 3:
            lines[row] = lines[row].split(":", 1)[0] + ": " + chance.choice(["{}", "[]", "", "[[[]]]", "{a: {b: c}}", "7", "x"])
        if kind < 4:
            text = "\n".join(lines)
            continue
        at = chance.randrange(len(text) + 1)
        if kind == 4:
            text = text[:at] + chance.choice(TOKENS) + text[at:]
        elif kind == 5:
            text = text[:at] + text[at + chance.randrange(1, 12) :]
        else:
            text = text[:at]
    return text


SHIPPED = sorted(path.relative_to(shipped("rules")).as_posix() for path in shipped("rules").rglob("*.yaml"))
FIGURES = (
    "1/0",
    "1e400",
    "-" + "9" * 40,
    "0..1e999",
    "true",
    "2026-02-30",
    "'" + "x" * 5000 + "'",
    "[",
    "{a: ",
    "null",
    "not(",
    "@",
)


def spoil(text: str, chance: random.Random) -> str:
    """What an officer or an attacker does to one place of a real file: a figure, word, line or bracket put in another's place."""
    if chance.random() < 0.5:
        return mutate(text, chance)
    pieces = text.split()
    old = chance.choice(pieces)
    at = text.index(old)
    new = chance.choice((*FIGURES, chance.choice(pieces), old[:-1], old + old))
    return text[:at] + new + text[at + len(old) :]


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kota") / "rules"
    shutil.copytree(shipped("rules"), folder)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("seed", [seed if seed < 8 else pytest.param(seed, marks=pytest.mark.slow) for seed in range(240)])
def test_the_shipped_files_spoilt_are_refused_at_their_place(copied: Path, seed: int) -> None:
    """Each of the shipped files in turn, several times; also through the command, which prints and never tracebacks."""
    chance = random.Random(seed)
    name = SHIPPED[seed % len(SHIPPED)]
    path = copied / name
    whole = path.read_text("utf-8")
    path.write_text(spoil(whole, chance), "utf-8")
    try:
        begun = time.process_time()
        report = check_policy(copied)
        assert time.process_time() - begun < 3
        assert (report.policy is None) == bool(report.errors)
        for found in report.diagnostics:
            assert found.place.file in SHIPPED or found.place.file == str(copied)
            assert found.text_id
            assert found.remedy_id
            assert len(found.line()) < 4000
        result = CliRunner().invoke(rules_command, ["check", str(copied)])
        assert result.exit_code == (1 if report.errors else 0)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        if report.policy is not None:  # what still compiles can be shown and compared
            as_text(report.policy)
            as_markdown(report.policy)
            compare(report.policy, report.policy)
    finally:
        path.write_text(whole, "utf-8")


@pytest.mark.parametrize("seed", [seed if seed < 60 else pytest.param(seed, marks=pytest.mark.slow) for seed in range(300)])
def test_malformed_files_are_refused_without_a_traceback(rules: Rules, seed: int) -> None:
    chance = random.Random(seed)
    name = chance.choice(list(FILES))
    rules.write(name, mutate(FILES[name].lstrip("\n"), chance))
    begun = time.perf_counter()
    report = rules.check()
    assert time.perf_counter() - begun < 1
    assert (report.policy is None) == bool(report.errors)
    for found in report.diagnostics:
        assert found.place.file in FILES or found.place.file == str(rules.root)
        assert found.place.line > 0 or found.code in ("R001", "R002", "R008", "R009", "R020")
        assert found.remedy_id
        assert found.remedy_en
        assert "\n" not in found.line()
        assert found.severity in Severity
