"""What the proof finds in small tables and formulas, each with a counterexample in the vocabulary's terms."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from kinerja.policy.proof import Obligation, ProofReport, prove, prove_policy

from .conftest import AUTHORITY, STANDAR, Rules


def findings(rules: Rules, name: str) -> list[tuple[str, str]]:
    policy = rules.check().policy
    assert policy is not None, [found.line("en") for found in rules.check().errors]
    report = prove_policy(policy, (name,))
    return [(found.code, found.text_en) for found in report.findings]


def obligations(rules: Rules, name: str) -> dict[str, Obligation]:
    policy = rules.check().policy
    assert policy is not None
    return {obligation.kind: obligation for obligation in prove_policy(policy, (name,)).obligations}


def decision(rules: Rules, inputs: str, outputs: str, logic: str) -> None:
    rules.write("decisions/uji.yaml", f"title: Uji\ndecision: uji\n{AUTHORITY}inputs: {inputs}\noutputs: {outputs}\n{logic}")


def table(rules: Rules, rows: str, *, hit: str = "UNIQUE", inputs: str = "{kelas: , perilaku: }", extra: str = "") -> None:
    heading = "  | kelas | perilaku | hasil |\n"
    body = "".join(f"  {row.strip()}\n" for row in rows.strip().split("\n"))
    decision(rules, inputs, "{hasil: {values: [A, B, C], best: A}}", f"hit: {hit}\n{extra}table: |\n{heading}{body}")


def test_the_small_city_is_proved(rules: Rules) -> None:
    policy = rules.check().policy
    assert policy is not None
    report = prove_policy(policy)
    assert [o.line() for o in report.obligations if not o.holds] == []
    assert {o.method.split()[0] for o in report.obligations} >= {"grid", "z3", "dates"}
    assert len(report.obligations) > 20


def test_two_threads_prove_one_after_the_other(rules: Rules, monkeypatch: pytest.MonkeyPatch) -> None:
    """The solver bears one at a time; in the workshop a draft is saved while its text is still looked at."""
    policy = rules.check().policy
    assert policy is not None
    honest, running, most = prove.prove_policy, [0], [0]

    def watched(*given: Any) -> ProofReport:
        running[0] += 1
        most[0] = max(most[0], running[0])
        time.sleep(0.02)  # long enough for the other to come in
        report = honest(*given)
        running[0] -= 1
        return report

    monkeypatch.setattr(prove, "prove_policy", watched)
    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(lambda _: prove_policy(policy), range(2)))
    assert most == [1]
    assert [o.status for o in reports[0].obligations] == [o.status for o in reports[1].obligations]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("| [1..7] | - | A |\n| [9..15] | - | B |", [("P101", "Case with kelas = 8: no row matches")]),
        (
            "| [1..8] | - | A |\n| [8..15] | sesuai | B |\n| (8..15] | not(sesuai) | C |",
            [("P102", "Case with kelas = 8, perilaku = sesuai: hits uji#1, uji#2")],
        ),
        ("| - | - | A |\n| 1 | sesuai | A |", [("P102", "Case with kelas = 1, perilaku = sesuai: hits uji#1, uji#2")]),
        ("| <= 15 | - | A |\n| < 1 | - | B |", [("P103", "row uji#2 is never hit")]),
        ("| [1..8] | - | A |\n| > 8 | di_atas, sesuai | B |\n| > 8 | di_bawah | C |", []),
        ("| not([1..8]) | - | A |\n| < 8.5 | - | B |", []),
    ],
)
def test_rows_of_a_unique_table(rules: Rules, rows: str, expected: list[tuple[str, str]]) -> None:
    table(rules, rows)
    assert [found for found in findings(rules, "uji") if not found[0].startswith("R")] == expected


def test_all_gaps_are_listed(rules: Rules) -> None:
    table(rules, "| 3 | - | A |\n| 7 | - | A |\n| 11 | sesuai | B |")
    gaps = [text for code, text in findings(rules, "uji") if code == "P101"]
    assert gaps == [
        "Case with kelas = 1: no row matches",
        "Case with kelas = 11, perilaku = di_atas: no row matches",
    ]


@pytest.mark.parametrize(
    ("hit", "rows", "codes"),
    [
        ("ANY", "| - | sesuai | A |\n| 1 | - | A |\n| > 1 | not(sesuai) | B |", []),
        ("ANY", "| - | - | A |\n| 1 | - | B |", ["P104"]),
        ("ANY", "| - | - | A |\n| 1 | - | A |", ["P105"]),
        ("FIRST", "| - | - | A |\n| 1 | - | B |", ["P103"]),
        ("FIRST", "| 1 | - | B |\n| - | - | A |", []),
        ("PRIORITY", "| - | - | A |\n| 1 | - | B |", ["P103"]),
        ("PRIORITY", "| 1 | - | A |\n| - | - | B |", []),
        ("COLLECT", "| 1 | - | A |\n| 2 | - | B |", []),
        ("RULE ORDER", "| 1 | - | A |\n| > 15 | - | B |", ["P103"]),
    ],
)
def test_other_hit_policies(rules: Rules, hit: str, rows: str, codes: list[str]) -> None:
    table(rules, rows, hit=hit)
    assert [code for code, _ in findings(rules, "uji")] == codes


def test_the_scale_decides_what_lies_between(rules: Rules) -> None:
    decision(
        rules,
        "{ikm: {from: kasus.ikm}}",
        "{m: {values: [A, B]}}",
        "table: |\n  | ikm | m |\n  | [76.61..100] | A |\n  | [25..76.60] | B |\n  | null | B |\n",
    )
    assert findings(rules, "uji") == [("P101", "Case with ikm = 76.6001: no row matches")]
    rules.change("vocabulary.yaml", "scale: 4, range: 25..100", "scale: 2, range: 25..100")
    assert findings(rules, "uji") == []


def test_a_null_that_no_row_names(rules: Rules) -> None:
    decision(
        rules, "{ikm: {from: kasus.ikm}}", "{m: {values: [A, B]}}", "table: |\n  | ikm | m |\n  | >= 50 | A |\n  | < 50 | B |\n"
    )
    assert findings(rules, "uji") == [("P101", "Case with ikm = null: no row matches")]


def test_preconditions_narrow_the_cases(rules: Rules) -> None:
    rows = "| [3..15] | - | A |"
    table(rules, rows)
    assert [code for code, _ in findings(rules, "uji")] == ["P101"]
    table(rules, rows, extra="requires: [{code: muda, that: kelas >= 3, id: x, en: x}]\n")
    assert findings(rules, "uji") == []
    table(rules, rows, extra='requires: [{code: muda, that: if perilaku = "sesuai" then kelas > 2 else true, id: x, en: x}]\n')
    assert findings(rules, "uji") == [
        ("P101", "Case with kelas = 1, perilaku = di_atas: no row matches"),
        ("P101", "Case with kelas = 1, perilaku = di_bawah: no row matches"),
        ("P101", "Case with kelas = 2, perilaku = di_atas: no row matches"),
        ("P101", "Case with kelas = 2, perilaku = di_bawah: no row matches"),
    ]


def test_cells_that_relate_inputs_are_proved_by_arithmetic(rules: Rules) -> None:
    inputs = "{a: {type: number, range: 0..9}, b: {type: number, range: 0..9}}"
    outputs = "{m: {values: [A, B]}}"
    decision(rules, inputs, outputs, "table: |\n  | a | b | m |\n  | >= b | - | A |\n  | < b | - | B |\n")
    assert findings(rules, "uji") == []
    assert obligations(rules, "uji")["tepat satu jawaban"].method == "z3"
    decision(rules, inputs, outputs, "table: |\n  | a | b | m |\n  | >= b + 2 | - | A |\n  | <= b + 1 | > 0 | B |\n")
    assert [code for code, _ in findings(rules, "uji")] == ["P101"]
    decision(rules, inputs, outputs, "table: |\n  | a | b | m |\n  | >= b | - | A |\n  | <= b | - | B |\n")
    assert [code for code, _ in findings(rules, "uji")] == ["P102"]


X = "{x: {type: number, scale: 2, range: 0..100}}"
FORMULAS = [
    # output, formula, codes
    ("{type: number, scale: 2, range: 0..100}", "x", []),
    ("{type: number, scale: 2, range: 0..99}", "x", ["P106"]),
    ("{type: number, scale: 1, range: 0..100}", "x", ["P110"]),
    ("{type: number, scale: 1, range: 0..100}", "round half up(x, 1)", []),
    ("{type: number, scale: 2, range: 0..100}", "x / 3", ["P110"]),
    ("{type: number, scale: 2, range: 0..100}", "round half up(100 / x, 2)", ["P111", "P106"]),
    ("{type: number, scale: 2, range: 0..100}", "if x >= 1 then round half up(100 / x, 2) else 100", []),
    ("{type: number, scale: 2, range: 0..100}", "if x > 0 then min(round half up(100 / x, 2), 100) else 0", []),
    ("{type: number, scale: 2, range: 1..100}", "if x > 0 then min(round half up(100 / x, 2), 100) else 1", []),
    ("{type: number, scale: 2, range: 0..100}", "if x > 50 then x else null", ["P111"]),
    ("{type: number, scale: 2, range: 0..100, nullable: true}", "if x > 50 then x else null", []),
    ("{type: number, scale: 4, range: 0..2500}", "x * (100 - x)", []),
    ("{type: number, scale: 4, range: 0..2499}", "x * (100 - x)", ["P106"]),
    ("{values: [A, B]}", 'if x > 1 then "A" else "B"', []),
    ("{values: [A, B]}", 'if x > 1 then "A" else "C"', ["P106"]),
    ("{type: number, scale: 0, range: 0..200}", "floor(x) + ceiling(x)", []),
    ("{type: number, scale: 0, range: 0..100}", "tarif(floor(x))", ["P111", "P106"]),
    ("{type: number, scale: 2, range: 0..5}", "potongan(floor(x)).persen", []),
    ("{type: number, scale: 2, range: 0..5}", "potongan(x).persen", ["P111"]),
]


@pytest.mark.parametrize(("output", "formula", "codes"), FORMULAS, ids=range(len(FORMULAS)))
def test_formulas(rules: Rules, output: str, formula: str, codes: list[str]) -> None:
    decision(rules, X, f"{{y: {output}}}", f"formula: >-\n  {formula}\n")
    assert [code for code, _ in findings(rules, "uji")] == codes, findings(rules, "uji")


def test_the_counterexample_of_a_formula_is_real(rules: Rules) -> None:
    decision(rules, X, "{y: {type: number, scale: 2, range: 0..99}}", "formula: x\n")
    ((_, text),) = findings(rules, "uji")
    assert text.startswith("Case with x = 99.") or text == "Case with x = 100: y = 100, outside 0..99"


def test_weighted_means_stay_between_their_parts(rules: Rules) -> None:
    logic = (
        "requires: [{code: b, that: sum(for b in butir return b.bobot) = 100, id: x, en: x}]\n"
        "formula: sum(for b in butir return if b.capaian = null then 0 else b.capaian * b.bobot) / 100\n"
    )
    decision(rules, "{butir: {from: butir}}", "{y: {type: number, scale: 8, range: 0..120}}", logic)
    assert findings(rules, "uji") == []
    decision(rules, "{butir: {from: butir}}", "{y: {type: number, scale: 8, range: 0..119}}", logic)
    assert [code for code, _ in findings(rules, "uji")] == ["P108"]


@pytest.mark.parametrize(
    ("logic", "codes"),
    [
        ("formula: round half up(x * 0.3, 2)", []),
        ("formula: 100 - x", ["P107"]),
        ("formula: if x > 50 then x - 1 else x", ["P107"]),
        ("formula: if x > 50 then x + 1 else x", []),
        ("table: |\n  | x | y |\n  | < 10 | 1 |\n  | [10..20] | 3 |\n  | > 20 | 2 |", ["P107"]),
        ("table: |\n  | x | y |\n  | < 10 | 1 |\n  | >= 10 | 2 |", []),
        ("table: |\n  | x | y |\n  | < 10 | x + 5 |\n  | >= 10 | x |", ["P107"]),
        ("table: |\n  | x | y |\n  | < 10 | x |\n  | >= 10 | x + 5 |", []),
        ("table: |\n  | x | y |\n  | 3, 9 | 1 |\n  | not(3, 9) | 2 |", ["P107"]),
    ],
)
def test_monotone(rules: Rules, logic: str, codes: list[str]) -> None:
    decision(rules, X, "{y: {type: number, scale: 2, range: 0..200}}", f"{logic}\nmonotone: {{x: up}}\n")
    assert [code for code, _ in findings(rules, "uji")] == codes


def test_a_direction_is_said_with_both_cases(rules: Rules) -> None:
    rules.change("decisions/potongan.yaml", "| 0.5    |", "| 4      |")
    assert findings(rules, "potongan") == [("P107", "not monotone: terlambat 30 → 31: persen 4 → 1.25")]


def test_a_parameter_that_begins_too_late(rules: Rules) -> None:
    rules.change("parameters/indeks.yaml", "{from: 2022-01-01, to: 2024-12-31", "{from: 2022-03-01, to: 2024-12-31")
    found = findings(rules, "tunjangan")
    assert found[0] == ("P111", 'Case with tanggal = 2022-01-01: error "parameter_tidak_ada: indeks"')


def test_each_value_of_a_parameter_is_looked_at(rules: Rules) -> None:
    kinds = obligations(rules, "tunjangan")
    assert "tunjangan dalam rentang sejak 2025-01-01" in kinds
    rules.change("incentives/tunjangan.yaml", "range: 0..100000000", "range: 0..15000")
    assert findings(rules, "tunjangan") == []
    rules.change("parameters/indeks.yaml", "value: 1.0000", "value: 1.0001")
    assert [code for code, _ in findings(rules, "tunjangan")] == ["P108"]


def standards(rules: Rules) -> list[tuple[str, str]]:
    policy = rules.check().policy
    assert policy is not None
    return [(found.code, found.text_en) for found in prove_policy(policy).findings if found.code == "P109"]


def test_a_post_without_a_standard_from_some_day(rules: Rules) -> None:
    assert standards(rules) == []
    rules.change("standards/operator.yaml", "{from: 2022-01-01}", "{from: 2022-01-01, to: 2025-12-31}")
    assert standards(rules) == [("P109", "position operator on 2026-01-01: 0 standards hold")]
    rules.write("standards/b.yaml", STANDAR.replace("standard: operator", "standard: b").replace("2022-01-01", "2026-01-01"))
    assert standards(rules) == []


def test_a_unit_that_only_narrow_standards_leave_out(rules: Rules) -> None:
    rules.change("standards/operator.yaml", "positions: [operator]", "positions: [operator], classes: [5]")
    rules.write(
        "standards/b.yaml",
        STANDAR.replace("standard: operator", "standard: b").replace(
            "positions: [operator]", "positions: [operator], units: [dukcapil]"
        ),
    )
    assert standards(rules) == [("P109", "position operator, any other unit, any other class on 2022-01-01: 0 standards hold")]


def test_an_obligation_shows_method_status_and_time(rules: Rules) -> None:
    found: list[Any] = [obligation.as_json() for obligation in obligations(rules, "potongan").values()]
    assert {"decision", "obligation", "obligation_en", "method", "status", "milliseconds", "place", "findings"} == set(found[0])
    assert all(one["status"] == "proved" for one in found)
