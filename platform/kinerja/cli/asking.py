"""What the commands that evaluate share: an engine on the chosen rules, facts from a file, findings as lines."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from ..core.clock import SystemClock, today
from ..core.errors import InputError, KinerjaError, Place
from ..core.exactjson import load, loads, read_text
from ..core.findings import Finding
from ..core.periods import parse_date
from ..engine import Engine
from ..engine.wording import value_id
from ..policy import load_policy
from .common import rules_folder


def open_engine(rules: str | None) -> Engine:
    clock = SystemClock()
    return Engine(load_policy(rules_folder(rules)), today=lambda: today(clock))


def judgement_day(on: str | None) -> date | None:
    return parse_date(on) if on else None


def read_document(name: str) -> dict[str, Any]:
    """A JSON object from a file, or from standard input for "-"."""
    value = loads(sys.stdin.read(), file="<stdin>") if name == "-" else load(Path(name))
    if not isinstance(value, dict):
        raise not_an_object("<stdin>" if name == "-" else name)
    return value


def read_lines(name: str) -> Iterator[tuple[Any, dict[str, Any] | KinerjaError]]:
    """(id, case without it) of each line of a JSON Lines file; a line that cannot be read gives its error instead."""
    text = sys.stdin.read() if name == "-" else read_text(Path(name))
    shown = "<stdin>" if name == "-" else name
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = loads(line, file=shown, line=number)
            if not isinstance(value, dict):
                raise not_an_object(shown, number)
        except KinerjaError as error:
            yield None, error
            continue
        yield value.pop("id", None), value


def not_an_object(file: str, line: int = 0) -> InputError:
    return InputError(
        "bentuk_salah",
        "isinya harus sebuah objek JSON",
        "a JSON object is expected",
        place=Place(file, line),
        remedy_id="mulai dengan { dan tutup dengan }",
        remedy_en="begin with { and end with }",
    )


def lines_of(finding: Finding) -> Iterator[str]:
    """Outputs, then the sentences that say why."""
    for name, value in finding.outcome.outputs.items():
        yield f"{name}: {value_id(value)}"
    for entity, items in finding.outcome.items.items():
        for item in items:
            yield f"{entity} " + ", ".join(f"{name} {value_id(value)}" for name, value in item.items())
    yield ""
    yield from (f"– {entry.text_id}" for entry in finding.trace)
    yield from (f"! {warning}" for warning in finding.warnings)
    yield ""
    yield f"Aturan: {finding.release.title} ({finding.release.fingerprint[:12]})"
    if not finding.release.in_force:
        yield "! Aturan ini tidak berlaku pada tanggal acuan."
