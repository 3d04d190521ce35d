"""A changed draft built on a run of the rules in force: the same files as from nothing, byte for byte."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from kinerja.bulk import case_chain, run
from kinerja.bulk.arrays import run as arrays_run
from kinerja.bulk.arrays.kept import MANIFEST
from kinerja.bulk.arrays.reuse import Reuse, decision_keys, reuse
from kinerja.bulk.population import population
from kinerja.policy import Policy, load_policy


@pytest.fixture(scope="module", params=[0, 4], ids=["sound", "faulty"])
def base(request: pytest.FixtureRequest, policy: Policy, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """(population, a run on it). Several row groups, so that their order counts."""
    folder = tmp_path_factory.mktemp("base")
    population(policy, 1_500, 8, folder / "people", bad=request.param)
    with pytest.MonkeyPatch.context() as patch:
        _small(patch)
        run(policy, folder / "people", folder / "out")
    return folder / "people", folder / "out"


def _small(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("kinerja.bulk.arrays.stream.CHUNK", 128)


def _draft(rules: Path, folder: Path, file: str, words: str, others: str) -> Policy:
    shutil.copytree(rules, folder)
    text = (folder / file).read_text("utf-8")
    assert words in text
    (folder / file).write_text(text.replace(words, others), "utf-8")
    return load_policy(folder)


CHANGES: dict[str, tuple[str, str, str, bool]] = {  # file, words, instead of them, whether the other run is of use
    "a percentage": ("incentives/persen_tpp.yaml", "| Baik            | 100 ", "| Baik            | 95  ", True),
    "a table of ratings": (
        "decisions/predikat_kinerja.yaml", "| sesuai         | Baik            |", "| sesuai         | Kurang          |", True,
    ),
    "a parameter": ("parameters/potongan_absen_per_hari.yaml", "value: 3", "value: 4", True),
    "a step of a formula": ("incentives/tpp_bulanan.yaml", "produktivitas: round half up", "produktivitas: round half down", True),
    "another step of it": ("incentives/tpp_bulanan.yaml", "persen_disiplin: max(100 ", "persen_disiplin: max(99 ", True),
    "a guard": ("decisions/nilai_hasil_kerja.yaml", "that: count(indikator) > 0", "that: count(indikator) >= 1", True),
    "a decision over items": ("decisions/nilai_hasil_kerja.yaml", "/ bobot_dinilai, 4", "/ bobot_dinilai, 3", True),
    "a decision on each item": ("decisions/capaian_indikator.yaml", "max(mentah, 0)", "max(mentah, 1)", False),
    "cases that fail now": ("incentives/tpp_bulanan.yaml", "range: 0..2000000000", "range: 0..9000000", False),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", CHANGES)
def test_a_draft_gives_the_same_files_as_from_nothing(
    rules: Path, base: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    _small(monkeypatch)
    file, words, others, useful = CHANGES[name]
    draft = _draft(rules, tmp_path / "rules", file, words, others)
    passes: list[str] = []
    honest = arrays_run.ColumnRun._pass

    def whole(self: arrays_run.ColumnRun, *given: Any) -> object:
        passes.append("whole")
        return honest(self, *given)

    monkeypatch.setattr(arrays_run.ColumnRun, "_pass", whole)
    people, before = base
    quick = run(draft, people, tmp_path / "quick", base=before)
    assert (passes == []) is useful
    assert run(draft, people, tmp_path / "whole") == quick
    for written in sorted((tmp_path / "whole").iterdir()):
        assert written.read_bytes() == (tmp_path / "quick" / written.name).read_bytes(), written.name


def test_a_step_that_did_not_change_is_not_computed_again(rules: Path, policy: Policy, tmp_path: Path) -> None:
    """Another percentage of the allowance: nobody goes through the minutes of a month for it."""
    file, words, others, _ = CHANGES["a percentage"]
    draft = case_chain(_draft(rules, tmp_path / "rules", file, words, others))
    found = reuse(draft, decision_keys(case_chain(policy)))
    assert found is not None
    (allowance,) = [link for link in found.links if link.decision.name == "tpp_bulanan"]
    assert [step.name for step in allowance.plan.steps] == ["produktivitas", "tpp_bruto"]
    assert "menit_terlambat" not in {given.name for given in allowance.decision.inputs}
    assert found.read["tpp_bulanan"] == {"disiplin"}
    assert {column for decision, column in found.changed if decision == "tpp_bulanan"} == {"produktivitas", "tpp_bruto"}


def test_the_same_rules_leave_nothing_to_compute(policy: Policy) -> None:
    chain = case_chain(policy)
    assert reuse(chain, decision_keys(chain)) == Reuse((), {}, frozenset())


@pytest.mark.slow
def test_a_run_on_other_files_or_of_other_facts_is_not_built_on(policy: Policy, base: tuple[Path, Path], tmp_path: Path) -> None:
    people, before = base
    shutil.copytree(people, tmp_path / "people")
    copied = run(policy, tmp_path / "people", tmp_path / "copied", base=before)
    assert copied == run(policy, people, tmp_path / "again")
    keys = [json.loads((tmp_path / out / MANIFEST).read_text("utf-8"))["population"] for out in ("copied", "again")]
    assert keys[0] != keys[1]
    broken = tmp_path / "broken"
    shutil.copytree(before, broken)
    (broken / MANIFEST).write_text("{", "utf-8")
    assert run(policy, people, tmp_path / "unread", base=broken) == copied


def test_files_that_a_draft_does_not_change_are_another_name_of_the_same(rules: Path, policy: Policy, tmp_path: Path) -> None:
    """Also where the run before stands in the very folder: whole files remain, and nothing half done."""
    population(policy, 40, 8, tmp_path / "people")
    run(policy, tmp_path / "people", tmp_path / "out")
    before = (tmp_path / "out" / "items.parquet").stat().st_ino
    file, words, others, _ = CHANGES["a percentage"]
    draft = _draft(rules, tmp_path / "rules", file, words, others)
    run(draft, tmp_path / "people", tmp_path / "draft", base=tmp_path / "out")
    assert (tmp_path / "draft" / "items.parquet").stat().st_ino == before
    run(draft, tmp_path / "people", tmp_path / "out", base=tmp_path / "out")
    assert (tmp_path / "out" / "hasil.parquet").read_bytes() == (tmp_path / "draft" / "hasil.parquet").read_bytes()
    assert (tmp_path / "out" / "items.parquet").stat().st_ino == before
    assert not [file for file in (tmp_path / "out").iterdir() if file.name.startswith(".")]


def test_where_files_can_have_no_second_name_they_are_copied(
    rules: Path, policy: Policy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise OSError("no second names here")

    population(policy, 40, 8, tmp_path / "people")
    run(policy, tmp_path / "people", tmp_path / "out")
    monkeypatch.setattr("os.link", refuse)
    file, words, others, _ = CHANGES["a percentage"]
    run(_draft(rules, tmp_path / "rules", file, words, others), tmp_path / "people", tmp_path / "draft", base=tmp_path / "out")
    first, second = (tmp_path / folder / "items.parquet" for folder in ("out", "draft"))
    assert first.read_bytes() == second.read_bytes()
    assert first.stat().st_ino != second.stat().st_ino
