"""Interleaved timing: each round runs every contestant once, so that a drift of the machine touches all alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Contestant:
    """run: does `units` units of work once. note: what to know when reading the figure. skipped: why it could not take part."""

    name: str
    run: Callable[[], Any]
    units: int = 1
    note: str = ""
    skipped: str = ""


@dataclass(frozen=True)
class Figure:
    """Seconds per unit: median, and the quickest and slowest round."""

    name: str
    median: float
    low: float
    high: float
    ratio: float
    note: str


def measure(contestants: Iterable[Contestant], *, rounds: int = 7) -> list[Figure]:
    """Figures in the order given; `ratio` is the median over the first contestant's, taken round by round."""
    field = [contestant for contestant in contestants if not contestant.skipped]
    for contestant in field:
        contestant.run()  # warm up: imports, caches, compiled closures
    times: dict[str, list[float]] = {contestant.name: [] for contestant in field}
    for _ in range(rounds):
        for contestant in field:
            gc.collect()
            started = time.perf_counter()
            contestant.run()
            times[contestant.name].append((time.perf_counter() - started) / contestant.units)
    base = times[field[0].name]
    return [
        Figure(
            contestant.name,
            statistics.median(spent),
            min(spent),
            max(spent),
            statistics.median(own / first for own, first in zip(spent, base, strict=True)),
            contestant.note,
        )
        for contestant in field
        for spent in (times[contestant.name],)
    ]


def table(title: str, figures: list[Figure], skipped: list[Contestant]) -> str:
    lines = [f"## {title}", "", "| contestant | per unit | quickest–slowest | ratio | note |", "|---|---|---|---|---|"]
    lines += [
        f"| {f.name} | {_seconds(f.median)} | {_seconds(f.low)}–{_seconds(f.high)} | {f.ratio:.2f} | {f.note} |" for f in figures
    ]
    lines += [f"| {c.name} | – | – | – | not run: {c.skipped} |" for c in skipped]
    return "\n".join(lines)


def _seconds(value: float) -> str:
    for factor, unit in ((1, "s"), (1e3, "ms"), (1e6, "µs")):
        if value * factor >= 1:
            return f"{value * factor:.2f} {unit}"
    return f"{value * 1e9:.0f} ns"
