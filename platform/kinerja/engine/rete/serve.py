"""What runs in the worker process: questions in, answers out, one at a time."""

from __future__ import annotations

import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from ...core.errors import KinerjaError
from ...policy.model import Policy
from .kernel import BudgetError
from .machine import Machine

READY = -1
ANSWERED, REFUSED, BROKEN, LOOPED = "answered", "refused", "broken", "looped"


def serve(connection: Connection) -> None:
    """Take the policy, then answer (ticket, act, arguments) with (ticket, kind, value) until the other end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt means
    try:
        policy: Policy = connection.recv()
    except (EOFError, OSError):
        return
    machine = Machine(policy)
    acts: dict[str, Callable[..., Any]] = {"decide": machine.decide, "evaluate": machine.evaluate, "ready": lambda: True}
    connection.send((READY, ANSWERED, True))
    while True:
        try:
            ticket, act, arguments = connection.recv()
        except (EOFError, OSError):
            return
        connection.send((ticket, *_outcome(acts.get(act, act), arguments)))


def _outcome(act: Any, arguments: tuple[Any, ...]) -> tuple[str, Any]:
    try:
        return ANSWERED, act(*arguments)
    except KinerjaError as error:
        return REFUSED, error
    except BudgetError as error:
        return LOOPED, str(error)
    except Exception as error:
        return BROKEN, f"{type(error).__name__}: {error}"
