"""The worker: a process of its own for the rete engine, with a time limit, replaced when it dies.

C code may hang, crash or hold the interpreter; here that costs one case an incident, and the next case a fresh process.
A question goes down the pipe in the asking thread, so that the process is at work before the caller goes on. Who asks alone
also takes the answer out of the pipe itself; the reading thread does it where several wait, and sees to deaths and delays.
"""

from __future__ import annotations

import os
import select
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from ...core.errors import IncidentError, KinerjaError
from ...policy.model import Policy
from ..answer import Answer, Failure
from .serve import ANSWERED, DECIDED, FAILED, LOOPED, READY, REFUSED
from .spare import start
from .wire import from_bytes, to_bytes

MAX_SECONDS = 9.0
START_SECONDS = 60.0
PATIENCE = 4 * START_SECONDS
Said = tuple[int, str, Any]
"""(ticket, kind, value): see `serve`."""
MAX_TASKS = 20_000  # a fresh process now and then: the library leaks


class Pending:
    """An answer on its way. fetch: take it out of the pipe, if nobody else waits."""

    def __init__(self, act: Any, arguments: tuple[Any, ...], fetch: Callable[[Pending], None]) -> None:
        self.act, self.arguments, self._fetch = act, arguments, fetch
        self._done = threading.Event()
        self._answer: Any = None
        self._error: KinerjaError | None = None

    @property
    def settled(self) -> bool:
        return self._done.is_set()

    def settle(self, answer: Any, error: KinerjaError | None = None) -> None:
        self._answer, self._error = answer, error
        self._done.set()

    def result(self) -> Answer | Failure:
        """Wait for it. Raises IncidentError `mesin_lambat`, `mesin_mati` or `mesin_berputar`, or the KinerjaError that the worker
        raised."""
        if not self._done.is_set():
            self._fetch(self)
        if not self._done.wait(PATIENCE):  # the reading thread answers for every death and delay; this is for its own
            raise _slow(PATIENCE)
        if self._error is not None:
            raise self._error
        answer: Answer | Failure = self._answer
        return answer


class _Process:
    """One process and its end of the pipe. Sending and receiving take turns with closing, since a descriptor that is closed under
    somebody's hands may be another file's by then; only the reading thread closes."""

    def __init__(self, policy: Policy) -> None:
        self._connection, self._process = start()
        # Not as an argument: those go through a pipe whose other end we hold too, so that a process that dies while it starts
        # would leave us writing for ever.
        with suppress(OSError):
            self._connection.send(policy)
        self._sending, self._receiving = threading.Lock(), threading.Lock()
        self._closed = False
        self._answers, self._end = self._connection.fileno(), self._process.sentinel
        self._woken, self._bell = os.pipe()
        self._come = _signs(self._answers)
        self._busy, self._idle = _signs(self._answers, self._end, self._woken), _signs(self._end, self._woken)
        self.ready = False
        self.served = 0

    def send(self, question: tuple[int, Any, tuple[Any, ...]]) -> None:
        """Where the process has died nothing is sent; the reading thread sees that too, and asks its successor."""
        held = to_bytes(question)
        with self._sending, suppress(OSError):
            if not self._closed:
                self._connection.send_bytes(held)

    def receive(self, seconds: float, *, idle: bool) -> Said | None:
        """For the reading thread: the next answer; None after so long, when woken, or where another thread has taken it.

        idle: leave answers to whoever asked. Raises EOFError when the process has gone.
        """
        signs = dict((self._idle if idle else self._busy).poll(1000 * max(0.0, seconds)))
        if self._woken in signs:
            os.read(self._woken, 4096)
        gone = self._end in signs
        answer = self._take() if gone or self._answers in signs else None
        if gone and answer is None:
            raise EOFError
        return answer

    def look(self, seconds: float) -> Said | None:
        """For a thread that asks alone: the next answer; None after so long, or when the process has gone."""
        if self._closed or not _signs(self._answers, self._end).poll(1000 * max(0.0, seconds)):
            return None
        try:
            return self._take()
        except EOFError:
            return None

    def _take(self) -> Said | None:
        with self._receiving:
            try:
                if not self._closed and self._come.poll(0):
                    answer: Said = from_bytes(self._connection.recv_bytes())
                    return answer
            except OSError as error:
                raise EOFError from error
        return None

    def wake(self) -> None:
        """Have the reading thread look up."""
        with self._receiving:
            if not self._closed:
                os.write(self._bell, b".")

    def stop(self) -> None:
        """Kill the process: whoever sends or receives is then told. Any thread may, and more than once."""
        self._process.kill()
        self._process.join()

    def close(self) -> None:
        """Give the pipe back; for the reading thread, after `stop`."""
        with self._sending, self._receiving:
            self._closed = True
            self._connection.close()
            os.close(self._woken)
            os.close(self._bell)


def _signs(*descriptors: int) -> select.poll:
    signs = select.poll()
    for descriptor in descriptors:
        signs.register(descriptor, select.POLLIN)
    return signs


class Worker:
    """One worker process. May be used from several threads; questions are answered in the order asked."""

    def __init__(self, policy: Policy, *, time_limit: float = MAX_SECONDS) -> None:
        self._limit = min(time_limit, MAX_SECONDS)
        self._policy = policy
        self._reset()

    def _reset(self) -> None:
        self._owner = os.getpid()
        self._lock = threading.Lock()
        self._process: _Process | None = None
        self._waiting: OrderedDict[int, Pending] = OrderedDict()
        self._tickets = 0
        self._since = 0.0
        self._reading = True  # whether answers are the reading thread's business

    def start(self) -> None:
        """Start the process and wait until it is ready; otherwise the first case waits for it."""
        self.submit("ready").result()

    def warm(self) -> None:
        """Start the process and do not wait for it."""
        self.submit("ready")

    def decide(self, name: str, day: date | None, given: Mapping[str, Any]) -> Pending:
        return self.submit("decide", name, _number(day), given)

    def evaluate(self, day: date | None, kasus: Mapping[str, Any], items: Mapping[str, Sequence[Mapping[str, Any]]]) -> Pending:
        return self.submit("evaluate", _number(day), kasus, items)

    def close(self) -> None:
        with self._lock:
            process, self._process = self._process, None
            left = list(self._waiting.values())
            self._waiting.clear()
        if process is not None:
            process.stop()
        for pending in left:
            pending.settle(None, _died("ditutup"))

    def submit(self, act: Any, *arguments: Any) -> Pending:
        """act: a name that `serve` knows, or any function of a module that the process can import."""
        if self._owner != os.getpid():
            self._reset()  # forked: the process and its thread belong to the parent
        pending = Pending(act, arguments, self._fetch)
        with self._lock:
            process = self._process
            if process is not None and process.served >= MAX_TASKS and not self._waiting:
                process.stop()
                process = None
            if process is None:
                process = self._open()
            if not self._waiting:
                self._since = time.monotonic()
            self._tickets += 1
            self._waiting[self._tickets] = pending
            if len(self._waiting) > 1:
                self._read_on(process)
            process.send((self._tickets, pending.act, pending.arguments))
        return pending

    def _fetch(self, pending: Pending) -> None:
        """The answer, in the thread that waits for it, while it waits alone; saves the way over the reading thread and back."""
        while not pending.settled and (process := self._process) is not None and not self._reading:
            answer = process.look(self._since + self._limit - time.monotonic())
            if answer is None:
                with self._lock:
                    self._read_on(process)
            else:
                self._hand_out(process, *answer)

    def _read_on(self, process: _Process) -> None:
        """Answers are the reading thread's business from now on, until none is waited for."""
        if not self._reading:
            self._reading = True
            process.wake()

    def renew(self, process: _Process | None = None) -> None:
        """Answer what is asked from now on, and what still waits, by a fresh process; for after an answer that cannot be trusted.

        process: only if it is this one that answers now.
        """
        with self._lock:
            old = self._process
            if old is None or (process is not None and old is not process):
                return
            self._process = None
            old.stop()
            if self._waiting:
                self._ask_again(self._open())

    def _ask_again(self, process: _Process) -> None:
        for ticket, pending in self._waiting.items():
            process.send((ticket, pending.act, pending.arguments))

    def _open(self) -> _Process:
        process = self._process = _Process(self._policy)
        self._since, self._reading = time.monotonic(), True
        threading.Thread(target=self._read, args=(process,), name="kinerja-rete-answers", daemon=True).start()
        return process

    # ── the reading thread ────────────────────────────────────────────────────────────────────────────────────────────
    def _read(self, process: _Process) -> None:
        """Hand out answers; replace the process when it is too slow or gone. Ends with the process."""
        try:
            while self._process is process and self._take(process):
                pass
        finally:
            process.stop()
            process.close()

    def _take(self, process: _Process) -> bool:
        """Wait for one answer; False when the process is done with."""
        limit = self._limit if process.ready else START_SECONDS
        seconds = self._since + limit - time.monotonic() if self._waiting else 1.0
        idle = not self._reading
        try:
            answer = process.receive(seconds, idle=idle)
        except EOFError:
            self._replace(process, _died("proses berakhir"))
            return False
        if answer is not None:
            self._hand_out(process, *answer)
        elif self._waiting and time.monotonic() - self._since >= limit:
            if not idle:
                self._replace(process, _slow(limit))
                return False
            with self._lock:
                self._reading = True  # it may have come long ago: whoever asked is busy
        if not self._waiting and process.ready:
            with self._lock:
                self._reading = bool(self._waiting)
        return True

    def _hand_out(self, process: _Process, ticket: int, kind: str, value: Any) -> None:
        self._since = time.monotonic()
        if ticket == READY:
            process.ready = True
            return
        process.served += 1
        pending = self._waiting.pop(ticket, None)
        if pending is None:
            return
        if kind == DECIDED:
            pending.settle(Answer(*value))
        elif kind == FAILED:
            pending.settle(Failure(*value))
        elif kind == ANSWERED:
            pending.settle(value)
        elif kind == REFUSED:
            pending.settle(None, value)
        else:  # what happened in there may have left its mark
            self.renew(process)
            pending.settle(None, _looped(value) if kind == LOOPED else _died(value))

    def _replace(self, process: _Process, error: IncidentError) -> None:
        """The oldest question fails with the process; the others are asked again of a fresh one."""
        process.stop()  # first, so that nobody stays blocked in sending to it
        with self._lock:
            if self._process is not process:
                return
            self._process = None
            if not self._waiting:
                return
            _, first = self._waiting.popitem(last=False)
            first.settle(None, error)
            if self._waiting:
                self._ask_again(self._open())


def _number(day: date | None) -> int | None:
    return None if day is None else day.toordinal()


def _slow(limit: float) -> IncidentError:
    return IncidentError(
        "mesin_lambat",
        f"mesin rete tidak menjawab dalam {limit:g} detik",
        f"the rete engine did not answer within {limit:g} seconds",
        remedy_id="periksa aturan yang berputar; kasus ini tidak dapat diterbitkan",
        remedy_en="look for rules that loop; this case cannot be issued",
    )


def _looped(reason: str) -> IncidentError:
    return IncidentError(
        "mesin_berputar",
        f"aturan berputar tanpa henti ({reason})",
        f"the rules go round without end ({reason})",
        remedy_id="cari aturan yang memicu dirinya sendiri; kasus ini tidak dapat diterbitkan",
        remedy_en="look for a rule that fires itself; this case cannot be issued",
        reason=reason,
    )


def _died(reason: str) -> IncidentError:
    return IncidentError(
        "mesin_mati",
        f"mesin rete berhenti ({reason})",
        f"the rete engine stopped ({reason})",
        remedy_id="kasus ini disimpan sebagai insiden; kasus lain berjalan terus",
        remedy_en="this case is kept as an incident; others go on",
        reason=reason,
    )
