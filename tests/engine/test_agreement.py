"""The engines on generated cases and on every boundary: no differences, also against the integer form by itself."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kinerja.core.errors import KinerjaError, RuleError
from kinerja.core.findings import Outcome
from kinerja.engine import Engine, agree
from kinerja.engine.agenda import case_agenda, single_agenda
from kinerja.engine.answer import Failure
from kinerja.engine.integer import Program, parameters_on
from kinerja.engine.integer.walk import Walk
from kinerja.policy import Policy, admit_case, admit_given, load_policy

from .cases import city_documents, documents


def outcomes(engine: Engine, cases: Iterable[dict[str, Any]], on: date | None = None) -> Counter[str]:
    """How many findings, and how many of each named error."""
    counts: Counter[str] = Counter()
    for result in engine.evaluate_many(cases, on):
        counts[result.code if isinstance(result, KinerjaError) else "ok"] += 1
    return counts


def test_generated_cases_of_every_construct_agree(engine: Engine) -> None:
    counts = outcomes(engine, documents(120, seed=3))
    assert not {"mesin_berbeda", "mesin_mati", "mesin_lambat"} & counts.keys(), counts
    assert counts["ok"] > 50
    assert counts["pembagian_nol"] + counts["hasil_tidak_bulat"] + counts["tidak_ada_baris"] > 5


def test_generated_cases_of_the_city_agree(city_engine: Engine) -> None:
    counts = outcomes(city_engine, city_documents(160, seed=3))
    assert not {"mesin_berbeda", "mesin_mati", "mesin_lambat"} & counts.keys(), counts
    assert counts["ok"] > 120
    assert counts["bobot_tidak_100"]
    assert counts["target_nol"]


@pytest.mark.parametrize("day", [date(2019, 6, 1), date(2025, 12, 31), date(2026, 1, 1), date(2030, 1, 1)])
def test_parameters_and_versions_of_a_day_agree(engine: Engine, day: date) -> None:
    counts = outcomes(engine, documents(20, seed=5), day)
    assert "mesin_berbeda" not in counts
    assert (counts["ok"] == 0) is (day.year == 2019)  # the factor has no value before 2020


def test_the_second_engine_knows_only_the_syntax_of_feel() -> None:
    """What computes in one engine must not compute in the other: the integer form and rete may read trees, nothing more."""
    root = Path(__file__).parents[2] / "platform" / "kinerja" / "engine"
    for file in [*(root / "integer").rglob("*.py"), *(root / "rete").rglob("*.py"), root / "lift.py", root / "several.py"]:
        for line in re.findall(r"^\s*from [.\w]*feel[.\w]* import .*|^\s*import .*feel.*", file.read_text(), re.M):
            assert re.search(r"feel import syntax|feel\.syntax import", line), (file.name, line)


# ── the integer form by itself ────────────────────────────────────────────────────────────────────────────────────────
def alone(policy: Policy, engine: Engine, walk: Walk, document: dict[str, Any]) -> Outcome | RuleError:
    facts = admit_case(policy, document)
    agenda = case_agenda(policy, None)
    kasus, items = engine.encode_case(facts.kasus, facts.items)
    answer = walk.evaluate(parameters_on(policy, None), kasus, items)
    if isinstance(answer, Failure):
        return agree.failure_error(policy, answer, facts.items, agenda)
    return agree.outcome_of(policy, agenda, answer, facts.items)


@pytest.mark.parametrize("rules", ["policy", "city"])
def test_the_integer_form_walking_by_itself_says_the_same(rules: str, request: pytest.FixtureRequest) -> None:
    policy: Policy = request.getfixturevalue(rules)
    engine: Engine = request.getfixturevalue("engine" if rules == "policy" else "city_engine")
    cases = list(documents(15, seed=9) if rules == "policy" else city_documents(20, seed=9))
    walk = Walk(policy, case_agenda(policy, None), Program(policy, None))
    for document, result in zip(cases, engine.evaluate_many(cases), strict=True):
        mine = alone(policy, engine, walk, document)
        theirs = result if isinstance(result, KinerjaError) else result.outcome
        assert isinstance(theirs, Outcome | RuleError)
        agree.compare(theirs, mine, {})


def test_single_decisions_of_the_integer_form_say_the_same(policy: Policy, engine: Engine) -> None:
    name = "pita"
    agenda = single_agenda(policy, name, None)
    walk = Walk(policy, agenda, Program(policy, None))
    for x in (Fraction(8831, 100), Fraction(88305, 1000), Fraction(-1)):
        if (x * 100).denominator != 1:
            continue
        given = admit_given(policy, name, {"x": x})
        answer = walk.evaluate({}, {"x": int(given["x"] * 100)}, {})
        assert not isinstance(answer, Failure)
        assert engine.decide(name, {"x": x}).outcome.outputs["pita"] == answer.values[name][0][0]


TEXTS = [
    'a"b', "a\\b", "a\nb\tc", "\x00", "a\x00b", "\U0001f600é", "\ud800", 'x","id":"f0', '"id":"f3"', "~", "j[1]", "@abc", "w12",
    "#x", "=x", "'", '{"a":1}', "\x7f\x1f", "x" * 4_001,
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_texts_of_any_kind_come_back_as_they_were(engine: Engine, text: str) -> None:
    butir = [{"kode": text, "nilai": Fraction(1), "bobot": Fraction(1)}]
    document = next(documents(1, seed=3)) | {"butir": butir}
    document["kasus"] |= {"x": Fraction(70), "y": None, "teks": "Baik", "bendera": True}
    assert engine.evaluate(document).outcome.items["butir"][0]["kode"] == text


def test_every_shipped_decision_has_an_integer_form(policy: Policy, city: Policy) -> None:
    assert Program(city, None).refused() == {}
    assert Program(policy, None).refused() == {}


def test_a_decision_outside_the_portable_subset_is_refused_with_its_place(policy: Policy, tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(Path(__file__).parent / "rules", folder)
    text = (folder / "decisions" / "tarif.yaml").read_text().replace("decision: tarif", "decision: akar")
    text = text.replace("  tarif: {type", "  akar: {type").partition("formula:")[0] + "formula: sqrt(x * x)\n"
    (folder / "decisions" / "akar.yaml").write_text(text)
    with Engine(load_policy(folder)) as engine:
        with pytest.raises(RuleError) as refusal:
            engine.decide("akar", {"x": Fraction(4)})
        assert engine.decide("pita", {"x": Fraction(70)}).outcome.outputs == {"pita": "tengah"}
    assert refusal.value.code == "tidak_portabel"
    assert "sqrt" in refusal.value.text_id
    assert refusal.value.place is not None
    assert refusal.value.place.file.endswith("decisions/akar.yaml")
