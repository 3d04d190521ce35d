"""Tables as written: a pipe grid in a `|` block, or a sidecar CSV; every cell with its place."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from ...core.errors import Place
from ..diagnostics import Report
from ..source import Scalar

_RULE = re.compile(r"[\s|:=-]*-[\s|:=-]*\Z")
NOTES = ("catatan", "note")
SIDECARS = (".csv", ".xlsx")
MOST_ROWS, MOST_CELLS = 1000, 60  # of a table; cells of a row


@dataclass(frozen=True, slots=True)
class GridCell:
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class GridRow:
    cells: tuple[GridCell, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Grid:
    heading: GridRow
    rows: tuple[GridRow, ...]


def sidecar_name(scalar: Scalar) -> str | None:
    """The CSV or workbook that `table:` names, when it names one instead of holding the grid."""
    written = scalar.text.strip()
    return written if "|" not in written and "\n" not in written and written.endswith(SIDECARS) else None


def safe_sidecar(name: str) -> bool:
    """Only a file beside the rule file or below it."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name


def parse_grid(scalar: Scalar, report: Report) -> Grid | None:
    """Rows of a pipe grid; ruler lines, blank lines and `#` lines are skipped; pipes inside quotes are text."""
    lines = scalar.text.split("\n")
    widest = max(line.count("|") for line in lines)
    if _beyond(sum(1 for line in lines if line.strip()) - 1, widest, scalar.place, report):
        return None
    rows: list[GridRow] = []
    offset = 0
    for line in lines:
        stripped = line.strip()
        if (
            stripped
            and not stripped.startswith("#")
            and not (rows and _RULE.match(stripped) and stripped.count("|") > 1 and "--" in stripped)
        ):
            rows.append(_row(line, offset, scalar))
        offset += len(line) + 1
    return _grid(rows, scalar.place, report)


def _row(line: str, offset: int, scalar: Scalar) -> GridRow:
    start = len(line) - len(line.lstrip())
    begin = start + 1 if line[start] == "|" else start
    cells: list[GridCell] = []
    quoted, left = False, begin
    for position in range(begin, len(line) + 1):
        ended = position == len(line)
        character = "" if ended else line[position]
        if character == '"' and line[position - 1] != "\\":
            quoted = not quoted
        if ended or (character == "|" and not quoted):
            piece = line[left:position]
            if ended and not piece.strip():
                break
            lead = len(piece) - len(piece.lstrip()) if piece.strip() else 0
            cells.append(GridCell(piece.strip(), scalar.at(offset + left + lead)))
            left = position + 1
    return GridRow(tuple(cells), scalar.at(offset + start))


def parse_csv(content: str, file: str, report: Report) -> Grid | None:
    """A sidecar CSV; the delimiter (`,` or `;`) is the one its first line uses more."""
    first = content.split("\n", 1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    rows: list[GridRow] = []
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for record in reader:
            if any(field.strip() for field in record):
                rows.append(
                    GridRow(
                        tuple(GridCell(field.strip(), Place(file, line, n + 1)) for n, field in enumerate(record)),
                        Place(file, line),
                    )
                )
            line = reader.line_num + 1
    except csv.Error as error:
        report.add("R002", Place(file, line), what_id=f"CSV: {error}", what_en=f"CSV: {error}")
        return None
    return _grid(rows, Place(file, 1), report)


def parse_cells(cells: Iterable[Sequence[str]], file: str, report: Report) -> Grid | None:
    """The cells of a sheet, row by row; rows without a value are skipped, empty columns at the end too."""
    rows: list[GridRow] = []
    width = 0
    for number, record in enumerate(cells, 1):
        if any(record):
            if not rows:
                width = max(n for n, text in enumerate(record, 1) if text)
            padded = [*record, *[""] * width][: max(width, max(n for n, text in enumerate(record, 1) if text))]
            rows.append(
                GridRow(tuple(GridCell(text, Place(file, number, n)) for n, text in enumerate(padded, 1)), Place(file, number))
            )
    return _grid(rows, Place(file, 1), report)


def _beyond(rows: int, widest: int, place: Place, report: Report) -> bool:
    """Whether the table is larger than an engine should be given; told before its cells are read, which would take long."""
    if rows > MOST_ROWS:
        what_id, what_en = f"{rows} baris, paling banyak {MOST_ROWS}", f"{rows} rows, at most {MOST_ROWS}"
    elif widest > MOST_CELLS:
        what_id, what_en = f"{widest} sel sebaris, paling banyak {MOST_CELLS}", f"{widest} cells in a row, at most {MOST_CELLS}"
    else:
        return False
    report.add("R084", place, what_id=what_id, what_en=what_en)
    return True


def _grid(rows: list[GridRow], place: Place, report: Report) -> Grid | None:
    if not rows:
        report.add("R038", place, what_id="tidak ada kepala tabel", what_en="there is no heading")
        return None
    heading, body = rows[0], rows[1:]
    if _beyond(len(body), max(len(row.cells) for row in rows), heading.place, report):
        return None
    if not body:
        report.add("R038", heading.place, what_id="tidak ada baris", what_en="there are no rows")
        return None
    whole: list[GridRow] = []
    for row in body:
        if len(row.cells) == len(heading.cells) - 1 and heading.cells[-1].text in NOTES:
            row = GridRow((*row.cells, GridCell("", row.place)), row.place)
        if len(row.cells) != len(heading.cells):
            report.add("R036", row.place, given=len(row.cells), expected=len(heading.cells))
        else:
            whole.append(row)
    return Grid(heading, tuple(whole))
