"""What the array emitter stands on: columns out of DuckDB, Parquet files of our own, and rows in any order."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest

from kinerja.bulk import run
from kinerja.bulk.arrays.arrow import batches
from kinerja.bulk.arrays.parquet import Entries, Kind, Values, Writer
from kinerja.bulk.arrays.untyped import np
from kinerja.bulk.population import population
from kinerja.policy import Policy

from .reference import rows_of


def _read(file: Path) -> list[tuple[Any, ...]]:
    with duckdb.connect() as db:
        return db.execute(f"FROM '{file}'").fetchall()


@pytest.mark.parametrize(("rows", "words"), [(1, 1), (7, 2), (1_000, 300), (1_003, 70_000)])
def test_parquet_files_are_read_back_as_written(tmp_path: Path, rows: int, words: int) -> None:
    random = Random(rows)
    numbers = [random.choice([None, random.randrange(-(10**17), 10**17)]) for _ in range(rows)]
    codes = [random.randrange(words) for _ in range(rows)]
    lists = [random.choice([None, [random.choice([None, 1, 25]) for _ in range(random.randrange(4))]]) for _ in range(rows)]
    days = [random.randrange(-7_000, 20_000) for _ in range(rows)]
    known = [f"kata {number}é" * (number % 3) for number in range(words)]
    flat = [element for one in lists if one for element in one]
    columns = {
        "a": Values(np.array([value or 0 for value in numbers]), np.array([value is None for value in numbers])),
        "t": Values(np.array(codes), None, Entries.of(known)),
        "l": Values(
            np.array([element or 0 for element in flat], np.int64), np.array([element is None for element in flat], np.bool_),
            lengths=np.array([len(one or ()) for one in lists]), absent=np.array([one is None for one in lists]),
        ),
        "d": Values(np.array(days)),
        "b": Values(np.array([code % 2 == 0 for code in codes])),
        "r": Values(np.arange(rows), None, Entries.of([f"baris {row}" for row in range(rows)]), runs=np.ones(rows, np.int64)),
    }  # fmt: skip
    kinds = {"a": Kind("decimal", 4), "t": Kind("text"), "l": Kind("int", is_list=True), "d": Kind("date"), "b": Kind("boolean")}
    with Writer(tmp_path / "x.parquet", {**kinds, "r": Kind("text")}) as writer:
        for _ in range(2):
            writer.group(columns, rows)
    expected = [
        (
            None if number is None else Decimal(number).scaleb(-4), known[code], one, day, code % 2 == 0, f"baris {row}",
        )
        for row, (number, code, one, day) in enumerate(zip(numbers, codes, lists, days, strict=True))
    ]  # fmt: skip
    found = [(*row[:3], (row[3].toordinal() - 719_163), *row[4:]) for row in _read(tmp_path / "x.parquet")]
    assert found == expected * 2


@pytest.mark.parametrize("rows", [2_048, 30_720])
def test_columns_come_as_they_are_stored(rows: int) -> None:
    sql = (
        "SELECT i::BIGINT AS n, CASE WHEN i % 3 = 0 THEN NULL ELSE i % 900 END::SMALLINT AS s,"
        " (i / 4)::DECIMAL(18,4) AS d, 'k' || i AS t, i % 2 = 0 AS b,"
        " DATE '1970-01-01' + i::INTEGER AS h, [i, NULL] AS l FROM range(300000) AS t(i)"
    )
    with duckdb.connect() as db:
        db.execute("SET arrow_output_version = '1.5'")
        parts = list(batches(db, sql, rows))
    assert len(parts) > 9
    assert max(len(part["n"]) for part in parts) <= rows
    start = 0
    for part in parts:
        size = len(part["n"])
        whole = np.arange(start, start + size)
        assert (part["n"].values == whole).all()
        assert (part["s"].null == (whole % 3 == 0)).all()
        assert (part["d"].values == whole * 2_500).all()
        assert (part["b"].values == (whole % 2 == 0)).all()
        assert (part["h"].values == whole).all()
        offsets, inner = part["l"].offsets, part["l"].inner
        assert inner is not None
        assert (inner.values[offsets[:-1]] == whole).all()
        assert inner.null[offsets[:-1] + 1].all()
        texts = part["t"]
        assert texts.values[texts.offsets[5] : texts.offsets[6]].tobytes().decode() == f"k{start + 5}"
        start += size
    assert start == 300_000


@pytest.mark.slow
@pytest.mark.parametrize("order", ["hash(kasus)", "kasus DESC"])
def test_the_order_of_the_files_changes_no_answer(policy: Policy, tmp_path: Path, order: str) -> None:
    """Items that do not follow their cases: sorted first, the same in the end."""
    people = tmp_path / "people"
    population(policy, 2_000, 3, people, bad=5)
    run(policy, people, tmp_path / "straight", engine="numpy")
    mixed = tmp_path / "mixed"
    mixed.mkdir()
    with duckdb.connect() as db:
        for name in ("kasus", "indikator", "penilaian"):
            by = "hash(kasus || 'x')" if name == "kasus" else order
            db.execute(f"COPY (FROM '{people}/{name}.parquet' ORDER BY {by}) TO '{mixed}/{name}.parquet' (FORMAT parquet)")
    report = run(policy, mixed, tmp_path / "sorted", engine="numpy")
    assert report.answered
    for file in ("hasil.parquet", "items.parquet", "errors.parquet"):
        first, second = (sorted(map(str, rows_of(tmp_path / out / file))) for out in ("straight", "sorted"))
        assert first == second


@pytest.mark.slow
def test_both_emitters_write_the_same_rows(policy: Policy, tmp_path: Path) -> None:
    people = tmp_path / "people"
    population(policy, 3_000, 9, people, bad=5)
    for engine in ("numpy", "duckdb"):
        assert run(policy, people, tmp_path / engine, engine=engine).engine == engine
    for file in ("hasil.parquet", "items.parquet", "items_penilaian.parquet", "errors.parquet", "unit.parquet"):
        first, second = (sorted(map(str, rows_of(tmp_path / out / file))) for out in ("numpy", "duckdb"))
        assert first == second


@pytest.mark.slow
def test_where_the_rows_are_cut_changes_no_answer(policy: Policy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cases without items, faulty ones and lists that go on, at every edge of small pieces."""
    people = tmp_path / "people"
    population(policy, 1_200, 13, people, bad=15)
    run(policy, people, tmp_path / "whole", engine="numpy")
    monkeypatch.setattr("kinerja.bulk.arrays.stream.CHUNK", 7)
    run(policy, people, tmp_path / "pieces", engine="numpy")
    for file in ("hasil.parquet", "items.parquet", "items_penilaian.parquet", "errors.parquet", "unit.parquet"):
        first, second = (sorted(map(str, rows_of(tmp_path / out / file))) for out in ("whole", "pieces"))
        assert first == second


@pytest.mark.slow
def test_a_killed_run_leaves_nothing_that_the_next_one_minds(policy: Policy, rules: Path, tmp_path: Path) -> None:
    people, out = tmp_path / "people", tmp_path / "out"
    population(policy, 60_000, 2, people)
    run(policy, people, tmp_path / "whole")
    program = "import sys; from kinerja.cli.main import main; main(sys.argv[1:])"
    killed = 0
    for file in (".hasil.parquet.baru", "hasil.parquet"):  # while it writes, and once a file is in place
        child = subprocess.Popen(
            [sys.executable, "-c", program, "bulk", str(people), "--out", str(out), "--rules", str(rules)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        while child.poll() is None and not (out / file).exists():
            time.sleep(0.001)
        child.kill()
        killed += child.wait() == -signal.SIGKILL
    assert killed
    run(policy, people, out)
    files = sorted(file.name for file in (tmp_path / "whole").iterdir())
    assert sorted(file.name for file in out.iterdir()) == files
    for name in files:
        assert (out / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name
