"""Benchmarks: contestants side by side in one run, medians and ratios. `./run bench [NAME …] [--json FILE]`.

A benchmark is a module with `TITLE` and `contestants() -> Iterable[Contestant]`. Figures describe this machine at this hour;
only the ratios travel. Nothing here asserts: a slow machine fails no test.
"""
