"""One injected clock. Services never ask the operating system for the time themselves."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Protocol

JAKARTA = timezone(timedelta(hours=7), "WIB")


def last_day(due: datetime) -> date:
    """The last day on which something due at an instant is in time: the day before, where it ends with a midnight."""
    return ((due.astimezone(JAKARTA) if due.tzinfo else due) - timedelta(microseconds=1)).date()


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, in Asia/Jakarta."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(JAKARTA)


class FixedClock:
    """A clock that moves only when told: demo, rehearsal, tests."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(JAKARTA)

    def now(self) -> datetime:
        return self._now

    def advance(self, step: timedelta) -> None:
        self._now += step

    def set(self, instant: datetime) -> None:
        self._now = instant.astimezone(JAKARTA)


class OffsetClock:
    """The system clock, moved so that it reads `start` at the moment of its making: a demo city that people act in."""

    def __init__(self, start: datetime) -> None:
        self._offset = start - datetime.now(JAKARTA)

    def now(self) -> datetime:
        return (datetime.now(JAKARTA) + self._offset).astimezone(JAKARTA)


def today(clock: Clock) -> date:
    return clock.now().date()
