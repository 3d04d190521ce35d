"""A policy on a whole population: one plan of the compiled rules, small emitters of our own (DuckDB SQL, generated Python).

Reads the integer form of `engine.integer`, never FEEL; held bit-identical to the exact engine by tests. No storage, no web.
"""

from .chain import Chain, case_chain, single_chain
from .run import Report, run

__all__ = ["Chain", "Report", "case_chain", "run", "single_chain"]
