"""Why one case of a run has its answer: its facts and its row ids, and no other case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb

from ..core.errors import IncidentError, InputError, Place
from ..core.findings import TraceEntry
from ..engine.agenda import CASE, case_agenda
from ..engine.exact import ExactEngine
from ..engine.exact.engine import ExactResult
from ..engine.explain import leading_to
from ..engine.trace import Tracer
from ..policy import Policy, admit_case
from ..policy.model import Table
from .run import connect
from .source import documents, open_population
from .sql.query import KEY
from .sql.values import quote


@dataclass(frozen=True, slots=True)
class Why:
    """entries: what the output rests on, as a finding has it. error: instead of them, the row of errors.parquet."""

    entries: tuple[TraceEntry, ...]
    error: Mapping[str, str] | None = None


def why(policy: Policy, source: Path, target: Path, key: str, output: str, on: date | None = None) -> Why:
    """The trace of a case of a run (source: its population, target: its files).

    Raises InputError for a case that there is not, IncidentError where these rules on these facts say something else than the
    files: then they are of another release, another day, or changed since.
    """
    with connect() as db:
        stored = _row(db, target / "hasil.parquet", key)
        if stored is None:
            error = _row(db, target / "errors.parquet", key)
            if error is None:
                raise InputError(
                    "kasus_tidak_dikenal",
                    f"tidak ada kasus {key} dalam {target}",
                    f"there is no case {key} in {target}",
                    remedy_id="sebutkan kunci dari kasus.parquet",
                    remedy_en="name a key of kasus.parquet",
                )
            return Why((), {name: str(error[name] or "") for name in ("code", "fact", "message")})
        population = open_population(db, policy, source)
        db.execute(f"CREATE TABLE satu AS SELECT $1::VARCHAR::{population.key_type} AS {KEY}", [key])
        found = next(documents(db.cursor(), policy, population, "satu"), None)
    if found is None:
        raise _differs(key, [CASE])
    engine, agenda = ExactEngine(policy), case_agenda(policy, on)
    facts = admit_case(policy, found[1])
    result = engine.evaluate(agenda, facts.kasus, facts.items)
    if different := _differences(stored, result):
        raise _differs(key, different)
    entries, _ = Tracer(engine).trace(agenda, result.records)
    return Why(leading_to(entries, output))


def _row(db: duckdb.DuckDBPyConnection, file: Path, key: str) -> dict[str, Any] | None:
    if not file.is_file():
        raise InputError(
            "berkas_tidak_ada",
            f"{file} tidak ada",
            f"there is no {file}",
            place=Place(str(file)),
            remedy_id="jalankan kinerja bulk dahulu tanpa --explain",
            remedy_en="run kinerja bulk without --explain first",
        )
    found = db.execute(f"SELECT * FROM read_parquet({quote(str(file))}) WHERE {KEY}::VARCHAR = $1 LIMIT 1", [key])
    names = [column[0] for column in found.description or ()]
    row = found.fetchone()
    return None if row is None else dict(zip(names, row, strict=True))


def _differences(stored: Mapping[str, Any], result: ExactResult) -> list[str]:
    """Columns of the file that are not what the case gives: outputs, and the rows that counted (one, or a list of them)."""
    found = [name for name, value in result.outcome.outputs.items() if name not in stored or _plain(stored[name]) != _plain(value)]
    for one in result.records:
        kept, logic = stored.get(f"baris_{one.decision.name}"), one.decision.logic
        if kept is None or one.item or not isinstance(logic, Table):
            continue
        listed = isinstance(kept, list | tuple)  # of a table of one answer the row that gave it, under PRIORITY not the first
        rows = [logic.rows[index].id for index in (one.rows if listed else one.chosen[:1])]
        if rows != (list(kept) if listed else [kept]):
            found.append(f"baris_{one.decision.name}")
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return tuple(_plain(element) for element in value)
    if value is None or isinstance(value, bool | str | date):
        return value
    return Fraction(value)


def _differs(key: str, columns: list[str]) -> IncidentError:
    names = ", ".join(columns)
    return IncidentError(
        "hasil_berbeda",
        f"kasus {key}: berkas hasil berkata lain daripada aturan ini ({names})",
        f"case {key}: the files say something else than these rules ({names})",
        remedy_id="jalankan lagi kinerja bulk dengan aturan dan tanggal ini",
        remedy_en="run kinerja bulk again with these rules and this day",
    )
