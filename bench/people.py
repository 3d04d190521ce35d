"""Populations that benchmarks share, made once for each size and rule set under `var/bench-bulk`."""

from __future__ import annotations

import os
from pathlib import Path

from kinerja.bulk.population import population
from kinerja.policy import Policy

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "var" / "bench-bulk"


def sizes(default: str) -> list[int]:
    """From the environment, KINERJA_BENCH_CASES, as "10000,1000000"."""
    return [int(size) for size in os.environ.get("KINERJA_BENCH_CASES", default).split(",")]


def people(policy: Policy, size: int) -> Path:
    """One case in a hundred stands half a hundredth below a border of the rules, where rounding decides about the rating."""
    folder = PLACE / f"{size}-{policy.fingerprint[:12]}-batas"
    if not (folder / "penilaian.parquet").is_file():
        population(policy, size, 7, folder, indicators=8, halves=1)
    return folder
