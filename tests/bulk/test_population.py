"""The invented population: the same seed the same people, faults where asked, borders well visited."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from kinerja.bulk import run
from kinerja.bulk.arrays.kept import MANIFEST
from kinerja.bulk.population import BAD, population
from kinerja.core.errors import InputError
from kinerja.policy import Policy

from .reference import rows_of

FILES = ("kasus.parquet", "indikator.parquet", "penilaian.parquet")


@pytest.mark.slow
def test_the_same_seed_gives_the_same_people(policy: Policy, tmp_path: Path) -> None:
    population(policy, 150, 3, tmp_path / "a", bad=10)
    population(policy, 150, 3, tmp_path / "b", bad=10, threads=1)
    population(policy, 150, 4, tmp_path / "c", bad=10)
    assert rows_of(tmp_path / "a" / "unit.parquet") == rows_of(tmp_path / "b" / "unit.parquet")
    for name in FILES:
        assert rows_of(tmp_path / "a" / name) == rows_of(tmp_path / "b" / name)
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
        assert rows_of(tmp_path / "a" / name) != rows_of(tmp_path / "c" / name)


def test_more_people_begin_with_the_same_people(policy: Policy, tmp_path: Path) -> None:
    population(policy, 100, 3, tmp_path / "a")
    population(policy, 200, 3, tmp_path / "b")
    assert rows_of(tmp_path / "b" / "kasus.parquet")[:100] == rows_of(tmp_path / "a" / "kasus.parquet")


def test_without_faults_every_case_is_answered(policy: Policy, tmp_path: Path) -> None:
    found = population(policy, 2_000, 8, tmp_path)
    report = run(policy, tmp_path, tmp_path / "out")
    assert (report.answered, report.failed, report.single) == (2_000, 0, 0)
    assert found.cases == 2_000
    assert found.items == report.items - found.judgements
    reached = Counter(row["capaian"] for row in rows_of(tmp_path / "out" / "items.parquet"))
    for border in (None, Decimal(0), Decimal(90), Decimal(100), Decimal(110), Decimal(120)):
        assert reached[border] > 20, border
    minutes = Counter(m for row in rows_of(tmp_path / "kasus.parquet") for m in row["menit_terlambat"])
    assert all(minutes[border] > 20 for border in (None, 0, 1, 30, 31, 60, 61, 90, 91, 1440))
    assert any(row["menit_terlambat"] == [] for row in rows_of(tmp_path / "kasus.parquet"))


def test_faults_are_of_every_kind(policy: Policy, tmp_path: Path) -> None:
    population(policy, 600, 8, tmp_path, bad=100)
    report = run(policy, tmp_path, tmp_path / "out")
    assert report.answered == 0
    codes = {
        "alasan_wajib", "belum_ada_penilaian", "bobot_tidak_100", "di_luar_rentang", "fakta_hilang", "lebih_dari_satu_langkah",
        "nilai_tidak_dikenal", "tanpa_indikator", "target_atas_kosong", "target_nol", "kode_ganda",
    }  # fmt: skip
    assert set(report.errors) >= codes - {"kode_ganda"}
    assert len(BAD) >= len(codes)


def test_indicators_of_equal_weight(policy: Policy, tmp_path: Path) -> None:
    population(policy, 50, 1, tmp_path, indicators=7)
    rows = rows_of(tmp_path / "indikator.parquet")
    assert len(rows) == 350
    assert sum(row["bobot"] for row in rows[:7]) == 100


@pytest.mark.parametrize("wrong", [{"cases": 0}, {"cases": 10**9}, {"bad": 101}, {"seed": -1}, {"indicators": 0}])
def test_numbers_out_of_range_are_refused(policy: Policy, tmp_path: Path, wrong: dict[str, int]) -> None:
    given = {"cases": 5, "seed": 1, "bad": 0, "indicators": 3, **wrong}
    with pytest.raises(InputError, match="di_luar_rentang"):
        population(policy, given["cases"], given["seed"], tmp_path, bad=given["bad"], indicators=given["indicators"])


def test_months_stand_in_order_so_that_one_pass_reads_them(policy: Policy, tmp_path: Path) -> None:
    """Cases by employee and month, as their items; the month is not the fact `bulan`, which is 12 for most."""
    population(policy, 300, 4, tmp_path / "orang", months=12)
    keys = [row["kasus"] for row in rows_of(tmp_path / "orang" / "kasus.parquet")]
    assert keys == sorted(keys)
    run(policy, tmp_path / "orang", tmp_path / "hasil", engine="numpy")
    assert (tmp_path / "hasil" / MANIFEST).is_file(), "in order: another run can build on it"


def test_cases_half_a_hundredth_below_a_border(policy: Policy, tmp_path: Path) -> None:
    """They are rounded up over it by us, and not by what divides in binary: that is what such a population is for."""
    population(policy, 400, 3, tmp_path / "people", indicators=8, halves=100)
    run(policy, tmp_path / "people", tmp_path / "out")
    with duckdb.connect() as db:
        items = f"'{tmp_path}/people/indikator.parquet' AS i JOIN '{tmp_path}/out/items.parquet' AS o USING (kasus, kode)"
        higher = f"FROM {items} WHERE polaritas = 'lebih_tinggi' AND realisasi * 100000 = target * 89995"
        exact = db.execute(f"SELECT count(*), count(*) FILTER (capaian = 90) {higher}").fetchone()
        binary = db.execute(f"SELECT count(*) {higher} AND round(realisasi / target * 100, 2) <> 90").fetchone()
    assert exact is not None
    assert exact[0] == exact[1] > 0
    assert binary is not None
    assert binary[0] > 0
