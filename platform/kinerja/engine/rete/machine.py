"""The rete engine of one policy: rulesets built when first needed, kept while they are used, freed when they are not."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ...core.errors import RuleError
from ...policy.model import Policy
from ..agenda import Agenda, case_agenda, single_agenda
from ..answer import Answer, Failure
from ..integer import Program, parameters_on
from .rules import AgendaRules
from .ruleset import RulesetError

MAX_RULESETS = 64
MAX_DAYS = 512

Versions = tuple[date, ...]


class Machine:
    """Lives in the worker process; not safe to share between threads."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._programs: dict[Versions, Program] = {}
        self._rulesets: OrderedDict[tuple[str, Versions], AgendaRules] = OrderedDict()
        self._days: OrderedDict[date | None, tuple[Versions, dict[str, Any]]] = OrderedDict()

    def decide(self, name: str, day: date | None, given: Mapping[str, Any]) -> Answer | Failure:
        """One decision; `given` holds its encoded inputs."""
        return self._run(name, day, given, {})

    def evaluate(
        self, day: date | None, kasus: Mapping[str, Any], items: Mapping[str, Sequence[Mapping[str, Any]]]
    ) -> Answer | Failure:
        """A whole case, encoded."""
        return self._run("", day, kasus, items)

    def close(self) -> None:
        while self._rulesets:
            self._rulesets.popitem()[1].close()

    def _run(
        self, name: str, day: date | None, kasus: Mapping[str, Any], items: Mapping[str, Sequence[Mapping[str, Any]]]
    ) -> Answer | Failure:
        versions, parameters = self._on(day)
        key = (name, versions)
        rules = self._rulesets.get(key)
        if rules is None:
            program = self._programs.setdefault(versions, Program(self._policy, day))
            rules = self._rulesets[key] = self._build(self._agenda(name, day), program)
            while len(self._rulesets) > MAX_RULESETS:
                self._rulesets.popitem(last=False)[1].close()
        else:
            self._rulesets.move_to_end(key)
        return rules.evaluate(parameters, kasus, items)

    def _build(self, agenda: Agenda, program: Program) -> AgendaRules:
        try:
            return AgendaRules(self._policy, agenda, program)
        except RulesetError as error:
            names = ", ".join(decision.name for decision in agenda.decisions[:5])
            raise RuleError(
                "aturan_terlalu_besar",
                f"aturan {names} melampaui yang dapat ditampung mesin rete ({error})",
                f"the rules of {names} are more than the rete engine holds ({error})",
                remedy_id="pecah tabelnya menjadi beberapa keputusan",
                remedy_en="split the table into several decisions",
            ) from error

    def _agenda(self, name: str, day: date | None) -> Agenda:
        return single_agenda(self._policy, name, day) if name else case_agenda(self._policy, day)

    def _on(self, day: date | None) -> tuple[Versions, dict[str, Any]]:
        """Which version of each decision holds, and the parameters of the day."""
        found = self._days.get(day)
        if found is None:
            versions = tuple(self._policy.decision(name, day)[0].effective.first for name in self._policy.order)
            found = self._days[day] = (versions, parameters_on(self._policy, day))
            while len(self._days) > MAX_DAYS:
                self._days.popitem(last=False)
        return found
