"""Tables larger than one rete node bears: rows in groups, long cells, many inputs, many readers of one fact."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from kinerja.core.errors import InputError, RuleError
from kinerja.engine import Engine
from kinerja.policy import Policy, load_policy

from .local import local_engine

HEAD = """title: Uji {name}
decision: {name}
authority: [{{instrument: Uji, part: mesin, status: policy}}]
effective: {{from: 2020-01-01}}
"""
VOCABULARY = """title: Uji tabel besar
authority: [{{instrument: Uji, part: mesin, status: policy}}]
effective: {{from: 2020-01-01}}
entities:
  kasus:
    label: {{id: Kasus, en: Case}}
    facts:
{facts}
goals:
  kasus: [{goals}]
"""


def policy_of(folder: Path, facts: list[str], decisions: dict[str, str]) -> Policy:
    (folder / "decisions").mkdir(parents=True)
    listed = "\n".join(
        f"      {name}: {{label: {{id: {name}, en: {name}}}, type: number, scale: 0, range: 0..100000, source: uji}}"
        for name in facts
    )
    (folder / "vocabulary.yaml").write_text(VOCABULARY.format(facts=listed, goals=", ".join(decisions)))
    for name, body in decisions.items():
        (folder / "decisions" / f"{name}.yaml").write_text(HEAD.format(name=name) + body)
    return load_policy(folder)


def table(hit: str, output: str, rows: list[str], header: str = "x") -> str:
    lines = "\n".join(f"  | {row} |" for row in rows)
    return f"inputs: [x]\noutputs:\n  {output}\nhit: {hit}\ntable: |\n  | {header} | {output.partition(':')[0]} |\n{lines}\n"


NUMBER = "hasil: {type: number, scale: 0, range: 0..1000000}"


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    bands = [f"[{n * 10}..{n * 10 + 10}) | {n}" for n in range(300)]
    every = [f">= {n} | 1" for n in range(130)]
    long_cell = [", ".join(str(n) for n in range(0, 120, 2)) + " | 1", "- | 2"]
    facts = ["x"]
    decisions = {
        "pita": table("FIRST", NUMBER, [*bands, "- | 999"]),
        "jumlah": table("COLLECT SUM", NUMBER.replace("hasil", "jumlah"), every),
        "panjang": table("FIRST", NUMBER.replace("hasil", "panjang"), long_cell),
    }
    return local_engine(policy_of(tmp_path_factory.mktemp("large") / "rules", facts, decisions))


@pytest.mark.parametrize(("x", "row"), [(0, 0), (9, 0), (10, 1), (1_495, 149), (2_999, 299), (3_000, 999), (100_000, 999)])
def test_three_hundred_rows(large: Engine, x: int, row: int) -> None:
    assert large.decide("pita", {"x": Fraction(x)}).outcome.outputs["hasil"] == row


@pytest.mark.parametrize("x", [0, 39, 40, 63, 64, 65, 129, 5_000])
def test_more_than_sixty_four_rows_match_one_fact(large: Engine, x: int) -> None:
    assert large.decide("jumlah", {"x": Fraction(x)}).outcome.outputs["jumlah"] == min(x + 1, 130)


@pytest.mark.parametrize(("x", "expected"), [(0, 1), (1, 2), (118, 1), (119, 2), (120, 2)])
def test_a_cell_of_sixty_alternatives(large: Engine, x: int, expected: int) -> None:
    assert large.decide("panjang", {"x": Fraction(x)}).outcome.outputs["panjang"] == expected


def test_more_readers_of_one_fact_than_one_node_bears(tmp_path: Path) -> None:
    decisions = {
        f"d{n}": f"inputs: [x]\noutputs:\n  h{n}: {{type: number, scale: 0, range: 0..1000000}}\nformula: x + {n}\n"
        for n in range(90)
    }
    engine = local_engine(policy_of(tmp_path / "rules", ["x"], decisions))
    outputs = engine.evaluate({"kasus": {"x": Fraction(7)}}).outcome.outputs
    assert outputs == {f"h{n}": 7 + n for n in range(90)}


def test_many_inputs(tmp_path: Path) -> None:
    facts = [f"f{n}" for n in range(60)]
    total = "outputs:\n  total: {type: number, scale: 0, range: 0..100000000}\n"
    body = f"inputs: [{', '.join(facts)}]\n{total}formula: {' + '.join(facts)}\n"
    engine = local_engine(policy_of(tmp_path / "rules", facts, {"total": body}))
    case = {"kasus": {name: Fraction(number) for number, name in enumerate(facts)}}
    assert engine.evaluate(case).outcome.outputs["total"] == sum(range(60))


def test_a_table_beyond_all_bounds_is_a_named_error(tmp_path: Path) -> None:
    rows = [", ".join(str(n * 40 + m) for m in range(39)) + f" | {n}" for n in range(90)]
    engine = local_engine(policy_of(tmp_path / "rules", ["x"], {"pita": table("FIRST", NUMBER, [*rows, "- | 0"])}))
    with pytest.raises(RuleError) as refusal:
        engine.decide("pita", {"x": Fraction(1)})
    assert refusal.value.code == "aturan_terlalu_besar"


def test_what_lifts_a_case_is_refused_by_name_where_the_rules_rate_nothing(tmp_path: Path) -> None:
    engine = local_engine(policy_of(tmp_path / "rules", ["x"], {"pita": table("FIRST", NUMBER, ["> 5 | 1", "- | 0"])}))
    with pytest.raises(InputError, match="tanpa_predikat"):
        engine.whatif({"kasus": {"x": Fraction(1)}})
