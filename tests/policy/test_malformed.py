"""R14: malformed files, made from good ones by rule: each refused (or rightly accepted) in time, with file, line and remedy."""

from __future__ import annotations

import random
import time

import pytest

from kinerja.policy import Severity

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
