"""Bugs put into the SQL and the array emitter on purpose: the comparison with the exact engine finds each of them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kinerja.bulk import run
from kinerja.bulk.arrays import evaluate as array_evaluate
from kinerja.bulk.arrays import numbers as array_numbers
from kinerja.bulk.arrays import operations as array_operations
from kinerja.bulk.arrays import values as array_values
from kinerja.bulk.population import population
from kinerja.bulk.sql import lists, numbers, operations
from kinerja.bulk.sql.relation import Relation
from kinerja.engine.integer.types import Type
from kinerja.policy import Policy

from .reference import differences, documents_of, exact

pytestmark = pytest.mark.slow  # in ./run check


@pytest.fixture(scope="module")
def people(policy: Policy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    population(policy, 250, 4, folder, bad=10)
    return folder


@pytest.fixture(scope="module")
def answers(policy: Policy, facts: dict[str, set[str]], people: Path) -> dict[str, dict[str, Any]]:
    return exact(policy, documents_of(people, facts))


def round_down(patch: pytest.MonkeyPatch) -> None:
    honest = numbers.rounded

    def rounded(mode: str, n: Any, d: Any, kind: Type) -> Any:
        return honest("down" if mode == "half_up" else mode, n, d, kind)

    patch.setattr(operations.n, "rounded", rounded)


def lose_the_border(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(numbers.SIGNS, "ge", ">")


def take_the_largest_for_the_sum(patch: pytest.MonkeyPatch) -> None:
    honest = lists.Lists._aggregate

    def aggregate(self: lists.Lists, name: str, source: Any) -> Any:
        return honest(self, "max" if name == "sum" else name, source)

    patch.setattr(lists.Lists, "_aggregate", aggregate)


def ignore_what_fails(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Relation, "flag_column", lambda self: "FALSE")


def columns_round_down(patch: pytest.MonkeyPatch) -> None:
    honest = array_numbers.rounded

    def rounded(mode: str, n: Any, d: Any, kind: Type, fail: Any) -> Any:
        return honest("down" if mode == "half_up" else mode, n, d, kind, fail)

    patch.setattr(array_operations.n, "rounded", rounded)


def columns_lose_the_border(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(array_numbers.COMPARE, "ge", lambda a, b: a > b)


def columns_count_failures_of_no_row(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(array_values.Faults, "add", lambda self, mask: None)


def columns_lose_the_last_element(patch: pytest.MonkeyPatch) -> None:
    honest = array_values.Space.total

    def total(self: array_values.Space, data: Any) -> Any:
        data = data.copy()
        data[self.ends[self.counts > 1] - 1] = 0
        return honest(self, data)

    patch.setattr(array_values.Space, "total", total)


def columns_swap_combinations(patch: pytest.MonkeyPatch) -> None:
    honest = array_evaluate.places

    def places(value: Any) -> Any:
        found = honest(value)
        return found if value.words is None else (found + 1) % len(value.words)

    patch.setattr("kinerja.bulk.arrays.decide.places", places)


BUGS = {
    "duckdb": [round_down, lose_the_border, take_the_largest_for_the_sum, ignore_what_fails],
    "numpy": [
        columns_round_down, columns_lose_the_border, columns_count_failures_of_no_row, columns_lose_the_last_element,
        columns_swap_combinations,
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("engine", "bug"),
    [(engine, bug) for engine, bugs in BUGS.items() for bug in bugs],
    ids=lambda one: one if isinstance(one, str) else one.__name__,
)
def test_a_seeded_bug_is_found(
    policy: Policy,
    people: Path,
    answers: dict[str, dict[str, Any]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    engine: str,
    bug: Callable[[pytest.MonkeyPatch], None],
) -> None:
    run(policy, people, tmp_path / "before", engine=engine)
    assert differences(policy, answers, tmp_path / "before") == []
    bug(monkeypatch)
    report = run(policy, people, tmp_path / "after", engine=engine)
    # a wrong answer, one only saved because the query gave the case away, or a file that names a row that there is not
    with suppress(duckdb.Error):
        assert differences(policy, answers, tmp_path / "after") or report.single > report.failed
