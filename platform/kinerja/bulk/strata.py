"""The next stratum: from answered cases to closed figures of each unit, and the decisions about units that rest on them.

A fact of `unit` that bears the name of a rating (`sangat_baik` for "Sangat Baik") is the count of cases with that rating; others
come from unit.parquet beside the population. Small: a city has tens of units, so they are decided one by one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from ..core.errors import KinerjaError
from ..core.findings import Outcome
from ..core.numbers import decimal_text, exact, round_half_up
from ..engine.agenda import case_agenda, single_agenda
from ..engine.exact import ExactEngine
from ..policy import Policy, admit_given
from ..policy.model import BindingKind, Decision, Output
from .columns import output_type
from .single import Refusal, refusal
from .source import broken, without
from .sql.values import name, quote

UNIT = "unit"


Tally = Mapping[tuple[str, str], int]
"""(unit, rating) → cases."""


@dataclass(frozen=True, slots=True)
class Stratum:
    """files written; units in them, and those of them that a rule about units has no answer for."""

    files: tuple[str, ...]
    units: int
    without_answer: int


def unit_decisions(policy: Policy, on: date | None) -> list[Decision]:
    """Decisions that read nothing but facts of a unit."""
    chain = {decision.name for decision in case_agenda(policy, on).decisions}
    found: list[Decision] = []
    for decision_name in policy.order:
        decision = policy.decision(decision_name, on)[0]
        bindings = [given.binding for given in decision.inputs]
        if decision_name not in chain and bindings and all(b.kind is BindingKind.FACT and b.target == UNIT for b in bindings):
            found.append(decision)
    return found


def rating_counts(policy: Policy, on: date | None) -> tuple[Output, dict[str, str]] | None:
    """The output whose values a unit's facts are named after, and fact → value; None where there is no such output."""
    entity = policy.vocabulary.entities.get(UNIT)
    if entity is None:
        return None
    for decision in case_agenda(policy, on).decisions:
        for output in decision.outputs:
            named = {value.lower().replace(" ", "_"): value for value in output.type.values}
            counted = {fact: value for fact, value in named.items() if fact in entity.facts}
            if counted and decision.for_each is None:
                return output, counted
    return None


def write_units(
    db: duckdb.DuckDBPyConnection,
    policy: Policy,
    folder: Path,
    target: Path,
    stored: Collection[str],
    answered: Collection[str],
    on: date | None,
    tally: Tally | None = None,
) -> Stratum | None:
    """unit.parquet and errors_unit.parquet from hasil.parquet; None where cases name no unit or rules know none.

    stored: columns of the cases; answered: of hasil. tally: what has been counted already, None to count here.
    Without a unit.parquet beside the population there are figures only. Raises InputError for one that cannot be read; a unit
    that stands in it twice has no answer.
    """
    counts = rating_counts(policy, on)
    if counts is None or UNIT not in stored or counts[0].name not in answered:
        return None
    decisions = unit_decisions(policy, on) if (folder / "unit.parquet").is_file() else []
    tally = _counted(db, folder, target, counts[0]) if tally is None else tally
    known, doubled = _known(db, folder / "unit.parquet")
    rows = list(_units(known, tally, *counts))
    engine = ExactEngine(policy)
    failed: list[tuple[str, Refusal]] = []
    for row in rows:
        if row[UNIT] in doubled:
            failed.append((row[UNIT], Refusal("kode_ganda", UNIT, f"unit {row[UNIT]} ditulis dua kali dalam unit.parquet")))
            continue
        for decision in decisions:
            answer = _decide(engine, policy, decision, row, on)
            if isinstance(answer, Refusal):
                failed.append((row[UNIT], answer))
            else:
                row |= answer.outputs
    _write(db, target, rows, decisions, counts[1])
    write_table(db, target / "errors_unit.parquet", {UNIT: "VARCHAR", "code": "VARCHAR", "fact": "VARCHAR", "message": "VARCHAR"}, [
        {UNIT: unit, "code": one.code, "fact": one.fact, "message": one.message} for unit, one in failed
    ])  # fmt: skip
    return Stratum(("unit.parquet", "errors_unit.parquet"), len(rows), len({unit for unit, _ in failed}))


def _counted(db: duckdb.DuckDBPyConnection, folder: Path, target: Path, output: Output) -> Tally:
    kasus, hasil = quote(str(folder / "kasus.parquet")), quote(str(target / "hasil.parquet"))
    found = db.execute(
        f"SELECT k.unit::VARCHAR, h.{name(output.name)}, count(*) FROM read_parquet({kasus}) AS k"
        f" JOIN read_parquet({hasil}) AS h ON h.kasus = k.kasus WHERE k.unit IS NOT NULL GROUP BY ALL"
    ).fetchall()
    return {(str(unit), str(rating)): int(count) for unit, rating, count in found}


def _units(
    known: Mapping[str, Mapping[str, Any]], tally: Tally, output: Output, counted: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Each unit with its counts, its share of the two best ratings beside the city's, and what unit.parquet says of it."""
    sizes: dict[str, int] = {}
    tops: dict[str, int] = {}
    for (unit, rating), count in tally.items():
        sizes[unit] = sizes.get(unit, 0) + count
        tops[unit] = tops.get(unit, 0) + (count if rating in output.type.values[:2] else 0)
    cases, above = sum(sizes.values()), sum(tops.values())
    for unit, size in sorted(sizes.items()):
        share = exact(100 * tops[unit]) / size
        apart = share - exact(100 * above) / cases
        figures = {"persen_teratas": round_half_up(share, 2), "selisih_kota": round_half_up(apart, 2)}
        numbers = {fact: tally.get((unit, value), 0) for fact, value in counted.items()}
        yield {**known.get(unit, {}), UNIT: unit, "pegawai": size, **numbers, **figures}


def _known(db: duckdb.DuckDBPyConnection, file: Path) -> tuple[dict[str, dict[str, Any]], frozenset[str]]:
    """What the file says of each unit, and the units that it has more than once."""
    if not file.is_file():
        return {}, frozenset()
    try:
        found = db.execute(f"SELECT * FROM read_parquet({quote(str(file))})")
        columns = [column[0] for column in found.description or ()]
        rows = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
    except duckdb.Error as error:
        raise broken(file, error) from error
    if UNIT not in columns:
        raise without(file, UNIT, "unitnya", "its unit")
    names = Counter(str(row[UNIT]) for row in rows)
    known = {str(row[UNIT]): {key: value for key, value in row.items() if value is not None} for row in rows}
    return known, frozenset(unit for unit, count in names.items() if count > 1)


def _decide(engine: ExactEngine, policy: Policy, decision: Decision, row: Mapping[str, Any], on: date | None) -> Outcome | Refusal:
    given = {one.name: row[one.binding.member] for one in decision.inputs if one.binding.member in row}
    try:
        values = admit_given(policy, decision, given)
        return engine.evaluate(single_agenda(policy, decision.name, on), values, {}).outcome
    except KinerjaError as error:
        return refusal(error)


def _write(
    db: duckdb.DuckDBPyConnection, target: Path, rows: list[dict[str, Any]], decisions: list[Decision], counted: Mapping[str, str]
) -> None:
    types = {UNIT: "VARCHAR", "pegawai": "BIGINT", **dict.fromkeys(counted, "BIGINT")}
    types |= {"persen_teratas": "DECIMAL(18,2)", "selisih_kota": "DECIMAL(18,2)"}
    types |= {output.name: output_type(decision, output) for decision in decisions for output in decision.outputs}
    write_table(db, target / "unit.parquet", types, rows)


def write_table(db: duckdb.DuckDBPyConnection, file: Path, types: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> None:
    """A Parquet file of these columns, at once or not at all."""
    chosen = [f"CAST(unnest(${n}::VARCHAR[]) AS {kind}) AS {name(column)}" for n, (column, kind) in enumerate(types.items(), 1)]
    part = file.with_name(f".{file.name}.baru")
    values = [[_text(row.get(column)) for row in rows] for column in types]
    db.execute("CREATE OR REPLACE TABLE lapisan AS SELECT " + ", ".join(chosen), values)
    db.execute(f"COPY lapisan TO {quote(str(part))} (FORMAT parquet)")
    part.replace(file)


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else decimal_text(exact(value))
