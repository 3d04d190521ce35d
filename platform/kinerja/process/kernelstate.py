"""The stored form of a case's tokens, as the kernel writes it; read here by what must move tokens without running them.

A part (the case's own process, or one that it has called and is inside of) is {"tasks": rows, "completed"?}. A row is
[number, number of its parent or 0, spec, state, due?]; spec is a node's id, or "<node>.BoundaryEventSplit" above a task that has
boundary events. Rows of what is over are kept only where open branches may still need them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

WAITING, READY, STARTED, COMPLETED, CANCELLED = 8, 16, 32, 64, 256
OPEN = (WAITING, READY, STARTED)
SPLIT = ".BoundaryEventSplit"
Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Timer:
    """A boundary timer of the place where a case waits. due: None when it has fired or was cancelled."""

    number: int
    state: int
    due: str | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The one place where a part waits: a human task (READY), a timer event (WAITING, with due) or a called process (STARTED)."""

    number: int
    node: str
    state: int
    due: str | None = None
    split: int = 0
    timers: dict[str, Timer] = field(default_factory=dict)


def waiting_place(part: Part) -> Waiting | None:
    """Where a part waits, or None when it waits in several places at once (open branches)."""
    root = part["tasks"][0]
    rows = part["tasks"][1:]
    top = [row for row in rows if row[1] == root[0]]
    if len(top) != 1 or any(row[1] not in (root[0], top[0][0]) for row in rows):
        return None
    if not top[0][2].endswith(SPLIT):
        return _place(top[0], 0, {}) if top[0][3] in OPEN and len(rows) == 1 else None
    node = top[0][2].removesuffix(SPLIT)
    below = [row for row in rows if row[1] == top[0][0]]
    main = [row for row in below if row[2] == node]
    timers = {row[2]: Timer(row[0], row[3], row[4] if len(row) > 4 else None) for row in below if row[2] != node}
    return _place(main[0], top[0][0], timers) if len(main) == 1 and main[0][3] in OPEN else None


def _place(row: list[Any], split: int, timers: dict[str, Timer]) -> Waiting:
    return Waiting(row[0], row[2], row[3], row[4] if len(row) > 4 else None, split, timers)


def part_of(root: list[Any], place: Waiting) -> Part:
    """The stored part that waits in one place."""
    rows: list[list[Any]] = [root]
    above = root[0]
    if place.timers:
        above = place.split
        rows.append([above, root[0], place.node + SPLIT, COMPLETED])
    rows.append([place.number, above, place.node, place.state, *([place.due] if place.due else [])])
    rows += [[timer.number, above, name, timer.state, *([timer.due] if timer.due else [])] for name, timer in place.timers.items()]
    return {"tasks": rows}
