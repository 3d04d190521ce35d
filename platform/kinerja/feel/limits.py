"""Bounds on what one evaluation may cost, so that no expression hangs the machine or fills its memory.

A thread-local meter counts iterations and copied elements; sizes of texts, lists and numbers are bounded where they grow.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from .errors import limit_exceeded

MAX_STEPS = 1_000_000
MAX_LIST = 200_000
MAX_STRING = 1_000_000
MAX_BITS = 14_000  # some 4,200 digits: what Python still writes out as text
MAX_CALLS = 100


class _Meter(threading.local):
    steps = 0
    calls = 0
    running = False


_METER = _Meter()


@contextmanager
def metered(steps: int = MAX_STEPS) -> Iterator[None]:
    """Give the evaluation within a budget; one that runs inside another shares that one's."""
    if _METER.running:
        yield
        return
    _METER.running, _METER.steps, _METER.calls = True, steps, 0
    try:
        yield
    finally:
        _METER.running = False


def begin() -> bool:
    """Open a budget unless one is open; true when this call opened it and `end` must close it (metered, without its cost)."""
    if _METER.running:
        return False
    _METER.running, _METER.steps, _METER.calls = True, MAX_STEPS, 0
    return True


def end() -> None:
    _METER.running = False


def spend(count: int = 1) -> None:
    """Count iterations or elements touched; raise FeelError(`batas_terlampaui`) when the budget is used up."""
    _METER.steps -= count
    if _METER.steps < 0 and _METER.running:
        raise limit_exceeded(f"lebih dari {MAX_STEPS} langkah", f"more than {MAX_STEPS} steps")


def enter_call() -> None:
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
