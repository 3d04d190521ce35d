"""Moving the timers of a case that stood still: each waits as much longer as the case has rested."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

DUE = 4
"""Where a stored task keeps the instant of its timer, when it waits for one."""


def shifted(state: str, days: int) -> str:
    """The state of a case with every timer that still runs put off by so many days."""
    stored = json.loads(state)
    for part in (stored["tasks"]["root"], *stored["tasks"].get("sub", ())):
        for row in part["tasks"]:
            _put_off(row, days)
    return json.dumps(stored, ensure_ascii=False, separators=(",", ":"))


def _put_off(row: list[Any], days: int) -> None:
    if len(row) > DUE:
        row[DUE] = (datetime.fromisoformat(row[DUE]) + timedelta(days=days)).isoformat()
