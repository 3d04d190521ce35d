"""Facts from records that other systems keep: event logs, read through mapping files and measured.

Reading depends on file and map alone and mends nothing: what cannot be used is reported with its line and reason. Knows nothing of
employees, cases or storage; services turn officers into employees and measures into facts.
"""

from .events import EventLog, Remark, ServiceRequest, read_events
from .mapping import AssumedFact, Columns, EventMap, load_map
from .measure import OfficerMeasure, measure, report
from .statistics import STATISTICS, Statistic, Timed, is_on_time

__all__ = [
    "STATISTICS",
    "AssumedFact",
    "Columns",
    "EventLog",
    "EventMap",
    "OfficerMeasure",
    "Remark",
    "ServiceRequest",
    "Statistic",
    "Timed",
    "is_on_time",
    "load_map",
    "measure",
    "read_events",
    "report",
]
