"""Rule files → one workbook, a sheet a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ...core.errors import InputError
from ...core.numbers import decimal_text
from ...core.periods import parse_date
from ..diagnostics import Report, findings_error
from ..document import Document
from ..document import to_document as tree_document
from ..folder import Folder, read_folder
from ..kinds import ASPECTS, BASES, POLARITIES, PRORATIONS, SOURCES, STATISTICS, STATUSES
from ..model import HitPolicy
from ..source import MapNode, Scalar
from .layout import BASIS, CASES, FACTS, INDICATORS, INPUTS, OUTPUTS, TABLE, Section, to_sections

INDEX = "Daftar"
HEAD = PatternFill("solid", fgColor="DCE6F1")
BOLD = Font(bold=True)
DATES = ("from", "to", "review_by", "effective.from", "effective.to", "effective.review_by", "tanggal")
DIGITS = 15  # what a spreadsheet keeps of a number; longer ones are written as text
CHOICES: dict[str, dict[str, Sequence[str]]] = {
    BASIS: {"status": STATUSES},
    INDICATORS: {
        "polarity": POLARITIES,
        "source": SOURCES,
        "statistic": STATISTICS,
        "prorate": PRORATIONS,
        "aspect": ASPECTS,
    },
    INPUTS: {"type": BASES},
    OUTPUTS: {"type": BASES},
    FACTS: {"type": BASES},
}


def export_workbook(root: Path, target: Path) -> int:
    """Write all rule files of a folder to an .xlsx; the number of sheets. Raises FindingsError when a file cannot be read."""
    report = Report()
    folder = read_folder(root, report)
    book = Workbook()
    index = book.active
    assert isinstance(index, Worksheet)
    index.title = INDEX
    _row(index, 1, ["lembar", "berkas", "judul"], bold=True)
    names: set[str] = {INDEX}
    for number, (file, tree) in enumerate(trees_of(folder), 2):
        document = tree_document(tree)
        grid = grid_of(folder, tree, report)
        sheet = book.create_sheet(_sheet_name(file, names))
        _sheet(sheet, document, to_sections(document, grid))
        title = document.get("title")
        _row(index, number, [sheet.title, file, title.get("id") if isinstance(title, dict) else title])
        index.cell(number, 1).hyperlink = f"#'{sheet.title}'!A1"
    if report.has_errors:
        raise findings_error(report.sorted())
    for column, width in enumerate((34, 44, 80), 1):
        index.column_dimensions[get_column_letter(column)].width = width
    book.save(target)
    return len(book.sheetnames) - 1


def trees_of(folder: Folder) -> Iterator[tuple[str, MapNode]]:
    trees = [folder.vocabulary] if folder.vocabulary is not None else []
    for tree in [*trees, *(tree for kind in folder.trees.values() for tree in kind)]:
        yield tree.place.file, tree


def grid_of(folder: Folder, tree: MapNode, report: Report) -> list[list[str]] | None:
    table = tree.get("table")
    if not isinstance(table, Scalar):
        return None
    grid = folder.grid(table, report)
    return [[cell.text for cell in row.cells] for row in (grid.heading, *grid.rows)] if grid is not None else None


def _sheet_name(file: str, taken: set[str]) -> str:
    stem = Path(file).stem[:28]
    name, number = stem, 2
    while name.lower() in {other.lower() for other in taken}:
        name, number = f"{stem[:26]}~{number}", number + 1
    taken.add(name)
    return name


def _sheet(sheet: Worksheet, document: Document, sections: list[Section]) -> None:
    at = 1
    for section in sections:
        title = sheet.cell(at, 1, section.name)
        title.font = Font(bold=True, size=12)
        _row(sheet, at + 1, section.columns, bold=True)
        for offset, row in enumerate(section.rows, at + 2):
            for column, value in enumerate(row, 1):
                name = str(row[0]) if section.columns == ["hal", "isi"] else section.columns[column - 1]
                _write(sheet, offset, column, _typed(section.name, name, value))
        _drop_downs(sheet, document, section, at + 2)
        at += len(section.rows) + 3
    for column in range(1, sheet.max_column + 1):
        letter = get_column_letter(column)
        longest = max((len(str(cell.value)) for cell in sheet[letter] if cell.value is not None), default=8)
        sheet.column_dimensions[letter].width = min(max(longest + 2, 10), 60)
    sheet.freeze_panes = "B1"


def _typed(section: str, column: str, value: Any) -> Any:
    """Texts that say a number or a date become one, so that an officer can compute with them and sees his own decimal sign."""
    if not isinstance(value, str):
        return value
    if column in DATES:
        try:
            return parse_date(value)
        except InputError:
            return value
    numeric = (section == TABLE) or column in ("target", "target_high", "weight", "value", "scale")
    plain = value.replace(",", ".", 1)
    if numeric and plain.lstrip("+-").replace(".", "", 1).isdigit() and not plain.startswith("+"):
        return Fraction(plain)
    return value


def _row(sheet: Worksheet, at: int, values: Sequence[Any], *, bold: bool = False) -> None:
    for column, value in enumerate(values, 1):
        _write(sheet, at, column, value)
        if bold:
            sheet.cell(at, column).font = BOLD
            sheet.cell(at, column).fill = HEAD


def _write(sheet: Worksheet, row: int, column: int, value: Any) -> None:
    """Texts are texts even when they begin with =, +, - or @: nothing written here is ever computed by the spreadsheet."""
    cell: Any = sheet.cell(row, column)
    if value is None:
        return
    if isinstance(value, bool):
        cell.value = value
    elif isinstance(value, Fraction):
        text = decimal_text(value)
        digits = text.lstrip("-").replace(".", "").lstrip("0")
        if len(digits) > DIGITS:
            _text(cell, text)
        else:
            cell.value = Decimal(text)  # the digits as they are; no binary number in between
            places = len(text.partition(".")[2])
            cell.number_format = "#,##0" + ("." + "0" * places if places else "")
    elif isinstance(value, date):
        cell.value = value
        cell.number_format = "yyyy-mm-dd"
    else:
        _text(cell, str(value))


def _text(cell: Any, text: str) -> None:
    cell.value = text
    cell.data_type = "s"
    cell.quotePrefix = text[:1] in ("=", "+", "-", "@")
    cell.alignment = Alignment(wrap_text=len(text) > 60, vertical="top")


def _drop_downs(sheet: Worksheet, document: Document, section: Section, first: int) -> None:
    """Lists to choose from; a condition cell may hold more than one word, so other input is allowed there."""
    last = first + max(len(section.rows), 1) + 50
    for column, choices in CHOICES.get(section.name, {}).items():
        _choose(sheet, section.columns.index(column) + 1, first, last if section.name != CASES else first, choices, strict=True)
    if section.name == TABLE:
        outputs = document.get("outputs") or {}
        for position, name in enumerate(section.columns, 1):
            values = (outputs.get(name) or {}).get("values") if isinstance(outputs, dict) else None
            if values:
                _choose(sheet, position, first, first + len(section.rows) - 1, values, strict=False)
    if section.columns == ["hal", "isi"]:
        for offset, row in enumerate(section.rows):
            if row[0] == "hit":
                _choose(sheet, 2, first + offset, first + offset, [policy.value for policy in HitPolicy], strict=True)


def _choose(sheet: Worksheet, column: int, first: int, last: int, choices: Sequence[str], *, strict: bool) -> None:
    listed = ",".join(choices)
    if len(listed) > 250 or any("," in choice or '"' in choice for choice in choices):
        return
    validation = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=strict)
    letter = get_column_letter(column)
    validation.add(f"{letter}{first}:{letter}{last}")
    sheet.add_data_validation(validation)
