"""Every shipped decision alone, as SQL: at, just below and just above every number that its rules name, nulls and empty lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from itertools import islice, product
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest

from kinerja.bulk import single_chain
from kinerja.bulk.run import connect
from kinerja.bulk.sql.query import QueryBuilder, Table
from kinerja.core.errors import KinerjaError
from kinerja.engine.agenda import single_agenda
from kinerja.engine.exact import ExactEngine
from kinerja.feel import walk
from kinerja.feel.syntax import NumberLiteral, StringLiteral, TemporalLiteral
from kinerja.policy import Policy, admit_given, load_policy
from kinerja.policy.model import Base, Decision, Formula, ValueType

from .parquet import write_table
from .reference import plain

SHIPPED = Path(__file__).resolve().parents[2] / "rules"
NAMES = sorted(file.stem for folder in ("decisions", "incentives") for file in (SHIPPED / folder).glob("*.yaml"))
MOST = 400


def nodes(decision: Decision) -> Iterator[Any]:
    logic = decision.logic
    if isinstance(logic, Formula):
        for step in logic.steps:
            yield from walk(step.expression)
    else:
        for row in logic.rows:
            for cell in row.cells:
                yield from walk(cell.tests)
            for output in row.outputs:
                yield from walk(output.expression)
    for requirement in decision.requirements:
        yield from walk(requirement.that)


def values(kind: ValueType, decision: Decision, random: Random) -> list[Any]:
    """Candidates for one input, the illegal left out."""
    one: list[Any] = []
    match kind.base:
        case Base.BOOLEAN:
            one = [True, False]
        case Base.DATE:
            days = [
                date.fromisoformat(node.text)
                for node in nodes(decision)
                if isinstance(node, TemporalLiteral) and len(node.text) == 10
            ]
            days += [date.fromisoformat(n.value) for n in nodes(decision) if isinstance(n, StringLiteral) and n.value[:2] == "20"]
            one = [day + timedelta(days=step) for day in (*days, date(2026, 3, 1)) for step in (-1, 0, 1, 14, 15)]
        case Base.TEXT:
            found = [node.value for node in nodes(decision) if isinstance(node, StringLiteral)]
            one = list(kind.values) or [*dict.fromkeys(found), "lain", "é", ""]
        case Base.NUMBER:
            step = Fraction(1, 10**kind.scale)
            named = [node.value for node in nodes(decision) if isinstance(node, NumberLiteral)]
            edges = [edge for edge in (kind.low, kind.high) if edge is not None] + named + [Fraction(3), Fraction(7, 2)]
            legal = {near for edge in edges for near in (edge - step, edge, edge + step)}
            one = sorted(
                value
                for value in legal
                if (kind.low is None or value >= kind.low)
                and (kind.high is None or value <= kind.high)
                and (value / step).denominator == 1
            )
    if kind.is_list:
        pool = [*one, None] if kind.nullable_elements else one
        return [[], *([random.choice(pool) for _ in range(size)] for size in (1, 2, 3, 9, 9, 9, 20))]
    return [*one, None] if kind.nullable else one


def questions(policy: Policy, decision: Decision) -> Iterator[dict[str, Any]]:
    random = Random(decision.name)
    columns: dict[str, list[Any]] = {}
    for given in decision.inputs:
        if given.type is not None:
            columns[given.name] = values(given.type, decision, random)
            continue
        members = {member.name: values(member.type, decision, random) for member in given.members}
        lists: list[Any] = [[]]
        for size in (1, 2, 3, 4) * 12:
            items = [{name: random.choice(found) for name, found in members.items()} for _ in range(size)]
            if "bobot" in members and random.random() < 0.8:
                for item in items:
                    item["bobot"] = Fraction(100 // size)
                items[0]["bobot"] += 100 - sum(item["bobot"] for item in items)
            lists.append(items)
        columns[given.name] = lists
    size = 1
    for found in columns.values():
        size *= len(found)
    everything = product(*columns.values())
    if size > MOST:
        everything = ([random.choice(found) for found in columns.values()] for _ in range(MOST))  # type: ignore[assignment]
    for combination in islice(everything, MOST):
        yield dict(zip(columns, combination, strict=True))
    for example in decision.examples:
        known = set(example.given) <= set(columns)
        if known and example.error is None:
            yield {name: example.given.get(name) for name in columns}


def tables(decision: Decision, asked: Mapping[str, dict[str, Any]], folder: Path) -> dict[str, Table]:
    types: dict[str, ValueType | str] = {"kasus": "VARCHAR"}
    types |= {given.name: given.type for given in decision.inputs if given.type is not None}
    write_table(folder / "kasus.parquet", types, [{"kasus": key, **question} for key, question in asked.items()])
    for given in decision.inputs:
        if given.type is None:
            members: dict[str, ValueType | str] = {"kasus": "VARCHAR", **{member.name: member.type for member in given.members}}
            rows = [{"kasus": key, **item} for key, question in asked.items() for item in question[given.name]]
            write_table(folder / f"{given.name}.parquet", members, rows)
    found: dict[str, Table] = {}
    with duckdb.connect() as db:
        for file in folder.iterdir():
            described = db.execute(f"DESCRIBE FROM '{file}'").fetchall()
            found[file.stem] = Table(f"SELECT * FROM read_parquet('{file}')", {row[0]: row[1] for row in described})
    return found


@pytest.mark.parametrize("name", NAMES)
def test_each_decision_alone(policy: Policy, tmp_path: Path, name: str) -> None:
    decision = policy.decision(name)[0]
    asked = {f"Q{number}": question for number, question in enumerate(questions(policy, decision))}
    query = QueryBuilder(single_chain(policy, name), tables(decision, asked, tmp_path)).build()
    with connect() as db:
        found = db.execute(query.cases)
        columns = [column[0] for column in found.description or ()]
        rows = {row[0]: dict(zip(columns, row, strict=True)) for row in found.fetchall()}
    engine, agenda = ExactEngine(policy), single_agenda(policy, name, None)
    answered = flagged = 0
    for key, question in asked.items():
        row = rows[key]
        try:
            outcome = engine.evaluate(agenda, admit_given(policy, decision, question), {}).outcome
        except KinerjaError:
            assert row["bad"], question  # whatever fails is left to the engine that names it
            continue
        answered += 1
        if row["bad"]:
            flagged += 1
            continue
        assert {output: plain(row[output]) for output in outcome.outputs} == outcome.outputs, question
        for table, _, ids in outcome.rows:
            if table == name:
                assert query.rows[f"baris_{name}"][row[f"baris_{name}"] - 1] in ids
    assert answered
    assert flagged <= answered // 20  # and nearly nothing else


@pytest.mark.slow
def test_all_shipped_decisions_are_looked_at(policy: Policy) -> None:
    assert set(NAMES) == set(policy.decisions)
    assert load_policy(SHIPPED).fingerprint == policy.fingerprint
