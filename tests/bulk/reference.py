"""The exact engine on the rows of Parquet files, read here by plain queries: what every file of a run is compared with."""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import duckdb

from kinerja.core.errors import KinerjaError
from kinerja.engine.agenda import case_agenda
from kinerja.engine.exact import ExactEngine
from kinerja.policy import admit_case, load_policy
from kinerja.policy.facts import needed_facts

Answer = dict[str, Any]


def rows_of(file: Path) -> list[dict[str, Any]]:
    with duckdb.connect() as db:
        found = db.execute(f"SELECT * FROM read_parquet('{file}')")
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def documents_of(folder: Path, facts: dict[str, set[str]]) -> dict[str, dict[str, Any]]:
    """Key → document; facts: those the vocabulary knows of each entity."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows_of(folder / "kasus.parquet"):
        found[row["kasus"]] = {"kasus": _present(row, facts["kasus"])}
    for entity in ("indikator", "penilaian"):
        if (file := folder / f"{entity}.parquet").is_file():
            listed: dict[str, list[dict[str, Any]]] = defaultdict(list)
            for row in rows_of(file):
                listed[row["kasus"]].append(_present(row, facts[entity]))
            for key, items in listed.items():
                found[key][entity] = items
    return found


def _present(row: dict[str, Any], facts: set[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name in facts and value is not None}


def exact(policy: Any, documents: dict[str, dict[str, Any]]) -> dict[str, Answer]:
    """Key → {"error": code} or {"outputs", "items", "rows"} with plain exact values."""
    engine, agenda, needed = ExactEngine(policy), case_agenda(policy, None), needed_facts(policy)
    answers: dict[str, Answer] = {}
    for key, document in documents.items():
        try:
            facts = admit_case(policy, document, needed=needed)
            outcome = engine.evaluate(agenda, facts.kasus, facts.items).outcome
        except KinerjaError as error:
            answers[key] = {"error": error.code}
            continue
        rows = {(decision, item): ids for decision, item, ids in outcome.rows}
        answers[key] = {"outputs": outcome.outputs, "items": outcome.items, "rows": rows}
    return answers


def _part(task: tuple[Path, dict[str, dict[str, Any]]]) -> dict[str, Answer]:
    return exact(load_policy(task[0]), task[1])


def exact_in_parallel(rules: Path, documents: dict[str, dict[str, Any]], size: int = 2_500) -> dict[str, Answer]:
    keys = list(documents)
    parts = [(rules, {key: documents[key] for key in keys[start : start + size]}) for start in range(0, len(keys), size)]
    found: dict[str, Answer] = {}
    place = str(Path(__file__).parents[1])
    if place not in sys.path:
        sys.path.append(place)  # the workers look for this module there
    with ProcessPoolExecutor(max_workers=os.cpu_count(), mp_context=get_context("spawn")) as pool:
        for part in pool.map(_part, parts):
            found |= part
    return found


def plain(value: Any) -> Any:
    return Fraction(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


def differences(policy: Any, answers: dict[str, Answer], target: Path) -> list[str]:
    """Where the files of a run say something else than the exact engine; at most the first twenty."""
    found: list[str] = []
    hasil = {row["kasus"]: row for row in rows_of(target / "hasil.parquet")}
    failed = {row["kasus"]: row["code"] for row in rows_of(target / "errors.parquet")}
    items: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows_of(target / "items.parquet"):
        items[row["kasus"]].append(row)
    for key, answer in answers.items():
        if "error" in answer:
            if failed.get(key) != answer["error"] or key in hasil or key in items:
                found.append(f"{key}: expected error {answer['error']}, found {failed.get(key) or hasil.get(key)}")
            continue
        row = hasil.get(key)
        if row is None or key in failed:
            found.append(f"{key}: expected an answer, found {failed.get(key)}")
            continue
        for name, value in answer["outputs"].items():
            if plain(row[name]) != value:
                found.append(f"{key}.{name}: expected {value}, found {row[name]}")
        for (decision, item), ids in answer["rows"].items():
            column = f"baris_{decision}"
            if not item and column in row and (row[column],) != ids:
                found.append(f"{key}.{column}: expected {ids}, found {row[column]}")
        expected = [dict(item) for item in answer["items"].get("indikator", ())]
        shown = [{name: plain(one[name]) for name in ("kode", "capaian")} for one in items.get(key, [])]
        if sorted(shown, key=str) != sorted(expected, key=str):
            found.append(f"{key}: items {shown} instead of {expected}")
    unexpected = (set(hasil) | set(failed)) - set(answers)
    found += [f"{key}: nobody asked" for key in sorted(unexpected, key=str)]
    return found[:20]
