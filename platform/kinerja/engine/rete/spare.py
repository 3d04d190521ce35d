"""Processes for the rete engine, and one started ahead: most of a start is importing, whatever the rules are."""

from __future__ import annotations

import multiprocessing
import os
import threading
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from .serve import serve

Started = tuple[Connection, SpawnProcess]
"""Our end of the pipe, and the process, which waits for a policy."""

_lock = threading.Lock()
_spares: list[tuple[int, Started]] = []
"""With the id of the process that started it: after a fork it is not the child's."""


def start() -> Started:
    """The one that waits, else a new one."""
    with _lock:
        while _spares:
            owner, (connection, process) = _spares.pop()
            if owner == os.getpid() and process.is_alive():
                return connection, process
    return _started()


def prepare() -> None:
    """Have one process wait for the next policy, where a release that nobody has asked yet is about to be."""
    with _lock:
        if not any(owner == os.getpid() and process.is_alive() for owner, (_, process) in _spares):
            _spares[:] = [(os.getpid(), _started())]


def prepare_soon(seconds: float) -> None:
    """The same in a while, so that what is under way now has the processor for itself."""
    timer = threading.Timer(seconds, prepare)
    timer.daemon = True
    timer.start()


def _started() -> Started:
    context = multiprocessing.get_context("spawn")  # forking a program with threads is not safe
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs,), name="kinerja-rete", daemon=True)
    process.start()
    theirs.close()
    return ours, process
