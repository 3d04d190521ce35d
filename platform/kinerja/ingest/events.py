"""Rows → service requests. An event log has several rows a request: they must agree, and make one request.

Nothing is mended: a row that lacks something, or rows that contradict each other, are rejected with line and reason. A finished
request without deadline is rejected too, since counting it as late or as on time would both be inventions. The outcome depends only
on file and map, so that reading again changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ..core.clock import JAKARTA
from ..core.errors import InputError, Place
from ..core.exactjson import read_bytes
from .mapping import EventMap
from .readers import SourceRow, reader_for
from .timestamps import BadTimestamp


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    """One request. Instants are in UTC, shifted as the map says; finished None = still open. line: its first row."""

    request: str
    service: str
    officer: str
    started: datetime
    finished: datetime | None
    due: datetime | None
    line: int


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to tell about a row: code, sentence, line (0: the log as a whole). Rejections and warnings have this shape."""

    line: int
    code: str
    text_id: str
    text_en: str
    request: str = ""


@dataclass(frozen=True, slots=True)
class EventLog:
    """events in order of their first row; officers: every name in the file, sorted, those with rejected rows only included.
    rows: data rows read. sha256: of the file's bytes."""

    file: str
    sha256: str
    rows: int
    events: tuple[ServiceRequest, ...]
    officers: tuple[str, ...]
    rejected: tuple[Remark, ...]
    warnings: tuple[Remark, ...]


def read_events(file: Path, event_map: EventMap) -> EventLog:
    """Read an event file through its map; raise InputError when the file as a whole cannot be read or yields no request."""
    data = read_bytes(file)
    rows = reader_for(file)(data, str(file), event_map)
    gathered = _Gathering(event_map)
    for row in rows:
        gathered.take(row)
    events, rejected = gathered.settle()
    if not events:
        first = f" ({rejected[0].text_id}, baris {rejected[0].line})" if rejected else ""
        raise InputError(
            "tidak_ada_peristiwa",
            f"tidak ada permohonan yang dapat dibaca{first}",
            f"no request could be read{f' ({rejected[0].text_en}, line {rejected[0].line})' if rejected else ''}",
            place=Place(str(file), rejected[0].line if rejected else 0),
            remedy_id=f"sesuaikan {event_map.place.file} dengan isi berkas",
            remedy_en=f"make {event_map.place.file} fit the file",
        )
    warnings = tuple(_warnings(events, gathered.officers, event_map))
    return EventLog(
        str(file), hashlib.sha256(data).hexdigest(), gathered.rows, events, tuple(sorted(gathered.officers)), rejected, warnings
    )


class _Gathering:
    """Collects the rows of each request until all have been seen."""

    def __init__(self, event_map: EventMap) -> None:
        self.map = event_map
        self.rows = 0
        self.officers: set[str] = set()
        self._requests: dict[str, list[ServiceRequest]] = {}
        self._rejected: list[Remark] = []

    def take(self, row: SourceRow) -> None:
        self.rows += 1
        if row.values is None:
            self._reject(
                row.line, "jumlah_kolom", "jumlah kolom tidak sama dengan judul", "another number of columns than the header"
            )
            return
        columns = self.map.columns
        request, officer = row.values[columns.request].strip(), row.values[columns.officer].strip()
        service = row.values[columns.service].strip() if columns.service else self.map.service
        if officer:
            self.officers.add(officer)
        for text, code, name_id, name_en in (
            (request, "tanpa_permohonan", "nomor permohonan", "request id"),
            (officer, "tanpa_petugas", "petugas", "officer"),
            (service, "tanpa_layanan", "layanan", "service"),
            (row.values[columns.started].strip(), "tanpa_mulai", "waktu mulai", "start"),
        ):
            if not text:
                self._reject(row.line, code, f"{name_id} kosong", f"{name_en} is missing", request)
                return
        try:
            started = self._instant(row.values[columns.started])
            finished = self._instant(row.values[columns.finished])
            due = self._instant(row.values[columns.due])
        except BadTimestamp as error:
            self._reject(row.line, "waktu_tidak_sah", error.text_id, error.text_en, request)
            return
        assert started is not None
        self._requests.setdefault(request, []).append(ServiceRequest(request, service, officer, started, finished, due, row.line))

    def settle(self) -> tuple[tuple[ServiceRequest, ...], tuple[Remark, ...]]:
        """The requests whose rows agree, and all rejections by line."""
        kept: list[ServiceRequest] = []
        for rows in self._requests.values():
            first = rows[0]
            differing = next((row for row in rows if _facts(row) != _facts(first)), None)
            if differing:
                for row in rows:
                    self._reject(
                        row.line,
                        "bertentangan",
                        f"baris permohonan {first.request} bertentangan (baris {first.line} dan {differing.line})",
                        f"rows of request {first.request} contradict each other (lines {first.line} and {differing.line})",
                        first.request,
                    )
            elif first.finished is not None and first.due is None:
                for row in rows:
                    self._reject(row.line, "tanpa_tenggat", "selesai tanpa tenggat", "finished without a deadline", first.request)
            else:
                kept.append(first)
        return tuple(kept), tuple(sorted(self._rejected, key=lambda remark: remark.line))

    def _instant(self, text: str) -> datetime | None:
        text = text.strip()
        if not text:
            return None
        try:
            return self.map.parse(text) + self.map.shift
        except OverflowError as error:
            raise BadTimestamp("waktu di luar kalender setelah digeser", "outside the calendar after the shift") from error

    def _reject(self, line: int, code: str, text_id: str, text_en: str, request: str = "") -> None:
        self._rejected.append(Remark(line, code, text_id, text_en, request))


def _facts(row: ServiceRequest) -> tuple[object, ...]:
    return (row.service, row.officer, row.started, row.finished, row.due)


def _warnings(events: Iterable[ServiceRequest], officers: set[str], event_map: EventMap) -> Iterable[Remark]:
    first = datetime.combine(event_map.period.first, datetime.min.time(), JAKARTA).astimezone(UTC)
    end = datetime.combine(event_map.period.last, datetime.min.time(), JAKARTA).astimezone(UTC) + timedelta(days=1)
    outside = 0
    for event in events:
        if event.finished is not None and event.finished < event.started:
            yield Remark(
                event.line,
                "selesai_sebelum_mulai",
                "selesai sebelum mulai; tetap dihitung",
                "ends before it starts; counted",
                event.request,
            )
        outside += not first <= (event.finished or event.started) < end
    if outside:
        yield Remark(
            0,
            "di_luar_periode",
            f"{outside} permohonan selesai (atau, bila terbuka, mulai) di luar periode yang dinyatakan; tetap dihitung",
            f"{outside} requests finished (or, if open, started) outside the declared period; counted",
        )
    for account in event_map.no_letter:
        if account not in officers:
            yield Remark(
                0,
                "akun_tidak_muncul",
                f"akun tanpa surat “{account}” tidak ada dalam berkas",
                f'account "{account}" is not in the file',
            )
