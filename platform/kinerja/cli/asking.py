"""What the commands that evaluate share: an engine on the chosen rules, facts from a file, findings as lines."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from ..core.clock import SystemClock, today
from ..core.errors import FindingsError, InputError, KinerjaError, Place
from ..core.exactjson import loads, read_stream, read_text
from ..core.findings import Finding
from ..core.periods import parse_date
from ..engine import Engine
from ..engine.wording import value_id
from ..policy import load_policy
from .common import not_an_object, rules_folder

STDIN = "<stdin>"


def open_engine(rules: str | None) -> Engine:
    """The engine on the rules in use. Rules that do not compile are here the user's error, not the finding of a check."""
    clock = SystemClock()
    try:
        policy = load_policy(rules_folder(rules))
    except FindingsError as error:
        raise InputError(
            error.code,
            error.text_id,
            error.text_en,
            place=error.place,
            remedy_id=error.remedy_id,
            remedy_en=error.remedy_en,
            **error.details,
        ) from error
    return Engine(policy, today=lambda: today(clock))


def judgement_day(on: str | None) -> date | None:
    return None if on is None else parse_date(on)


def shown_name(name: str) -> str:
    return STDIN if name == "-" else name


def read(name: str) -> str:
    """The text of a file, or of standard input for "-"."""
    return read_stream(sys.stdin.buffer, STDIN) if name == "-" else read_text(Path(name))


def read_document(name: str) -> dict[str, Any]:
    """A JSON object from a file, or from standard input for "-"."""
    value = loads(read(name), file=shown_name(name))
    if not isinstance(value, dict):
        raise not_an_object(shown_name(name))
    return value


def read_lines(name: str) -> Iterator[tuple[Place, Any, dict[str, Any] | KinerjaError]]:
    """(place, id, case without it) of each line of a JSON Lines file; a line that cannot be read gives its error instead."""
    shown = shown_name(name)
    for number, line in enumerate(read(name).split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = loads(line, file=shown, line=number)
            if not isinstance(value, dict):
                raise not_an_object(shown, number)
        except KinerjaError as error:
            yield Place(shown, number), None, error
            continue
        yield Place(shown, number), value.pop("id", None), value


def standing(error: KinerjaError, place: Place) -> KinerjaError:
    """The error, which says of a document without a name what is wrong, with the place where that document stands."""
    if error.place is not None and error.place.file in ("<facts>", "<given>"):
        error.place = place
    return error


@contextmanager
def standing_at(name: str) -> Iterator[None]:
    try:
        yield
    except KinerjaError as error:
        raise standing(error, Place(shown_name(name))) from error


def not_both(decision: str | None, given: str | None = None) -> None:
    """--batch stands instead of a question of its own."""
    if decision is not None or given is not None:
        raise InputError(
            "argumen_berlebih",
            "--batch menggantikan pertanyaan tunggal; keduanya tidak dapat bersama",
            "--batch stands instead of a single question; they cannot be given together",
            remedy_id="hapus salah satunya",
            remedy_en="leave one of them out",
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
