"""Cases one by one: the answer, or the named error, of the exact engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..core.errors import KinerjaError
from ..core.findings import Outcome
from ..engine.agenda import Agenda
from ..engine.exact import ExactEngine
from ..policy import Policy, admit_case
from ..policy.facts import needed_facts


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error as errors.parquet holds it. fact: the fact, or the decision and its item where a rule gave no answer."""

    code: str
    fact: str
    message: str


class OneByOne:
    def __init__(self, policy: Policy, agenda: Agenda) -> None:
        self._policy, self._agenda = policy, agenda
        self._engine, self._needed = ExactEngine(policy), needed_facts(policy)

    def answer(self, document: Mapping[str, Any]) -> Outcome | Refusal:
        try:
            facts = admit_case(self._policy, document, needed=self._needed)
            return self._engine.evaluate(self._agenda, facts.kasus, facts.items).outcome
        except KinerjaError as error:
            return refusal(error)


def refusal(error: KinerjaError) -> Refusal:
    fact = error.details.get("fact")
    if fact is None:
        item = error.details.get("item")
        fact = f"{error.details.get('decision', '')}" + (f"[{item}]" if item else "")
    return Refusal(error.code, str(fact), error.text_id)
