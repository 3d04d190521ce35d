"""The columns of the files a run writes, from the chain alone: names and stored types of outputs, and of matched rows."""

from __future__ import annotations

from collections.abc import Mapping

from ..engine.agenda import CASE
from ..engine.integer.plan import LIST_POLICIES
from ..policy.model import Base, Decision, HitPolicy, Output, Table, ValueType
from .chain import Chain
from .sql.query import KEY, Query
from .sql.query import Table as Stored
from .sql.values import name

SINGLE = frozenset({HitPolicy.UNIQUE, HitPolicy.FIRST, HitPolicy.ANY, HitPolicy.PRIORITY})


def stored_type(kind: ValueType) -> str:
    """DECIMAL(18, scale), BIGINT at scale 0, VARCHAR, BOOLEAN, DATE; a list of those."""
    others = {Base.TEXT: "VARCHAR", Base.BOOLEAN: "BOOLEAN", Base.DATE: "DATE"}
    scalar = others.get(kind.base) or (f"DECIMAL(18,{kind.scale})" if kind.scale else "BIGINT")
    return f"{scalar}[]" if kind.is_list else scalar


def output_type(decision: Decision, output: Output) -> str:
    scalar = stored_type(output.type)
    gathers = isinstance(decision.logic, Table) and decision.logic.hit in LIST_POLICIES
    return f"{scalar}[]" if gathers and not output.type.is_list else scalar


def empty_query(chain: Chain, tables: Mapping[str, Stored]) -> Query:
    """A query of no rows, with the columns that computing one by one fills. A decision with several matched rows lists them."""
    rows: dict[str, tuple[str, ...]] = {}
    cases: dict[str, str] = {KEY: tables[CASE].columns[KEY]}
    items: dict[str, dict[str, str]] = {}
    for entity in tables:
        if entity != CASE:
            key = chain.policy.vocabulary.entities[entity].key
            items[entity] = {KEY: tables[CASE].columns[KEY], **({key: "VARCHAR"} if key else {})}
    for table in (False, True):  # outputs, then matched rows
        for link in chain.links:
            decision = link.decision
            columns = cases if decision.for_each is None else items.get(decision.for_each)
            if columns is None:
                continue
            if not table:
                columns |= {output.name: output_type(decision, output) for output in decision.outputs}
            elif link.plan.hit in SINGLE:
                columns[f"baris_{decision.name}"] = "USMALLINT"
                rows[f"baris_{decision.name}"] = tuple(row.id for row in link.plan.rows)
            elif link.plan.hit is not None:
                columns[f"baris_{decision.name}"] = "VARCHAR[]"
    more = {"bad": "BOOLEAN", "ganda": "BOOLEAN", "butir": "BIGINT"}
    return Query(
        _nothing(cases | more),
        tuple(cases),
        {entity: _nothing(columns) for entity, columns in items.items()},
        {entity: tuple(columns) for entity, columns in items.items()},
        rows,
    )


def _nothing(columns: Mapping[str, str]) -> str:
    return "SELECT " + ", ".join(f"NULL::{kind} AS {name(column)}" for column, kind in columns.items()) + " LIMIT 0"
