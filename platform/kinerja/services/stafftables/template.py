"""Templates of the staff tables: a workbook to fill in, with the meaning of each column beside it, or the data as they stand."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ...core.exactjson import dumps
from ..context import Context, require
from .imports import kind_named
from .world import World

GUIDE = "Petunjuk"
ROWS = 5_000
_BOLD, _FILL = Font(bold=True), PatternFill("solid", fgColor="E3EDEE")
_HEADINGS = ("Kolom", "Wajib", "Artinya", "Meaning", "Contoh", "Pilihan")


def template(kind: str) -> bytes:
    """An empty workbook: first sheet to fill in, second sheet what each column means."""
    return _workbook(kind, [])


def filled(context: Context, kind: str) -> bytes:
    """The template with the rows as they stand, to change in a spreadsheet and import again."""
    require(context, "people.import")
    table = kind_named(kind)
    world = World.load()
    rows = [[_text(stored.values.get(field.name)) for field in table.fields] for stored in table.stored(world).values()]
    return _workbook(kind, sorted(rows))


def _workbook(kind: str, rows: list[list[str]]) -> bytes:
    table = kind_named(kind)
    book = Workbook()
    sheet: Worksheet = book.create_sheet(kind, 0)
    book.remove(book.worksheets[1])
    for number, column in enumerate(table.columns, 1):
        cell = sheet.cell(1, number, column.name)
        cell.font, cell.fill = _BOLD, _FILL
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = max(14, len(column.name) + 4, min(40, len(column.example) + 4))
        for row in range(2, len(rows) + 202):
            sheet.cell(row, number).number_format = "@"  # text: a NIP typed as a number loses its last digits
        if column.values:
            choice = DataValidation(type="list", formula1=f'"{",".join(column.values)}"', allow_blank=not column.required)
            choice.add(f"{letter}2:{letter}{ROWS}")
            sheet.add_data_validation(choice)
    for at, texts in enumerate(rows, 2):
        for number, text in enumerate(texts, 1):
            if text:  # as a string, whatever it begins with: nothing here is a formula
                sheet.cell(at, number, text).data_type = "s"
    sheet.freeze_panes = "A2"
    guide: Worksheet = book.create_sheet(GUIDE)
    guide.append(_HEADINGS)
    for column in table.columns:
        must = "ya" if column.required else ""
        guide.append((column.name, must, column.help_id, column.help_en, column.example, ", ".join(column.values)))
    for number, width in enumerate((16, 8, 52, 52, 30, 40), 1):
        guide.cell(1, number).font = _BOLD
        guide.column_dimensions[get_column_letter(number)].width = width
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _text(value: Any) -> str:
    """A plain value as one cell of text, as its reader takes it back."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "; ".join(f"{one['name']}:{one['level']}" for one in value)
    return value if isinstance(value, str) else dumps(value)
