"""Bugs put into the SQL emitter on purpose: the comparison with the exact engine finds each of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kinerja.bulk import run
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


BUGS = [round_down, lose_the_border, take_the_largest_for_the_sum, ignore_what_fails]


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_a_seeded_bug_is_found(
    policy: Policy,
    people: Path,
    answers: dict[str, dict[str, Any]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    bug: Callable[[pytest.MonkeyPatch], None],
) -> None:
    run(policy, people, tmp_path / "before")
    assert differences(policy, answers, tmp_path / "before") == []
    bug(monkeypatch)
    report = run(policy, people, tmp_path / "after")
    # a wrong answer, or one only saved because the query gave the case away
    assert differences(policy, answers, tmp_path / "after") or report.single > report.failed
