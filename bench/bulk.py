"""The whole chain on a population: our query beside the same chain by other means, and beside merely reading the same Parquet.

Figures are per case. KINERJA_BENCH_CASES chooses the sizes ("10000,100000"): the reading, ours and the peers that take whole
populations run at each, and goals compare what ran at the same size; what takes one case at a time takes few. Peers live in
environments of their own under `var/bench-venvs`, made on first use; one that cannot be had is reported as such. What a peer
answers is compared with our result, and how many cases differ stands in its note.
"""

from __future__ import annotations

import atexit
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb

from bench.harness import Contestant, Goal
from bench.people import ROOT, people, sizes
from kinerja.bulk import case_chain, run
from kinerja.bulk.program import CaseProgram
from kinerja.bulk.run import connect
from kinerja.bulk.source import documents, open_population
from kinerja.engine import Engine
from kinerja.engine.rete.machine import Machine
from kinerja.policy import Policy, load_policy

TITLE = "The chain on a population, 8 indicators a case, time per case"
VENVS = ROOT / "var" / "bench-venvs"
RETE, TRACED, OPENFISCA = "durable_rules alone", "zen-engine, traced", "OpenFisca-core"
PEERS = {
    "numpy by hand": ("numpy", ["numpy", "pyarrow"], "int64, unguarded"),
    "Polars by hand": ("polars", ["polars"], "int64, unguarded"),
    OPENFISCA: ("openfisca", ["openfisca-core", "polars"], "float32"),
}
SINGLE = {
    "zen-engine, a row at a time": ("zen", ["zen-engine"], "documents in memory"),
    TRACED: ("zen-traced", ["zen-engine"], "documents in memory"),
}
FEW = 500
GOALS = ["predikat_kinerja", "tpp_bulanan"]


def contestants() -> Iterator[Contestant]:
    policy = load_policy(ROOT / "rules")
    folders = {size: _answered(policy, size) for size in _sizes()}
    for size, folder in folders.items():
        reading = f"reading the Parquet, {size}"
        field = [
            Contestant(reading, _reader(folder), size, "every column, hashed"),
            Contestant(f"kinerja bulk, {size}", _bulk(policy, folder), size, "all outputs, items, row ids; Parquet out"),
            Contestant(
                f"kinerja bulk, what the peers compute, {size}",
                _bulk(policy, folder, goals=GOALS),
                size,
                "rating and allowance; checked; Parquet out",
            ),
            Contestant(f"DuckDB's own decimals, {size}", *_decimals(folder, size)),
            *(_peer(f"{peer}, {size}", mode, packages, note, folder, size) for peer, (mode, packages, note) in PEERS.items()),
        ]
        yield from (replace(one, beside=reading) for one in field)
    size, folder = next(iter(folders.items()))
    yield Contestant(f"kinerja bulk as SQL, {size}", _bulk(policy, folder, engine="duckdb"), size, "the DuckDB emitter")
    yield Contestant("generated Python", _python(policy, folder), FEW, "documents in memory; admission included")
    yield Contestant(RETE, _rete(policy, folder), FEW // 5, "its kernel in this process; facts admitted before")
    yield Contestant("both engines with trace", _engines(policy, folder), FEW // 5, "rete and exact, one at a time")
    for peer, (mode, packages, note) in SINGLE.items():
        yield _peer(peer, mode, packages, note, folder, FEW)


def goals() -> Iterator[Goal]:
    for size in _sizes():
        bulk = f"kinerja bulk, {size}"
        yield Goal(f"bulk ÷ reading the same Parquet, {size} cases", bulk, f"reading the Parquet, {size}", 3, most=True)
        yield Goal(f"{OPENFISCA} ÷ bulk, {size} cases", f"{OPENFISCA}, {size}", bulk, 4)
        yield Goal(f"{TRACED} ÷ bulk, {size} cases", TRACED, bulk, 100)
        yield Goal(f"{RETE} ÷ bulk, {size} cases", RETE, bulk, 400)


def _sizes() -> list[int]:
    return sizes("10000,100000")


def _answered(policy: Policy, size: int) -> Path:
    """A population, our answers to it, and the first documents of it as JSON."""
    folder = people(policy, size)
    if not (folder / "documents.json").is_file():
        run(policy, folder, folder / "out")
        with connect() as db:
            found = db.execute(f"SELECT kasus, tpp_bruto, predikat FROM '{folder}/out/hasil.parquet'").fetchall()
        (folder / "hasil.json").write_text(json.dumps(found), "utf-8")
        listed = [[key, _complete(document)] for key, document in documents_of(policy, folder)]
        (folder / "documents.json").write_text(json.dumps(listed), "utf-8")
    return folder


def documents_of(policy: Policy, folder: Path) -> list[tuple[Any, dict[str, Any]]]:
    with connect() as db:
        listed = documents(db, policy, open_population(db, policy, folder))
        return [pair for pair, _ in zip(listed, range(FEW), strict=False)]


def _complete(document: dict[str, Any]) -> dict[str, Any]:
    """zen wants every member that it reads to be there."""
    items = [{"realisasi": None, "target_atas": None, **item} for item in document["indikator"]]
    whole = {**document, "indikator": items, "penilaian": document.get("penilaian", [])}
    plain: dict[str, Any] = json.loads(json.dumps(whole, default=_number))
    return plain


def _number(value: Any) -> Any:
    assert isinstance(value, Decimal | Fraction)
    return float(value)  # for the peer only, which holds 28 digits from here on


def _reader(folder: Path) -> Callable[[], None]:
    def read() -> None:
        with duckdb.connect() as db:
            for name in ("kasus", "indikator", "penilaian"):
                db.execute(f"SELECT bit_xor(hash(t)) FROM '{folder}/{name}.parquet' AS t").fetchall()

    return read


def _bulk(policy: Policy, folder: Path, **options: Any) -> Callable[[], None]:
    target = folder / ("out" if not options else f"out-{'-'.join(options)}")

    def compute() -> None:
        run(policy, folder, target, **options)

    return compute


def _decimals(folder: Path, size: int) -> tuple[Callable[[], str], int, str]:
    """The allowance by hand in SQL, with `/` and `round` of DuckDB."""
    sql = (ROOT / "bench" / "peers" / "decimals.sql").read_text("utf-8").replace("$folder", str(folder))

    def compute() -> str:
        with connect() as db:
            db.execute(f"CREATE TABLE t AS {sql}")
        return ""

    with connect() as db:
        row = db.execute(
            f"SELECT count(*), max(abs(t.paid - h.tpp_bruto)) FROM ({sql}) AS t"
            f" JOIN '{folder}/out/hasil.parquet' AS h USING (kasus)"
            " WHERE t.paid <> h.tpp_bruto"
        ).fetchone()
    wrong, worst = row or (0, 0)
    return compute, size, f"the allowance alone; {wrong} of {size} differ, the worst by Rp {int(worst or 0)}"


def _python(policy: Policy, folder: Path) -> Callable[[], None]:
    program, listed = CaseProgram(case_chain(policy)), documents_of(policy, folder)

    def compute() -> None:
        for _, document in listed:
            program.answer(document)

    return compute


def _rete(policy: Policy, folder: Path) -> Callable[[], None]:
    program, machine = CaseProgram(case_chain(policy)), Machine(policy)
    admitted = [program.admitted(document) for _, document in documents_of(policy, folder)[: FEW // 5]]

    def compute() -> None:
        for kasus, items in admitted:
            machine.evaluate(None, kasus, items)

    return compute


def _engines(policy: Policy, folder: Path) -> Callable[[], None]:
    engine = Engine(policy)
    atexit.register(engine.close)
    listed = [document for _, document in documents_of(policy, folder)[: FEW // 5]]

    def compute() -> None:
        for document in listed:
            engine.evaluate(document)

    return compute


def _peer(title: str, mode: str, packages: list[str], note: str, folder: Path, units: int) -> Contestant:
    """A process that answers one line a run; the line says how many cases it sees differently."""
    try:
        python = _environment(packages)
    except (OSError, subprocess.CalledProcessError) as error:
        return Contestant(title, lambda: None, skipped=f"cannot install {' '.join(packages)}: {error}")
    command = [str(python), str(ROOT / "bench" / "peers" / "bulk_peers.py"), mode, str(folder), str(folder / "hasil.json")]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(process.kill)
    assert process.stdin is not None
    assert process.stdout is not None
    to, answers = process.stdin, process.stdout

    def once() -> str:
        to.write("1\n")
        to.flush()
        return answers.readline().strip()

    wrong = once()
    if not wrong:
        return Contestant(title, lambda: None, skipped="its process ended; run bench/peers/bulk_peers.py by hand to see why")
    return Contestant(title, once, units, f"{note}; {wrong} of {units} differ")


def _environment(packages: list[str]) -> Path:
    folder = VENVS / packages[0]
    python = folder / "bin" / "python"
    if not (folder / "ready").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *packages], check=True, capture_output=True, timeout=600)
        (folder / "ready").touch()
    return python
