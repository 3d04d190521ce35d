"""The conformance kit of the DMN standard, where it is at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kinerja.cli.dmn import dmn
from kinerja.cli.tck import tck
from kinerja.dmn.tck import agrees, run
from kinerja.feel import STANDARD

from .conftest import decision, input_data, literal

EXTERNAL = "0076-feel-external-java"  # functions of the Java platform: never run


@pytest.fixture(scope="module")
def kit(shared: Path) -> Path:
    if not (shared / "tck").is_dir():
        pytest.skip("../shared/tck is not here: conformance not measured")
    return shared / "tck"


def test_conformance(kit: Path) -> None:
    report = run(kit).as_json()
    two, three = report["levels"]["2"], report["levels"]["3"]
    assert two["passed"] == two["total"] > 100
    assert three["passed"] >= 0.99 * three["total"]
    assert three["value_passed"] >= 0.985 * three["value_total"]
    assert [failure for failure in report["failures"] if not failure["case"].startswith(EXTERNAL)] == []


CASES = """<?xml version="1.0"?>
<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:xsd="http://www.w3.org/2001/XMLSchema"><modelName>coba.dmn</modelName>
<testCase id="1"><inputNode name="x"><value xsi:type="xsd:decimal">1</value></inputNode>
<resultNode name="hasil"><expected><value xsi:type="xsd:decimal">2.000000001</value></expected></resultNode></testCase>
<testCase id="2"><resultNode name="hasil" errorResult="true"><expected><value xsi:nil="true"/></expected></resultNode></testCase>
<testCase id="3"><inputNode name="x"><value xsi:type="xsd:decimal">1</value></inputNode>
<resultNode name="hasil"><expected><list><item><value xsi:type="xsd:decimal">2</value></item></list></expected>
</resultNode></testCase>
</testCases>"""


@pytest.fixture
def small_kit(tmp_path: Path) -> Path:
    folder = tmp_path / "compliance-level-2" / "0001-coba"
    folder.mkdir(parents=True)
    model = input_data("x", "number") + decision(literal("x + 1"), needs="x")
    head = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="coba" namespace="urn:coba">'
    (folder / "coba.dmn").write_text(f"{head}{model}</definitions>", encoding="utf-8")
    (folder / "coba-test-01.xml").write_text(CASES, encoding="utf-8")
    return tmp_path


def test_the_report_counts_values_apart(small_kit: Path) -> None:
    result = CliRunner().invoke(tck, [str(small_kit), "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "levels": {"2": {"passed": 2, "total": 3, "value_passed": 1, "value_total": 2}},
        "failures": [{"case": "0001-coba/3", "node": "hasil", "expected": "[2]", "got": "2"}],
    }


def test_the_report_in_words(small_kit: Path) -> None:
    result = CliRunner().invoke(tck, [str(small_kit)])
    assert "level 2: 2/3 (66.7 %) nodes, 1/2 (50.0 %) with a value" in result.stdout


def test_a_model_is_run_from_the_command_line(small_kit: Path) -> None:
    file = str(small_kit / "compliance-level-2" / "0001-coba" / "coba.dmn")
    result = CliRunner().invoke(dmn, ["run", file, "--input", '{"x": 0.1}', "--json"])
    assert (result.exit_code, result.stdout.strip()) == (0, '{\n  "hasil": 1.1\n}')
    result = CliRunner().invoke(dmn, ["run", file, "--input", "[]"])
    assert result.exit_code == 2
    result = CliRunner().invoke(dmn, ["run", file, "--decision", "lain"])
    assert result.exit_code == 2
    assert "hasil" in result.stderr


def test_numbers_agree_within_the_kits_precision() -> None:
    number = STANDARD.arithmetic.number
    assert agrees({"a": [number(1)]}, {"a": [number(1) + number(1) / 10**9]})
    assert not agrees(number(1), number(1) + number(1) / 10**7)
    assert not agrees([], None)


def test_a_model_that_cannot_be_read_fails_its_own_cases_only(small_kit: Path) -> None:
    folder = small_kit / "compliance-level-3" / "0002-rusak"
    folder.mkdir(parents=True)
    (folder / "rusak-test-01.xml").write_text(CASES.replace("coba.dmn", "tiada.dmn"), encoding="utf-8")
    levels = run(small_kit).as_json()["levels"]
    assert levels["3"] == {"passed": 1, "total": 3, "value_passed": 0, "value_total": 2}
    assert levels["2"]["passed"] == 2
