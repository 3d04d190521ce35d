"""The cases of a city through the bulk run: the figures that were decided, and a named error for who cannot be computed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from kinerja.bulk import run
from kinerja.core.errors import ForbiddenError, NotFoundError
from kinerja.services.casework import monitoring
from kinerja.services.context import Actor, Context
from kinerja.services.cycles import closing
from kinerja.services.reading import load_case
from kinerja.services.rulebook.populations import write_cases
from kinerja.services.rulebook.roster import roster
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
    agency = load_case(town.case_of("budi").id).agency
    for word in ("Kurang", "Istimewa"):  # the later counts
        db.UnitAchievement.create(
            cycle=town.case_of("budi").cycle_id, unit=agency.id, achievement=word, evidence="LKjIP", recorded_by="tim",
            recorded_at=town.clock.now(),
        )  # fmt: skip
    _bulk(town, tmp_path)
    with duckdb.connect() as files:  # the next stratum: the figures of the agency, and the rules about it
        found = files.execute(f"SELECT unit, pegawai, mengikat, hasil_kerja FROM '{tmp_path}/unit.parquet'").fetchall()
    assert found == [(agency.code, 1, False, "di_atas")]


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


def test_neither_a_disputed_case_nor_one_that_was_ended_is_given_a_result(town: Any, tmp_path: Path) -> None:
    """Without the disputed actual its weight would go to the others: what no evaluation does, no computation of all cases does."""
    town.until("budi", "lapor_realisasi")
    case, policy = town.case_of("budi").id, town.city.policy(town.city.release().fingerprint)
    number = int(monitoring.dispute(town.context("budi"), case, "ADM-1", "Dua permohonan ini bukan saya").values["dispute"])
    for who, task, answers in town.way[2:6]:
        town.do("budi" if who == "self" else who, task, "budi", **answers)

    def refused() -> str:
        written = write_cases(someone(town, "bkpsdm"), policy, tmp_path / "fakta")
        found = roster(town.city, policy)
        code = next((one.code for key, one in written.refused if key == str(case)), "")
        assert found is not None
        assert (code in found.left_out) == bool(code)
        assert (case in {one.case for one in found.members.values()}) == (not code)
        return code

    assert refused() == "sanggahan_belum_diputus"
    monitoring.decide_dispute(town.context("kadis"), number, False, "Catatan loket menunjukkan nama Anda")
    assert refused() == ""
    closing.end_case(town.context("hr"), case, "Pegawai pindah ke kabupaten lain sebelum hasil ditetapkan")
    assert db.Evaluation.select().where(db.Evaluation.case == case).exists()
    assert refused() == "kasus_diakhiri"
