"""What runs in the worker process: questions in, answers out, one at a time."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from multiprocessing.connection import Connection
from typing import Any

from ...core.errors import KinerjaError
from ...policy.model import Policy
from ..answer import Answer, Failure
from .kernel import BudgetError
from .machine import Machine
from .memory import keep_memory
from .wire import from_bytes, to_bytes

READY = -1
ANSWERED, DECIDED, FAILED, REFUSED, BROKEN, LOOPED = "answered", "decided", "failed", "refused", "broken", "looped"
"""What an act gave, an Answer's two parts, a Failure's three; a KinerjaError; sentences of what went wrong."""


def serve(connection: Connection) -> None:
    """Take the policy, then answer (ticket, act, arguments) with (ticket, kind, value) until the other end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt means
    keep_memory()
    try:
        policy: Policy = connection.recv()
    except (EOFError, OSError):
        return
    machine = Machine(policy)
    acts = _acts(machine)
    connection.send_bytes(to_bytes((READY, ANSWERED, True)))
    while True:
        try:
            ticket, act, arguments = from_bytes(connection.recv_bytes())
        except (EOFError, OSError):
            return
        connection.send_bytes(to_bytes((ticket, *_outcome(acts.get(act, act), arguments))))


def _acts(machine: Machine) -> dict[str, Callable[..., Any]]:
    """By name, days by their number: such questions are plain."""

    def decide(name: str, day: int | None, given: Mapping[str, Any]) -> Answer | Failure:
        return machine.decide(name, _day(day), given)

    def evaluate(day: int | None, kasus: Mapping[str, Any], items: Mapping[str, Sequence[Mapping[str, Any]]]) -> Answer | Failure:
        return machine.evaluate(_day(day), kasus, items)

    return {"decide": decide, "evaluate": evaluate, "ready": lambda: True}


def _day(number: int | None) -> date | None:
    return None if number is None else date.fromordinal(number)


def _outcome(act: Any, arguments: tuple[Any, ...]) -> tuple[str, Any]:
    try:
        found = act(*arguments)
        if type(found) is Answer:
            return DECIDED, (found.values, found.rows)
        if type(found) is Failure:
            return FAILED, (found.code, found.decision, found.item)
        return ANSWERED, found
    except KinerjaError as error:
        return REFUSED, error
    except BudgetError as error:
        return LOOPED, str(error)
    except Exception as error:
        return BROKEN, f"{type(error).__name__}: {error}"
