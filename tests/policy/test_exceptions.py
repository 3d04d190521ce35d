"""Exceptions by precedence and transitional clauses: compiled to plain decisions, run by both engines."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kinerja.engine import Engine
from kinerja.policy import Policy, load_policy
from kinerja.policy.assemble.exceptions import level
from kinerja.policy.assemble.registry import Header
from kinerja.policy.dmnfile import export_model
from kinerja.policy.dmnfile import prepare_import as import_model
from kinerja.policy.proof import prove_policy
from kinerja.policy.sheets import export_workbook, import_workbook, prepare_import

from .conftest import Rules

GENERAL = """
title: Persen umum
decision: persen
authority: [{instrument: PP 12/2019, part: Pasal 58, status: policy}]
effective: {from: 2022-01-01}
inputs: [kelas]
outputs: {persen: {type: number, scale: 0, range: 0..100}}
table: |
  | kelas | persen |
  | < 8   | 50     |
  | >= 8  | 60     |
cases:
  - {given: {kelas: 7}, expect: {persen: 50}}
  - {given: {kelas: 8}, expect: {persen: 60}}
"""


def exception(name: str, when: str, persen: int, *, law: str = "Perwali 2/2022", start: str = "2022-01-01", end: str = "") -> str:
    until = f", to: {end}" if end else ""
    return f"""
title: Persen {name}
decision: {name}
exception_to: persen
when: {when}
authority: [{{instrument: {law}, part: Pasal 3, status: policy}}]
effective: {{from: {start}{until}}}
inputs: [kelas, perilaku]
outputs: {{persen: {{type: number, scale: 0, range: 0..100}}}}
formula: {persen}
cases: [{{given: {{kelas: 1, perilaku: sesuai}}, expect: {{persen: {persen}}}}}]
"""


def policy_of(rules: Rules) -> Policy:
    found = rules.check()
    assert found.policy is not None, [one.line("en") for one in found.errors]
    return found.policy


def answers(policy: Policy, *questions: tuple[int, str, date]) -> list[Any]:
    with Engine(policy) as engine:
        return [engine.decide("persen", {"kelas": k, "perilaku": p}, day).outcome.outputs["persen"] for k, p, day in questions]


D2023, D2025 = date(2023, 1, 1), date(2025, 1, 1)


@pytest.fixture
def city(rules: Rules) -> Rules:
    rules.write("decisions/persen.yaml", GENERAL)
    rules.write("decisions/persen_baik.yaml", exception("persen_baik", 'perilaku = "di_atas"', 90))
    return rules


def test_an_exception_overrides_the_general_rule_where_it_holds(city: Rules) -> None:
    policy = policy_of(city)
    assert [found.text_en for found in city.check().diagnostics if found.code == "R074"] == ['input "kelas" is not used']
    assert answers(policy, (7, "di_atas", D2023), (7, "sesuai", D2023), (9, "sesuai", D2023)) == [90, 50, 60]
    version = policy.decisions["persen"][0]
    assert [str(cited) for cited in version.authority] == ["PP 12/2019 Pasal 58", "Perwali 2/2022 Pasal 3"]
    assert policy.order.index("persen_umum") < policy.order.index("persen")
    assert prove_policy(policy, ("persen", "persen_umum", "persen_baik")).proved


def test_an_exception_counts_only_on_its_days(city: Rules) -> None:
    city.write(
        "decisions/persen_baik.yaml", exception("persen_baik", 'perilaku = "di_atas"', 90, start="2024-01-01", end="2024-12-31")
    )
    policy = policy_of(city)
    assert [v.effective.first.isoformat() for v in policy.decisions["persen"]] == ["2022-01-01", "2024-01-01", "2025-01-01"]
    days = ((D2023, {"kelas": 7}), (date(2024, 6, 1), {"kelas": 7, "perilaku": "di_atas"}), (D2025, {"kelas": 7}))
    with Engine(policy) as engine:
        on = {day: engine.decide("persen", given, day).outcome.outputs["persen"] for day, given in days}
    assert on == {D2023: 50, date(2024, 6, 1): 90, D2025: 50}


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (exception("persen_lain", "kelas > 1", 80, law="PP 30/2019"), 80),  # the higher instrument
        (exception("persen_lain", 'kelas > 1 and perilaku = "di_atas"', 80), 80),  # the narrower scope
        (exception("persen_lain", "kelas > 1", 80, start="2022-06-01"), 80),  # the later date
        (
            exception("persen_lain", "kelas > 1", 80, law="Surat Edaran 1/2020", start="2022-06-01"),
            90,
        ),  # a lower instrument gives way
    ],
)
def test_precedence(city: Rules, second: str, expected: int) -> None:
    city.write("decisions/persen_lain.yaml", second)
    assert answers(policy_of(city), (7, "di_atas", D2023)) == [expected]


def test_two_of_equal_rank_are_refused(city: Rules) -> None:
    city.write("decisions/persen_lain.yaml", exception("persen_lain", "kelas > 1", 80))
    assert [found.code for found in city.check().errors] == ["R029"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("exception_to: persen", "exception_to: persenan", "R020"),
        ('when: perilaku = "di_atas"\n', "", "R005"),
        ('perilaku = "di_atas"', 'sikap = "di_atas"', "R020"),
        ('perilaku = "di_atas"', "perilaku = =", "R030"),
        ("outputs: {persen:", "outputs: {persentase:", "R029"),
        ("inputs: [kelas, perilaku]", "inputs: {kelas: {from: butir.target}, perilaku: }", "R024"),
    ],
)
def test_spoilt_exceptions(city: Rules, old: str, new: str, code: str) -> None:
    city.change("decisions/persen_baik.yaml", old, new)
    assert code in [found.code for found in city.check().errors]


def test_a_transitional_clause_keeps_the_old_rule_until_its_day(rules: Rules) -> None:
    rules.write("decisions/persen.yaml", GENERAL.replace("{from: 2022-01-01}", "{from: 2022-01-01, to: 2024-12-31}"))
    newer = (
        GENERAL.replace("{from: 2022-01-01}", "{from: 2025-01-01}")
        .replace("| 50 ", "| 55 ")
        .replace("{persen: 50}", "{persen: 55}")
    )
    clause = "transitional: {when: kelas = 7, until: 2025-06-30}\n"
    rules.write("decisions/persen-2025.yaml", newer + clause)
    policy = policy_of(rules)
    days = (date(2024, 12, 31), D2025, date(2025, 6, 30), date(2025, 7, 1))
    with Engine(policy) as engine:
        seven = [engine.decide("persen", {"kelas": 7}, day).outcome.outputs["persen"] for day in days]
        six = [engine.decide("persen", {"kelas": 6}, day).outcome.outputs["persen"] for day in days]
    assert seven == [50, 50, 50, 55]
    assert six == [50, 55, 55, 55]
    rules.change("decisions/persen.yaml", "\ncases:", f"\n{clause}cases:")
    assert "R029" in [found.code for found in rules.check().errors]


def test_versions_may_read_other_facts(rules: Rules) -> None:
    """Who came in before the new rule is known to that rule alone; an exception stands over both versions."""
    rules.write("decisions/persen.yaml", GENERAL.replace("{from: 2022-01-01}", "{from: 2022-01-01, to: 2024-12-31}"))
    newer = (
        GENERAL.replace("{from: 2022-01-01}", "{from: 2025-01-01}")
        .replace("| 50 ", "| 55 ")
        .replace("{persen: 50}", "{persen: 55}")
    )
    newer = newer.replace("inputs: [kelas]", "inputs: [kelas, perilaku]")
    newer = newer.replace("{kelas: 7}", "{kelas: 7, perilaku: sesuai}").replace("{kelas: 8}", "{kelas: 8, perilaku: sesuai}")
    clause = 'transitional: {when: perilaku = "di_atas", until: 2025-06-30}\n'
    rules.write("decisions/persen-2025.yaml", newer + clause)
    rules.write("decisions/khusus.yaml", exception("khusus", "kelas = 3", 90, start="2024-01-01"))
    unused = [one.place.file for one in rules.check().diagnostics if one.code == "R074" and one.place]
    assert not [file for file in unused if file.endswith("persen-2025.yaml")], "the clause reads it"
    policy = policy_of(rules)
    asked = [
        (date(2023, 6, 1), {"kelas": 3}, 50),
        (date(2024, 6, 1), {"kelas": 3, "perilaku": "sesuai"}, 90),
        (date(2024, 6, 1), {"kelas": 4, "perilaku": "sesuai"}, 50),
        (D2025, {"kelas": 4, "perilaku": "sesuai"}, 55),
        (D2025, {"kelas": 4, "perilaku": "di_atas"}, 50),
        (date(2025, 7, 1), {"kelas": 4, "perilaku": "di_atas"}, 55),
    ]
    with Engine(policy) as engine:
        for day, given, persen in asked:
            assert engine.decide("persen", given, day).outcome.outputs["persen"] == persen, (day, given)


def header_of(law: str) -> Header:
    from kinerja.policy.assemble.registry import read_header
    from kinerja.policy.diagnostics import Report
    from kinerja.policy.source import MapNode, parse_text

    root = parse_text(GENERAL.replace("PP 12/2019", law).lstrip(), "a", Report())
    assert isinstance(root, MapNode)
    found = read_header(root, Report())
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("law", "expected"),
    [
        ("UU 20/2023", 2),
        ("PP 30/2019", 3),
        ("PermenPANRB 6/2022", 5),
        ("Perda 1/2020", 6),
        ("Perwali 1/2020", 7),
        ("Kebijakan Kota", 8),
    ],
)
def test_levels_of_instruments(law: str, expected: int) -> None:
    assert level(header_of(law)) == expected


# ── lists of items ────────────────────────────────────────────────────────────────────────────────────────────────────
OVER_ITEMS = """
title: Nilai bagi kelas tinggi
decision: nilai_kelas_tinggi
exception_to: nilai
when: kelas >= 12 and count(butir) > 1
authority: [{instrument: Perwali 2/2022, part: Pasal 3, status: policy}]
effective: {from: 2022-01-01}
inputs: {butir: {from: butir}, kelas: }
outputs: {nilai: {type: number, unit: persen, scale: 8, range: 0..120}}
requires:
  - {code: bobot, that: sum(for b in butir return b.bobot) = 100, id: bobot, en: weights}
  - {code: target, that: sum(for b in butir return b.target) > 0, id: target, en: target}
formula: sum(for b in butir return if b.capaian = null then 0 else b.capaian * b.bobot) / 200
cases:
  - given: {kelas: 12, butir: [{capaian: 50, target: 1, bobot: 50}, {capaian: 100, target: 2, bobot: 50}]}
    expect: {nilai: 37.5}
"""
CASE: dict[str, Any] = {
    "kasus": {"kelas": 1, "perilaku": "sesuai", "menit": []},
    "butir": [
        {"kode": "A", "target": 100, "realisasi": 80, "bobot": 60},
        {"kode": "B", "target": 100, "realisasi": 100, "bobot": 40},
        {"kode": "C", "target": 100, "realisasi": None, "bobot": 0},
    ],
}


@pytest.fixture
def over_items(rules: Rules) -> Rules:
    rules.write("decisions/nilai_kelas_tinggi.yaml", OVER_ITEMS)
    return rules


def test_an_exception_may_take_the_whole_list_of_items(over_items: Rules) -> None:
    """Both engines, members that only one of the two rules reads, a trace to the article that counted."""
    policy = policy_of(over_items)
    [butir] = [given for given in policy.decisions["nilai"][0].inputs if given.name == "butir"]
    assert {member.name for member in butir.members} == {"bobot", "capaian", "target"}
    with Engine(policy) as engine:
        found = {}
        for kelas in (1, 11, 12, 15):
            finding = engine.evaluate({**CASE, "kasus": {**CASE["kasus"], "kelas": kelas}})
            found[kelas] = finding.outcome.outputs["nilai"]
            [said] = [entry.text_id for entry in finding.trace if entry.decision == "nilai"]
            assert ("karena kelas >= 12" in said) == (kelas >= 12)
        alone = engine.decide("nilai", {"kelas": 12, "butir": [{"capaian": 40, "target": 1, "bobot": 100}]})
    assert found == {1: 88, 11: 88, 12: 44, 15: 44}
    assert alone.outcome.outputs["nilai"] == 40  # one item: the general rule


def test_what_is_proved_of_it(over_items: Rules) -> None:
    file = "decisions/nilai_kelas_tinggi.yaml"
    over_items.change(file, "  - {code: target, that: sum(for b in butir return b.target) > 0, id: target, en: target}\n", "")
    over_items.change(file, "/ 200", "/ 100")
    over_items.change(file, "expect: {nilai: 37.5}", "expect: {nilai: 75}")
    report = prove_policy(policy_of(over_items), ("nilai", "nilai_umum", "nilai_kelas_tinggi"))
    assert [found.line("en") for found in report.findings] == []
    over_items.change(file, "/ 100", "/ 50")
    findings = prove_policy(policy_of(over_items), ("nilai_kelas_tinggi",)).findings
    assert {found.code for found in findings} <= {"P106", "P108"}
    assert findings


def test_the_exchanges_keep_it(over_items: Rules, tmp_path: Path) -> None:
    before = policy_of(over_items).fingerprint
    export_workbook(over_items.root, tmp_path / "a.xlsx")
    import_workbook(prepare_import(tmp_path / "a.xlsx", tmp_path / "b"), tmp_path / "b")
    export_model(over_items.root, tmp_path / "a.dmn")
    import_workbook(import_model(tmp_path / "a.dmn", tmp_path / "c"), tmp_path / "c")
    assert {load_policy(tmp_path / name).fingerprint for name in "bc"} == {before}


def test_a_version_of_items_may_leave_cases_with_the_one_before(rules: Rules) -> None:
    text = (rules.root / "decisions" / "nilai.yaml").read_text("utf-8")
    old = text.replace("effective: {from: 2022-01-01}", "effective: {from: 2022-01-01, to: 2023-12-31}", 1)
    new = text.replace("effective: {from: 2022-01-01}", "effective: {from: 2024-01-01}", 1)
    new = new.replace("else b.capaian * b.bobot) / 100", "else b.capaian) / max(count(butir), 1)").partition("cases:")[0]
    rules.write("decisions/nilai.yaml", old)
    clause = "transitional: {when: count(butir) < 3, until: 2024-06-30}\n"
    rules.write("decisions/nilai_2024.yaml", new + clause)
    items = [{"capaian": 80, "bobot": 60}, {"capaian": 100, "bobot": 40}]
    with Engine(policy_of(rules)) as engine:
        days = (D2023, date(2024, 6, 30), date(2024, 7, 1))
        on = [engine.decide("nilai", {"butir": items}, day).outcome.outputs["nilai"] for day in days]
    assert on == [88, 88, 90]
