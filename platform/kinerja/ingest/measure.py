"""What an event log says of each officer, and the report of its reading."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .events import EventLog, Remark, ServiceRequest
from .statistics import is_on_time, median_days, share_on_time


@dataclass(frozen=True, slots=True)
class OfficerMeasure:
    """share_on_time: per cent; median_days: days; both rounded half up to 2, None when nothing is finished."""

    officer: str
    finished: int
    on_time: int
    share_on_time: Fraction | None
    median_days: Fraction | None
    open: int

    def as_json(self) -> dict[str, Any]:
        return {
            "petugas": self.officer,
            "selesai": self.finished,
            "tepat_waktu": self.on_time,
            "persen_tepat_waktu": self.share_on_time,
            "median_hari": self.median_days,
            "terbuka": self.open,
        }


def measure(log: EventLog) -> list[OfficerMeasure]:
    """One measure for every officer that the file names, in order of the names."""
    requests: dict[str, list[ServiceRequest]] = {officer: [] for officer in log.officers}
    for event in log.events:
        requests[event.officer].append(event)
    return [_of(officer, own) for officer, own in requests.items()]


def report(log: EventLog) -> dict[str, Any]:
    """The whole reading as JSON-able values: source with its hash, measures, rejected rows, warnings."""
    return {
        "sumber": {"berkas": log.file, "sha256": log.sha256, "baris": log.rows, "permohonan": len(log.events)},
        "petugas": [officer.as_json() for officer in measure(log)],
        "ditolak": [_remark(remark) for remark in log.rejected],
        "peringatan": [_remark(remark) for remark in log.warnings],
    }


def _of(officer: str, requests: list[ServiceRequest]) -> OfficerMeasure:
    finished = sum(request.finished is not None for request in requests)
    return OfficerMeasure(
        officer=officer,
        finished=finished,
        on_time=sum(map(is_on_time, requests)),
        share_on_time=share_on_time(requests),
        median_days=median_days(requests),
        open=len(requests) - finished,
    )


def _remark(remark: Remark) -> dict[str, Any]:
    return {
        "baris": remark.line,
        "kode": remark.code,
        "permohonan": remark.request,
        "text": {"id": remark.text_id, "en": remark.text_en},
    }
