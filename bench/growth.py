"""How a run grows with the population, and the most memory it takes: each size in a process of its own. Figures are per case.

KINERJA_BENCH_CASES chooses the sizes. The unit of the ratio is the smallest size: linear is 1, fixed costs make it less.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.harness import Contestant, Goal
from bench.people import ROOT, people, sizes
from kinerja.policy import load_policy

TITLE = "Growth of a bulk run, 8 indicators a case, time per case; peak memory of its process"
_RUN = """
import resource, sys
from pathlib import Path
from kinerja.bulk import run
from kinerja.policy import load_policy
policy, folder = load_policy(Path(sys.argv[1])), Path(sys.argv[2])
for _ in sys.stdin:
    run(policy, folder, folder / "out")
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, flush=True)
"""


def contestants() -> Iterator[Contestant]:
    policy = load_policy(ROOT / "rules")
    for size in _sizes():
        yield _process(size, people(policy, size))


def goals() -> Iterator[Goal]:
    """Each size beside the largest: fixed costs make the small ones dearer a case, never cheaper."""
    *smaller, largest = _sizes()
    for size in smaller:
        title = f"a case of {largest} ÷ a case of {size}"
        yield Goal(title, f"kinerja bulk, {largest}", f"kinerja bulk, {size}", 1.1, most=True)


def _sizes() -> list[int]:
    return sizes("10000,100000,1000000,4000000")


def _process(size: int, folder: Path) -> Contestant:
    child = subprocess.Popen(
        [sys.executable, "-c", _RUN, str(ROOT / "rules"), str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdin is not None
    assert child.stdout is not None
    to, answers = child.stdin, child.stdout

    def once() -> str:
        to.write("1\n")
        to.flush()
        return answers.readline().strip()

    peak = once()
    return Contestant(f"kinerja bulk, {size}", once, size, f"peak memory {peak} MB after one run")
