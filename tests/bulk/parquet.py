"""Facts documents → the Parquet files that a run reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb

from kinerja.core.numbers import decimal_text
from kinerja.policy import Policy
from kinerja.policy.model import Base, ValueType


def stored(kind: ValueType) -> str:
    names = {Base.TEXT: "VARCHAR", Base.BOOLEAN: "BOOLEAN", Base.DATE: "DATE"}
    scalar = names.get(kind.base) or (f"DECIMAL(18,{kind.scale})" if kind.scale else "BIGINT")
    return f"{scalar}[]" if kind.is_list else scalar


def shown(value: Any) -> Any:
    """As text that DuckDB casts to the stored type."""
    match value:
        case None | str():
            return value
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case int() | Fraction():
            return decimal_text(Fraction(value))
    return [shown(element) for element in value]


def write_table(file: Path, types: Mapping[str, ValueType | str], rows: Sequence[Mapping[str, Any]]) -> None:
    columns, values = [], []
    for index, (name, kind) in enumerate(types.items(), 1):
        target = kind if isinstance(kind, str) else stored(kind)
        text = "VARCHAR[][]" if target.endswith("[]") else "VARCHAR[]"
        columns.append(f'CAST(unnest(${index}::{text}) AS {target}) AS "{name}"')
        values.append([shown(row.get(name)) for row in rows])
    with duckdb.connect() as db:
        db.execute(f"CREATE TABLE t AS SELECT {', '.join(columns)}", values)
        db.execute(f"COPY t TO '{file}' (FORMAT parquet)")


def write_population(policy: Policy, documents: Mapping[str, Mapping[str, Any]], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, entity in policy.vocabulary.entities.items():
        if name != "kasus" and entity.of != "kasus":
            continue
        types: dict[str, ValueType | str] = {"kasus": "VARCHAR", **{fact.name: fact.type for fact in entity.facts.values()}}
        rows: list[dict[str, Any]] = []
        for key, document in documents.items():
            listed = [document["kasus"]] if name == "kasus" else document.get(name, [])
            rows += [{"kasus": key, **one} for one in listed]
        write_table(folder / f"{name}.parquet", types, rows)
