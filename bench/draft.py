"""What the row ids of every table cost, and what a changed draft costs that is built on a run of the rules in force."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.harness import Contestant
from bench.people import PLACE, ROOT, people, sizes
from kinerja.bulk import run
from kinerja.policy import Policy, load_policy

TITLE = "A full run, without row ids, and changed drafts; time per case"
CHANGES = {
    "a percentage of the allowance": ("incentives/persen_tpp.yaml", "| Butuh Perbaikan | 80 ", "| Butuh Perbaikan | 75 "),
    "a cell of the rating table": (
        "decisions/predikat_kinerja.yaml", "| di_bawah       | Kurang          |", "| di_bawah       | Butuh Perbaikan |",
    ),
    "a rounding over all indicators": ("decisions/nilai_hasil_kerja.yaml", "/ bobot_dinilai, 4", "/ bobot_dinilai, 3"),
}  # fmt: skip


def contestants() -> Iterator[Contestant]:
    policy = load_policy(ROOT / "rules")
    size = sizes("100000")[-1]
    folder = people(policy, size)
    base = folder / "dasar"
    run(policy, folder, base)
    yield Contestant("full run", _run(policy, folder), size, "all outputs, items, row ids; Parquet out")
    yield Contestant("full run without row ids", _run(policy, folder, row_ids=False), size)
    for title, change in CHANGES.items():
        draft = _draft(title, *change)
        yield Contestant(f"draft: {title}", _run(draft, folder, base=base), size, "built on the full run; the same files")


def _draft(title: str, file: str, words: str, others: str) -> Policy:
    """The rules with one file changed, its cases left out: they hold the old answers."""
    rules = PLACE / "drafts" / title.replace(" ", "-")
    shutil.rmtree(rules, ignore_errors=True)
    shutil.copytree(ROOT / "rules", rules)
    text = (rules / file).read_text("utf-8")
    assert words in text
    (rules / file).write_text(text.split("\ncases:")[0].replace(words, others, 1) + "\n", "utf-8")
    return load_policy(rules)


def _run(policy: Policy, folder: Path, **options: Any) -> Callable[[], None]:
    target = folder / f"out-{policy.fingerprint[:8]}-{len(options)}"

    def compute() -> None:
        run(policy, folder, target, **options)

    return compute
