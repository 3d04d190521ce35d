"""Requirement graphs, boxed expressions, knowledge models, services, types, imports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kinerja.core.errors import InputError
from kinerja.dmn import explain_decision, run_decision
from kinerja.feel import FeelError

from .conftest import Decide, Write, decision, input_data, literal, text

BKM = """
<businessKnowledgeModel id="_kali" name="kali"><variable name="kali"/><encapsulatedLogic>
<formalParameter name="a" typeRef="number"/><formalParameter name="faktor b" typeRef="number"/>
<literalExpression><text>a * faktor b</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
"""


def test_decisions_see_what_they_require_and_nothing_else(decide: Decide) -> None:
    model = input_data("x", "number") + decision(literal("x + 1"), name="tengah", needs="x")
    assert decide(model + decision(literal("tengah * 2"), needs="!tengah"), {"x": 2}) == 6
    assert decide(model + decision(literal("x"), needs="!tengah"), {"x": 2}) is None


@pytest.mark.parametrize("call", ["kali(2, 3)", "kali(faktor b: 3, a: 2)"])
def test_knowledge_models_are_called_by_position_and_by_name(decide: Decide, call: str) -> None:
    assert decide(BKM + decision(literal(call), knows="kali")) == 6


def test_arguments_of_another_type_give_null(decide: Decide) -> None:
    assert decide(BKM + decision(literal('kali("2", 3)'), knows="kali")) is None


def test_a_knowledge_model_may_call_itself(decide: Decide) -> None:
    model = """
    <businessKnowledgeModel id="_fak" name="fak"><knowledgeRequirement><requiredKnowledge href="#_fak"/></knowledgeRequirement>
    <encapsulatedLogic><formalParameter name="n"/>
    <literalExpression><text>if n = 0 then 1 else n * fak(n - 1)</text></literalExpression></encapsulatedLogic>
    </businessKnowledgeModel>
    """
    assert decide(model + decision(literal("fak(10)"), knows="fak")) == 3628800


def test_decisions_that_require_each_other_give_null(decide: Decide) -> None:
    model = decision(literal("b + 1"), name="a", needs="!b") + decision(literal("a + 1"), name="b", needs="!a")
    assert decide(model, decision="a") is None


def test_a_very_long_chain_of_decisions_ends_in_an_error_of_ours(write: Write) -> None:
    chain = decision(literal("1"), name="d0")
    chain += "".join(decision(literal(f"d{n - 1} + 1"), name=f"d{n}", needs=f"!d{n - 1}") for n in range(1, 1000))
    assert run_decision(write(chain), {}, "d90") == {"d90": 91}
    with pytest.raises(FeelError) as caught:
        run_decision(write(chain), {}, "d999")
    assert caught.value.code == "batas_terlampaui"


def test_a_knowledge_model_without_logic_is_null(decide: Decide) -> None:
    model = '<businessKnowledgeModel id="_kosong" name="kosong"><variable name="kosong"/></businessKnowledgeModel>'
    assert decide(model, decision="kosong") is None
    assert decide(model + decision(literal("kosong(1)"), knows="kosong")) is None


def _entry(name: str, logic: str) -> str:
    variable = f'<variable name="{name}"/>' if name else ""
    return f"<contextEntry>{variable}{logic}</contextEntry>"


def _wrapped(tag: str, value: str) -> str:
    return f"<{tag}>{literal(value)}</{tag}>"


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        (
            f"<context>{_entry('gaji pokok', literal('10'))}{_entry('total', literal('gaji pokok * 2'))}</context>",
            {"gaji pokok": 10, "total": 20},
        ),
        (f"<context>{_entry('a b', literal('10'))}{_entry('', literal('a b + 1'))}</context>", 11),
        (f"<list>{literal('1')}{literal('2')}</list>", [1, 2]),
        (
            f'<relation><column name="a"/><column name="b"/><row>{literal("1")}{literal("2")}</row>'
            f"<row>{literal('3')}{literal('4')}</row></relation>",
            [{"a": 1, "b": 2}, {"a": 3, "b": 4}],
        ),
        (f"<conditional>{_wrapped('if', '1 > 2')}{_wrapped('then', '1')}{_wrapped('else', '2')}</conditional>", 2),
        (f"<filter>{_wrapped('in', '[1, 2, 3]')}{_wrapped('match', 'item > 1')}</filter>", [2, 3]),
        (f'<for iteratorVariable="i">{_wrapped("in", "1..3")}{_wrapped("return", "i * i")}</for>', None),
        (f'<for iteratorVariable="i">{_wrapped("in", "[1..3]")}{_wrapped("return", "i * i")}</for>', [1, 4, 9]),
        (f'<every iteratorVariable="i">{_wrapped("in", "[1, 2]")}{_wrapped("satisfies", "i > 1")}</every>', False),
        (f'<some iteratorVariable="i">{_wrapped("in", "[1, 2]")}{_wrapped("satisfies", "i > 1")}</some>', True),
        (
            f"<invocation>{literal('kali')}<binding><parameter name='a'/>{literal('4')}</binding>"
            f"<binding><parameter name='faktor b'/>{literal('5')}</binding></invocation>",
            20,
        ),
        (literal(""), None),
        (literal("1 +"), None),
        (f'<literalExpression expressionLanguage="http://www.omg.org/spec/FEEL/20140401">{text("2")}</literalExpression>', 2),
        (f'<literalExpression expressionLanguage="http://example.org/javascript">{text("2")}</literalExpression>', None),
        (f'<literalExpression typeRef="string">{text("2")}</literalExpression>', None),
    ],
)
def test_boxed_expressions(decide: Decide, logic: str, expected: Any) -> None:
    assert decide(BKM + decision(logic, knows="kali")) == expected


def test_a_function_in_a_context_is_called(decide: Decide) -> None:
    function = f'<functionDefinition><formalParameter name="n" typeRef="number"/>{literal("n * 2")}</functionDefinition>'
    assert decide(decision(f"<context>{_entry('ganda', function)}{_entry('', literal('ganda(4)'))}</context>")) == 8


def test_functions_of_other_languages_are_never_run(decide: Decide) -> None:
    body = literal('{class: "java.lang.Math", `method signature`: "abs(int)"}')
    function = f'<functionDefinition kind="Java"><formalParameter name="n"/>{body}</functionDefinition>'
    assert decide(decision(f"<context>{_entry('f', function)}{_entry('', literal('f(4)'))}</context>")) is None


SERVICE = """
<decisionService id="_layanan" name="layanan"><variable name="layanan"/>
<outputDecision href="#_akhir"/><encapsulatedDecision href="#_akhir"/><inputDecision href="#_tengah"/>
<inputData href="#_x"/></decisionService>
"""


def test_a_decision_service_is_a_function_of_its_inputs(decide: Decide) -> None:
    model = input_data("x", "number") + decision(literal("x * 100"), name="tengah", needs="x")
    model += decision(literal("tengah + x"), name="akhir", needs="!tengah x") + SERVICE
    assert decide(model + decision(literal("layanan(1, 5)"), knows="layanan")) == 6
    assert decide(model + decision(literal("layanan(tengah: 5, x: 2)"), knows="layanan")) == 7
    assert decide(model, {"x": 1, "tengah": 5}, decision="layanan") == 6
    assert decide(model, {"x": 1}, decision="akhir") == 101


ITEMS = """
<itemDefinition name="tPegawai"><itemComponent name="nama lengkap"><typeRef>string</typeRef></itemComponent>
<itemComponent name="usia"><typeRef>feel:number</typeRef><allowedValues><text>[18..65]</text></allowedValues></itemComponent>
</itemDefinition>
<itemDefinition name="tPara" isCollection="true"><typeRef>tPegawai</typeRef></itemDefinition>
"""


def test_item_definitions_check_and_convert(decide: Decide) -> None:
    model = ITEMS + input_data("p", "tPara") + decision(literal("p.nama lengkap"), needs="p")
    person = {"nama lengkap": "Siti", "usia": 30}
    assert decide(model, {"p": [person]}) == ["Siti"]
    assert decide(model, {"p": person}) == ["Siti"]  # one value where a list is declared
    assert decide(model, {"p": [{**person, "usia": 17}]}) is None
    assert decide(model, {"p": [{"nama lengkap": "Siti"}]}) is None


def test_dates_come_in_and_go_out_as_text(decide: Decide) -> None:
    model = input_data("hari", "date") + decision(literal('hari + duration("P1M")'), needs="hari")
    assert decide(model, {"hari": "2026-01-31"}) == "2026-02-28"
    with pytest.raises(InputError):
        decide(model, {"hari": "kemarin"})


def test_an_imported_model_stands_under_its_name(write: Write) -> None:
    write(
        BKM + input_data("x", "number") + decision(literal("x + 1"), name="tambah satu", needs="x"),
        own="urn:dasar",
        name="dasar.dmn",
    )
    body = '<import name="dasar" namespace="urn:dasar" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'
    body += """<decision id="_hasil" name="hasil"><variable name="hasil"/>
    <informationRequirement><requiredDecision href="urn:dasar#_tambah satu"/></informationRequirement>
    <knowledgeRequirement><requiredKnowledge href="urn:dasar#_kali"/></knowledgeRequirement>
    <literalExpression><text>dasar.kali(dasar.tambah satu, 10)</text></literalExpression></decision>"""
    path = write(body)
    assert run_decision(path, {"x": 1}) == {"hasil": 20}
    assert run_decision(path, {"dasar": {"x": 2}}) == {"hasil": 30}


def test_models_that_import_each_other_are_read(write: Write) -> None:
    other = '<import name="coba" namespace="urn:coba" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'
    write(other + decision(literal("1"), name="satu"), own="urn:lain", name="lain.dmn")
    back = '<import name="lain" namespace="urn:lain" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'
    assert run_decision(write(back + decision(literal("2"))), {}) == {"hasil": 2}


CAMUNDA = """<?xml version="1.0"?><definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"
 xmlns:camunda="http://camunda.org/schema/1.0/dmn" id="Makan" name="Makan" namespace="http://camunda.org/schema/1.0/dmn">
<decision id="Hidangan" name="Hidangan untuk tamu">
<informationRequirement id="r"><requiredDecision href="#Musim"/></informationRequirement>
<decisionTable id="t1" hitPolicy="FIRST">
<input id="i1"><inputExpression id="e1" typeRef="string"><text>musim</text></inputExpression></input>
<input id="i2">
<inputExpression id="e2" typeRef="integer"><text>tamu</text></inputExpression></input>
<output id="o1" name="hidangan" typeRef="string"/>
<rule id="r1"><inputEntry id="c1"><text>"hujan"</text></inputEntry><inputEntry id="c2"><text>&lt;= 8</text></inputEntry>
<outputEntry id="c3"><text>"soto"</text></outputEntry></rule>
<rule id="r2"><inputEntry id="c4"><text></text></inputEntry><inputEntry id="c5"><text></text></inputEntry>
<outputEntry id="c6"><text>"rujak"</text></outputEntry></rule></decisionTable></decision>
<decision id="Musim" name="Musim apa">
<decisionTable id="t2"><input id="i3"><inputExpression id="e3" typeRef="number"><text>bulan</text>
</inputExpression></input><output id="o2" name="musim" typeRef="string"/>
<rule id="r3"><inputEntry id="c7"><text>&gt;= 10</text></inputEntry><outputEntry id="c8"><text>"hujan"</text></outputEntry></rule>
<rule id="r4"><inputEntry id="c9"><text>&lt; 10</text></inputEntry><outputEntry id="c10"><text>"kemarau"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


def test_camundas_files_name_variables_that_they_do_not_require(tmp_path: Path) -> None:
    path = tmp_path / "makan.dmn"
    path.write_text(CAMUNDA, encoding="utf-8")
    assert run_decision(path, {"bulan": 11, "tamu": 4}) == {"Hidangan untuk tamu": "soto"}
    assert run_decision(path, {"bulan": 5, "tamu": 4}) == {"Hidangan untuk tamu": "rujak"}
    assert run_decision(path, {"bulan": 5}, "Musim") == {"Musim": "kemarau"}


def test_what_became_null_is_told_with_its_reason(write: Write) -> None:
    model = decision(literal("1 / 0"), name="a") + decision(literal("1 +"), name="b") + decision(literal("gaji + 1"), needs="!a !b")
    values, problems = explain_decision(write(model), {})
    assert values == {"hasil": None}
    assert {(problem.element, problem.error.code) for problem in problems} >= {
        ("a", "pembagian_nol"),
        ("b", "sintaks_feel"),
        ("hasil", "nama_tidak_dikenal"),
    }
    assert explain_decision(write(decision(literal("1 + 1"))), {}) == ({"hasil": 2}, [])


def test_inputs_misspelt_left_out_or_of_another_type_are_told(write: Write) -> None:
    path = write(input_data("gaji", "number") + decision(literal("gaji + 1"), needs="gaji"))
    for inputs, expected in [
        ({"gajih": 1}, [("gajih", "nama_tidak_dikenal"), ("gaji", "nilai_null"), ("hasil", "nilai_null")]),
        ({"gaji": "satu"}, [("gaji", "tipe_salah"), ("hasil", "nilai_null")]),
        ({"gaji": 1}, []),
    ]:
        _, problems = explain_decision(path, inputs)
        assert [(problem.element, problem.error.code) for problem in problems] == expected


def test_numbers_too_long_for_json_come_as_text(decide: Decide) -> None:
    assert decide(decision(literal("1e5000"))) == "1E+5000"


def test_an_unknown_decision_is_met_with_those_there_are(write: Write) -> None:
    with pytest.raises(InputError) as caught:
        run_decision(write(decision(literal("1"))), {}, "lain")
    assert caught.value.code == "keputusan_tidak_dikenal"
    assert "hasil" in caught.value.remedy_en
