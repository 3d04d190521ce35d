"""Rule files as a DMN model and back: the same meaning, and what another editor changes comes home."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from lxml import etree

from kinerja.cli.dmn import dmn as command
from kinerja.core.errors import FindingsError, InputError
from kinerja.dmn import run_decision
from kinerja.engine import Engine
from kinerja.policy import load_policy
from kinerja.policy.dmnfile import export_model, prepare_import
from kinerja.policy.model import BindingKind, Decision, Policy
from kinerja.policy.sheets import import_workbook
from kinerja.settings import shipped

DMN = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"
RULES = shipped("rules")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("dmn") / "aturan.dmn"
    assert export_model(RULES, target) == sum(len(versions) for versions in load_policy(RULES).decisions.values())
    return target


def edited(model: Path, folder: Path, old: str, new: str) -> Path:
    text = model.read_text("utf-8")
    assert old in text
    path = folder / "diubah.dmn"
    path.write_text(text.replace(old, new), "utf-8")
    return path


@pytest.mark.slow
def test_the_round_trip_keeps_the_fingerprint_of_all_rules(model: Path, tmp_path: Path) -> None:
    prepared = prepare_import(model, tmp_path / "baru")
    import_workbook(prepared, tmp_path / "baru")
    assert load_policy(tmp_path / "baru").fingerprint == load_policy(RULES).fingerprint
    same = prepare_import(model, RULES)
    assert (same.written, same.removed, same.changes) == ({}, (), ())


def test_logic_requirements_and_types_stand_where_dmn_has_them(model: Path) -> None:
    root = etree.parse(str(model)).getroot()
    [decision] = [one for one in root.iter(f"{DMN}decision") if one.get("name") == "predikat_kinerja"]
    table = decision.find(f"{DMN}decisionTable")
    assert table is not None
    assert table.get("hitPolicy") == "UNIQUE"
    assert len(table.findall(f"{DMN}rule")) == 9
    first = table.find(f"{DMN}rule/{DMN}inputEntry/{DMN}text")
    assert first is not None
    assert first.text == '"di_atas"'
    hrefs = {one.get("href") for one in decision.iter(f"{DMN}requiredDecision", f"{DMN}requiredInput")}
    assert {"#keputusan.hasil_kerja_akhir", "#fakta.kasus.perilaku_kerja"} <= hrefs
    ids = {one.get("id") for one in root.iter() if one.get("id")}
    assert {
        href.removeprefix("#") for one in root.iter(f"{DMN}requiredDecision", f"{DMN}requiredInput") if (href := one.get("href"))
    } <= ids
    assert run_decision(model, {"ikm": 88}, "mutu_pelayanan") == {"mutu_pelayanan": "B"}


@pytest.mark.slow
def test_the_model_answers_what_the_rules_answer(model: Path) -> None:
    """Through renamed inputs, required decisions, called decisions and steps; parameters are given."""
    policy = load_policy(RULES)
    given: dict[str, Any] = {name: dict(dated.value) if isinstance(dated.value, dict) else dated.value
                             for name, one in policy.parameters.items() if (dated := one.values[-1])}  # fmt: skip
    given = {name: value for name, value in given.items() if not isinstance(value, dict)}
    asked = 0
    with Engine(policy) as engine:
        for name, versions in policy.decisions.items():
            for example in versions[-1].examples if len(versions) == 1 else ():
                facts = _sources(policy, versions[0], example.given)
                if example.error or example.on or facts is None:
                    continue
                ours = engine.decide(name, example.given).outcome.outputs
                theirs = run_decision(model, {**given, **facts}, name)[name]
                theirs = theirs if isinstance(theirs, dict) else {versions[0].outputs[0].name: theirs}
                assert {out: theirs[out] for out in ours} == {out: _plain(value) for out, value in ours.items()}, name
                asked += 1
    assert asked > 150


def _sources(policy: Policy, decision: Decision, given: Mapping[str, Any]) -> dict[str, Any] | None:
    """The inputs by the names of the facts behind them; None where one comes from another decision, or a parameter is a table.

    Also None where an input is absent: a cell `true` tests null otherwise in DMN, and an empty list has no sum there.
    """
    if any(given.get(one.name) in (None, []) for one in decision.inputs):
        return None
    if any(policy.parameters[name].key_type for name in decision.requires_parameters):
        return None
    found = {}
    for one in decision.inputs:
        if one.binding.kind in (BindingKind.OUTPUT, BindingKind.COLLECTED):
            return None
        if one.name in given:
            found[one.binding.member or one.binding.target or one.name] = given[one.name]
    return found


def _plain(value: Any) -> Any:
    return [_plain(item) for item in value] if isinstance(value, tuple) else str(value) if isinstance(value, date) else value


def test_a_chain_runs_through_renamed_inputs(model: Path) -> None:
    """persen_tpp.predikat is predikat_kinerja.predikat, whose hasil_kerja is hasil_kerja_akhir.hasil_kerja_akhir, and so on."""
    root = etree.parse(str(model)).getroot()
    [decision] = [one for one in root.iter(f"{DMN}decision") if one.get("name") == "persen_tpp"]
    assert next(text.text for text in decision.iter(f"{DMN}text")) == "predikat_kinerja"
    items = [{"kode": "A", "capaian": 120, "bobot": 60}, {"kode": "B", "capaian": 95, "bobot": 40}]
    for behaviour, percent in (("di_atas", 100), ("sesuai", 100), ("di_bawah", 60)):
        given = {"indikator": items, "langkah": [0], "perilaku_kerja": behaviour}
        assert run_decision(model, given, "persen_tpp") == {"persen_tpp": percent}, behaviour


@pytest.mark.slow
def test_a_cell_changed_in_another_editor_changes_the_rule(model: Path, tmp_path: Path) -> None:
    prepared = prepare_import(edited(model, tmp_path, "[76.61..88.31)", "[80..88.31)"), RULES)
    assert list(prepared.written) == ["decisions/mutu_pelayanan.yaml"]
    assert any("dari 76,61 ke 80" in change.line() for change in prepared.changes)
    assert "PermenPANRB 14/2017" in prepared.written["decisions/mutu_pelayanan.yaml"]


@pytest.mark.slow
def test_a_step_changed_in_another_editor_changes_the_rule(model: Path, tmp_path: Path) -> None:
    prepared = prepare_import(edited(model, tmp_path, ">produktivitas + disiplin<", ">produktivitas + disiplin + 1<"), RULES)
    assert list(prepared.written) == ["incentives/tpp_bulanan.yaml"]


@pytest.mark.slow
def test_mistakes_are_told_and_nothing_is_written(model: Path, tmp_path: Path) -> None:
    prepared = prepare_import(edited(model, tmp_path, "[76.61..88.31)", "[76,61..88.31)"), RULES)
    assert [found.code for found in prepared.report.errors] == ["R011"]
    result = CliRunner().invoke(command, ["import", str(tmp_path / "diubah.dmn"), str(tmp_path / "baru")])
    assert result.exit_code == 1
    assert not (tmp_path / "baru").exists()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("urn:kinerja:rules", "urn:lain", "dmn_asing"),
        ("<definitions", "<!DOCTYPE x [<!ENTITY a 'b'>]><definitions", "xml_tidak_sah"),
        ('name="decisions/mutu_pelayanan.yaml"', 'name="../mutu.yaml"', "nama_berkas_tidak_sah"),
    ],
)
def test_foreign_and_hostile_models_are_refused(model: Path, tmp_path: Path, old: str, new: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        prepare_import(edited(model, tmp_path, old, new), tmp_path / "baru")
    assert caught.value.code == code


@pytest.mark.slow
def test_the_command_writes_and_reads(tmp_path: Path) -> None:
    for arguments in (["export", str(RULES), str(tmp_path / "a.dmn")], ["import", str(tmp_path / "a.dmn"), str(tmp_path / "baru")]):
        result = CliRunner().invoke(command, arguments)
        assert result.exit_code == 0, result.output
    assert load_policy(tmp_path / "baru").fingerprint == load_policy(RULES).fingerprint


def test_rules_with_errors_are_not_exported(tmp_path: Path) -> None:
    (tmp_path / "vocabulary.yaml").write_text("title: x\n", "utf-8")
    with pytest.raises(FindingsError):
        export_model(tmp_path, tmp_path / "a.dmn")
