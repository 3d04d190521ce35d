"""Ten thousand seeded questions and every boundary, or a million: three ways to compute, no difference."""

from __future__ import annotations

import os
import sys
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from kinerja.core.findings import Outcome
from kinerja.engine import Engine, agree
from kinerja.policy import Policy

from .cases import city_document, document
from .survey import CHUNK, Questions, Survey, boundaries

SHARE = {"city_engine": 20, "engine": 2}  # chunks: 10,000 questions to the shipped rules
INCIDENTS = {"mesin_berbeda", "mesin_mati", "mesin_lambat", "mesin_berputar"}


def survey(name: str, request: pytest.FixtureRequest) -> Survey:
    machine: Engine = request.getfixturevalue(name)
    return Survey(machine, Questions(machine.policy, city_document if name == "city_engine" else document))


@pytest.mark.parametrize("rules", list(SHARE))
def test_ten_thousand_questions_have_one_answer(rules: str, request: pytest.FixtureRequest) -> None:
    found = survey(rules, request)
    found.run(SHARE[rules])
    assert found.differences == []
    assert not INCIDENTS & found.counts.keys()
    total = SHARE[rules] * CHUNK
    assert found.counts["ok"] > total * 3 // 4
    assert len(found.counts) > 5, "named errors are compared too"
    assert set(found.asked) == {"", *found.questions.decisions}
    assert min(found.asked.values()) >= 20


@pytest.mark.parametrize("rules", list(SHARE))
def test_every_boundary_of_every_decision_has_one_answer(rules: str, request: pytest.FixtureRequest) -> None:
    found = survey(rules, request)
    points = 0
    for name, versions in found.engine.policy.decisions.items():
        asked = boundaries(versions[-1])
        points += len(asked)
        found.ask((name, given) for given in asked)
        assert found.differences == [], name
    assert points > 500


def test_every_point_of_every_input_is_among_the_boundaries(city: Policy) -> None:
    decision = city.decisions["predikat_kinerja"][-1]
    asked = boundaries(decision)
    for given in decision.inputs:
        assert given.type is not None
        assert {one[given.name] for one in asked} == set(given.type.values)
    bands = {one["nilai_hasil_kerja"] for one in boundaries(city.decisions["hasil_kerja"][-1])}
    step = min(abs(a - b) for a, b in product(bands, bands) if a != b)
    assert {90 - step, 90, 90 + step, 110 - step, 110} <= bands


def test_a_survey_finds_a_seeded_difference_and_stops(city_engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The chunk with the difference is not counted as done: a survey that goes on meets it again."""
    state = tmp_path / "survei.json"
    found = Survey(city_engine, Questions(city_engine.policy, city_document))
    real = agree.outcome_of

    def wrong(*arguments: Any) -> Outcome:
        outcome = real(*arguments)
        if outcome.outputs.get("predikat") == "Kurang":
            outcome.outputs["predikat"] = "Baik"
        return outcome

    monkeypatch.setattr(agree, "outcome_of", wrong)
    found.run(SHARE["city_engine"], state)
    assert found.differences
    again = Survey(city_engine, Questions(city_engine.policy, city_document))
    again.run(SHARE["city_engine"], state)
    assert again.differences == found.differences
    assert found.chunks < SHARE["city_engine"]
    (name, given), told = found.differences[0]
    assert told["code"] == "mesin_berbeda"
    assert name in ("", "predikat_kinerja")
    assert given


@pytest.mark.slow
def test_a_survey_goes_on_where_it_stopped(engine: Engine, tmp_path: Path) -> None:
    state = tmp_path / "survei.json"
    first = Survey(engine, Questions(engine.policy, document))
    first.run(1, state)
    second = Survey(engine, Questions(engine.policy, document))
    second.run(2, state)
    whole = Survey(engine, Questions(engine.policy, document))
    whole.run(2)
    assert second.chunks == 2
    assert second.counts == whole.counts


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Any:
    def note(text: str) -> None:
        with capsys.disabled():
            print(text, file=sys.stderr, flush=True)  # of a worker of xdist, only this reaches the terminal

    return note


@pytest.mark.long
def test_a_million_questions_have_one_answer(city_engine: Engine, project: Path, told: Any) -> None:
    """KINERJA_AGREEMENT: how many. What was asked is kept under var/, so that a survey that was stopped goes on."""
    total = int(os.environ.get("KINERJA_AGREEMENT", "1000000"))
    state = project / "var" / f"survei-{city_engine.policy.fingerprint[:16]}.json"
    state.parent.mkdir(exist_ok=True)
    found = Survey(city_engine, Questions(city_engine.policy, city_document))
    found.run(-(-total // CHUNK), state, told)
    assert found.differences == []
    assert sum(found.counts.values()) >= total
    state.unlink()
