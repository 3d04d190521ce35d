"""The shipped synthetic log and the real permit log, against a reading of their own that shares no code."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from kinerja.core.exactjson import dumps
from kinerja.ingest import load_map, measure, read_events
from kinerja.ingest.synthesis import synthesise_registry_log

PROJECT = Path(__file__).resolve().parents[2]
DEMO = PROJECT / "config" / "demo"
PERMITS = PROJECT.parent / "shared" / "data" / "permit-receipt-log.csv"


def naive(file: Path, request: str, officer: str, started: str, finished: str, due: str) -> list[dict[str, object]]:
    """Decimal arithmetic on datetime.fromisoformat, one row a request."""
    with file.open(encoding="utf-8", newline="") as stream:
        cases = {row[request]: row for row in csv.DictReader(stream)}
    by_officer: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in cases.values():
        by_officer[row[officer]].append(row)
    cent = Decimal("0.01")
    answer: list[dict[str, object]] = []
    for name, rows in sorted(by_officer.items()):
        done = [row for row in rows if row[finished]]
        on_time = sum(datetime.fromisoformat(row[finished]) <= datetime.fromisoformat(row[due]) for row in done)
        waits = sorted(datetime.fromisoformat(row[finished]) - datetime.fromisoformat(row[started]) for row in done)
        micro = [Decimal((wait.days * 86_400 + wait.seconds) * 10**6 + wait.microseconds) for wait in waits]
        middle = (micro[(len(micro) - 1) // 2] + micro[len(micro) // 2]) / 2 if micro else None
        answer.append(
            {
                "petugas": name,
                "selesai": len(done),
                "tepat_waktu": on_time,
                "persen_tepat_waktu": (Decimal(100 * on_time) / len(done)).quantize(cent, ROUND_HALF_UP) if done else None,
                "median_hari": (middle / Decimal(86_400 * 10**6)).quantize(cent, ROUND_HALF_UP) if middle is not None else None,
                "terbuka": len(rows) - len(done),
            }
        )
    return answer


def test_the_shipped_log_is_what_its_generator_makes() -> None:
    shipped = (DEMO / "adminduk-events.csv").read_bytes()
    assert shipped == synthesise_registry_log().encode()
    assert len(shipped) < 120_000


def test_another_seed_makes_another_log() -> None:
    assert synthesise_registry_log(7, 20) != synthesise_registry_log(8, 20)


def test_the_shipped_log_is_read_whole_and_measures_alike() -> None:
    log = read_events(DEMO / "adminduk-events.csv", load_map(DEMO / "adminduk-map.yaml"))
    assert log.rejected == ()
    assert {event.service for event in log.events} == {"ktp_el", "kartu_keluarga", "akta_kelahiran"}
    assert len(log.officers) == 12
    ours = [officer.as_json() for officer in measure(log)]
    theirs = naive(DEMO / "adminduk-events.csv", "no_permohonan", "operator", "waktu_berkas_lengkap", "waktu_selesai", "tenggat")
    assert dumps(ours) == dumps(theirs)
    assert all(officer["selesai"] for officer in ours)
    assert any(officer["terbuka"] for officer in ours)


def test_the_permit_log_measures_alike_shifted_or_not() -> None:
    if not PERMITS.is_file():
        pytest.skip("../shared/data/permit-receipt-log.csv is not beside this checkout")
    log = read_events(PERMITS, load_map(DEMO / "permit-receipt-map.yaml"))
    assert (log.rows, len(log.events), len(log.officers), log.rejected) == (8577, 1434, 39, ())
    assert [remark.line for remark in log.warnings if remark.code == "selesai_sebelum_mulai"] == [910, 6534]
    theirs = naive(PERMITS, "case:concept:name", "case:responsible", "case:startdate", "case:enddate", "case:deadline")
    assert dumps([officer.as_json() for officer in measure(log)]) == dumps(theirs)
    assert max(event.finished.date().year for event in log.events if event.finished) == 2026
