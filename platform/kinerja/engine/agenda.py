"""Which decisions an evaluation needs, in which order: the requirements graph read once, for both engines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..policy.model import BindingKind, Decision, Policy

CASE = "kasus"


@dataclass(frozen=True, slots=True)
class Agenda:
    """Decisions to evaluate, required before requiring; day None means the latest version of each.

    single: the one decision is fed by what is given instead of by facts of a case. in_force: all of them hold on that day.
    kept: what is worked out once for all cases, by who uses it.
    """

    decisions: tuple[Decision, ...]
    day: date | None
    single: bool = False
    in_force: bool = True
    kept: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)


def bound(policy: Policy, decision: Decision, day: date | None) -> tuple[str, ...]:
    """The decisions whose results are inputs of this one (those it merely calls are not)."""
    found: list[str] = []
    for given in decision.inputs:
        if given.binding.kind in (BindingKind.OUTPUT, BindingKind.COLLECTED):
            found.append(given.binding.target)
        elif given.binding.kind is BindingKind.ITEMS:
            required = decision.requires_decisions
            found += [name for name in required if policy.decision(name, day)[0].for_each == given.binding.target]
    return tuple(dict.fromkeys(found))


def case_agenda(policy: Policy, day: date | None, goals: Iterable[str] | None = None) -> Agenda:
    """The goals of a case and all they are bound to."""
    wanted: set[str] = set()
    queue = list(policy.vocabulary.goals.get(CASE, ()) if goals is None else goals)
    in_force = True
    while queue:
        name = queue.pop()
        if name in wanted:
            continue
        wanted.add(name)
        decision, holds = policy.decision(name, day)
        in_force = in_force and holds
        queue += bound(policy, decision, day)
    chosen = tuple(policy.decision(name, day)[0] for name in policy.order if name in wanted)
    return Agenda(chosen, day, in_force=in_force)


def single_agenda(policy: Policy, name: str, day: date | None) -> Agenda:
    decision, in_force = policy.decision(name, day)
    return Agenda((decision,), day, single=True, in_force=in_force)
