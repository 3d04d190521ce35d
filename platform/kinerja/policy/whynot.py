"""Why a row of a decision table is not hit: the columns whose cells a case does not pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..core.errors import InputError
from ..feel import STRICT, compile_expression, compile_tests
from .diagnostics import nearest
from .model import Decision, Policy, Row, Table
from .proof.concrete import world_on
from .proof.domain import shown


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the row: what the cell asks, what the case has, whether it passes."""

    name: str
    cell: str
    value: Any
    passes: bool


@dataclass(frozen=True, slots=True)
class WhyNot:
    row: Row
    columns: tuple[Column, ...]
    hit: tuple[str, ...]
    """Rows that the case does hit."""

    def line(self, language: str = "id") -> str:
        failing = [column for column in self.columns if not column.passes]
        if language == "id":
            why = "; ".join(f"{c.name} = {shown(c.value)}, sel meminta {c.cell}" for c in failing)
            instead = f"; yang kena: {', '.join(self.hit)}" if self.hit else "; tidak ada baris yang kena"
            return f"{self.row.place}: {self.row.id} " + (f"tidak kena: {why}{instead}" if failing else "kena")
        why = "; ".join(f"{c.name} = {shown(c.value)}, the cell asks {c.cell}" for c in failing)
        instead = f"; hit instead: {', '.join(self.hit)}" if self.hit else "; no row is hit"
        return f"{self.row.place}: {self.row.id} " + (f"is not hit: {why}{instead}" if failing else "is hit")

    def as_json(self) -> dict[str, Any]:
        return {
            "row": self.row.id,
            "place": str(self.row.place),
            "columns": [{"column": c.name, "cell": c.cell, "value": c.value, "passes": c.passes} for c in self.columns],
            "hit": list(self.hit),
            "text": {"id": self.line("id"), "en": self.line("en")},
        }


def find_row(policy: Policy, row_id: str, day: date | None = None) -> tuple[Decision, Row]:
    """The row "decision#number" in the version of that day; raises InputError(`baris_tidak_dikenal`)."""
    name = row_id.partition("#")[0]
    rows = [
        (version, row)
        for version in ([policy.decision(name, day)[0]] if name in policy.decisions else [])
        if isinstance(version.logic, Table)
        for row in version.logic.rows
    ]
    for version, row in rows:
        if row.id == row_id:
            return version, row
    known = [row.id for _, row in rows] or list(policy.decisions)
    near = nearest(row_id, known)
    raise InputError(
        "baris_tidak_dikenal",
        f"tidak ada baris “{row_id}”" + (f" (maksud Anda “{near}”?)" if near else ""),
        f'there is no row "{row_id}"' + (f' (did you mean "{near}"?)' if near else ""),
        remedy_id="tulis keputusan#nomor, misalnya predikat_kinerja#1",
        remedy_en="write decision#number, for example predikat_kinerja#1",
    )


def why_not(policy: Policy, row_id: str, inputs: Mapping[str, Any], day: date | None = None) -> WhyNot:
    """inputs: the decision's inputs by local name, typed. Raises FeelError when a column cannot be computed for them."""
    decision, row = find_row(policy, row_id, day)
    table = decision.logic
    assert isinstance(table, Table)
    world = {
        name: value for name, value in world_on(policy, day or decision.effective.first).items() if not isinstance(value, Mapping)
    }
    scope = {**world, **inputs}
    tested = [compile_expression(column.expression, STRICT)(scope) for column in table.columns]

    def passes(one: Row) -> list[bool]:
        return [compile_tests(cell.tests, STRICT)(value, scope) for cell, value in zip(one.cells, tested, strict=True)]

    columns = tuple(
        Column(column.text, cell.text, value, passed)
        for column, cell, value, passed in zip(table.columns, row.cells, tested, passes(row), strict=True)
    )
    return WhyNot(row, columns, tuple(other.id for other in table.rows if all(passes(other))))
