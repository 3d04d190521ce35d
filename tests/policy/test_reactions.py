"""Reactions as a kind of rule file: checked with the rest, part of the meaning, told in the difference, kept by the exchanges."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from kinerja.cli.rules import rules as command
from kinerja.policy import as_json, as_text, check_policy, load_policy
from kinerja.policy.difference import compare
from kinerja.policy.dmnfile import export_model
from kinerja.policy.dmnfile import prepare_import as import_model
from kinerja.policy.markdown import as_markdown
from kinerja.policy.reactiontext import pattern
from kinerja.policy.sheets import export_workbook, import_workbook, prepare_import
from kinerja.policy.usage import where_used
from kinerja.settings import shipped

EXAMPLES = Path(__file__).parents[1] / "engine" / "rules" / "reactions"
NAME = "pembinaan_dua_bulan"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "aturan"
    shutil.copytree(shipped("rules"), folder)
    shutil.copytree(EXAMPLES, folder / "reactions", dirs_exist_ok=True)
    return folder


def change(rules: Path, old: str, new: str) -> None:
    path = rules / "reactions" / f"{NAME}.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_they_are_checked_with_the_rest(rules: Path) -> None:
    assert {one.name for one in load_policy(rules).reactions} >= {NAME, "absen_pp94"}
    change(rules, "times: 2", "times: 99")
    [error] = check_policy(rules).errors
    assert (error.code, error.place.file) == ("R006", f"reactions/{NAME}.yaml")


def test_a_name_stands_once(rules: Path) -> None:
    shutil.copy(rules / "reactions" / f"{NAME}.yaml", rules / "reactions" / "lagi.yaml")
    assert "R027" in {error.code for error in check_policy(rules).errors}


@pytest.mark.slow
def test_they_are_part_of_the_meaning_and_of_the_difference(rules: Path) -> None:
    before = load_policy(rules)
    assert before.fingerprint != load_policy(shipped("rules")).fingerprint
    change(rules, "times: 2", "times: 3")
    after = load_policy(rules)
    assert before.fingerprint != after.fingerprint
    assert [one.line() for one in compare(before, after)] == [
        f"reaksi {NAME}: pola berubah "
        "dari “2 bulan berturut-turut ada ‘Nilai bulanan’ dengan nilai < 80; bulan tanpa kejadian memutus” "
        "menjadi “3 bulan berturut-turut ada ‘Nilai bulanan’ dengan nilai < 80; bulan tanpa kejadian memutus”"
    ]
    (rules / "reactions" / f"{NAME}.yaml").unlink()
    assert [one.line() for one in compare(after, load_policy(rules))] == [f"reaksi {NAME}: dihapus"]
    assert [one.kind for one in compare(load_policy(rules), after)] == ["added"]


@pytest.mark.slow
def test_the_exchanges_keep_them(rules: Path, tmp_path: Path) -> None:
    export_workbook(rules, tmp_path / "a.xlsx")
    import_workbook(prepare_import(tmp_path / "a.xlsx", tmp_path / "b"), tmp_path / "b")
    export_model(rules, tmp_path / "a.dmn")
    import_workbook(import_model(tmp_path / "a.dmn", tmp_path / "c"), tmp_path / "c")
    assert {load_policy(tmp_path / name).fingerprint for name in "bc"} == {load_policy(rules).fingerprint}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "old", "new", "code", "said"),
    [
        ("pembinaan_dua_bulan", "where: nilai < 80", "where: nila < 80", "R020", 'did you mean "nilai"'),
        ("pembinaan_dua_bulan", "where: nilai < 80", 'where: nilai < "80"', "R032", ""),
        ("pembinaan_dua_bulan", "where: nilai < 80", "where: nilai + 1", "R032", "a number"),
        ("pembinaan_dua_bulan", "where: nilai < 80", "where: nilai <", "R030", ""),
        ("pembinaan_dua_bulan", "where: nilai < 80", "where: nilai instance of number", "R084", "instance of"),
        ("pembinaan_dua_bulan", "where: nilai < 80", "where: mediam(nilai) < 80", "R020", "median"),
        ("pembinaan_dua_bulan", "on: 2026-03-31, nilai: 60}", "on: 2026-03-31, nilai: 151}", "R080", "151"),
        ("pembinaan_dua_bulan", "event: hasil_bulanan, where", "event: hasil_bulan, where", "R006", "hasil_bulanan"),
        ("pembinaan_dua_bulan", "gap: break", "gap: apa", "R013", ""),
        ("pembinaan_dua_bulan", "times: 2", "times: 1", "R006", "2 to 11"),
        ("target_tercapai_dini", '"di_bawah"', '"di_bawa"', "R035", "di_bawah"),
        ("target_tercapai_dini", "persen >= 100", "persen >= sisa_hari", "R033", "persen"),
        ("target_tercapai_dini", "key: [capaian.kode]", "key: [capaian.kod]", "R006", ""),
        ("bukti_menjelang_batas", "same: [kode, mulai]", "same: [kode, ditahan]", "R006", ""),
        ("bukti_menjelang_batas", "before: [14, 7, 3]", "before: [3, 14]", "R006", "descending"),
        ("absen_pp94", "decision: hukuman_disiplin", "decision: hukuman", "R020", "hukuman_disiplin"),
        ("absen_pp94", "input: hari_tanpa_alasan", "input: hari", "R020", ""),
        ("absen_pp94", "ignore: [tidak_ada]", "ignore: [tidakada]", "R035", "tidak_ada"),
        ("absen_pp94", "given: {hari_berturut: 0}", "given: {hari_berturut: -1}", "R080", "-1"),
        ("absen_pp94", "    given: {hari_berturut: 0}\n", "", "R005", "hari_berturut"),
        ("absen_pp94", "input: hari_tanpa_alasan\n    output: hukuman", "input: hari_tanpa_alasan\n    output: hukum", "R020", ""),
        ("absen_berturut_pp94", "input: hari_berturut", "input: hari_tanpa_alasan", "R020", ""),
        ("absen_berturut_pp94", "    ignore: [tidak_ada]\n", "", "R090", ""),
    ],
)
def test_each_mistake_is_named_at_its_place(rules: Path, file: str, old: str, new: str, code: str, said: str) -> None:
    path = rules / "reactions" / f"{file}.yaml"
    path.write_text((shipped("rules") / "reactions" / f"{file}.yaml").read_text("utf-8"), "utf-8")
    assert check_policy(rules).errors == ()
    content = path.read_text("utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), "utf-8")
    line = content[: content.index(old)].count("\n") + 1
    found = [one for one in check_policy(rules).errors if one.code == code]
    assert found, [one.line("en") for one in check_policy(rules).errors]
    assert all(one.place.file == f"reactions/{file}.yaml" for one in found)
    assert min(abs(one.place.line - line) for one in found) <= 6
    assert any(said in one.line("en") for one in found)


def test_all_mistakes_of_a_reaction_are_told_at_once(rules: Path) -> None:
    change(rules, "times: 2", "times: 99")
    change(rules, "where: nilai < 80", 'where: nilai < "x"')
    change(rules, "act: task", "act: surat")
    assert {one.code for one in check_policy(rules).errors} >= {"R006", "R032", "R013"}


def test_they_are_shown_and_found() -> None:
    policy = load_policy(shipped("rules"))
    shown = as_json(policy)["reactions"]["absen_pp94"]
    assert shown["thresholds"] == {"decision": "hukuman_disiplin", "input": "hari_tanpa_alasan", "output": "hukuman"}
    assert shown["then"]["role"] == "bkpsdm"
    for text in (as_text(policy), as_markdown(policy)):
        for reaction in policy.reactions:
            assert reaction.label.id in text
            assert pattern(reaction).id in text
    assert {use.decision for use in where_used(policy, "hukuman_disiplin")} == {"reaksi absen_pp94", "reaksi absen_berturut_pp94"}
    assert [use.decision for use in where_used(policy, "capaian_berjalan.kode")] == ["reaksi target_tercapai_dini"]
    assert len(where_used(policy, "batas_bukti.mulai")) == 1


@pytest.mark.slow
def test_every_part_that_changes_is_told_in_both_languages(rules: Path) -> None:
    before = load_policy(rules)
    change(rules, "window: {months: 12}", "window: {months: 6}")
    change(rules, "role: pejabat_penilai", "role: bkpsdm")
    change(rules, "instrument: Uji", "instrument: Perwali 9/2019")
    found = [one.line("en") for one in compare(before, load_policy(rules))]
    assert [line.split(": ", 1)[1].split(" changes")[0] for line in found] == ["window", "what follows", "legal basis"]
    assert '"the last 12 months" to "the last 6 months"' in found[0]


@pytest.mark.slow
def test_the_command_runs_their_cases(rules: Path) -> None:
    path = rules / "reactions" / "absen_pp94.yaml"
    path.write_text((shipped("rules") / "reactions" / "absen_pp94.yaml").read_text("utf-8"), "utf-8")
    whole = CliRunner().invoke(command, ["test", str(rules), "--json"])
    passed = json.loads(whole.stdout)["passed"]
    assert whole.exit_code == 0
    path.write_text(path.read_text("utf-8").replace('expect: ["2026:4"]', 'expect: ["2026:3"]', 1), "utf-8")
    spoilt = CliRunner().invoke(command, ["test", str(rules)])
    assert spoilt.exit_code == 1
    [line] = [one for one in spoilt.stdout.splitlines() if "R081" in one]
    assert line.startswith(f"{path}:")
    assert "absen_pp94: diharapkan 2026:3, ternyata 2026:4" in line
    assert f"{passed - 1}/{passed}" in spoilt.stderr
