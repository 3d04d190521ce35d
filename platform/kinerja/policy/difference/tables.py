"""The difference between two decision tables: which row became which, which band moved, an example of who is touched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ...core.errors import KinerjaError
from ...feel.syntax import Compare, NumberLiteral, Range, UnaryTests
from ..model import Cell, Decision, Policy, Row, Table, ValueType
from ..proof.concrete import evaluate, world_on
from ..proof.conditions import NotSimple
from ..proof.domain import shown
from ..proof.grid import lay_out
from .change import Change, Words, moved, words


@dataclass(frozen=True, slots=True)
class Band:
    """A cell that is one interval. None: unbounded."""

    low: Fraction | None
    low_closed: bool
    high: Fraction | None
    high_closed: bool


def band(tests: UnaryTests) -> Band | None:
    if tests.negated or len(tests.alternatives) != 1:
        return None
    node = tests.alternatives[0].expression
    if isinstance(node, Range):
        ends = [end.value if isinstance(end, NumberLiteral) else None for end in (node.low, node.high)]
        if (node.low is None or ends[0] is not None) and (node.high is None or ends[1] is not None):
            return Band(ends[0], node.low_closed, ends[1], node.high_closed)
    if isinstance(node, Compare) and isinstance(node.operand, NumberLiteral):
        value = node.operand.value
        if node.operator in (">", ">="):
            return Band(value, node.operator == ">=", None, False)
        if node.operator in ("<", "<="):
            return Band(None, False, value, node.operator == "<=")
    return None


def compare_tables(old: Decision, new: Decision) -> Iterator[Change]:
    """Changes between the rows of two tables of the same columns."""
    before, after = old.logic, new.logic
    assert isinstance(before, Table)
    assert isinstance(after, Table)
    gone = [row for row in before.rows if _key(row) not in {_key(other) for other in after.rows}]
    came = [row for row in after.rows if _key(row) not in {_key(other) for other in before.rows}]
    for one in list(gone):
        partner = next((other for other in came if _outputs(other) == _outputs(one)), None)
        if partner is not None and _near(one, partner, came, gone):
            gone.remove(one)
            came.remove(partner)
            yield from _conditions(new, after, one, partner)
    for one in list(gone):
        partner = next((other for other in came if _cells(other) == _cells(one)), None)
        if partner is not None:
            gone.remove(one)
            came.remove(partner)
            yield from _results(new, one, partner)
    for row in gone:
        text = _row_words(new, after, row)
        yield Change("removed", new.name, f"baris dihapus: {text.id}", f"row removed: {text.en}", row.place)
    for row in came:
        text = _row_words(new, after, row)
        yield Change("added", new.name, f"baris ditambah: {text.id}", f"row added: {text.en}", row.place)


def _near(one: Row, partner: Row, came: list[Row], gone: list[Row]) -> bool:
    """Rows of the same outputs are the same row, when they share a cell, or when there is no other candidate."""
    rivals = [other for other in came if _outputs(other) == _outputs(one)]
    mine = [other for other in gone if _outputs(other) == _outputs(one)]
    shared = any(a.tests == b.tests for a, b in zip(one.cells, partner.cells, strict=True))
    return shared or (len(rivals) == 1 and len(mine) == 1)


def _conditions(decision: Decision, table: Table, before: Row, after: Row) -> Iterator[Change]:
    result = _result_words(decision, after)
    for column, type_, old, new in zip(table.columns, table.column_types, before.cells, after.cells, strict=True):
        if old.tests != new.tests:
            of = Words(f"{column.text} untuk {result.id}", f"{column.text} for {result.en}")
            for text in _cell_change(of, type_, old, new):
                yield Change("changed", decision.name, text.id, text.en, new.place)


def _cell_change(of: Words, type_: ValueType, old: Cell, new: Cell) -> Iterator[Words]:
    first, second = band(old.tests), band(new.tests)
    if first is None or second is None:
        yield Words(f"{of.id} berubah dari {old.text} menjadi {new.text}", f"{of.en} changes from {old.text} to {new.text}")
        return
    for name_id, name_en, a, b, a_closed, b_closed in (
        ("batas bawah", "lower end of", first.low, second.low, first.low_closed, second.low_closed),
        ("batas atas", "upper end of", first.high, second.high, first.high_closed, second.high_closed),
    ):
        if a is not None and b is not None and a != b:
            text = moved(a, b, type_)
            yield Words(f"{name_id} {of.id} {text.id}", f"{name_en} {of.en} {text.en}")
        elif (a is None) != (b is None):
            old_end, new_end = _end(a, type_), _end(b, type_)
            yield Words(
                f"{name_id} {of.id} berubah dari {old_end.id} menjadi {new_end.id}",
                f"{name_en} {of.en} changes from {old_end.en} to {new_end.en}",
            )
        elif a is not None and a_closed != b_closed:
            value = words(a, type_)
            yield Words(
                f"{name_id} {of.id}, {value.id}, kini {'termasuk' if b_closed else 'tidak termasuk'}",
                f"{name_en} {of.en}, {value.en}, is now {'included' if b_closed else 'excluded'}",
            )


def _end(value: Fraction | None, type_: ValueType) -> Words:
    return Words("tanpa batas", "unbounded") if value is None else words(value, type_)


def _results(decision: Decision, before: Row, after: Row) -> Iterator[Change]:
    where = ", ".join(cell.text for cell in after.cells if not cell.tests.any) or "-"
    for output, old, new in zip(decision.outputs, before.outputs, after.outputs, strict=True):
        if old.expression != new.expression:
            text = moved(getattr(old.expression, "value", old.text), getattr(new.expression, "value", new.text), output.type)
            yield Change(
                "changed",
                decision.name,
                f"{output.name} {text.id} untuk {where}",
                f"{output.name} {text.en} for {where}",
                new.place,
            )
    if _cells(before) == _cells(after) and _outputs(before) == _outputs(after):
        yield Change("changed", decision.name, f"catatan baris {where} berubah", f"the note of row {where} changes", after.place)


def _row_words(decision: Decision, table: Table, row: Row) -> Words:
    conditions = ", ".join(f"{c.text} {cell.text}" for c, cell in zip(table.columns, row.cells, strict=True) if not cell.tests.any)
    result = _result_words(decision, row)
    return Words(f"{conditions or '-'} → {result.id}", f"{conditions or '-'} → {result.en}")


def _result_words(decision: Decision, row: Row) -> Words:
    found = [words(getattr(o.expression, "value", o.text), out.type) for o, out in zip(row.outputs, decision.outputs, strict=True)]
    return Words(", ".join(one.id for one in found), ", ".join(one.en for one in found))


def _cells(row: Row) -> tuple[UnaryTests, ...]:
    return tuple(cell.tests for cell in row.cells)


def _outputs(row: Row) -> tuple[Any, ...]:
    return tuple(cell.expression for cell in row.outputs)


def _key(row: Row) -> tuple[Any, ...]:
    return (_cells(row), _outputs(row), row.note)


UNANSWERED = {
    "tidak_ada_baris": Words("tidak kena baris mana pun", "hit by no row"),
    "lebih_dari_satu_baris": Words("kena lebih dari satu baris", "hit by more than one row"),
}


def touched(old_policy: Policy, old: Decision, new_policy: Policy, new: Decision) -> Words | None:
    """A case that the two tables answer differently; None when none is found by the grid."""
    day = max(old.effective.first, new.effective.first)
    worlds = world_on(old_policy, day), world_on(new_policy, day)
    inputs = {given.name for given in new.inputs} & {given.name for given in old.inputs}
    try:
        cases = [
            case for pair in ((new_policy, new, worlds[1]), (old_policy, old, worlds[0])) for case, _ in lay_out(*pair).cases()
        ]
    except (NotSimple, KinerjaError):
        return None
    for case in cases:
        if not set(case) <= inputs:
            return None
        before, after = _answer(old_policy, old, case, worlds[0]), _answer(new_policy, new, case, worlds[1])
        if before != after:
            who = ", ".join(f"{name} = {shown(value)}" for name, value in case.items())
            return Words(
                f"contoh: {who} dahulu {before.id}, kini {after.id}", f"for example: {who} was {before.en}, is now {after.en}"
            )
    return None


def _answer(policy: Policy, decision: Decision, case: dict[str, Any], world: dict[str, Any]) -> Words:
    try:
        answer = ", ".join(shown(value) for value in evaluate(policy, decision, case, world).values())
    except KinerjaError as error:
        return UNANSWERED.get(error.code, Words(f"galat {error.code}", f"the error {error.code}"))
    return Words(answer, answer)
