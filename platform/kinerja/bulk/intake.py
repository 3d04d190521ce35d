"""Facts documents → the Parquet files that a run reads: what `source.documents` reads, written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from ..core.numbers import decimal_text, exact
from ..engine.agenda import CASE
from ..policy.model import Policy
from .columns import stored_type
from .run import connect
from .sql.query import KEY
from .sql.values import name, quote
from .strata import UNIT, write_table

BATCH = 5_000

Row = tuple[str, Mapping[str, str], Mapping[str, Any]]
"""(key, values of further text columns of `kasus`, admitted document: its facts within the vocabulary)."""


def write_documents(policy: Policy, rows: Iterable[Row], folder: Path, further: Sequence[str] = ()) -> int:
    """kasus.parquet, and a file for each kind of items; the number of cases. Facts without a value become NULL."""
    folder.mkdir(parents=True, exist_ok=True)
    entities = [CASE, *(one.name for one in policy.vocabulary.entities.values() if one.of == CASE)]
    columns = {
        entity: {KEY: "VARCHAR", **{n: stored_type(fact.type) for n, fact in policy.vocabulary.entities[entity].facts.items()}}
        for entity in entities
    }
    columns[CASE] |= dict.fromkeys(further, "VARCHAR")
    with connect() as db:
        for entity, types in columns.items():
            db.execute(f"CREATE TABLE {name(entity)} ({', '.join(f'{name(c)} {kind}' for c, kind in types.items())})")
        waiting: dict[str, list[list[Any]]] = {entity: [] for entity in entities}
        count = 0
        for key, more, document in rows:
            count += 1
            for entity in entities:
                listed = [{**document[CASE], **more}] if entity == CASE else document.get(entity, ())
                facts = list(columns[entity])[1:]
                waiting[entity] += [[key, *(_text(one.get(fact)) for fact in facts)] for one in listed]
            if count % BATCH == 0:
                _flush(db, columns, waiting)
        _flush(db, columns, waiting)
        for entity in entities:
            db.execute(f"COPY {name(entity)} TO {quote(str(folder / f'{entity}.parquet'))} (FORMAT parquet)")
    return count


def write_units(policy: Policy, units: Mapping[str, Mapping[str, Any]], folder: Path) -> None:
    """unit.parquet beside them: what is known of each unit (name → facts), for the decisions about units (`strata`)."""
    facts = policy.vocabulary.entities[UNIT].facts
    types = {
        UNIT: "VARCHAR",
        **{fact: stored_type(facts[fact].type) for fact in facts if any(fact in one for one in units.values())},
    }
    with connect() as db:
        write_table(db, folder / "unit.parquet", types, [{**known, UNIT: unit} for unit, known in sorted(units.items())])


def _flush(db: duckdb.DuckDBPyConnection, columns: Mapping[str, Mapping[str, str]], waiting: dict[str, list[list[Any]]]) -> None:
    for entity, listed in waiting.items():
        if listed:
            chosen = []
            for number, kind in enumerate(columns[entity].values(), 1):
                text = "VARCHAR[][]" if kind.endswith("[]") else "VARCHAR[]"
                chosen.append(f"CAST(unnest(${number}::{text}) AS {kind})")
            values = [list(column) for column in zip(*listed, strict=True)]
            db.execute(f"INSERT INTO {name(entity)} SELECT {', '.join(chosen)}", values)
        waiting[entity] = []


def _text(value: Any) -> Any:
    """As text that DuckDB casts to the stored type, digit for digit."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_text(element) for element in value]
    return decimal_text(exact(value))
