"""The whole chain on a population: our query beside the same chain by other means, and beside merely reading the same Parquet.

Figures are per case. KINERJA_BENCH_CASES chooses the sizes ("10000,100000"); peers live in environments of their own under
`var/bench-venvs`, made on first use; one that cannot be had is reported as such. What a peer answers is compared with our result,
and how many cases differ stands in its note.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb

from bench.harness import Contestant
from kinerja.bulk import case_chain, run
from kinerja.bulk.population import population
from kinerja.bulk.program import CaseProgram
from kinerja.bulk.run import connect
from kinerja.bulk.source import documents, open_population
from kinerja.engine import Engine
from kinerja.policy import Policy, load_policy

TITLE = "The chain on a population, 8 indicators a case, time per case"
ROOT = Path(__file__).resolve().parents[1]
PLACE, VENVS = ROOT / "var" / "bench-bulk", ROOT / "var" / "bench-venvs"
PEERS = {
    "numpy by hand": ("numpy", ["numpy", "pyarrow"], "int64, unguarded"),
    "Polars by hand": ("polars", ["polars"], "int64, unguarded"),
    "OpenFisca-core": ("openfisca", ["openfisca-core", "polars"], "float32"),
    "zen-engine, a row at a time": ("zen", ["zen-engine"], "documents in memory"),
    "zen-engine, traced": ("zen-traced", ["zen-engine"], "documents in memory"),
}
FEW = 500


def contestants() -> Iterator[Contestant]:
    policy = load_policy(ROOT / "rules")
    sizes = [int(size) for size in os.environ.get("KINERJA_BENCH_CASES", "10000,100000").split(",")]
    folders = {size: _people(policy, size) for size in sizes}
    largest = sizes[-1]
    yield Contestant(f"reading the Parquet, {largest}", _reader(folders[largest]), largest, "every column, hashed")
    for size in sizes:
        yield Contestant(f"kinerja bulk, {size}", _bulk(policy, folders[size]), size, "all outputs, items, row ids; Parquet out")
    yield Contestant("generated Python", _python(policy, folders[largest]), FEW, "documents in memory; admission included")
    yield Contestant("generated Python, computing alone", _computing(policy, folders[largest]), FEW, "facts admitted before")
    yield Contestant("both engines with trace", _engines(policy, folders[largest]), FEW // 5, "rete and exact, one at a time")
    for title, (mode, packages, note) in PEERS.items():
        units = FEW if mode.startswith("zen") else largest
        yield _peer(title, mode, packages, note, folders[largest], units)


def _people(policy: Policy, size: int) -> Path:
    """A population, our answers to it, and the first documents of it as JSON."""
    folder = PLACE / f"{size}-{policy.fingerprint[:12]}"
    if not (folder / "documents.json").is_file():
        population(policy, size, 7, folder, indicators=8)
        run(policy, folder, folder / "out")
        with connect() as db:
            found = db.execute(f"SELECT kasus, tpp_bruto, predikat FROM '{folder}/out/hasil.parquet'").fetchall()
        (folder / "hasil.json").write_text(json.dumps(found), "utf-8")
        listed = [[key, _complete(document)] for key, document in _documents(policy, folder)]
        (folder / "documents.json").write_text(json.dumps(listed), "utf-8")
    return folder


def _documents(policy: Policy, folder: Path) -> list[tuple[Any, dict[str, Any]]]:
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


def _bulk(policy: Policy, folder: Path) -> Callable[[], None]:
    def compute() -> None:
        run(policy, folder, folder / "out")

    return compute


def _python(policy: Policy, folder: Path) -> Callable[[], None]:
    program, listed = CaseProgram(case_chain(policy)), _documents(policy, folder)

    def compute() -> None:
        for _, document in listed:
            program.answer(document)

    return compute


def _computing(policy: Policy, folder: Path) -> Callable[[], None]:
    program = CaseProgram(case_chain(policy))
    admitted = [program.admitted(document) for _, document in _documents(policy, folder)]

    def compute() -> None:
        for kasus, items in admitted:
            program.compute(kasus, items)

    return compute


def _engines(policy: Policy, folder: Path) -> Callable[[], None]:
    engine = Engine(policy)
    atexit.register(engine.close)
    listed = [document for _, document in _documents(policy, folder)[: FEW // 5]]

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
