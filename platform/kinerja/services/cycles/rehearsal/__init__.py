"""Rehearsing a cycle before it opens: simulated people play it on a copy of the city, on a fast clock; what goes wrong is told."""

from .chart import chart
from .conduct import last, rehearse
from .report import Report
from .words import headline, told

__all__ = ["Report", "chart", "headline", "last", "rehearse", "told"]
