"""A draft simulated on 10,000 employees × 12 months, as the rule workshop does after each save: what the release gives is kept.

Each round takes a draft that no run has seen. KINERJA_BENCH_CASES: how many employees ("10000").
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from bench.harness import Contestant
from bench.people import PLACE, ROOT, sizes
from kinerja.bulk.population import population
from kinerja.bulk.simulation import simulate
from kinerja.policy import Policy, load_policy

TITLE = "A draft on 10,000 employees × 12 months, after it was saved"
MONTHS = 12
CHANGES: dict[str, tuple[str, str, Callable[[int], str]]] = {  # file, words there, words instead; each draft another one
    "a percentage of the allowance": ("incentives/persen_tpp.yaml", "| 80     |", lambda number: f"| {61 + number % 19}     |"),
    "a class's rate": ("parameters/tarif_kelas.yaml", "5764000", lambda number: str(5_764_000 + number)),
}


def contestants() -> Iterator[Contestant]:
    release = load_policy(ROOT / "rules")
    people = sizes("10000")[-1]
    folder = PLACE / f"{people}x{MONTHS}-{release.fingerprint[:12]}"
    if not (folder / "penilaian.parquet").is_file():
        population(release, people, 7, folder, months=MONTHS)
    kept = PLACE / "disimulasikan"
    shutil.rmtree(kept, ignore_errors=True)
    for title, (file, words, others) in CHANGES.items():
        drafts = _drafts(file, words, others)
        yield Contestant(title, _after_save(release, folder, kept, drafts), 1, "rules read and checked, run, compared")


def _after_save(release: Policy, folder: Path, kept: Path, drafts: Iterator[Path]) -> Callable[[], None]:
    def compute() -> None:
        simulate(release, load_policy(next(drafts)), folder, kept=kept, facts="bench").as_json()

    return compute


def _drafts(file: str, words: str, others: Callable[[int], str]) -> Iterator[Path]:
    """The rules with one figure changed, another each time; cases of the file, which hold the old answers, left out."""
    for number in count(1):
        rules = PLACE / "drafts" / f"simulasi-{Path(file).stem}-{number}"
        shutil.rmtree(rules, ignore_errors=True)
        shutil.copytree(ROOT / "rules", rules)
        text = (rules / file).read_text("utf-8").split("\ncases:")[0]
        assert words in text
        (rules / file).write_text(text.replace(words, others(number), 1) + "\n", "utf-8")
        yield rules
