"""What a running city does on its own: deadlines fire while nobody looks, jobs go on, and each night some past decisions are
computed anew. The store is the truth; a missed round is made up."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading

from .core.errors import KinerjaError
from .services.casework import reacting
from .services.city import City
from .services.context import SYSTEM, Context
from .services.cycles import joblist, rehearsal, reminders, timers, undated
from .services.rulebook import selfaudit

EVERY = 60
LOOK = 2.0
"""Seconds between looks for a job that somebody has begun in the console."""
BREATH = 0.05
"""Seconds between batches, in which others may write."""
log = logging.getLogger(__name__)


class Timekeeper(threading.Thread):
    """Looks every minute for deadlines that have passed, every other second for jobs to go on with.

    A round that fails is told in the log, and the next one goes on.
    """

    def __init__(self, city: City, seconds: int = EVERY) -> None:
        super().__init__(name="kinerja-timekeeper", daemon=True)
        self._city, self._seconds = city, seconds
        self._stopped = threading.Event()
        self._player: subprocess.Popen[bytes] | None = None
        self._played = 0

    def run(self) -> None:
        left = 0.0
        while not self._stopped.is_set():
            if left <= 0:
                self.round()
                left = self._seconds
            pause = BREATH if self.work() else LOOK
            self.rehearse()
            left -= pause
            self._stopped.wait(pause)

    def round(self) -> int:
        """One look, on a connection of this thread; the number of cases that moved."""
        try:
            with self._city.store.database.connection_context():
                system = Context(self._city, SYSTEM)
                moved = timers.fire(system)
                undated.date_tasks(system)
                reminders.remind(system)
                reacting.daily(system)
                selfaudit.nightly(system)
                return moved
        except KinerjaError as error:
            log.warning("deadlines not looked at: %s", error)
            return 0

    def work(self) -> bool:
        """A few batches of a job that nobody else works on; whether there is more to do."""
        try:
            with self._city.store.database.connection_context():
                return joblist.go_on(self._city)
        except KinerjaError as error:
            log.warning("a job stopped: %s", error)
            return False

    def rehearse(self) -> int | None:
        """Start the rehearsal that waits, in a process of its own, as it opens a second store; its process id, None for none."""
        if self._player is not None and self._player.poll() is None:
            return None
        try:
            with self._city.store.database.connection_context():
                job = rehearsal.waiting(self._city)
                if job is not None and job == self._played and self._player is not None and self._player.returncode:
                    rehearsal.stopped(self._city, job, self._player.returncode)
                    job = None
        except KinerjaError as error:
            log.warning("rehearsals not looked at: %s", error)
            return None
        if job is None:
            return None
        command = [sys.executable, "-m", "kinerja", "jobs", "play", str(job), "--city", str(self._city.folder)]
        self._played = job
        self._player = subprocess.Popen(  # noqa: S603 - our own command, of a job number and this city's folder
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        return self._player.pid

    def stop(self) -> None:
        self._stopped.set()
        if self._player is not None and self._player.poll() is None:
            self._player.terminate()
            self._player.wait()
