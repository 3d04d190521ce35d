"""The worker: a process of its own for the rete engine, with a time limit, replaced when it dies.

C code may hang, crash or hold the interpreter; here that costs one case an incident, and the next case a fresh process.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as Expired
from datetime import date
from typing import Any

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from ...core.errors import IncidentError, KinerjaError
from ...policy.model import Policy
from ..answer import Answer, Failure
from .machine import Machine

MAX_SECONDS = 9.0  # over ten seconds in one action, the library drops the rest of the chain in silence
MAX_TASKS = 20_000  # a fresh process now and then: the library leaks

_machine: Machine | None = None


def _start(policy: Policy) -> None:
    global _machine
    _machine = Machine(policy)


def _current() -> Machine:
    if _machine is None:
        raise RuntimeError("the worker was not started")
    return _machine


def _ready() -> bool:
    return _machine is not None


def _decide(name: str, day: date | None, given: Mapping[str, Any]) -> Answer | Failure:
    return _current().decide(name, day, given)


def _evaluate(day: date | None, kasus: Mapping[str, Any], items: Mapping[str, Sequence[Mapping[str, Any]]]) -> Answer | Failure:
    return _current().evaluate(day, kasus, items)


class Pending:
    """An answer on its way."""

    def __init__(self, future: ProcessFuture[Any], limit: float) -> None:
        self._future = future
        self._limit = limit

    def result(self) -> Answer | Failure:
        """Wait for it. Raises IncidentError `mesin_lambat` or `mesin_mati`, or the KinerjaError that the worker raised."""
        try:
            answer: Answer | Failure = self._future.result()
        except Expired as error:
            raise IncidentError(
                "mesin_lambat",
                f"mesin rete tidak menjawab dalam {self._limit:g} detik",
                f"the rete engine did not answer within {self._limit:g} seconds",
                remedy_id="periksa aturan yang berputar; kasus ini tidak dapat diterbitkan",
                remedy_en="look for rules that loop; this case cannot be issued",
            ) from error
        except (ProcessExpired, CancelledError) as error:
            raise _died(str(error)) from error
        except KinerjaError:
            raise
        except Exception as error:
            raise _died(f"{type(error).__name__}: {error}") from error
        return answer


class Worker:
    """One worker process. May be used from several threads; answers come in the order asked. Forks nothing: threads are safe."""

    def __init__(self, policy: Policy, *, time_limit: float = MAX_SECONDS) -> None:
        self._limit = min(time_limit, MAX_SECONDS)
        self._policy = policy
        self._lock = threading.Lock()
        self._pool: ProcessPool | None = None

    def start(self) -> None:
        """Start the process and wait until it is ready; otherwise the first case waits for it."""
        self._submit(_ready).result()

    def decide(self, name: str, day: date | None, given: Mapping[str, Any]) -> Pending:
        return Pending(self._submit(_decide, name, day, given), self._limit)

    def evaluate(self, day: date | None, kasus: Mapping[str, Any], items: Mapping[str, Sequence[Mapping[str, Any]]]) -> Pending:
        return Pending(self._submit(_evaluate, day, kasus, items), self._limit)

    def close(self) -> None:
        with self._lock:
            if self._pool is not None:
                self._pool.stop()  # type: ignore[no-untyped-call]
                self._pool.join()
                self._pool = None

    def _submit(self, function: Any, *arguments: Any) -> ProcessFuture[Any]:
        with self._lock:
            if self._pool is None or not self._pool.active:
                self._pool = ProcessPool(
                    max_workers=1,
                    max_tasks=MAX_TASKS,
                    initializer=_start,
                    initargs=(self._policy,),
                    context=multiprocessing.get_context("spawn"),
                )
            return self._pool.schedule(function, args=arguments, timeout=self._limit)


def _died(reason: str) -> IncidentError:
    return IncidentError(
        "mesin_mati",
        f"mesin rete berhenti ({reason})",
        f"the rete engine stopped ({reason})",
        remedy_id="kasus ini disimpan sebagai insiden; kasus lain berjalan terus",
        remedy_en="this case is kept as an incident; others go on",
        reason=reason,
    )
