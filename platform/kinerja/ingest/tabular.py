"""Tables that people keep in spreadsheets (XLSX, CSV) as rows of text with line numbers, by a documented set of columns.

Nothing in a file is run or followed: formulas count as the value they were last saved with, and what would unfold to too much is
refused before it is opened. Reads bytes; knows no storage.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath

import python_calamine

from ..core.errors import InputError, Place

MOST_BYTES = 10 * 1024 * 1024
MOST_UNFOLDED = 60 * 1024 * 1024
MOST_PARTS = 500
MOST_ROWS = 50_000
MOST_COLUMNS = 100
MOST_TITLES = 20
"""Filled rows among which the heading is looked for: tables that people keep begin with a title, merged over all columns."""
LOST_DIGITS = "\ufffd"
"""Stands for a number with more digits than a spreadsheet keeps (an 18-digit NIP typed as a number): the digits are gone."""
_CELL = re.compile(rb'\br="([A-Z]{1,4})([0-9]{1,9})"')
_EXACT = 10**15


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its heading. required: each row must fill it. values: what it allows, () = free. help, example: for people."""

    name: str
    help_id: str
    help_en: str
    example: str
    required: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """line: as the spreadsheet counts it, from 1. cells: heading → text, for the columns that the file has."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """rows: those that hold anything. unused: headings that no column is named by."""

    rows: tuple[Row, ...]
    unused: tuple[str, ...]


def read_table(data: bytes, file: str, columns: Sequence[Column]) -> Table:
    """The first sheet of a workbook, or a CSV. Raises InputError(`tabel_tidak_terbaca`) with the place and what to do."""
    if len(data) > MOST_BYTES:
        raise _unreadable(file, 0, "berkas terlalu besar", "the file is too large", "pecah berkas", "split the file")
    suffix = PurePath(file).suffix.lower()
    if suffix == ".xlsx":
        records = _workbook(data, file)
    elif suffix == ".csv":
        records = _csv(data, file)
    else:
        raise _unreadable(
            file, 0, f"format “{suffix}” tidak dibaca", f'the format "{suffix}" is not read',
            "simpan sebagai .xlsx atau .csv", "save as .xlsx or .csv",
        )  # fmt: skip
    return _table(records, file, columns)


def _table(records: list[tuple[int, list[str]]], file: str, columns: Sequence[Column]) -> Table:
    filled = [(line, cells) for line, cells in records if any(cells)]
    if not filled:
        raise _unreadable(file, 0, "berkas kosong", "the file is empty", "isi templatnya", "fill in the template")
    required = {column.name for column in columns if column.required}
    headed = (at for at, (_, cells) in enumerate(filled[:MOST_TITLES]) if required <= {_name(cell) for cell in cells})
    filled = filled[next(headed, 0) :]  # titles above the heading are for people
    line, heading = filled[0]
    names = [_name(cell) for cell in heading]
    known = {column.name for column in columns}
    twice = sorted({name for name in names if name in known and names.count(name) > 1})
    if twice:
        raise _unreadable(
            file, line, f"kolom berulang: {', '.join(twice)}", f"repeated columns: {', '.join(twice)}", "hapus satu", "drop one"
        )
    missing = [column.name for column in columns if column.required and column.name not in names]
    if missing:
        raise _unreadable(
            file, line, f"kolom tidak ada: {', '.join(missing)}", f"missing columns: {', '.join(missing)}",
            "pakai templatnya: kinerja people template", "use the template: kinerja people template",
        )  # fmt: skip
    if len(filled) == 1:
        raise _unreadable(
            file, line, "tidak ada baris di bawah judul", "no rows below the heading", "isi templatnya", "fill in the template"
        )
    if len(filled) - 1 > MOST_ROWS:
        raise _unreadable(file, 0, f"lebih dari {MOST_ROWS} baris", f"more than {MOST_ROWS} rows", "pecah berkas", "split the file")
    rows = tuple(
        Row(line, {name: cell for name, cell in zip(names, cells, strict=False) if name in known}) for line, cells in filled[1:]
    )
    return Table(rows, tuple(name for name in names if name and name not in known))


def _name(cell: str) -> str:
    return re.sub(r"[\s_]+", "_", cell.strip().lower())


def _csv(data: bytes, file: str) -> list[tuple[int, list[str]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _unreadable(
            file, line, "bukan teks UTF-8", "not UTF-8 text", "simpan ulang sebagai CSV UTF-8", "save it again as CSV UTF-8"
        ) from error
    first = text.split("\n", 1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","  # spreadsheets in Indonesian write semicolons
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found: list[tuple[int, list[str]]] = []
    begin = 1
    try:
        for record in reader:
            found.append((begin, [cell.strip() for cell in record[:MOST_COLUMNS]]))
            begin = reader.line_num + 1
    except csv.Error as error:
        raise _unreadable(
            file, begin, f"CSV tidak sah ({error})", f"malformed CSV ({error})",
            "periksa tanda kutip pada baris itu", "check the quotation marks of that row",
        ) from error  # fmt: skip
    return found


def _workbook(data: bytes, file: str) -> list[tuple[int, list[str]]]:
    _guard(data, file)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheet = book.get_sheet_by_name(book.sheet_names[0])
        cells = sheet.to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, OSError, IndexError, ValueError) as error:
        raise _not_a_workbook(file, str(error)) from error
    return [(line, [_text(cell) for cell in row]) for line, row in enumerate(cells, 1)]


def _guard(data: bytes, file: str) -> None:
    """Unfold every part within bounds, and look where the cells are: a lone cell far out would make a reader lay out all before."""
    left = MOST_UNFOLDED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise _too_large(file)
            for part in parts:
                with archive.open(part) as stream:
                    text = stream.read(left + 1)
                left -= len(text)
                if left < 0:
                    raise _too_large(file)
                if part.filename.startswith("xl/worksheets/") and _far(_CELL.finditer(text)):
                    raise _too_large(file)
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, zlib.error) as error:
        raise _not_a_workbook(file, str(error)) from error


def _far(cells: Iterable[re.Match[bytes]]) -> bool:
    return any(int(cell[2]) > MOST_ROWS + 1_000 or _column(cell[1]) > MOST_COLUMNS for cell in cells)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "ya" if cell else "tidak"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int | float):
        return LOST_DIGITS if abs(cell) >= _EXACT else f"{cell:.15g}"
    return "" if cell is None else str(cell).strip()


def _too_large(file: str) -> InputError:
    return _unreadable(
        file, 0, "buku kerja terlalu besar", "the workbook is too large",
        f"paling banyak {MOST_ROWS} baris dan {MOST_COLUMNS} kolom, tanpa gambar",
        f"at most {MOST_ROWS} rows and {MOST_COLUMNS} columns, without pictures",
    )  # fmt: skip


def _not_a_workbook(file: str, why: str) -> InputError:
    return _unreadable(
        file, 0, f"bukan buku kerja xlsx ({why[:80]})", f"not an xlsx workbook ({why[:80]})", "simpan ulang sebagai .xlsx",
        "save it again as .xlsx",
    )  # fmt: skip


def _unreadable(file: str, line: int, text_id: str, text_en: str, remedy_id: str, remedy_en: str) -> InputError:
    return InputError(
        "tabel_tidak_terbaca", text_id, text_en, place=Place(PurePath(file).name, line), remedy_id=remedy_id, remedy_en=remedy_en
    )
