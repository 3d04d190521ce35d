"""One workbook → rule files. Sizes are looked at before anything is opened; numbers come as the digits that the sheet holds."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path, PurePosixPath
from typing import Any

import python_calamine

from ...core.errors import InputError, Place
from ...core.numbers import decimal_text, parse_number
from ..document import Document
from .layout import Section, to_document
from .write import INDEX

MOST_BYTES, MOST_PARTS, MOST_CELLS = 50 * 1024 * 1024, 2000, 500_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """A rule file as a sheet holds it. name: `book.xlsx[sheet]`, as places name it."""

    name: str
    sections: tuple[Section, ...]
    document: Document


def read_workbook(path: Path) -> dict[str, Sheet]:
    """File name → its sheet. Raises InputError naming the sheet and row."""
    _guard(path)
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        sheets = {name: book.get_sheet_by_name(name) for name in book.sheet_names}
    except (python_calamine.CalamineError, OSError) as error:
        raise _bad(path, "", 0, f"bukan buku kerja xlsx ({error})", f"not an xlsx workbook ({error})") from error
    if INDEX not in sheets:
        raise _bad(path, INDEX, 0, f"lembar “{INDEX}” tidak ada", f'there is no sheet "{INDEX}"')
    found: dict[str, Sheet] = {}
    for number, row in enumerate(_rows(path, INDEX, sheets[INDEX]), 1):
        if number == 1 or not row or row[0] is None:
            continue
        name, file = str(row[0]), str(row[1] if len(row) > 1 else "")
        if name not in sheets:
            raise _bad(path, INDEX, number, f"lembar “{name}” tidak ada", f'there is no sheet "{name}"')
        if not _safe(file):
            raise _bad(path, INDEX, number, f"“{file}” bukan nama berkas aturan", f'"{file}" is not the name of a rule file')
        try:
            sections = tuple(_sections(path, name, _rows(path, name, sheets[name])))
            found[file] = Sheet(f"{path.name}[{name}]", sections, to_document(sections))
        except InputError as error:
            if error.place is None:
                error.place = Place(f"{path.name}[{name}]")
            raise
    return found


def read_cells(path: Path) -> list[list[str]]:
    """The first sheet of any workbook as the texts of a table: numbers as FEEL writes them. Raises InputError."""
    _guard(path)
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        name = book.sheet_names[0]
        rows = _rows(path, name, book.get_sheet_by_name(name))
    except (python_calamine.CalamineError, OSError, IndexError) as error:
        raise _bad(path, "", 0, f"bukan buku kerja xlsx ({error})", f"not an xlsx workbook ({error})") from error
    return [[_written(cell) for cell in row] for row in rows]


def _written(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return decimal_text(cell) if isinstance(cell, Fraction) else str(cell)


def _guard(path: Path) -> None:
    """Refuse what unfolds to too much, before it is opened."""
    if not path.is_file():
        raise _bad(path, "", 0, "berkas itu tidak ada", "there is no such file")
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise _bad(path, "", 0, f"bukan buku kerja xlsx ({error})", f"not an xlsx workbook ({error})") from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise _bad(path, "", 0, "buku kerja terlalu besar", "the workbook is too large")


def _safe(file: str) -> bool:
    parts = PurePosixPath(file)
    return file.endswith(".yaml") and not parts.is_absolute() and ".." not in parts.parts and "\\" not in file and ":" not in file


def _rows(path: Path, name: str, sheet: python_calamine.CalamineSheet) -> list[list[Any]]:
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        raise _bad(path, name, 0, "lembar terlalu besar", "the sheet is too large")
    return [[_plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]


def _plain(cell: Any) -> Any:
    """A cell as text, Fraction, bool or None. A number of a sheet has 15 digits at most; they are taken as written."""
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int):
        return Fraction(cell)
    if isinstance(cell, float):
        return parse_number(f"{cell:.15g}")
    text = str(cell).strip() if cell is not None else ""
    return text or None


def _sections(path: Path, name: str, rows: list[list[Any]]) -> Iterator[Section]:
    """A heading alone in its row, a row of column names, rows until an empty one."""
    at = 0
    while at < len(rows):
        if not _used(rows[at]):
            at += 1
            continue
        if _used(rows[at]) != 1 or rows[at][0] is None or at + 1 >= len(rows):
            raise _bad(
                path,
                name,
                at + 1,
                "di sini diharapkan nama bagian; baris kosong mengakhiri bagian di atasnya",
                "expected the name of a section here; an empty row ends the section above",
            )
        heading = str(rows[at][0])
        columns = [str(cell) for cell in rows[at + 1] if cell is not None]
        body: list[list[Any]] = []
        begun = at + 1
        at += 2
        while at < len(rows) and _used(rows[at]):
            row = [*rows[at], *[None] * len(columns)]
            if any(cell is not None for cell in row[len(columns) :]):
                raise _bad(path, name, at + 1, "ada isi di luar kolom bagian ini", "there is content outside the columns")
            body.append(row[: len(columns)])
            at += 1
        yield Section(heading, columns, body, begun)


def _used(row: list[Any]) -> int:
    return sum(1 for cell in row if cell is not None)


def _bad(path: Path, sheet: str, row: int, why_id: str, why_en: str) -> InputError:
    place = Place(f"{path.name}[{sheet}]" if sheet else path.name, row)
    return InputError(
        "lembar_tidak_sah",
        why_id,
        why_en,
        place=place,
        remedy_id="pakai buku kerja dari kinerja sheets export",
        remedy_en="start from a workbook of kinerja sheets export",
    )
