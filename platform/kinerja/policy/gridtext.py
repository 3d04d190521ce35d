"""The pipe grid inside the text of a rule file, taken out to be edited cell by cell, and put back; every other line stays."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..core.errors import InputError, Place
from .assemble.grid import parse_grid
from .diagnostics import Report
from .source import Scalar

_TABLE = re.compile(r"table:\s*\|[-+]?\s*(#.*)?\Z")
INDENT = "  "


@dataclass(frozen=True, slots=True)
class TextGrid:
    """heading, rows: cells as written. lines, columns: where each row and each of its cells begins, the heading's first."""

    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    columns: tuple[tuple[int, ...], ...]

    def cell_at(self, line: int, column: int) -> tuple[int, int] | None:
        """(row, cell) that holds a place of the file, row -1 for the heading; None outside the grid, or at a row as a whole."""
        if line not in self.lines:
            return None
        row = self.lines.index(line)
        begun = [number for number, start in enumerate(self.columns[row]) if start <= column]
        return (row - 1, begun[-1]) if begun else None


def read_grid(text: str) -> TextGrid | None:
    """The grid of a rule file's `table: |`, None when it has none or one too crooked to lay out."""
    found = _block(text.split("\n"))
    if found is None:
        return None
    first, last = found
    lines = text.split("\n")[first:last]
    report = Report()
    grid = parse_grid(Scalar("\n".join(lines), Place("", first + 1, 1), "literal"), report)
    if grid is None or report.has_errors:
        return None
    written = (grid.heading, *grid.rows)
    places = tuple(row.place.line for row in written)
    columns = tuple(tuple(cell.place.column for cell in row.cells) for row in written)
    return TextGrid(_texts(grid.heading.cells), tuple(_texts(row.cells) for row in grid.rows), places, columns)


def write_grid(text: str, rows: Sequence[Sequence[str]]) -> str:
    """The same file with other rows below its heading, columns aligned. Rows whose cells are all empty are left out.

    Raises InputError(`tabel_tidak_ada`) without a grid, InputError(`sel_tidak_sah`) for a cell that would end its column.
    """
    grid = read_grid(text)
    lines = text.split("\n")
    block = _block(lines)
    if grid is None or block is None:
        raise InputError("tabel_tidak_ada", "berkas ini tidak memuat tabel", "this file has no table")
    kept = [[cell_text(cell) for cell in row] for row in rows if any(cell.strip() for cell in row)]
    if any(len(row) != len(grid.heading) for row in kept):
        raise InputError("tabel_tidak_sah", "jumlah sel tidak sama dengan jumlah kolom", "cells and columns differ in number")
    table = [list(grid.heading), *kept]
    widths = [max(len(row[column]) for row in table) for column in range(len(grid.heading))]
    laid = [INDENT + "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in table]
    first, last = block
    remarks = [line for line in lines[first:last] if line.strip().startswith("#")]
    blank = [line for line in lines[first:last] if not line.strip()]
    return "\n".join([*lines[:first], *remarks, *laid, *blank, *lines[last:]])


def _block(lines: Sequence[str]) -> tuple[int, int] | None:
    """First and last + 1 line (from 0) of the block scalar of `table:`."""
    start = next((number for number, line in enumerate(lines) if _TABLE.match(line)), None)
    if start is None:
        return None
    end = start + 1
    while end < len(lines) and (not lines[end].strip() or lines[end][0] in " \t"):
        end += 1
    return start + 1, end


def _texts(cells: Sequence[object]) -> tuple[str, ...]:
    return tuple(str(getattr(cell, "text", "")) for cell in cells)


def cell_text(written: str) -> str:
    """A cell as one line of text; a pipe is allowed inside quotes only. Raises InputError(`sel_tidak_sah`)."""
    text = " ".join(written.split())
    outside = "".join(text.split('"')[::2])
    if "|" in outside or text.count('"') % 2:
        raise InputError(
            "sel_tidak_sah",
            f"sel “{text}” memuat tanda | atau tanda kutip yang tidak ditutup",
            f'cell "{text}" holds a | or an open quote',
            remedy_id="tulis tanda | di dalam tanda kutip",
            remedy_en="write | inside quotes",
        )
    return text
