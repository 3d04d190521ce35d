"""The cases of a city through the bulk run: the figures that were decided, and a named error for who cannot be computed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from kinerja.bulk import run
from kinerja.core.errors import ForbiddenError, NotFoundError
from kinerja.services.context import Actor, Context
from kinerja.services.rulebook.populations import write_cases
from kinerja.store import models as db


def someone(town: Any, *roles: str) -> Context:
    return Context(town.city, Actor.of("Seseorang", roles=roles, units=()))


def _bulk(town: Any, folder: Path) -> None:
    policy = town.city.policy(town.city.release().fingerprint)
    written = write_cases(someone(town, "bkpsdm"), policy, folder / "fakta")
    report = run(policy, folder / "fakta", folder, on=written.on, refused=written.refused)
    evaluation = db.Evaluation.select().get()
    with duckdb.connect() as files:
        found = files.execute(f"SELECT kasus, predikat, tpp_bruto FROM '{folder}/hasil.parquet'").fetchall()
        errors = files.execute(f"SELECT kasus, code, message FROM '{folder}/errors.parquet' ORDER BY 1").fetchall()
    outputs = evaluation.finding["outputs"]
    assert found == [(str(evaluation.case_id), outputs["predikat"], outputs["tpp_bruto"])]
    others = [str(case.id) for case in db.Case.select().where(db.Case.id != evaluation.case_id).order_by(db.Case.id)]
    assert sorted(error[0] for error in errors) == sorted(others)
    assert {error[1] for error in errors} <= {"fakta_hilang", "tanpa_indikator", "bobot_tidak_100", "belum_ada_penilaian"}
    assert all(error[2] for error in errors)
    assert (report.cases, report.answered, report.failed) == (1 + len(others), 1, len(others))


def test_the_city_gives_what_was_decided(town: Any, tmp_path: Path) -> None:
    town.until("budi", "terbitkan")
    _bulk(town, tmp_path)


@pytest.mark.postgres
def test_the_same_on_postgresql(postgres_town: Any, tmp_path: Path) -> None:
    postgres_town.until("budi", "terbitkan")
    _bulk(postgres_town, tmp_path)


def test_not_everybody_and_not_any_cycle(town: Any, tmp_path: Path) -> None:
    policy = town.city.policy(town.city.release().fingerprint)
    with pytest.raises(ForbiddenError):
        write_cases(someone(town, "pegawai"), policy, tmp_path)
    with pytest.raises(NotFoundError, match="siklus_tidak_ada"):
        write_cases(someone(town, "bkpsdm"), policy, tmp_path, "2001")
