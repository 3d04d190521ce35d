"""One case of a run explained by itself."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from kinerja.bulk import run
from kinerja.bulk.arrays.run import ColumnRun
from kinerja.bulk.population import population
from kinerja.bulk.why import why
from kinerja.core.errors import IncidentError, InputError
from kinerja.policy import Policy, load_policy

from .parquet import write_population
from .reference import rows_of


@pytest.fixture(scope="module")
def done(policy: Policy, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("why")
    population(policy, 300, 6, folder / "people", bad=20)
    run(policy, folder / "people", folder / "out")
    return folder / "people", folder / "out"


@pytest.mark.slow
def test_the_explanation_names_the_rows_that_the_run_wrote(
    policy: Policy, done: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ColumnRun, "run", None)  # nothing is run again
    people, out = done
    for row in rows_of(out / "hasil.parquet")[:20]:
        entries = why(policy, people, out, row["kasus"], "predikat").entries
        assert entries[-1].value == row["predikat"]
        assert entries[-1].ref == row["baris_predikat_kinerja"]
        assert any(entry.decision == "capaian_indikator" and entry.item for entry in entries)
        assert "predikat_kinerja.yaml" in entries[-1].text_id


def test_a_case_that_failed_says_why(policy: Policy, done: tuple[Path, Path]) -> None:
    people, out = done
    failed = rows_of(out / "errors.parquet")[0]
    found = why(policy, people, out, failed["kasus"], "predikat")
    assert found.entries == ()
    assert found.error is not None
    assert found.error["code"] == failed["code"]


def test_a_case_that_there_is_not_and_files_of_other_rules(
    policy: Policy, done: tuple[Path, Path], rules: Path, tmp_path: Path
) -> None:
    import shutil

    people, out = done
    with pytest.raises(InputError, match="kasus_tidak_dikenal"):
        why(policy, people, out, "nobody", "predikat")
    with pytest.raises(InputError, match="berkas_tidak_ada"):
        why(policy, people, tmp_path, "nobody", "predikat")
    shutil.copytree(rules, tmp_path / "rules")
    file = tmp_path / "rules" / "parameters" / "potongan_absen_per_hari.yaml"
    file.write_text(file.read_text("utf-8").replace("value: 3", "value: 4"), "utf-8")
    absent = next(row for row in rows_of(people / "kasus.parquet") if row["hari_absen"] == 1)
    answered = {row["kasus"] for row in rows_of(out / "hasil.parquet")}
    assert absent["kasus"] in answered
    with pytest.raises(IncidentError, match="persen_disiplin"):
        why(load_policy(tmp_path / "rules"), people, out, absent["kasus"], "predikat")


VOCABULARY = """title: Uji
authority: [{instrument: Uji, part: baris, status: policy}]
effective: {from: 2020-01-01}
entities:
  kasus:
    label: {id: Kasus, en: Case}
    facts:
      a: {label: A, type: number, scale: 0, range: 0..9, source: uji}
goals: {kasus: [pertama, sama, urut, utama]}
"""
TABLES = {
    "pertama": ("FIRST", ["> 5 | z", "> 2 | y", "- | x"]),
    "sama": ("ANY", ["< 3 | z", "< 5 | z", ">= 5 | x"]),
    "urut": ("OUTPUT ORDER", ["- | z", "> 2 | y"]),
    "utama": ("PRIORITY", ["- | z", "> 2 | y", "> 5 | x"]),
}


@pytest.mark.parametrize("engine", ["python", "numpy"])
def test_a_case_that_several_rows_match_is_explained_by_the_row_that_counted(tmp_path: Path, engine: str) -> None:
    rules = tmp_path / "rules" / "decisions"
    rules.mkdir(parents=True)
    (rules.parent / "vocabulary.yaml").write_text(VOCABULARY)
    for name, (hit, rows) in TABLES.items():
        lines = "".join(f"  | {row} |\n" for row in rows)
        (rules / f"{name}.yaml").write_text(
            f"title: {name}\ndecision: {name}\nauthority: [{{instrument: Uji, part: baris, status: policy}}]\n"
            f"effective: {{from: 2020-01-01}}\ninputs: [a]\noutputs:\n  o_{name}: {{values: [x, y, z]}}\nhit: {hit}\n"
            f"table: |\n  | a | o_{name} |\n{lines}"
        )
    policy = load_policy(rules.parent)
    write_population(policy, {f"K{a}": {"kasus": {"a": Fraction(a)}} for a in (1, 4, 7)}, tmp_path / "people")
    run(policy, tmp_path / "people", tmp_path / "out", engine=engine)
    kept = {row["kasus"]: row["baris_utama"] for row in rows_of(tmp_path / "out" / "hasil.parquet")}
    assert kept == {"K1": "utama#1", "K4": "utama#2", "K7": "utama#3"}, "the row that gave the answer"
    told = {key: why(policy, tmp_path / "people", tmp_path / "out", key, "o_pertama").entries[-1].ref for key in ("K1", "K4", "K7")}
    assert told == {"K1": "pertama#3", "K4": "pertama#2", "K7": "pertama#1"}
    assert why(policy, tmp_path / "people", tmp_path / "out", "K4", "o_urut").entries[-1].ref == "urut#2,urut#1"
