"""From answered cases to figures of units and the decisions about units."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from kinerja.bulk import run
from kinerja.bulk.population import population
from kinerja.core.errors import InputError
from kinerja.core.numbers import round_half_up
from kinerja.engine.agenda import single_agenda
from kinerja.engine.exact import ExactEngine
from kinerja.policy import Policy, admit_given

from .reference import rows_of

COUNTED = {
    "sangat_baik": "Sangat Baik", "baik": "Baik", "butuh_perbaikan": "Butuh Perbaikan", "kurang": "Kurang",
    "sangat_kurang": "Sangat Kurang",
}  # fmt: skip


def test_units_are_counted_and_decided(policy: Policy, tmp_path: Path) -> None:
    population(policy, 900, 6, tmp_path, bad=5)
    report = run(policy, tmp_path, tmp_path / "out")
    assert {"unit.parquet", "errors_unit.parquet"} <= set(report.files)
    ratings = {row["kasus"]: row["predikat"] for row in rows_of(tmp_path / "out" / "hasil.parquet")}
    known = {row["unit"]: row["capaian_organisasi"] for row in rows_of(tmp_path / "unit.parquet")}
    counts: dict[str, Counter[str]] = {}
    for row in rows_of(tmp_path / "kasus.parquet"):
        if row["kasus"] in ratings:
            counts.setdefault(row["unit"], Counter())[ratings[row["kasus"]]] += 1
    city = Fraction(100 * sum(rating in ("Sangat Baik", "Baik") for rating in ratings.values()), len(ratings))
    engine = ExactEngine(policy)
    rows = rows_of(tmp_path / "out" / "unit.parquet")
    assert {row["unit"] for row in rows} == set(counts)
    for row in rows:
        own = counts[row["unit"]]
        assert {fact: row[fact] for fact in COUNTED} == {fact: own[value] for fact, value in COUNTED.items()}
        share = Fraction(100 * (own["Sangat Baik"] + own["Baik"]), own.total())
        assert Fraction(row["persen_teratas"]) == round_half_up(share, 2)
        assert Fraction(row["selisih_kota"]) == round_half_up(share - city, 2)
        facts = {**{fact: own[value] for fact, value in COUNTED.items()}, "capaian_organisasi": known[row["unit"]]}
        for decision in ("distribusi_predikat", "hasil_kerja_pimpinan"):
            inputs = {one.name: facts[one.name] for one in policy.decision(decision)[0].inputs}
            agenda = single_agenda(policy, decision, None)
            outputs = engine.evaluate(agenda, admit_given(policy, decision, inputs), {}).outcome.outputs
            assert {name: row[name] for name in outputs} == outputs
    assert rows_of(tmp_path / "out" / "errors_unit.parquet") == []


def test_a_unit_of_which_nothing_is_known_is_an_error_of_that_unit(policy: Policy, tmp_path: Path) -> None:
    population(policy, 200, 6, tmp_path)
    with duckdb.connect() as db:
        db.execute(f"CREATE TABLE u AS FROM '{tmp_path}/unit.parquet' WHERE unit <> 'dinkes'")
        db.execute(f"COPY u TO '{tmp_path}/unit.parquet' (FORMAT parquet)")
    run(policy, tmp_path, tmp_path / "out")
    errors = rows_of(tmp_path / "out" / "errors_unit.parquet")
    assert {(row["unit"], row["code"], row["fact"]) for row in errors} == {("dinkes", "fakta_hilang", "capaian_organisasi")}
    rows = {row["unit"]: row for row in rows_of(tmp_path / "out" / "unit.parquet")}
    assert rows["dinkes"]["sesuai"] is None
    assert rows["bkpsdm"]["sesuai"] is not None


def test_without_unit_facts_there_are_figures_only(policy: Policy, tmp_path: Path) -> None:
    population(policy, 100, 6, tmp_path)
    (tmp_path / "unit.parquet").unlink()
    run(policy, tmp_path, tmp_path / "out")
    row = rows_of(tmp_path / "out" / "unit.parquet")[0]
    assert "sesuai" not in row
    assert isinstance(row["persen_teratas"], Decimal)
    assert rows_of(tmp_path / "out" / "errors_unit.parquet") == []


def test_units_as_strangers_write_them(policy: Policy, tmp_path: Path) -> None:
    """Twice in the file: no answer for that unit, whichever row comes first. A file that is none: a named error."""
    population(policy, 200, 6, tmp_path)
    first = rows_of(tmp_path / "unit.parquet")[0]["unit"]
    file, out = tmp_path / "unit.parquet", tmp_path / "out"
    with duckdb.connect() as db:
        db.execute(f"CREATE TABLE u AS FROM '{file}' UNION ALL SELECT '{first}', 'Kurang'")
        db.execute(f"COPY u TO '{file}' (FORMAT parquet)")
        report = run(policy, tmp_path, out)
        [error] = rows_of(out / "errors_unit.parquet")
        assert (error["unit"], error["code"]) == (first, "kode_ganda")
        assert [row["hasil_kerja"] for row in rows_of(out / "unit.parquet") if row["unit"] == first] == [None]
        units = len(rows_of(out / "unit.parquet"))
        assert report.strata == {"units": units, "without_answer": 1}
        db.execute(f"COPY (SELECT 1 AS nomor) TO '{file}' (FORMAT parquet)")
        with pytest.raises(InputError, match="kolom_tidak_ada"):
            run(policy, tmp_path, out)
    file.write_text("bukan Parquet")
    with pytest.raises(InputError, match="berkas_rusak"):
        run(policy, tmp_path, out)
