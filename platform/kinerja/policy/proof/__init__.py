"""Proof of a policy: gaps, overlaps, idle and conflicting rows, ranges, directions, one standard a post; with counterexamples.

Grids for tables over intervals and enums, interval arithmetic and Z3 for formulas. What cannot be decided counts as failed.
"""

from __future__ import annotations

from threading import Lock

from ..model import Policy
from .obligation import Obligation, ProofReport

_one_at_a_time = Lock()
"""Z3 keeps its terms and its last error in one context of the process: two proofs side by side, as when a draft is saved while

its text is still looked at, give a wrong error or end the process.
"""


def prove_policy(policy: Policy, decisions: tuple[str, ...] | None = None) -> ProofReport:
    """Discharge every obligation of these decisions (all, and the standards, when None). Unknown counts as failed."""
    from . import prove  # loads Z3, which only this needs

    with _one_at_a_time:
        return prove.prove_policy(policy, decisions)


__all__ = ["Obligation", "ProofReport", "prove_policy"]
