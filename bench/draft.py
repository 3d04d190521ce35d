"""What the row ids of every table cost, and what a changed draft costs that is built on a run of the rules in force."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.harness import Contestant, Goal
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
    drafts = {title: _draft(title, *change) for title, change in CHANGES.items()}
    for size in _sizes():
        folder = people(policy, size)
        base = folder / "dasar"
        run(policy, folder, base)
        yield Contestant(f"full run, {size}", _run(policy, folder), size, "all outputs, items, row ids; Parquet out")
        yield Contestant(f"full run without row ids, {size}", _run(policy, folder, row_ids=False), size)
        for title, draft in drafts.items():
            yield Contestant(
                f"draft: {title}, {size}", _run(draft, folder, base=base), size, "built on the full run; the same files"
            )


def goals() -> Iterator[Goal]:
    for size in _sizes():
        full = f"full run, {size}"
        yield Goal(f"full run ÷ without row ids, {size} cases", full, f"full run without row ids, {size}", 1.15, most=True)
        for title in CHANGES:
            yield Goal(f"draft ({title}) ÷ full run, {size} cases", f"draft: {title}, {size}", full, 0.35, most=True)


def _sizes() -> list[int]:
    return sizes("100000")


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
