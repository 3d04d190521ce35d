"""Instants from text, to the microsecond, always with a zone. Nothing is guessed: a stamp without zone needs the map's zone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction

ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[ Tt](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,12}))?)?\s?([Zz]|[+-]\d{2}:?\d{2})?\Z",
    re.ASCII,
)
OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})\Z", re.ASCII)
NUMERIC_DIRECTIVES = re.compile(r"%[^dmYHMSfz]")
NAMED_ZONES = {"WIB": 7, "WITA": 8, "WIT": 9, "UTC": 0}
DAY_MICROSECONDS = 86_400 * 10**6
_MICROSECOND = timedelta(microseconds=1)

Parser = Callable[[str], datetime]


class BadTimestamp(ValueError):
    """Why a stamp is refused: text_id and text_en are half sentences."""

    def __init__(self, text_id: str, text_en: str) -> None:
        super().__init__(text_en)
        self.text_id = text_id
        self.text_en = text_en


def zone(text: str) -> timezone:
    """WIB, WITA, WIT, UTC or an offset (+07:00); raise ValueError on anything else.

    Offsets only: the names of zone databases need files that a bare machine may lack, and the city's zones have no summer time.
    """
    if text in NAMED_ZONES:
        return timezone(timedelta(hours=NAMED_ZONES[text]))
    match = OFFSET.match(text)
    if not match:
        raise ValueError(text)
    sign, hours, minutes = match.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if sign == "-" else offset)


def parser(pattern: str, default: timezone | None) -> Parser:
    """A function from text to an instant in UTC. pattern: "iso", or a strptime pattern of numeric directives.

    default: zone of stamps that carry none; None refuses them. Raises ValueError on a pattern with other directives.
    """
    if pattern == "iso":
        return lambda text: _iso(text, default)
    if NUMERIC_DIRECTIVES.search(pattern) or "%Y" not in pattern:
        raise ValueError(pattern)
    return lambda text: _with_pattern(text, pattern, default)


def microseconds(start: datetime, end: datetime) -> int:
    """Elapsed microseconds between two instants; negative when the end comes first."""
    return (end.astimezone(UTC) - start.astimezone(UTC)) // _MICROSECOND


def days(start: datetime, end: datetime) -> Fraction:
    """Elapsed seconds ÷ 86,400, exactly."""
    return Fraction(microseconds(start, end), DAY_MICROSECONDS)


def _iso(text: str, default: timezone | None) -> datetime:
    match = ISO.match(text)
    if not match:
        raise BadTimestamp(f"“{_short(text)}” bukan waktu", f'"{_short(text)}" is not a timestamp')
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    digits = (fraction or "").rstrip("0")
    if len(digits) > 6:
        raise BadTimestamp(f"“{_short(text)}” lebih halus dari mikrodetik", f'"{_short(text)}" is finer than a microsecond')
    try:
        stamp = datetime(  # noqa: DTZ001 - the zone is fixed in the next step, from the text or from the map
            int(year), int(month), int(day), int(hour), int(minute), int(second or 0), int(digits.ljust(6, "0"))
        )
        if offset is None:
            return _in_utc(stamp, default, text)
        return _in_utc(stamp, UTC if offset in "Zz" else zone(offset), text)
    except (ValueError, OverflowError) as error:
        if isinstance(error, BadTimestamp):
            raise
        raise BadTimestamp(f"“{_short(text)}” bukan waktu yang ada", f'"{_short(text)}" does not exist') from error


def _with_pattern(text: str, pattern: str, default: timezone | None) -> datetime:
    try:
        stamp = datetime.strptime(text, pattern)  # noqa: DTZ007 - see _iso
        return _in_utc(stamp.replace(tzinfo=None), default, text) if stamp.tzinfo is None else stamp.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        if isinstance(error, BadTimestamp):
            raise
        raise BadTimestamp(
            f"“{_short(text)}” tidak menurut pola {pattern}", f'"{_short(text)}" is not of the form {pattern}'
        ) from error


def _in_utc(stamp: datetime, offset: timezone | None, text: str) -> datetime:
    if offset is None:
        raise BadTimestamp(f"“{_short(text)}” tanpa zona waktu", f'"{_short(text)}" has no zone')
    return stamp.replace(tzinfo=offset).astimezone(UTC)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"
