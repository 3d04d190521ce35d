"""Interleaved timing: each round runs every contestant once, so that a drift of the machine touches all alike."""

from __future__ import annotations

import gc
import os
import resource
import statistics
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Contestant:
    """run: does `units` units of work once. note: what to know when reading the figure. skipped: why it could not take part.

    beside: the contestant that its ratio is to; the first of all where it is none.
    """

    name: str
    run: Callable[[], Any]
    units: int = 1
    note: str = ""
    skipped: str = ""
    beside: str = ""


@dataclass(frozen=True)
class Figure:
    """Seconds per unit: median, and the quickest and slowest round. processor: of all its processes, the median."""

    name: str
    median: float
    low: float
    high: float
    processor: float
    ratio: float
    note: str
    rounds: tuple[float, ...]


@dataclass(frozen=True)
class Goal:
    """over ÷ under, per unit, the median over the rounds: at least the bound, or at most; processor time beside it."""

    title: str
    over: str
    under: str
    bound: float
    most: bool = False


@dataclass(frozen=True)
class Verdict:
    title: str
    wanted: str
    found: float
    processor: float
    met: bool


def judged(goals: Iterable[Goal], figures: list[Figure]) -> list[Verdict]:
    """Goals whose contestants both took part."""
    known = {figure.name: figure for figure in figures}
    verdicts = []
    for goal in goals:
        if goal.over in known and goal.under in known:
            rounds = zip(known[goal.over].rounds, known[goal.under].rounds, strict=True)
            found = statistics.median(over / under for over, under in rounds)
            met = found <= goal.bound if goal.most else found >= goal.bound
            worked = known[goal.over].processor / max(known[goal.under].processor, 1e-12)
            verdicts.append(Verdict(goal.title, f"{'≤' if goal.most else '≥'} {goal.bound:g} ×", found, worked, met))
    return verdicts


def measure(contestants: Iterable[Contestant], *, rounds: int = 7) -> list[Figure]:
    """Figures in the order given; `ratio` is the median over the first contestant's, or that beside it, taken round by round."""
    field = [contestant for contestant in contestants if not contestant.skipped]
    for contestant in field:
        contestant.run()  # warm up: imports, caches, compiled closures
    times: dict[str, list[float]] = {contestant.name: [] for contestant in field}
    worked: dict[str, list[float]] = {contestant.name: [] for contestant in field}
    for _ in range(rounds):
        for contestant in field:
            gc.collect()
            before, started = processor_seconds(), time.perf_counter()
            contestant.run()
            times[contestant.name].append((time.perf_counter() - started) / contestant.units)
            worked[contestant.name].append((processor_seconds() - before) / contestant.units)
    first = field[0].name
    return [
        Figure(
            contestant.name,
            statistics.median(spent),
            min(spent),
            max(spent),
            statistics.median(worked[contestant.name]),
            statistics.median(own / base for own, base in zip(spent, times[contestant.beside or first], strict=True)),
            contestant.note,
            tuple(spent),
        )
        for contestant in field
        for spent in (times[contestant.name],)
    ]


def processor_seconds() -> float:
    """What this process and those it started have worked: what a busy machine leaves comparable."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = time.process_time() + ended.ru_utime + ended.ru_stime
    for listed in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):
            found += sum(map(_worked, listed.read_text().split()))
    return found


def _worked(pid: str) -> float:
    """Of a process that runs; 0 once it has gone."""
    with suppress(OSError, ValueError, IndexError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def table(title: str, figures: list[Figure], skipped: list[Contestant]) -> str:
    heads = ["contestant", "per unit", "quickest–slowest", "processor", "ratio", "note"]
    lines = [f"## {title}", "", f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for f in figures:
        spread = f"{_seconds(f.low)}–{_seconds(f.high)}"
        lines.append(f"| {f.name} | {_seconds(f.median)} | {spread} | {_seconds(f.processor)} | {f.ratio:.2f} | {f.note} |")
    lines += [f"| {c.name} | – | – | – | – | not run: {c.skipped} |" for c in skipped]
    return "\n".join(lines)


def goal_table(verdicts: list[Verdict]) -> str:
    lines = ["| goal | wanted | found | in processor time | |", "|---|---|---|---|---|"]
    lines += [
        f"| {v.title} | {v.wanted} | {v.found:.2f} × | {v.processor:.2f} × | {'met' if v.met else 'not met'} |" for v in verdicts
    ]
    return "\n".join(lines)


def _seconds(value: float) -> str:
    for factor, unit in ((1, "s"), (1e3, "ms"), (1e6, "µs")):
        if value * factor >= 1:
            return f"{value * factor:.2f} {unit}"
    return f"{value * 1e9:.0f} ns"
