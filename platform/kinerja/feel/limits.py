"""Bounds on what one evaluation may cost, so that no expression hangs the machine or fills its memory.

A thread-local meter counts iterations, calls and copied elements, and looks at the clock now and then; sizes of texts,
lists and numbers are bounded where they grow.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from .errors import limit_exceeded

MAX_STEPS = 1_000_000
MAX_LIST = 200_000
MAX_STRING = 1_000_000
MAX_BITS = 14_000  # some 4,200 digits: what Python still writes out as text
MAX_CALLS = 100
MAX_SECONDS = 5.0
CALL_STEPS = 4
SHORT = 64  # a loop up to this length is counted as a whole, a longer one by its turns, so that the clock is looked at
_CLOCK_STEPS = 64  # steps between two looks at the clock


class _Meter(threading.local):
    steps = 0
    next_look = 0
    deadline = 0.0
    calls = 0
    running = False


_METER = _Meter()


@contextmanager
def metered() -> Iterator[None]:
    """Give the evaluation within a budget; one that runs inside another shares that one's."""
    opened = begin()
    try:
        yield
    finally:
        if opened:
            end()


def begin() -> bool:
    """Open a budget unless one is open; true when this call opened it and `end` must close it (metered, without its cost)."""
    meter = _METER
    if meter.running:
        return False
    meter.running, meter.steps, meter.calls = True, MAX_STEPS, 0
    meter.next_look, meter.deadline = MAX_STEPS - _CLOCK_STEPS, 0.0
    return True


def end() -> None:
    _METER.running = False


def spend(count: int = 1) -> None:
    """Count iterations or elements touched; raise FeelError(`batas_terlampaui`) when the budget is used up."""
    meter = _METER
    meter.steps -= count
    if meter.steps < meter.next_look and meter.running:
        _look(meter)


def _look(meter: _Meter) -> None:
    if meter.steps < 0:
        raise limit_exceeded(f"lebih dari {MAX_STEPS} langkah", f"more than {MAX_STEPS} steps")
    now = time.monotonic()
    if not meter.deadline:  # the clock is first read here, so that short evaluations never ask for the time
        meter.deadline = now + MAX_SECONDS
    elif now > meter.deadline:
        raise limit_exceeded(f"lebih dari {MAX_SECONDS:g} detik", f"more than {MAX_SECONDS:g} seconds")
    meter.next_look = meter.steps - _CLOCK_STEPS


def enter_call() -> None:
    spend(CALL_STEPS)
    _METER.calls += 1
    if _METER.calls > MAX_CALLS and _METER.running:
        raise limit_exceeded(
            f"panggilan fungsi lebih dari {MAX_CALLS} tingkat", f"function calls nested more than {MAX_CALLS} deep"
        )


def leave_call() -> None:
    _METER.calls -= 1


def check_list(length: int) -> None:
    if length > MAX_LIST:
        raise limit_exceeded(f"daftar lebih dari {MAX_LIST} unsur", f"a list of more than {MAX_LIST} elements")
    spend(length)


def check_string(length: int) -> None:
    if length > MAX_STRING:
        raise limit_exceeded(f"teks lebih dari {MAX_STRING} huruf", f"a text of more than {MAX_STRING} characters")
    spend(length >> 6)
