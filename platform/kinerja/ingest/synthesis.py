"""The demo's civil-registry log: invented requests of half a year, the same bytes for the same seed.

Office days only, arrivals between 8 and 15, waits by operator and service; the standard is 24 hours from the complete file,
48 for a birth certificate. Integers and the seeded generator only, no clock and no floats, so that the shipped file can be
checked against this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from ..core.clock import JAKARTA

FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)
SEED = 2026
REQUESTS = 780
HEADER = "no_permohonan,layanan,operator,waktu_berkas_lengkap,waktu_selesai,tenggat"
HOLIDAYS = frozenset({date(2026, 1, 1), date(2026, 5, 1), date(2026, 6, 1)})
OPEN_FROM = date(2026, 6, 29)


@dataclass(frozen=True, slots=True)
class Service:
    """share: of requests, in per cent. hours: the standard. quickest, usual: minutes of work of an average operator."""

    code: str
    share: int
    hours: int
    quickest: int
    usual: int


SERVICES = (
    Service("ktp_el", 48, 24, 22, 95),
    Service("kartu_keluarga", 32, 24, 35, 210),
    Service("akta_kelahiran", 20, 48, 70, 430),
)

# Per operator: pace in per cent of the usual minutes, and how many of 100 requests slip past the day (a file that had to go back).
OPERATORS = {
    "OPR-01": (70, 1),
    "OPR-02": (85, 3),
    "OPR-03": (90, 3),
    "OPR-04": (95, 4),
    "OPR-05": (100, 5),
    "OPR-06": (100, 6),
    "OPR-07": (105, 5),
    "OPR-08": (110, 8),
    "OPR-09": (120, 9),
    "OPR-10": (130, 12),
    "OPR-11": (150, 17),
    "OPR-12": (185, 30),
}


def synthesise_registry_log(seed: int = SEED, requests: int = REQUESTS) -> str:
    """The log as CSV text with a header, ordered by arrival; times in WIB (+07:00), open requests without an end."""
    random = Random(seed)  # noqa: S311 - invented data, not a secret
    days = [day for offset in range((LAST - FIRST).days + 1) if _is_office_day(day := FIRST + timedelta(days=offset))]
    arrivals = sorted(_arrival(random, days[random.randrange(len(days))]) for _ in range(requests))
    lines = [HEADER]
    for number, started in enumerate(arrivals, 1):
        service = _service(random)
        operator = list(OPERATORS)[random.randrange(len(OPERATORS))]
        due = started + timedelta(hours=service.hours)
        finished = _finish(random, service, operator, started, due)
        cells = (
            f"ADM-2026-{number:04d}",
            service.code,
            operator,
            started.isoformat(),
            finished.isoformat() if finished else "",
            due.isoformat(),
        )
        lines.append(",".join(cells))
    return "\n".join(lines) + "\n"


def _is_office_day(day: date) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS


def _arrival(random: Random, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, tzinfo=JAKARTA) + timedelta(seconds=random.randrange(7 * 3600))


def _service(random: Random) -> Service:
    draw = random.randrange(100)
    for service in SERVICES:
        draw -= service.share
        if draw < 0:
            return service
    return SERVICES[-1]


def _finish(random: Random, service: Service, operator: str, started: datetime, due: datetime) -> datetime | None:
    pace, slips = OPERATORS[operator]
    slipped = random.randrange(100) < slips
    # The product of two draws: most are quick, some take long.
    spread = service.usual * 4 * random.randrange(1, 101) * random.randrange(1, 101) // 10_000
    seconds = (service.quickest + spread) * pace * 60 // 100 + random.randrange(60)
    late = timedelta(minutes=random.randrange(35, 60 * 70))
    if started.date() >= OPEN_FROM and random.randrange(3) == 0:
        return None
    if slipped:
        return due + late
    return _within_office_hours(started + timedelta(seconds=seconds))


def _within_office_hours(instant: datetime) -> datetime:
    """Work left at 16:00 goes on at 8 the next morning; on Saturdays the counter finishes what Friday left."""
    closing = instant.replace(hour=16, minute=0, second=0)
    return instant if instant <= closing else closing + timedelta(hours=16) + (instant - closing)
