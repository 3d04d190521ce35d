"""One case of a run explained by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from kinerja.bulk import run
from kinerja.bulk.arrays.run import ColumnRun
from kinerja.bulk.population import population
from kinerja.bulk.why import why
from kinerja.core.errors import IncidentError, InputError
from kinerja.policy import Policy

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

    from kinerja.policy import load_policy

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
