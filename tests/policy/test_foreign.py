"""DMN models that other tools wrote → rule files that give the same; what cannot be held is refused by name."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kinerja.cli.dmn import dmn
from kinerja.core.errors import KinerjaError
from kinerja.dmn import run_decision, tck
from kinerja.dmn.exchange import to_json
from kinerja.dmn.read import child, children, read_xml
from kinerja.engine import Engine
from kinerja.engine.integer import Program
from kinerja.policy import check_policy, load_policy
from kinerja.policy.dmnfile import Foreign, prepare_foreign
from kinerja.policy.dmnfile.foreign.names import Names
from kinerja.policy.model import BindingKind, Policy
from kinerja.policy.sheets import import_workbook

HERE = Path(__file__).parent / "foreign"
CLOSE = Fraction(1, 10**8)


def brought(model: Path, folder: Path) -> Policy:
    prepared = prepare_foreign(model, folder, refused)
    assert [one.line("en") for one in prepared.refused] == []
    assert [one.line("en") for one in prepared.prepared.report.errors] == []
    import_workbook(prepared.prepared, folder)
    return load_policy(folder)


def refused(policy: Policy) -> Mapping[str, KinerjaError]:
    return Program(policy, None).refused()


def alike(one: Any, other: Any) -> bool:
    if isinstance(one, Fraction) and isinstance(other, Fraction):
        return abs(one - other) < CLOSE
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    return bool(one == other)


# ── four tools, four versions ─────────────────────────────────────────────────────────────────────────────────────────
def test_camunda_1_1(tmp_path: Path) -> None:
    """Names without input data, columns read by other decisions, Java's type names, a rule's description."""
    policy = brought(HERE / "hidangan-1.1.dmn", tmp_path)
    assert "pesta besar" in (tmp_path / "decisions" / "hidangan_utama.yaml").read_text("utf-8")
    with Engine(policy) as engine:
        for month, guests in [(1, 9), (1, 8), (4, 20), (9, 1), (10, 8)]:
            theirs = run_decision(HERE / "hidangan-1.1.dmn", {"bulan": month, "jumlahTamu": guests})
            ours = engine.evaluate({"kasus": {"bulan": month, "jumlah_tamu": guests}}).outcome.outputs
            assert ours["hidangan_utama"] == theirs["Hidangan utama"]


def test_drools_1_2(tmp_path: Path) -> None:
    """A structure with allowed words, a knowledge model called by invocation, a context with a result, PRIORITY."""
    policy = brought(HERE / "pinjaman-1.2.dmn", tmp_path)
    facts = policy.vocabulary.entities["kasus"].facts
    assert facts["pegawai_status"].type.values == ("PNS", "PPPK", "CPNS")
    assert facts["pegawai_gaji_bulanan"].label.id == "Pegawai.Gaji Bulanan"
    assert {"angsuran", "angsuran_bulanan", "kemampuan_bayar", "persetujuan"} == set(policy.decisions)
    assert policy.decisions["angsuran_bulanan"][0].requires_decisions == ("angsuran",)
    with Engine(policy) as engine:
        for age, pay, status, amount, months in [
            (30, 5_000_000, "PNS", 60_000_000, 36),
            (57, 4_200_000, "PPPK", 10_000_000, 12),
            (58, 9_000_000, "PNS", 10_000_000, 12),
            (41, 3_000_000, "CPNS", 100_000_000, 48),
        ]:
            given = {
                "Pegawai": {"Usia": age, "Gaji Bulanan": pay, "Status": status},
                "Pokok Pinjaman": amount,
                "Bulan": months,
            }
            case = {"pegawai_usia": age, "pegawai_gaji_bulanan": pay, "pegawai_status": status}
            ours = engine.evaluate({"kasus": case | {"pokok_pinjaman": amount, "bulan": months}}).outcome.outputs
            theirs = run_decision(HERE / "pinjaman-1.2.dmn", given, "Persetujuan")
            assert ours["persetujuan"] == theirs["Persetujuan"]
            ours = engine.decide("angsuran_bulanan", {"pokok_pinjaman": amount, "bulan": months}).outcome.outputs
            theirs = run_decision(HERE / "pinjaman-1.2.dmn", given, "Angsuran Bulanan")
            assert alike(ours["angsuran_bulanan"], theirs["Angsuran Bulanan"])


def test_bpmn_io_1_3(tmp_path: Path) -> None:
    """COLLECT SUM, allowed words at a column, empty cells, an annotation with a bar, dates, an output without a type."""
    policy = brought(HERE / "diskon-1.3.dmn", tmp_path)
    assert policy.vocabulary.entities["kasus"].facts["jenis_pemohon"].type.values == ("warga", "usaha kecil", "usaha besar")
    assert "keringanan / umum" in (tmp_path / "decisions" / "potongan.yaml").read_text("utf-8")
    with Engine(policy) as engine:
        for kind, count, day in [("warga", 3, "2026-01-01"), ("usaha kecil", 10, "2026-08-01"), ("usaha besar", 11, "2026-09-01")]:
            theirs = run_decision(HERE / "diskon-1.3.dmn", {"Jenis pemohon": kind, "Jumlah berkas": count, "Tanggal": day})
            case = {"jenis_pemohon": kind, "jumlah_berkas": count, "tanggal": day}
            assert engine.evaluate({"kasus": case}).outcome.outputs["biaya_akhir"] == theirs["Biaya akhir"]


def test_trisotech_1_5(tmp_path: Path) -> None:
    """A list of structures as items of a case, boxed conditionals, RULE ORDER with two outputs."""
    policy = brought(HERE / "layanan-1.5.dmn", tmp_path)
    assert policy.vocabulary.entities["permohonan"].of == "kasus"
    with Engine(policy) as engine:
        for waits in ([], [1, 2, 3], [1, 9], [9, 9, 9, 1]):
            rows = [{"Kode": f"P{n}", "Lama Hari": wait} for n, wait in enumerate(waits)]
            theirs = run_decision(HERE / "layanan-1.5.dmn", {"Permohonan": rows, "Standar Hari": 3}, "Tindak Lanjut")
            items = [{"kode": row["Kode"], "lama_hari": row["Lama Hari"]} for row in rows]
            ours = engine.evaluate({"kasus": {"standar_hari": 3}, "permohonan": items}).outcome.outputs
            listed = [{"Langkah": a, "Batas Hari": b} for a, b in zip(ours["langkah"], ours["batas_hari"], strict=True)]
            assert listed == theirs["Tindak Lanjut"]


# ── what rule files cannot hold ───────────────────────────────────────────────────────────────────────────────────────
MODEL = """<?xml version="1.0"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="Sulit" namespace="urn:uji">
<inputData id="i1" name="Lama"><variable name="Lama" typeRef="days and time duration"/></inputData>
<inputData id="i2" name="Nilai"><variable name="Nilai" typeRef="number"/></inputData>
<decision id="d1" name="Baik"><variable name="Baik" typeRef="boolean"/>
 <informationRequirement><requiredInput href="#i2"/></informationRequirement>
 <literalExpression><text>Nilai &gt;= 90</text></literalExpression></decision>
<decision id="d2" name="Perlu Lama"><informationRequirement><requiredInput href="#i1"/></informationRequirement>
 <literalExpression><text>Lama</text></literalExpression></decision>
<decision id="d3" name="Jam"><variable name="Jam" typeRef="time"/>
 <literalExpression><text>time("10:00:00")</text></literalExpression></decision>
<decision id="d4" name="Rusak"><literalExpression><text>1 +* 2</text></literalExpression></decision>
<decision id="d5" name="Kosong"/>
<decision id="d6" name="Luar"><literalExpression expressionLanguage="javascript"><text>1</text></literalExpression></decision>
<decision id="d7" name="Ikut"><informationRequirement><requiredDecision href="#d3"/></informationRequirement>
 <literalExpression><text>Jam</text></literalExpression></decision>
<decision id="d8" name="Salah Tipe"><variable name="x" typeRef="number"/>
 <literalExpression><text>1 + "a"</text></literalExpression></decision>
<decision id="d9" name="Pola"><informationRequirement><requiredInput href="#i2"/></informationRequirement>
 <literalExpression><text>matches(string(Nilai), "[0-9]+")</text></literalExpression></decision>
<decision id="d10" name="Rentang"><informationRequirement><requiredInput href="#i2"/></informationRequirement>
 <literalExpression><text>Nilai in [[1..5], [8..9]]</text></literalExpression></decision>
<decisionService id="s1" name="Layanan"><outputDecision href="#d1"/></decisionService>
</definitions>
"""


@pytest.fixture
def hard(tmp_path: Path) -> Path:
    path = tmp_path / "sulit.dmn"
    path.write_text(MODEL, "utf-8")
    return path


def test_everything_that_cannot_be_held_is_told_at_once_with_its_element_and_line(hard: Path, tmp_path: Path) -> None:
    found = [
        (one.code, one.place.line, one.text_en.partition(":")[0])
        for one in prepare_foreign(hard, tmp_path / "baru", refused).refused
    ]
    assert found == [
        ("D101", 3, "Lama"),
        ("D105", 9, "Perlu Lama"),
        ("D101", 11, "Jam"),
        ("D102", 12, "Rusak"),
        ("D104", 13, "Kosong"),
        ("D102", 14, "Luar"),
        ("D105", 16, "Ikut"),
        ("D108", 18, "Salah Tipe"),
        ("D102", 20, "Pola"),
        ("D102", 22, "Rentang"),
        ("D106", 23, "Layanan"),
    ]


def test_nothing_is_written_unless_a_part_is_asked_for(hard: Path, tmp_path: Path) -> None:
    folder = tmp_path / "baru"
    result = CliRunner().invoke(dmn, ["import", str(hard), str(folder)])
    assert result.exit_code == 1
    assert f"{hard}:11" in result.output
    assert not folder.exists()
    result = CliRunner().invoke(dmn, ["import", str(hard), str(folder), "--partial"])
    assert result.exit_code == 0
    assert set(load_policy(folder).decisions) == {"baik"}


def test_the_document_of_the_command_lists_what_is_refused(hard: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(dmn, ["import", str(hard), str(tmp_path / "baru"), "--json"])
    document = json.loads(result.stdout)
    assert {one["code"] for one in document["diagnostics"]} >= {"D101", "D102", "D104", "D105", "D108"}
    assert all(one["file"].endswith("sulit.dmn") for one in document["diagnostics"])


def test_a_model_comes_to_the_rules_that_are_there(tmp_path: Path) -> None:
    brought(HERE / "hidangan-1.1.dmn", tmp_path)
    policy = brought(HERE / "diskon-1.3.dmn", tmp_path)
    assert set(policy.decisions) == {"hidangan_utama", "musim_acara", "potongan", "biaya_akhir"}
    assert {"bulan", "jumlah_berkas"} <= set(policy.vocabulary.entities["kasus"].facts)
    assert set(policy.vocabulary.goals["kasus"]) == {"hidangan_utama", "biaya_akhir"}


def test_citations_are_left_to_the_city(tmp_path: Path) -> None:
    policy = brought(HERE / "diskon-1.3.dmn", tmp_path)
    [cited] = policy.decisions["potongan"][0].authority
    assert (cited.instrument, cited.part, cited.status) == ("diskon-1.3.dmn", "Potongan", "policy")
    assert [one for one in check_policy(tmp_path).diagnostics if one.severity == "warning"] == []


@pytest.mark.parametrize("attack", ["<!DOCTYPE x [<!ENTITY a 'b'>]><definitions", "<definitions><"])
def test_hostile_files_are_refused(hard: Path, tmp_path: Path, attack: str) -> None:
    hard.write_text(MODEL.replace("<definitions", attack), "utf-8")
    result = CliRunner().invoke(dmn, ["import", str(hard), str(tmp_path / "baru")])
    assert result.exit_code == 2
    assert "xml_tidak_sah" in result.output + result.stderr


# ── the conformance kit ───────────────────────────────────────────────────────────────────────────────────────────────
def flat(path: tuple[str, ...], value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield from flat((*path, name), one)
    else:
        yield ".".join(path), to_json(value)


def facts_of(foreign: Foreign, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The kit's inputs by the names of the rule files; items of lists by the names of their components."""
    names = foreign.brought.inputs
    found: dict[str, Any] = {}
    for name, value in (pair for element, given in inputs.items() for pair in flat((element,), given)):
        if name in names:
            listed = isinstance(value, list) and value and isinstance(value[0], dict)
            found[names[name]] = [{Names().of(key): one for key, one in row.items()} for row in value] if listed else value
    return found


def decide(engine: Engine, name: str, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """A decision with all it requires, each through both engines."""
    decision, _ = engine.policy.decision(name)
    given: dict[str, Any] = {}
    for one in decision.inputs:
        kind, target, member = one.binding.kind, one.binding.target, one.binding.member
        if kind is BindingKind.OUTPUT:
            given[one.name] = decide(engine, target, facts)[member]
        else:
            given[one.name] = facts.get(member if kind is BindingKind.FACT else target)
    return engine.decide(name, given).outcome.outputs


def answer(foreign: Foreign, name: str, outputs: Mapping[str, Any]) -> Any:
    """As the model's decision gives it: one value, a context, or for lists of rows a context of lists."""
    names = foreign.brought.outputs[foreign.brought.decisions[name]]
    found = {theirs: outputs[ours] for theirs, ours in names.items()}
    lone = len(found) == 1 and next(iter(names.values())) == foreign.brought.decisions[name]
    return plain(next(iter(found.values())) if lone else found)


def plain(value: Any) -> Any:
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return {name: plain(one) for name, one in value.items()} if isinstance(value, dict) else value


def agree(expected: Any, got: Any) -> bool:
    if isinstance(expected, list) and isinstance(got, dict):
        expected = {name: [row.get(name) for row in expected] for name in expected[0]}
    if isinstance(got, date):
        return bool(str(got) == to_json(expected))
    return tck.agrees(expected, got)


def compare(test: Path, folder: Path, count: Counter[str]) -> Iterator[str]:
    """Bring in the model of a test file and ask it the test's own cases; what differs is yielded."""
    root = read_xml(test)
    named = child(root, "modelName")
    foreign = prepare_foreign(test.parent / str(named.text if named is not None else "").strip(), folder, refused)
    if foreign.prepared.report.errors:
        yield f"{test.parent.name}: {foreign.prepared.report.errors[0].line('en')}"
        return
    count["files"] += 1
    count["whole files"] += foreign.whole
    import_workbook(foreign.prepared, folder)
    policy = load_policy(folder)
    count["decisions held"] += sum(1 for name in foreign.brought.decisions.values() if name in policy.decisions)
    with Engine(policy) as engine:
        for case in children(root, "testCase"):
            inputs = {str(node.get("name")): tck._value(node) for node in children(case, "inputNode")}
            for node in children(case, "resultNode") if not case.get("invocableName") else ():
                name = str(node.get("name"))
                if foreign.brought.decisions.get(name) not in policy.decisions:
                    continue
                wanted = child(node, "expected")
                expected = tck._value(wanted) if wanted is not None else None
                try:
                    got = answer(foreign, name, decide(engine, foreign.brought.decisions[name], facts_of(foreign, inputs)))
                except KinerjaError as error:
                    count["named error for null" if expected is None else f"error {error.code}"] += 1
                    continue
                same = agree(expected, got)
                count["same" if same else "null where DMN has a value"] += same or expected is None
                if not same and expected is not None:
                    yield f"{test.parent.name} {case.get('id')} {name}: {expected!r} {got!r}"


@pytest.fixture(scope="module")
def kit() -> Path:
    path = Path(__file__).parents[3] / "shared" / "tck"
    if not path.is_dir():
        pytest.skip("../shared/tck is not here: the kit's models are not imported")
    return path


@pytest.mark.slow
def test_models_of_the_kit(kit: Path, tmp_path: Path) -> None:
    """OUTPUT ORDER, COLLECT SUM, ANY and COLLECT with several outputs; the rest of the kit is slow."""
    count: Counter[str] = Counter()
    for number, test in enumerate(sorted((kit / "compliance-level-2").rglob("011[0579]*-test-*.xml"))):
        assert list(compare(test, tmp_path / str(number), count)) == []
    assert count["same"] >= 10, count
    assert count["whole files"] == count["files"] == 4, count


@pytest.mark.slow
def test_the_whole_kit(kit: Path, tmp_path: Path) -> None:
    count: Counter[str] = Counter()
    differing = [
        line for n, test in enumerate(sorted(kit.rglob("*-test-*.xml"))) for line in compare(test, tmp_path / str(n), count)
    ]
    print(dict(count))
    assert differing == []
    assert count["whole files"] >= 30, count
    assert count["same"] >= 400, count
    assert count["error mesin_mati"] == count["error tidak_portabel"] == 0, count
    assert count["error mesin_berbeda"] <= 4, count  # dates before the year 1 and after 9999: an incident, never an answer
