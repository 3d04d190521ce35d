"""A whole population, case by case the same as the exact engine: outputs, item outputs, matched rows and named errors."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import duckdb
import pytest

from kinerja.bulk import run
from kinerja.bulk.population import population
from kinerja.core.errors import InputError, RuleError
from kinerja.policy import Policy

from .reference import differences, documents_of, exact, exact_in_parallel, rows_of

Facts = dict[str, set[str]]


@pytest.fixture(scope="module")
def people(policy: Policy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    population(policy, 3_000, 11, folder, bad=12)
    return folder


@pytest.fixture(scope="module")
def answers(policy: Policy, facts: Facts, people: Path) -> dict[str, dict[str, object]]:
    return exact(policy, documents_of(people, facts))


@pytest.mark.parametrize("engine", ["numpy", "duckdb", "python"])
def test_every_case_is_answered_as_by_the_exact_engine(
    policy: Policy, people: Path, answers: dict[str, dict[str, object]], tmp_path: Path, engine: str
) -> None:
    report = run(policy, people, tmp_path, engine=engine)
    assert differences(policy, answers, tmp_path) == []
    assert report.cases == 3_000
    assert report.answered + report.failed == 3_000
    codes = Counter(answer["error"] for answer in answers.values() if "error" in answer)
    assert report.errors == codes
    assert len(codes) > 8  # the faults are of many kinds
    if engine != "python":
        assert report.single == report.failed  # what is flagged fails, and nothing else
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(report.files)  # nothing is left beside them


@pytest.mark.slow
def test_a_hundred_thousand_cases(policy: Policy, rules: Path, facts: Facts, tmp_path: Path) -> None:
    population(policy, 100_000, 5, tmp_path / "people", bad=8)
    report = run(policy, tmp_path / "people", tmp_path / "out")
    answers = exact_in_parallel(rules, documents_of(tmp_path / "people", facts))
    assert differences(policy, answers, tmp_path / "out") == []
    assert report.cases == 100_000


def test_columns_hold_natural_values(policy: Policy, people: Path, tmp_path: Path) -> None:
    run(policy, people, tmp_path)
    with duckdb.connect() as db:
        types = {row[0]: row[1] for row in db.execute(f"DESCRIBE FROM '{tmp_path}/hasil.parquet'").fetchall()}
        items = {row[0]: row[1] for row in db.execute(f"DESCRIBE FROM '{tmp_path}/items.parquet'").fetchall()}
        errors = [row[0] for row in db.execute(f"DESCRIBE FROM '{tmp_path}/errors.parquet'").fetchall()]
    assert types["nilai_hasil_kerja"] == "DECIMAL(18,8)"
    assert types["tpp_bruto"] == "BIGINT"
    assert types["predikat"] == "VARCHAR"
    assert types["angka_kredit"] == "DECIMAL(18,2)"
    assert items == {"kasus": "VARCHAR", "kode": "VARCHAR", "capaian": "DECIMAL(18,2)"}
    assert errors == ["kasus", "code", "fact", "message"]
    row = rows_of(tmp_path / "hasil.parquet")[0]
    assert row["baris_predikat_kinerja"].startswith("predikat_kinerja#")


def test_a_fault_taints_no_other_case(policy: Policy, people: Path, tmp_path: Path) -> None:
    """The same population without its faulty cases gives the same rows."""
    run(policy, people, tmp_path / "all")
    failed = {row["kasus"] for row in rows_of(tmp_path / "all" / "errors.parquet")}
    sound = tmp_path / "sound"
    sound.mkdir()
    with duckdb.connect() as db:
        db.execute(f"CREATE TABLE e AS FROM '{tmp_path}/all/errors.parquet'")
        for name in ("kasus", "indikator", "penilaian"):
            kept = f"FROM '{people}/{name}.parquet' WHERE kasus NOT IN (SELECT kasus FROM e)"
            db.execute(f"COPY ({kept}) TO '{sound}/{name}.parquet' (FORMAT parquet)")
    run(policy, sound, tmp_path / "again")
    assert failed
    assert rows_of(tmp_path / "again" / "errors.parquet") == []
    for name in ("hasil.parquet", "items.parquet"):
        first, second = (sorted(map(str, rows_of(tmp_path / out / name))) for out in ("all", "again"))
        assert first == second


def _write(folder: Path, name: str, sql: str) -> None:
    folder.mkdir(exist_ok=True)
    with duckdb.connect() as db:
        db.execute(f"COPY ({sql}) TO '{folder}/{name}.parquet' (FORMAT parquet)")


CASE = (
    "SELECT 'A' AS kasus, 8::BIGINT AS kelas_jabatan, 'Ahli Muda' AS jenjang, 12::BIGINT AS bulan, 'sesuai' AS perilaku_kerja,"
    " [0, NULL, 91]::BIGINT[] AS menit_terlambat, 1::BIGINT AS hari_absen"
)
ITEM = (
    "SELECT 'A' AS kasus, 'X-1' AS kode, 'lebih_tinggi' AS polaritas, 95::DECIMAL(18,4) AS target,"
    " NULL::DECIMAL(18,4) AS target_atas, 88::DECIMAL(18,4) AS realisasi, 100::DECIMAL(18,4) AS bobot"
)


@pytest.mark.parametrize("engine", ["numpy", "duckdb", "python"])
def test_keys_that_do_not_belong_together(policy: Policy, tmp_path: Path, engine: str) -> None:
    """A case that is there twice, one without a key, and items of a case that there is not."""
    nobody = CASE.replace("'A' AS kasus", "NULL AS kasus")
    twice = CASE.replace("'A' AS kasus", "'B' AS kasus")
    _write(tmp_path, "kasus", f"{CASE} UNION ALL {twice} UNION ALL {twice} UNION ALL {nobody}")
    _write(tmp_path, "indikator", f"{ITEM} UNION ALL {ITEM.replace(chr(39) + 'A' + chr(39), chr(39) + 'Z' + chr(39))}")
    assert run(policy, tmp_path, tmp_path / "out", engine=engine).failed == 3
    assert [row["kasus"] for row in rows_of(tmp_path / "out" / "hasil.parquet")] == ["A"]
    assert [row["kasus"] for row in rows_of(tmp_path / "out" / "items.parquet")] == ["A"]
    codes = {(row["kasus"], row["code"]) for row in rows_of(tmp_path / "out" / "errors.parquet")}
    assert codes == {("B", "kasus_ganda"), (None, "fakta_hilang"), ("Z", "kasus_tidak_dikenal")}


def test_values_beyond_the_fast_path_are_right_all_the_same(policy: Policy, facts: Facts, tmp_path: Path) -> None:
    """Largest legal figures, more digits than allowed, whole-number columns, codes that look alike."""
    rows = [
        ("1000000000", "999999999.9999", "lebih_tinggi"), ("0.0001", "1000000000", "lebih_tinggi"),
        ("1000000000", "0", "lebih_rendah"), ("0.0001", "1000000000", "lebih_rendah"), ("3", "2.99985", "lebih_tinggi"),
        ("7", "7.00000000", "lebih_tinggi"), ("1000000000.5", "1", "lebih_tinggi"),
    ]  # fmt: skip
    cases = " UNION ALL ".join(CASE.replace("'A' AS kasus", f"'{number}' AS kasus") for number in range(len(rows)))
    items = " UNION ALL ".join(
        f"SELECT '{number}' AS kasus, 'X-{number}' AS kode, '{polarity}' AS polaritas, {target}::DECIMAL(24,8) AS target,"
        f" {actual}::DECIMAL(24,8) AS realisasi, 100::INTEGER AS bobot"
        for number, (target, actual, polarity) in enumerate(rows)
    )
    _write(tmp_path, "kasus", cases)
    _write(tmp_path, "indikator", items)
    run(policy, tmp_path, tmp_path / "out")
    answers = exact(policy, documents_of(tmp_path, facts))
    assert differences(policy, answers, tmp_path / "out") == []
    assert {answer["error"] for answer in answers.values() if "error" in answer} == {"terlalu_banyak_desimal", "di_luar_rentang"}


def test_statistics_that_are_wrong_cost_no_answer(policy: Policy, facts: Facts, tmp_path: Path) -> None:
    """Lists are read in as few bits as their file says they need; here it says too few."""
    claimed, number = 1_439, 70_000  # what the file says of the one case's minutes, and what they are
    cases = CASE.replace("[0, NULL, 91]", f"[0, NULL, {claimed}]").replace("'A' AS kasus", "'B' AS kasus")
    _write(tmp_path, "kasus", f"{CASE} UNION ALL {cases}")
    _write(tmp_path, "indikator", f"{ITEM} UNION ALL {ITEM.replace(chr(39) + 'A' + chr(39), chr(39) + 'B' + chr(39))}")
    file = tmp_path / "kasus.parquet"
    data, footer = file.read_bytes(), int.from_bytes(file.read_bytes()[-8:-4], "little")
    body, statistics = data[: -8 - footer], data[-8 - footer :]
    assert claimed.to_bytes(8, "little") in body
    assert claimed.to_bytes(8, "little") in statistics
    file.write_bytes(body.replace(claimed.to_bytes(8, "little"), number.to_bytes(8, "little")) + statistics)
    report = run(policy, tmp_path, tmp_path / "out")
    assert (report.answered, report.failed, report.engine) == (1, 1, "numpy")
    assert differences(policy, exact(policy, documents_of(tmp_path, facts)), tmp_path / "out") == []


def test_many_codes_are_not_taken_for_the_same(policy: Policy, tmp_path: Path) -> None:
    """Codes 64 apart in order share a bit: a suspicion, no error."""
    items = (
        "SELECT 'A' AS kasus, 'X-' || lpad(n::VARCHAR, 3, '0') AS kode, 'lebih_tinggi' AS polaritas, 95::DECIMAL(18,4) AS target,"
        " 88::DECIMAL(18,4) AS realisasi, 1::DECIMAL(18,4) AS bobot FROM range(100) AS t(n)"
    )
    _write(tmp_path, "kasus", CASE)
    _write(tmp_path, "indikator", items)
    report = run(policy, tmp_path, tmp_path / "out")
    assert (report.answered, report.single) == (1, 0)


def test_no_items_at_all(policy: Policy, tmp_path: Path) -> None:
    _write(tmp_path, "kasus", CASE)
    for engine in ("numpy", "duckdb", "python"):
        report = run(policy, tmp_path, tmp_path / engine, engine=engine)
        assert report.errors == {"tanpa_indikator": 1}


@pytest.mark.parametrize("engine", ["numpy", "duckdb", "python"])
def test_an_empty_list_of_items_numeric_keys_and_foreign_columns(policy: Policy, tmp_path: Path, engine: str) -> None:
    numbered = CASE.replace("'A' AS kasus", "7::BIGINT AS kasus, 'x' AS c_0, 'y' AS b0_1, 'z' AS bad")
    _write(tmp_path, "kasus", f"{numbered} UNION ALL {numbered.replace('7::BIGINT', '8::BIGINT')}")
    item = ITEM.replace("'A' AS kasus", "7::BIGINT AS kasus, 'x' AS b0_0")
    _write(tmp_path, "indikator", item)
    report = run(policy, tmp_path, tmp_path / "out", engine=engine)
    assert (report.answered, report.errors) == (1, {"tanpa_indikator": 1})
    assert [row["kasus"] for row in rows_of(tmp_path / "out" / "hasil.parquet")] == [7]
    assert [row["kasus"] for row in rows_of(tmp_path / "out" / "errors.parquet")] == ["8"]
    _write(tmp_path, "indikator", f"{item} LIMIT 0")
    assert run(policy, tmp_path, tmp_path / "none", engine=engine).errors == {"tanpa_indikator": 2}
    _write(tmp_path, "indikator", ITEM)
    with pytest.raises(InputError, match="tipe_kolom_salah"):
        run(policy, tmp_path, tmp_path / "out", engine=engine)


def test_files_that_do_not_fit_are_named(policy: Policy, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="berkas_tidak_ada"):
        run(policy, tmp_path, tmp_path / "out")
    _write(tmp_path, "kasus", CASE.replace("8::BIGINT AS kelas_jabatan", "8::DOUBLE AS kelas_jabatan"))
    with pytest.raises(InputError, match="tipe_kolom_salah"):
        run(policy, tmp_path, tmp_path / "out")
    _write(tmp_path, "kasus", CASE.replace("8::BIGINT AS kelas_jabatan", "8::BIGINT AS kelas"))
    with pytest.raises(InputError, match="kelas_jabatan"):
        run(policy, tmp_path, tmp_path / "out")
    _write(tmp_path, "kasus", "SELECT 1 AS nip")
    with pytest.raises(InputError, match="kolom_tidak_ada"):
        run(policy, tmp_path, tmp_path / "out")
    (tmp_path / "kasus.parquet").write_bytes(b"not parquet")
    with pytest.raises(InputError, match="berkas_rusak"):
        run(policy, tmp_path, tmp_path / "out")


def test_what_is_not_portable_is_refused_by_name(rules: Path, tmp_path: Path) -> None:
    import shutil

    from kinerja.policy import load_policy

    copy = tmp_path / "rules"
    shutil.copytree(rules, copy)
    file = copy / "decisions" / "angka_kredit.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("if jenjang = null then null", 'if jenjang = null or matches(jenjang, "^x") then null'), "utf-8")
    with pytest.raises(RuleError, match=r"angka_kredit.*matches"):
        run(load_policy(copy), tmp_path, tmp_path / "out")
