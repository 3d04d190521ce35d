"""`python -m bench [NAME …] [--rounds N] [--json FILE]`"""

from __future__ import annotations

import argparse
import json
import pkgutil
import platform as machine
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

import bench
from bench.harness import goal_table, judged, measure, table

NAMES = sorted(
    module.name
    for module in pkgutil.iter_modules(bench.__path__)
    if not module.ispkg and module.name not in ("harness", "people", "__main__")
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run bench", description="Benchmarks side by side: medians and ratios.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which ({', '.join(NAMES)}); none = all")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    unknown = sorted(set(options.names) - set(NAMES))
    if unknown:
        parser.error(f"no benchmark named {', '.join(unknown)}; there are: {', '.join(NAMES)}")
    document: dict[str, object] = {"python": machine.python_version(), "machine": machine.machine(), "benchmarks": {}, "goals": {}}
    for name in options.names or NAMES:
        module = import_module(f"bench.{name}")
        print(f"· {name}", file=sys.stderr)
        field = list(module.contestants())
        figures = measure(field, rounds=options.rounds)
        print(table(module.TITLE, figures, [contestant for contestant in field if contestant.skipped]), end="\n\n")
        verdicts = judged(module.goals(), figures) if hasattr(module, "goals") else []
        if verdicts:
            print(goal_table(verdicts), end="\n\n")
            document["goals"][name] = [asdict(verdict) for verdict in verdicts]  # type: ignore[index]
        document["benchmarks"][name] = [asdict(figure) for figure in figures]  # type: ignore[index]
    if options.json:
        options.json.write_text(json.dumps(document, indent=2) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
