"""Invented permit requests of DPMPTSP for the demo city, as a CSV file that goes through the same import as real logs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from random import Random

from ..core.clock import JAKARTA
from ..core.periods import Period

HEADER = "permohonan,petugas,diterima,selesai,tenggat"
STANDARD_DAYS = 56
PER_OFFICER = 16


def synthesise_permits(officers: Sequence[str], period: Period, seed: int) -> str:
    """CSV text, ordered by arrival: each officer has a pace of their own; one in twenty requests is still open."""
    random = Random(seed)  # noqa: S311 - invented data, not a secret
    rows = []
    for index, officer in enumerate(officers):
        usual = 24 + 5 * index  # days; from the quickest officer to the slowest
        for _ in range(PER_OFFICER):
            day = period.first + timedelta(days=random.randrange(period.days - 80))
            received = datetime.combine(day, time(8), JAKARTA) + timedelta(seconds=random.randrange(7 * 3600))
            spent = timedelta(days=usual * random.randrange(45, 160) // 100, seconds=random.randrange(86_400))
            finished = "" if random.randrange(20) == 0 else (received + spent).isoformat()
            rows.append((received.isoformat(), officer, finished, (received + timedelta(days=STANDARD_DAYS)).isoformat()))
    rows.sort()
    lines = [
        f"IZN-2026-{number:04d},{officer},{received},{finished},{due}"
        for number, (received, officer, finished, due) in enumerate(rows, 1)
    ]
    return "\n".join([HEADER, *lines]) + "\n"
