"""The plan: the decisions of a run in order, each in the integer form, with the day's parameters standing in it as constants.

What is not portable is refused by name, all of it at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..core.errors import RuleError
from ..engine.agenda import Agenda, case_agenda, single_agenda
from ..engine.integer.errors import NotPortable
from ..engine.integer.ir import Expr
from ..engine.integer.numeric import number
from ..engine.integer.plan import DecisionPlan, plan
from ..engine.integer.program import parameters_on
from ..policy.model import Base, Decision, Policy


@dataclass(frozen=True, slots=True)
class Link:
    """A decision of the chain and its plan."""

    decision: Decision
    plan: DecisionPlan


@dataclass(frozen=True, slots=True)
class Chain:
    """links: required before requiring. asked: decisions that others call, by name. parameters: encoded, of the day."""

    policy: Policy
    agenda: Agenda
    links: tuple[Link, ...]
    asked: Mapping[str, DecisionPlan]
    parameters: Mapping[str, Any]

    @property
    def single(self) -> bool:
        return self.agenda.single

    @property
    def day(self) -> date | None:
        return self.agenda.day


def case_chain(policy: Policy, day: date | None = None, goals: Iterable[str] | None = None) -> Chain:
    """The goals of `kasus` and all they rest on. Raises RuleError `tidak_portabel` naming each decision and its reason."""
    return _chain(policy, case_agenda(policy, day, goals))


def single_chain(policy: Policy, name: str, day: date | None = None) -> Chain:
    """One decision, fed by its inputs by their local names."""
    return _chain(policy, single_agenda(policy, name, day))


def _chain(policy: Policy, agenda: Agenda) -> Chain:
    planner = _Planner(policy, agenda.day)
    links = tuple(Link(decision, found) for decision in agenda.decisions if (found := planner.plan(decision)) is not None)
    planner.refuse()
    return Chain(policy, agenda, links, planner.asked, planner.parameters)


class _Planner:
    def __init__(self, policy: Policy, day: date | None) -> None:
        self._policy, self._day = policy, day
        self.asked: dict[str, DecisionPlan] = {}
        self.parameters = parameters_on(policy, day)
        self._known = self._constants()
        self._refused: dict[str, NotPortable] = {}

    def _constants(self) -> dict[str, Expr]:
        """Scalar numbers in lowest terms, so that no digits are carried along that mean nothing."""
        found: dict[str, Expr] = {}
        for name, parameter in self._policy.parameters.items():
            latest = max(parameter.values, key=lambda value: value.effective.first, default=None)
            dated = latest if self._day is None else parameter.on(self._day)
            if (
                dated is not None
                and parameter.key_type is None
                and parameter.type.base is Base.NUMBER
                and not parameter.type.is_list
            ):
                found[name] = number(dated.value)
        return found

    def plan(self, decision: Decision) -> DecisionPlan | None:
        try:
            found = plan(self._policy, decision, self._day, self._known)
        except NotPortable as error:
            self._refused[decision.name] = error
            return None
        for name in found.asks:
            if name not in self.asked and name not in self._refused:
                called = self.plan(self._policy.decision(name, self._day)[0])
                if called is not None:
                    self.asked[name] = called
        return found

    def refuse(self) -> None:
        if self._refused:
            raise not_portable({name: (error.reason_id, error.reason_en) for name, error in self._refused.items()})


def not_portable(reasons: Mapping[str, tuple[str, str]], engine: str = "") -> RuleError:
    """reasons: decision → why, in both languages. engine: the one that can do it, if there is one."""
    names = ", ".join(reasons)
    why_id = "; ".join(f"{name}: {reason}" for name, (reason, _) in reasons.items())
    why_en = "; ".join(f"{name}: {reason}" for name, (_, reason) in reasons.items())
    return RuleError(
        "tidak_portabel",
        f"hanya dapat dihitung satu per satu – {why_id}",
        f"one case at a time only – {why_en}",
        remedy_id=f"pakai --engine {engine}" if engine else f"tulis ulang {names} dengan bagian FEEL yang portabel",
        remedy_en=f"use --engine {engine}" if engine else f"rewrite {names} in the portable subset of FEEL",
        decisions=list(reasons),
    )
