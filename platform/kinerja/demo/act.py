"""Acts: what a demo city shows besides the steps of its cycle, each on its own day, each with a line that says where to look."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from .play import Stage


@dataclass(frozen=True, slots=True)
class Sight:
    """A line of the summary. what: what happened, in Indonesian; where: the page or command that shows it."""

    what: str
    where: str


@dataclass(frozen=True, slots=True)
class Act:
    """days_before: its day, counted back from the demo's clock, as in `play.DAYS_BEFORE`. play: acts through the services, as
    people would, and tells what there is to see; None when this city (a smaller one) has nobody to play it with."""

    name: str
    days_before: int
    play: Callable[[Stage], Sight | None]


class Programme:
    """The acts still to come, in the order of their days; those of one day in the order given."""

    def __init__(self, acts: Iterable[Act], end: datetime) -> None:
        self._coming = sorted(acts, key=lambda act: -act.days_before)
        self._end = end
        self.sights: list[Sight] = []

    def play_until(self, stage: Stage, at: datetime) -> None:
        """Play every act whose day comes no later than `at`, with the clock on its day."""
        while self._coming and (day := self._end - timedelta(days=self._coming[0].days_before)) <= at:
            act = self._coming.pop(0)
            stage.progress(act.name)
            stage.clock.set(day)
            seen = act.play(stage)
            if seen is not None:
                self.sights.append(seen)
