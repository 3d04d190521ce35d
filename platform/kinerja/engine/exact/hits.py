"""Hit policies of DMN over exact values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from ...core.errors import RuleError
from ...core.numbers import display_text
from ...policy.model import Decision, HitPolicy, Table
from .outputs import check_number

Settled = tuple[tuple[int, ...], tuple[Any, ...]]


def settle(
    decision: Decision, table: Table, matched: Sequence[int], tested: Sequence[Any], outputs_of: Callable[[int], tuple[Any, ...]]
) -> Settled:
    """(indexes of the rows that count, outputs). Raises RuleError where none or too many match."""
    match table.hit:
        case HitPolicy.UNIQUE:
            if len(matched) > 1:
                raise _several(table, matched, tested)
            return _single(decision, table, matched, tested, outputs_of)
        case HitPolicy.FIRST:
            return _single(decision, table, matched, tested, outputs_of)
        case HitPolicy.ANY:
            single = _single(decision, table, matched, tested, outputs_of)
            if any(outputs_of(index) != single[1] for index in matched[1:]):
                raise _several(table, matched, tested)
            return tuple(matched), single[1]
        case HitPolicy.PRIORITY:
            _single(decision, table, matched, tested, lambda _: ())
            best = _ranked(decision, matched, outputs_of)[0]
            return (best[0],), best[1]
        case HitPolicy.OUTPUT_ORDER:
            ranked = _ranked(decision, matched, outputs_of)
            return tuple(index for index, _ in ranked), _columns(decision, [values for _, values in ranked])
        case HitPolicy.RULE_ORDER | HitPolicy.COLLECT:
            return tuple(matched), _columns(decision, [outputs_of(index) for index in matched])
    rows = [outputs_of(index) for index in matched]
    return tuple(matched), tuple(_aggregate(table.hit, decision, position, rows) for position in range(len(decision.outputs)))


def _single(
    decision: Decision, table: Table, matched: Sequence[int], tested: Sequence[Any], outputs_of: Callable[[int], tuple[Any, ...]]
) -> Settled:
    if not matched:
        facts = _facts(table, tested)
        raise RuleError(
            "tidak_ada_baris",
            f"tidak ada baris {decision.name} untuk {facts}",
            f"no row of {decision.name} covers {facts}",
            remedy_id="tambahkan baris, atau periksa faktanya",
            remedy_en="add a row, or check the facts",
        )
    return (matched[0],), outputs_of(matched[0])


def _several(table: Table, matched: Sequence[int], tested: Sequence[Any]) -> RuleError:
    rows = ", ".join(str(index + 1) for index in matched)
    facts = _facts(table, tested)
    return RuleError(
        "lebih_dari_satu_baris",
        f"baris {rows} cocok bersamaan untuk {facts}",
        f"rows {rows} match at once for {facts}",
        remedy_id="persempit salah satu barisnya",
        remedy_en="narrow one of the rows",
        rows=[table.rows[index].id for index in matched],
    )


def _facts(table: Table, tested: Sequence[Any]) -> str:
    shown = (
        f"{column.text} = {display_text(value) if isinstance(value, Fraction) else value}"
        for column, value in zip(table.columns, tested, strict=True)
    )
    return ", ".join(shown)


def _ranked(
    decision: Decision, matched: Sequence[int], outputs_of: Callable[[int], tuple[Any, ...]]
) -> list[tuple[int, tuple[Any, ...]]]:
    """Best first by the order of the outputs' values, then by the table's order."""

    def rank(entry: tuple[int, tuple[Any, ...]]) -> list[int]:
        return [
            output.type.values.index(value) if value in output.type.values else len(output.type.values)
            for output, value in zip(decision.outputs, entry[1], strict=True)
        ]

    return sorted(((index, outputs_of(index)) for index in matched), key=rank)


def _columns(decision: Decision, rows: Sequence[tuple[Any, ...]]) -> tuple[Any, ...]:
    return tuple(tuple(row[position] for row in rows) for position in range(len(decision.outputs)))


def _aggregate(hit: HitPolicy, decision: Decision, position: int, rows: Sequence[tuple[Any, ...]]) -> Any:
    kind = decision.outputs[position].type
    if hit is HitPolicy.COLLECT_COUNT:
        count = Fraction(len(rows))
        check_number(count, kind)
        return count
    values = [row[position] for row in rows]
    if None in values:
        raise RuleError("nilai_null", "nilai kosong tidak dapat digabung", "a null value cannot be aggregated")
    if hit is HitPolicy.COLLECT_SUM:
        total = sum(values, Fraction(0))
        check_number(total, kind)
        return total
    if not values:
        raise RuleError("tidak_ada_baris", f"tidak ada baris {decision.name} yang cocok", f"no row of {decision.name} matches")
    return min(values) if hit is HitPolicy.COLLECT_MIN else max(values)
