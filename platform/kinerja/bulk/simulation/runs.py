"""Runs over one population, kept: the same rules on the same facts and day are computed once."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path

from ...core.exactjson import dumps, loads
from ...policy.model import Policy
from ..run import Report, run

REPORT = "laporan.json"
KEPT = 12


class Runs:
    """Results of rule sets on a population's folder, each in a folder of its own below `place`.

    facts: digest of the population, which names what was computed from it; "" for a population that may change meanwhile.
    """

    def __init__(self, population: Path, place: Path, facts: str = "") -> None:
        self._population, self._place, self._facts = population, place, facts

    def run(self, policy: Policy, on: date | None, note: Callable[[str], None], base: Path | None = None) -> tuple[Report, Path]:
        """base: another run's folder; what both rule sets have in common is taken from there."""
        key = hashlib.sha256(f"{policy.fingerprint} {self._facts} {on}".encode()).hexdigest()[:32]
        folder = self._place / key
        known = self._known(folder) if self._facts else None
        if known is not None:
            folder.touch()  # the least used is the first to go
            return known, folder
        self._place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._place, prefix=".baru-") as temporary:
            part = Path(temporary) / key
            report = run(policy, self._population, part, on=on, note=note, base=base)
            (part / REPORT).write_text(dumps(asdict(report)), "utf-8")
            try:
                part.rename(folder)
            except OSError:  # another process, or an earlier run on changed facts, holds the place
                if not self._facts:
                    raise
        self._forget()
        return report, folder

    def _known(self, folder: Path) -> Report | None:
        file = folder / REPORT
        if not file.is_file():
            return None
        held = loads(file.read_text("utf-8"), file=str(file))
        counts = {name: int(held[name]) for name in ("cases", "answered", "failed", "items", "single")}
        errors = {code: int(number) for code, number in held["errors"].items()}
        units = held.get("strata")  # an older run's report does not speak of units
        strata = None if units is None else {name: int(number) for name, number in units.items()}
        return Report(**{**held, **counts, "errors": errors, "files": tuple(held["files"]), "strata": strata})

    def _forget(self) -> None:
        done = sorted((one for one in self._place.iterdir() if (one / REPORT).is_file()), key=lambda one: one.stat().st_mtime)
        for old in done[:-KEPT]:
            shutil.rmtree(old, ignore_errors=True)
