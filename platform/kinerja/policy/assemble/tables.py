"""A grid → a decision table: columns sorted into conditions, outputs and the note; rows with their cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...core.errors import Place
from ...feel import FeelError, parse_expression
from ...feel.syntax import Name, Node
from ..diagnostics import Report
from ..model import Base, HitPolicy, OutputCell, Row, Table, ValueType
from .cells import read_cell, read_output
from .grid import NOTES, Grid, GridCell
from .registry import Header
from .scope import uses

TypeOf = Callable[[Node], ValueType | None]
MOST_COLUMNS = 15


def read_table(
    grid: Grid, header: Header, inputs: Mapping[str, ValueType | None], names: tuple[str, ...], type_of: TypeOf, report: Report
) -> Table | None:
    """names: everything a cell may refer to. type_of: the type of a heading that is an expression."""
    outputs = {output.name: output for output in header.outputs}
    _hit_policy(header, report)
    conditions: list[tuple[int, OutputCell, ValueType]] = []
    results: dict[str, int] = {}
    note = -1
    for index, cell in enumerate(grid.heading.cells):
        if cell.text in outputs and (cell.text not in inputs or cell.text not in [c.text for c in grid.heading.cells[:index]]):
            results[cell.text] = index
        elif cell.text in NOTES and index == len(grid.heading.cells) - 1:
            note = index
        elif (column := _column(cell, inputs, names, type_of, [*outputs, *inputs], report)) is not None:
            conditions.append((index, *column))
    for name in outputs:
        if name not in results:
            report.add("R037", grid.heading.place, name=name, what_id="kolom", what_en="column")
    _limits(grid, len(conditions), report)
    rows: list[Row] = []
    for number, row in enumerate(grid.rows, 1):
        cells = [read_cell(row.cells[i], type_, column.text, names, report) for i, column, type_ in conditions]
        written = [
            read_output(row.cells[results[o.name]], o.type, o.name, names, report) for o in header.outputs if o.name in results
        ]
        remark = row.cells[note].text if note >= 0 else ""
        whole, given = [c for c in cells if c is not None], [w for w in written if w is not None]
        if len(whole) == len(cells) and len(given) == len(header.outputs):
            rows.append(Row(f"{header.name}#{number}", tuple(whole), tuple(given), remark, row.place))
    return Table(header.hit, tuple(c for _, c, _ in conditions), tuple(t for _, _, t in conditions), tuple(rows))


def _column(
    cell: GridCell,
    inputs: Mapping[str, ValueType | None],
    names: tuple[str, ...],
    type_of: TypeOf,
    known: list[str],
    report: Report,
) -> tuple[OutputCell, ValueType] | None:
    try:
        expression = parse_expression(cell.text, names)
    except FeelError:
        report.add("R044", cell.place, near=(cell.text, known), name=cell.text)
        return None
    if isinstance(expression, Name):
        if expression.name not in names:
            report.add("R044", cell.place, near=(cell.text, known), name=cell.text)
            return None
        type_ = inputs.get(expression.name)
        if expression.name in inputs and type_ is None:
            return None
        if type_ is not None:
            return OutputCell(cell.text, expression, cell.place), type_
    found = type_of(expression)
    if found is None and any(inputs.get(use.name, found) is None and use.name in inputs for use in uses(expression)):
        return None  # over an input that could not be bound, which has been reported
    if found is None:
        report.add("R044", cell.place, name=cell.text)
        return None
    return OutputCell(cell.text, expression, cell.place), found


def _hit_policy(header: Header, report: Report) -> None:
    place = header.root.place_of("hit")
    if header.hit in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER) and not all(output.type.values for output in header.outputs):
        report.add(
            "R040",
            place,
            hit=header.hit.value,
            why_id="memerlukan “values” pada keluaran (yang terbaik dahulu)",
            why_en="needs `values` on its outputs (best first)",
            remedy_id="tambahkan “values: […]”",
            remedy_en="add `values: […]`",
        )
    numeric = (HitPolicy.COLLECT_SUM, HitPolicy.COLLECT_MIN, HitPolicy.COLLECT_MAX)
    if header.hit in numeric and (len(header.outputs) != 1 or header.outputs[0].type.base is not Base.NUMBER):
        _one_number(header.hit, place, report)
    if header.hit is HitPolicy.COLLECT_COUNT and len(header.outputs) != 1:
        _one_number(header.hit, place, report)


def _one_number(hit: HitPolicy, place: Place, report: Report) -> None:
    report.add(
        "R040",
        place,
        hit=hit.value,
        why_id="memerlukan tepat satu keluaran angka",
        why_en="needs exactly one number as output",
        remedy_id="sisakan satu keluaran angka",
        remedy_en="keep one numeric output",
    )


def _limits(grid: Grid, conditions: int, report: Report) -> None:
    if conditions > MOST_COLUMNS:
        report.add(
            "R084",
            grid.heading.place,
            what_id=f"{conditions} kolom syarat, paling banyak {MOST_COLUMNS}",
            what_en=f"{conditions} condition columns, at most {MOST_COLUMNS}",
        )
