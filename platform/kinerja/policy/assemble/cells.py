"""Cells: FEEL unary tests and output expressions, with the officer's liberties (enum words without quotes) and usual slips."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from ...core.errors import Place
from ...core.numbers import display_text, terminates_within
from ...feel import FeelError, parse_expression, parse_tests
from ...feel.syntax import (
    BooleanLiteral,
    Compare,
    Negation,
    Node,
    NullLiteral,
    NumberLiteral,
    Range,
    StringLiteral,
    Test,
    UnaryTests,
)
from ..diagnostics import Report
from ..model import Base, Cell, OutputCell, ValueType
from .grid import GridCell
from .parameters import in_range
from .slips import meant

_DECIMAL_COMMA = re.compile(r"(?<![\w,])(?<!(?<!\.)\.)([+-]?\d+),(\d+)(?![\w,]|\.\d)", re.ASCII)  # also after the dots of a range
_WORD = re.compile(r"[^\W\d][\w ./-]*\Z")


def read_cell(cell: GridCell, type_: ValueType, column: str, names: Iterable[str], report: Report) -> Cell | None:
    """A condition cell. Empty is an error: `-` says "any"."""
    names = tuple(names)
    if not cell.text:
        report.add("R031", cell.place, cell="", what_id="kosong; “-” berarti apa saja", what_en="empty; `-` means anything")
        return None
    if type_.base is Base.NUMBER and (_comma(cell, report) or ("..." in cell.text and _slip(cell.text, cell, names, report))):
        return None
    tests = _text_tests(cell, type_, column, names, report) if type_.base is Base.TEXT else _tests(cell.text, cell, names, report)
    if tests is None:
        return None
    for alternative in tests.alternatives:
        check_literals(alternative.expression, type_, column, cell, report)
    if any(_reversed(alternative.expression) for alternative in tests.alternatives):
        return None  # typing it as well would say the same in other words
    return Cell(cell.text, tests, cell.place)


def read_output(cell: GridCell, type_: ValueType, column: str, names: Iterable[str], report: Report) -> OutputCell | None:
    """An output cell: one FEEL expression; an enum word needs no quotes."""
    names = tuple(names)
    if cell.text in ("", "-"):
        report.add("R031", cell.place, cell=cell.text, what_id="keluaran harus berisi nilai", what_en="an output needs a value")
        return None
    if type_.base is Base.NUMBER and _comma(cell, report):
        return None
    if type_.base is Base.TEXT and cell.text in type_.values:
        return OutputCell(cell.text, StringLiteral(cell.text), cell.place)
    if type_.base is Base.TEXT and _is_stray(cell.text, names):
        _stray(cell.text, type_, column, cell.place, report)
        return None
    try:
        expression = parse_expression(cell.text, names)
    except FeelError as error:
        _unreadable(cell.text, cell, names, error, report)
        return None
    check_literals(expression, type_, column, cell, report)
    return OutputCell(cell.text, expression, cell.place)


def split_alternatives(written: str) -> list[tuple[str, int]]:
    """Pieces between commas that stand outside quotes and brackets, with their offsets."""
    pieces: list[tuple[str, int]] = []
    depth, quoted, start = 0, False, 0
    for position, character in enumerate(written):
        if character == '"' and (position == 0 or written[position - 1] != "\\"):
            quoted = not quoted
        elif not quoted and character in "([{":
            depth += 1
        elif not quoted and character in ")]}":
            depth -= 1
        elif not quoted and depth == 0 and character == ",":
            pieces.append((written[start:position], start))
            start = position + 1
    pieces.append((written[start:], start))
    return [(piece.strip(), offset + len(piece) - len(piece.lstrip())) for piece, offset in pieces]


def _text_tests(cell: GridCell, type_: ValueType, column: str, names: tuple[str, ...], report: Report) -> UnaryTests | None:
    written, offset = cell.text, 0
    if written == "-":
        return UnaryTests()
    negated = re.match(r"not\s*\((.*)\)\Z", written, re.S)
    if negated and len(split_alternatives(written)) == 1:
        written, offset = negated[1], negated.start(1)
    alternatives: list[Test] = []
    for piece, start in split_alternatives(written):
        place = Place(cell.place.file, cell.place.line, cell.place.column + offset + start)
        part = GridCell(piece, place)
        if piece in type_.values:
            alternatives.append(Test(StringLiteral(piece)))
        elif _is_stray(piece, names):
            _stray(piece, type_, column, place, report)
            return None
        elif (parsed := _tests(piece, part, names, report)) is None:
            return None
        else:
            alternatives.extend(parsed.alternatives)
    return UnaryTests(tuple(alternatives), negated=negated is not None and bool(alternatives))


def _is_stray(piece: str, names: tuple[str, ...]) -> bool:
    """Words that are neither FEEL nor a name in scope: an enum value misspelt, or text without quotes."""
    return (
        bool(_WORD.match(piece))
        and piece not in names
        and piece not in ("null", "true", "false")
        and not re.search(r" [-/] ", piece)
    )


def _stray(piece: str, type_: ValueType, column: str, place: Place, report: Report) -> None:
    if type_.values:
        report.add("R035", place, near=(piece, type_.values), value=piece, name=column, known=", ".join(type_.values))
    else:
        report.add("R045", place, word=piece, name=column)


def _tests(written: str, cell: GridCell, names: tuple[str, ...], report: Report) -> UnaryTests | None:
    try:
        return parse_tests(written, names)
    except FeelError as error:
        _unreadable(written, cell, names, error, report)
        return None


def _unreadable(written: str, cell: GridCell, names: tuple[str, ...], error: FeelError, report: Report) -> None:
    if not _slip(written, cell, names, report):
        report.add("R031", _at(cell, error), cell=written, what_id=error.text_id, what_en=error.text_en)


def _slip(written: str, cell: GridCell, names: tuple[str, ...], report: Report) -> bool:
    """Whether the cell is one that people write elsewhere; then what it would be here is told."""
    better = meant(written)
    if better is None:
        return False
    try:
        parse_tests(better, names)
    except FeelError:
        return False
    report.add("R019", cell.place, cell=written, better=better)
    return True


def _at(cell: GridCell, error: FeelError) -> Place:
    start = error.span.start if error.span is not None else 0
    return Place(cell.place.file, cell.place.line, cell.place.column + min(start, len(cell.text)))


def _comma(cell: GridCell, report: Report) -> bool:
    if found := _DECIMAL_COMMA.search(cell.text):
        first, second = found.groups()
        place = Place(cell.place.file, cell.place.line, cell.place.column + found.start())
        report.add("R011", place, first=first, second=second, point=f"{first}.{second}")
    return bool(found)


# ── literals against the type ─────────────────────────────────────────────────────────────────────────────────────────
def literal_number(node: Node | None) -> Fraction | None:
    if isinstance(node, NumberLiteral):
        return node.value
    if isinstance(node, Negation) and isinstance(node.operand, NumberLiteral):
        return -node.operand.value
    return None


def _reversed(node: Node) -> bool:
    """A range of two numbers that holds nothing."""
    if not isinstance(node, Range):
        return False
    low, high = literal_number(node.low), literal_number(node.high)
    if low is None or high is None:
        return False
    return low > high or (low == high and not (node.low_closed and node.high_closed))


def check_literals(node: Node, type_: ValueType, column: str, cell: GridCell, report: Report) -> None:
    """Literals of a cell (alternatives, range ends, compared values) must be values the column can take."""
    if isinstance(node, Compare):
        check_literals(node.operand, type_, column, cell, report)
    elif isinstance(node, Range):
        if _reversed(node):
            report.add("R039", cell.place, cell=cell.text)
        for end in (node.low, node.high):
            if end is not None:
                check_literals(end, type_, column, cell, report)
    elif (value := literal_number(node)) is not None:
        if type_.base is not Base.NUMBER:
            _wrong_type(type_, column, "angka", "a number", cell, report)
        elif not in_range(value, type_):
            report.add("R034", cell.place, value=display_text(value), low=_shown(type_.low), high=_shown(type_.high), name=column)
        elif not terminates_within(value, type_.scale):
            report.add("R041", cell.place, value=display_text(value), scale=type_.scale, name=column)
    elif isinstance(node, StringLiteral):
        if type_.base is not Base.TEXT:
            _wrong_type(type_, column, "teks", "text", cell, report)
        elif type_.values and node.value not in type_.values:
            _stray(node.value, type_, column, cell.place, report)
    elif isinstance(node, BooleanLiteral) and type_.base is not Base.BOOLEAN:
        _wrong_type(type_, column, "true/false", "true/false", cell, report)
    elif isinstance(node, NullLiteral) and not (type_.nullable or type_.nullable_elements):
        _wrong_type(type_, column, "null", "null", cell, report)


def _wrong_type(type_: ValueType, column: str, found_id: str, found_en: str, cell: GridCell, report: Report) -> None:
    words = {
        "number": ("angka", "a number"),
        "text": ("teks", "text"),
        "boolean": ("true/false", "true/false"),
        "date": ("tanggal", "a date"),
    }
    expected_id, expected_en = words[type_.base.value]
    report.add(
        "R032",
        cell.place,
        what_id=f"“{column}” adalah {expected_id}, sel berisi {found_id}",
        what_en=f'"{column}" is {expected_en}, the cell holds {found_en}',
    )


def _shown(value: Fraction | None) -> str:
    return "…" if value is None else display_text(value)
