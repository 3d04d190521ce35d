"""What a running city does on its own: deadlines fire while nobody looks. The store is the truth; a missed round is made up."""

from __future__ import annotations

import logging
import threading

from .core.errors import KinerjaError
from .services import timers
from .services.city import City
from .services.context import SYSTEM, Context

EVERY = 60
log = logging.getLogger(__name__)


class Timekeeper(threading.Thread):
    """Looks every minute for deadlines that have passed. A round that fails is told in the log, and the next one goes on."""

    def __init__(self, city: City, seconds: int = EVERY) -> None:
        super().__init__(name="kinerja-timekeeper", daemon=True)
        self._city, self._seconds = city, seconds
        self._stopped = threading.Event()

    def run(self) -> None:
        while not self._stopped.is_set():
            self.round()
            self._stopped.wait(self._seconds)

    def round(self) -> int:
        """One look, on a connection of this thread; the number of cases that moved."""
        database = self._city.store.database
        try:
            with database.connection_context():
                return timers.fire(Context(self._city, SYSTEM))
        except KinerjaError as error:
            log.warning("deadlines not looked at: %s", error)
            return 0

    def stop(self) -> None:
        self._stopped.set()
