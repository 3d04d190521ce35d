"""What the machine says of rules, as the workshop's pages show it: remarks on files, rows and cells, gaps between rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kinerja.core.errors import KinerjaError
from kinerja.policy import Diagnostic, Policy, Severity
from kinerja.policy.gridtext import TextGrid
from kinerja.policy.model import Base, Decision, Table, ValueType
from kinerja.services.rulebook.drafts import CellFault
from kinerja.services.rulebook.reviewing import GAP, Review

from ..texts import pick, sentence

TONES = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.NOTICE: "plain"}
COMMA = "R011"


@dataclass(frozen=True, slots=True)
class Remark:
    """A diagnostic, a failed case or a counterexample as the page shows it."""

    code: str
    tone: str
    file: str
    line: int
    column: int
    text: str
    remedy: str


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell to edit. choices: what a drop-down offers, () for free text; closed: nothing else may stand there. bad: marked."""

    text: str
    choices: tuple[str, ...] = ()
    closed: bool = False
    bad: bool = False


@dataclass(frozen=True, slots=True)
class RowView:
    """A row to edit. remarks: what stands against it; gaps: what no row covers between the one above and this one."""

    cells: tuple[CellView, ...]
    remarks: tuple[Remark, ...] = ()
    gaps: tuple[Remark, ...] = ()

    @property
    def tone(self) -> str:
        """The worst that is said of it, "" for nothing."""
        said = {one.tone for one in self.remarks}
        return next((tone for tone in TONES.values() if tone in said), "")


@dataclass(frozen=True, slots=True)
class GridView:
    """heading; rows; of_table: what is said of the table as a whole; last: gaps below the last row."""

    heading: tuple[str, ...]
    rows: tuple[RowView, ...]
    of_table: tuple[Remark, ...]
    last: tuple[Remark, ...]
    shown: frozenset[Remark] = field(default_factory=frozenset)


def remark(found: Diagnostic) -> Remark:
    text = pick({"id": found.text_id, "en": found.text_en})
    remedy = pick({"id": found.remedy_id, "en": found.remedy_en})
    return Remark(found.code, TONES[found.severity], found.place.file, found.place.line, found.place.column, text, remedy)


def remarks(found: Iterable[Diagnostic]) -> tuple[Remark, ...]:
    """Each once, errors first."""
    order = list(TONES.values())
    return tuple(sorted(dict.fromkeys(remark(one) for one in found), key=lambda one: (order.index(one.tone), one.file, one.line)))


def of_fault(fault: CellFault) -> Remark:
    text, remedy = sentence(fault.error)
    return Remark("", "bad", "", 0, 0, text, remedy)


def of_error(error: KinerjaError) -> Remark:
    text, remedy = sentence(error)
    return Remark("", "bad", "", 0, 0, text, remedy)


# ── the grid ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
def lay_out(
    grid: TextGrid,
    review: Review,
    file: str,
    found: Sequence[Diagnostic],
    choices: Sequence[tuple[tuple[str, ...], bool]],
    cells: Sequence[Sequence[str]] | None = None,
    faults: Sequence[CellFault] = (),
) -> GridView:
    """The table of a file with what is said of it, each where it belongs.

    cells: the rows as they were typed, when they differ from the file's (blank ones are no rows of the file). faults: cells that
    could not even be written.
    """
    typed = [list(row) for row in (grid.rows if cells is None else cells)]
    kept = [index for index, row in enumerate(typed) if any(text.strip() for text in row)]
    on_row: dict[int, list[Remark]] = {}
    bad: set[tuple[int, int]] = set()
    gaps: dict[int, list[Remark]] = {}
    table: list[Remark] = []
    shown: set[Remark] = set()
    for fault in faults:
        bad.add((fault.row, fault.column))
        on_row.setdefault(fault.row, []).append(of_fault(fault))
    if not faults:
        _place(grid, review, file, found, kept, len(typed), on_row, bad, gaps, table, shown)
    rows = tuple(
        RowView(
            tuple(CellView(text, *_offered(choices, column), (row, column) in bad) for column, text in enumerate(texts)),
            _each_once(on_row.get(row, ())),
            _each_once(gaps.get(row, ())),
        )
        for row, texts in enumerate(typed)
    )
    return GridView(grid.heading, rows, _each_once(table), _each_once(gaps.get(len(typed), ())), frozenset(shown))


def _place(
    grid: TextGrid,
    review: Review,
    file: str,
    found: Sequence[Diagnostic],
    kept: Sequence[int],
    rows: int,
    on_row: dict[int, list[Remark]],
    bad: set[tuple[int, int]],
    gaps: dict[int, list[Remark]],
    table: list[Remark],
    shown: set[Remark],
) -> None:
    for gap in review.gaps:
        if gap.file == file and gap.above <= len(kept):
            row = kept[gap.above] if gap.above < len(kept) else rows
            gaps.setdefault(row, []).append(remark(gap.finding))
            shown.add(remark(gap.finding))
    for one in found:
        said = remark(one)
        if one.place.file != file or (one.code == GAP and said in shown):
            continue
        named = [row for row in _rows_of(one, review.policy, grid) if row < len(kept)]
        if named:
            for row in named:
                on_row.setdefault(kept[row], []).append(said)
        elif (at := grid.cell_at(one.place.line, one.place.column)) is not None and at[0] < len(kept):
            row, column = at
            if row < 0:
                table.append(said)
            else:
                on_row.setdefault(kept[row], []).append(said)
                if one.severity is Severity.ERROR:
                    bad.add((kept[row], column))
        elif one.place.line in grid.lines[1:] and (row := grid.lines.index(one.place.line) - 1) < len(kept):
            on_row.setdefault(kept[row], []).append(said)
        else:
            continue
        shown.add(said)


def _rows_of(found: Diagnostic, policy: Policy | None, grid: TextGrid) -> tuple[int, ...]:
    """The rows that a finding speaks of, from 0."""
    if policy is None:
        return ()
    lines = []
    for id in found.rows:
        versions = policy.decisions.get(id.partition("#")[0], ())
        lines += [row.place.line for version in versions if isinstance(version.logic, Table)
                  for row in version.logic.rows if row.id == id and row.place.file == found.place.file]  # fmt: skip
    return tuple(grid.lines.index(line) - 1 for line in lines if line in grid.lines[1:])


def _each_once(found: Iterable[Remark]) -> tuple[Remark, ...]:
    return tuple(dict.fromkeys(found))


def _offered(choices: Sequence[tuple[tuple[str, ...], bool]], column: int) -> tuple[tuple[str, ...], bool]:
    return choices[column] if column < len(choices) else ((), False)


def column_choices(decision: Decision | None, heading: Sequence[str]) -> tuple[tuple[tuple[str, ...], bool], ...]:
    """For each column of a table: what its cells are usually filled with, and whether only that may stand there."""
    if decision is None or not isinstance(decision.logic, Table):
        return ()
    inputs = dict(zip((c.text for c in decision.logic.columns), decision.logic.column_types, strict=True))
    outputs = {output.name: output.type for output in decision.outputs}
    found: list[tuple[tuple[str, ...], bool]] = []
    for name in heading:
        if name in inputs:
            values = _values(inputs[name])
            found.append((("-", *values), False) if values else ((), False))
        else:
            values = _values(outputs[name]) if name in outputs else ()
            found.append((values, bool(values)))
    return tuple(found)


def _values(type_: ValueType) -> tuple[str, ...]:
    return ("true", "false") if type_.base is Base.BOOLEAN else type_.values
