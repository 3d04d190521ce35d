"""A small event log and its map, written to a temporary folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kinerja.ingest import EventLog, load_map, read_events

MAP = """\
title: Uji
source: berkas uji
columns: {request: id, officer: petugas, started: mulai, finished: selesai, due: tenggat}
service: uji
timestamps: {format: iso, zone: in_file}
period: {from: 2026-01-01, to: 2026-06-30}
employee: {unit: uji, position: uji, minimum_finished: 10}
"""
HEADER = "id,petugas,mulai,selesai,tenggat\n"


@pytest.fixture
def map_text() -> str:
    return MAP


@pytest.fixture
def header() -> str:
    return HEADER


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., EventLog]:
    """Read rows of text (under HEADER) through MAP with more lines."""

    def run(rows: str, more: str = "") -> EventLog:
        (tmp_path / "peta.yaml").write_text(MAP + more, "utf-8")
        (tmp_path / "peristiwa.csv").write_text(HEADER + rows, "utf-8")
        return read_events(tmp_path / "peristiwa.csv", load_map(tmp_path / "peta.yaml"))

    return run
