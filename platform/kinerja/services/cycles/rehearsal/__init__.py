"""Rehearsing a cycle before it opens: simulated people play it on a copy of the city, on a fast clock; what goes wrong is told."""

from .asked import KIND, again, begin, play, stopped, waiting
from .chart import chart
from .conduct import last, rehearse
from .report import Report
from .words import headline, told

__all__ = ["KIND", "Report", "again", "begin", "chart", "headline", "last", "play", "rehearse", "stopped", "told", "waiting"]
