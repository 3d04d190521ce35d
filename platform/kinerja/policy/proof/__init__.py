"""Proof of a policy: gaps, overlaps, idle and conflicting rows, ranges, directions, one standard a post; with counterexamples.

Grids for tables over intervals and enums, interval arithmetic and Z3 for formulas. What cannot be decided counts as failed.
"""

from __future__ import annotations

from ..model import Decision, Policy
from .obligation import Obligation, ProofReport


def prove_policy(policy: Policy, decisions: tuple[str, ...] | None = None) -> ProofReport:
    """Discharge every obligation of these decisions (all, and the standards, when None). Unknown counts as failed."""
    from . import prove  # loads Z3, which only this needs

    return prove.prove_policy(policy, decisions)


def prove_decision(policy: Policy, decision: Decision) -> list[Obligation]:
    """The obligations of one version of a decision, discharged."""
    from . import prove

    return prove.prove_decision(policy, decision)


__all__ = ["Obligation", "ProofReport", "prove_decision", "prove_policy"]
