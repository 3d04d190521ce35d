"""Proof of a policy: gaps, overlaps, idle and conflicting rows, ranges, directions, one standard a post; with counterexamples.

Grids for tables over intervals and enums, interval arithmetic and Z3 for formulas. What cannot be decided counts as failed.
"""

from .obligation import Obligation
from .prove import ProofReport, prove_decision, prove_policy

__all__ = ["Obligation", "ProofReport", "prove_decision", "prove_policy"]
