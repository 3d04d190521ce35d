"""Event files as rows of text with line numbers. One reader a file format, told apart by the file's ending."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..core.errors import InputError, Place
from .mapping import EventMap

MAX_ROWS = 2_000_000
MAX_COLUMNS = 500


@dataclass(frozen=True, slots=True)
class SourceRow:
    """line: where the row begins, counted from 1. values: by column name; None = the row has another number of columns."""

    line: int
    values: Mapping[str, str] | None


Reader = Callable[[bytes, str, EventMap], Iterator[SourceRow]]


def reader_for(path: Path) -> Reader:
    """The reader of this file format; raise InputError for a format without one."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(sorted(filter(None, READERS)))
        raise _unreadable(
            Place(str(path)),
            f"format “{path.suffix}” belum dapat dibaca",
            f'no reader for the format "{path.suffix}"',
            f"simpan sebagai {known}",
            f"save it as {known}",
        )
    return reader


def read_csv(data: bytes, name: str, event_map: EventMap) -> Iterator[SourceRow]:
    """Rows of a UTF-8 CSV with a header that has every column the map names; raise InputError otherwise."""
    rows = _records(data, name, event_map.delimiter)
    header_line, header = next(rows, (1, []))
    _check_header(header, Place(name, header_line), event_map)
    for count, (line, record) in enumerate(rows):
        if count >= MAX_ROWS:
            raise _unreadable(
                Place(name, line), f"lebih dari {MAX_ROWS} baris", f"more than {MAX_ROWS} rows", "pecah berkas", "split it"
            )
        yield SourceRow(line, dict(zip(header, record, strict=True)) if len(record) == len(header) else None)


def _records(data: bytes, name: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _unreadable(
            Place(name, line), "bukan teks UTF-8", "not UTF-8 text", "simpan ulang sebagai CSV UTF-8", "save it again as CSV UTF-8"
        ) from error
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begin = 1
    try:
        for record in records:
            if record:
                yield begin, record
            begin = records.line_num + 1
    except csv.Error as error:
        raise _unreadable(
            Place(name, begin),
            f"CSV tidak sah ({error})",
            f"malformed CSV ({error})",
            "periksa tanda kutip pada baris itu",
            "check the quotation marks of that row",
        ) from error


def _check_header(header: list[str], place: Place, event_map: EventMap) -> None:
    if not header:
        raise _unreadable(
            place, "berkas kosong", "the file is empty", "ekspor ulang dengan baris judul", "export it again with its header"
        )
    if len(header) > MAX_COLUMNS or len(set(header)) != len(header):
        raise _unreadable(
            place, "judul kolom berulang", "repeated column names", "beri setiap kolom nama sendiri", "name columns apart"
        )
    missing = [name for name in event_map.columns.names if name not in header]
    if missing:
        names = ", ".join(missing)
        raise _unreadable(
            place,
            f"kolom tidak ada: {names}",
            f"missing columns: {names}",
            f"sesuaikan columns: dalam {event_map.place.file}, atau ekspor ulang dengan kolom itu",
            f"mend columns: in {event_map.place.file}, or export the file again with these columns",
        )


def _unreadable(place: Place, text_id: str, text_en: str, remedy_id: str, remedy_en: str) -> InputError:
    return InputError("peristiwa_tidak_terbaca", text_id, text_en, place=place, remedy_id=remedy_id, remedy_en=remedy_en)


READERS: Mapping[str, Reader] = {".csv": read_csv, ".txt": read_csv, "": read_csv}
