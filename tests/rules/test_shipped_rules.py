"""The rule set of Kotalama: no errors, its own cases through both engines, every row hit, and the worked cases of the domain."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kinerja.core import exactjson
from kinerja.core.errors import KinerjaError
from kinerja.engine import Engine
from kinerja.policy import check_policy, load_policy
from kinerja.policy.model import Decision, Policy, Table

ROOT = Path(__file__).parents[2]
RULES = ROOT / "rules"
WORKED = ROOT.parent / "shared" / "cases" / "kotalama.json"


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(RULES)


@pytest.fixture(scope="module")
def engine(policy: Policy) -> Iterator[Engine]:
    with Engine(policy) as engine:
        yield engine


def latest(policy: Policy) -> list[Decision]:
    return [versions[-1] for versions in policy.decisions.values()]


def test_the_rules_load_with_nothing_to_remark() -> None:
    report = check_policy(RULES)
    assert [str(d) for d in report.diagnostics] == []
    assert report.policy is not None


def test_own_cases_pass_through_both_engines_and_hit_every_row(policy: Policy, engine: Engine) -> None:
    wrong: list[str] = []
    hit: set[str] = set()
    for decision in latest(policy):
        for example in decision.examples:
            try:
                outcome = engine.decide(decision.name, example.given, on=example.on).outcome
            except KinerjaError as error:
                if error.code != example.error:
                    wrong.append(f"{example.place}: {error}")
                continue
            hit |= {row for name, _, rows in outcome.rows if name == decision.name for row in rows}
            if example.error:
                wrong.append(f"{example.place}: expected {example.error}, got {outcome.outputs}")
            elif any(outcome.outputs[name] != value for name, value in example.expect.items()):
                wrong.append(f"{example.place}: expected {example.expect}, got {outcome.outputs}")
    rows = {row.id for decision in latest(policy) if isinstance(decision.logic, Table) for row in decision.logic.rows}
    assert wrong == []
    assert rows - hit == set()


def test_every_requirement_is_broken_by_a_case_of_its_own_file(policy: Policy) -> None:
    for decision in latest(policy):
        codes = {requirement.code for requirement in decision.requirements}
        assert codes <= {example.error for example in decision.examples}, decision.name


def test_every_decision_states_outputs_in_full_in_its_cases(policy: Policy) -> None:
    for decision in latest(policy):
        for example in decision.examples:
            assert example.error or set(example.expect) == {output.name for output in decision.outputs}, str(example.place)


def test_the_worked_cases_of_the_domain(engine: Engine) -> None:
    if not WORKED.exists():
        pytest.skip("../shared/cases/kotalama.json is not beside this checkout")
    cases = exactjson.loads(WORKED.read_text(encoding="utf-8"))
    wrong: list[str] = []
    for case in cases:
        try:
            outputs = engine.decide(case["decision"], case["given"]).outcome.outputs
        except KinerjaError as error:
            if not case["expect"].get("error"):
                wrong.append(f"{case['id']}: {error}")
            continue
        if case["expect"].get("error") or any(outputs[name] != value for name, value in case["expect"].items()):
            wrong.append(f"{case['id']}: expected {case['expect']}, got {outputs}")
    assert cases
    assert wrong == []


CASE: dict[str, Any] = {
    "kasus": {
        "kelas_jabatan": 9,
        "jenjang": "Ahli Muda",
        "bulan": 12,
        "perilaku_kerja": "sesuai",
        "menit_terlambat": [10, 45, None],
        "hari_absen": 0,
    },
    "indikator": [
        {"kode": "A", "polaritas": "lebih_tinggi", "target": 95, "target_atas": None, "realisasi": 97, "bobot": 60},
        {"kode": "B", "polaritas": "lebih_rendah", "target": 10, "target_atas": None, "realisasi": 8, "bobot": 40},
    ],
}


def judged(value: str, reason: str | None) -> dict[str, Any]:
    """A record of the evaluation team on the work result."""
    return {"peran": "tim_evaluasi", "aspek": "hasil_kerja", "nilai": value, "alasan": reason, "bukti": None}


def test_the_whole_chain(engine: Engine) -> None:
    outcome = engine.evaluate(CASE).outcome
    assert [item["capaian"] for item in outcome.items["indikator"]] == [Fraction("102.11"), Fraction(120)]
    expected = {
        "nilai_hasil_kerja": Fraction("109.266"),
        "hasil_kerja": "sesuai",
        "hasil_kerja_akhir": "sesuai",
        "predikat": "Baik",
        "persen": Fraction(100),
        "tpp_dasar": Fraction(5532975),
        "produktivitas": Fraction(3319785),
        "persen_disiplin": Fraction(97),
        "disiplin": Fraction(2146794),
        "tpp_bruto": Fraction(5466579),
        "angka_kredit": Fraction(25),
    }
    assert {name: outcome.outputs[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("values", "result"),
    [([], "Baik"), (["naik"], "Sangat Baik"), (["tetap"], "Baik"), (["turun"], "Butuh Perbaikan")],
)
def test_the_team_moves_the_proposal_by_a_step(engine: Engine, values: list[str], result: str) -> None:
    records = [judged(value, "Menurut bukti") for value in values]
    case = CASE | {"kasus": CASE["kasus"] | {"perilaku_kerja": "di_atas"}, "penilaian": records}
    assert engine.evaluate(case).outcome.outputs["predikat"] == result


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kasus": {"perilaku_kerja": None}}, "fakta_hilang"),
        ({"indikator": []}, "tanpa_indikator"),
        ({"penilaian": [judged("naik", "Sangat cepat"), judged("naik", "Sangat teliti")]}, "lebih_dari_satu_langkah"),
        ({"penilaian": [judged("naik", None)]}, "alasan_wajib"),
        ({"penilaian": [judged("naik", "")]}, "alasan_wajib"),
        ({"penilaian": [judged("turun", " \t- ")]}, "alasan_wajib"),
        ({"penilaian": [judged("dua naik", "Sangat cepat")]}, "langkah_tidak_dikenal"),
    ],
)
def test_a_case_that_cannot_be_judged_gets_a_named_error(engine: Engine, change: dict[str, Any], code: str) -> None:
    case = CASE | change | {"kasus": CASE["kasus"] | change.get("kasus", {})}
    with pytest.raises(KinerjaError) as caught:
        engine.evaluate(case)
    assert caught.value.code == code


def test_each_post_has_exactly_one_standard(policy: Policy) -> None:
    posts = [(post, unit) for standard in policy.standards for post in standard.positions for unit in standard.units or ("",)]
    assert len(posts) == len(set(posts)) == 16
    assert all(sum(indicator.weight for indicator in standard.indicators) == 100 for standard in policy.standards)


def test_permit_standard_has_two_indicators(policy: Policy) -> None:
    (standard,) = [s for s in policy.standards if "penata_perizinan" in s.positions]
    measured = [(indicator.statistic, indicator.polarity, indicator.source) for indicator in standard.indicators]
    assert measured == [("persen_tepat_waktu", "lebih_tinggi", "kejadian"), ("median_hari", "lebih_rendah", "kejadian")]


def test_the_cascade_has_no_hole_and_ends_where_its_file_says(policy: Policy) -> None:
    """Each indicator serves results of heads, whose codes are there; only the heads of agencies serve nobody's plan."""
    codes = {one.code: standard.name for standard in policy.standards for one in standard.indicators}
    top = "kepala_perangkat_daerah"
    for standard in policy.standards:
        for one in standard.indicators:
            assert bool(one.serves) == (standard.name != top), one.code
            assert {codes[code] for code in one.serves} <= {top, "kepala_bidang", "sekretaris"}, one.code
            assert one.aspect, one.code
