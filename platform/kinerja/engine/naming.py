"""What drawings call things: labels and units of the rule files in the reader's language; bare names where there is no policy."""

from __future__ import annotations

from typing import Any

from ..policy.model import Formula, Label, Policy
from .wording import value_en, value_id

_WORDS = {
    "picture": ("Jalan hitungan kasus ini", "How this case is computed"),
    "sources": ("Fakta dan parameter", "Facts and parameters"),
    "more": ("lagi", "more"),
}


class Naming:
    def __init__(self, policy: Policy | None, language: str) -> None:
        self._language = language
        self._labels: dict[str, Label] = {}
        self._units: dict[str, str] = {}
        self._outputs: dict[str, set[str]] = {}
        if policy is not None:
            self._learn(policy)

    def _learn(self, policy: Policy) -> None:
        for entity in policy.vocabulary.entities.values():
            for fact in entity.facts.values():
                self._labels[f"{entity.name}.{fact.name}"] = fact.label
                self._units[f"{entity.name}.{fact.name}"] = fact.type.unit
        for parameter in policy.parameters.values():
            self._labels[f"parameter.{parameter.name}"] = parameter.label
            self._units[f"parameter.{parameter.name}"] = parameter.type.unit
        for versions in policy.decisions.values():
            for decision in versions:
                self._labels[decision.name] = decision.label
                self._outputs[decision.name] = {output.name for output in decision.outputs}
                for output in decision.outputs:
                    self._labels[f"{decision.name}.{output.name}"] = output.label
                    self._units[f"{decision.name}.{output.name}"] = output.type.unit
                for step in decision.logic.steps if isinstance(decision.logic, Formula) else ():
                    self._labels.setdefault(f"{decision.name}.{step.name}", step.label)

    def say(self, word: str) -> str:
        return _WORDS[word][self._language == "en"]

    def decision(self, name: str) -> str:
        return self._label(name, name)

    def is_output(self, decision: str, name: str) -> bool:
        """Steps on the way are left to the words; where no policy tells which they are, all are shown."""
        return decision not in self._outputs or name in self._outputs[decision]

    def has_one_output(self, decision: str) -> bool:
        return len(self._outputs.get(decision, ())) == 1

    def output(self, decision: str, name: str) -> str:
        return self._label(f"{decision}.{name}", name)

    def read(self, name: str, source: str) -> str:
        """A fact or parameter; a parameter by key keeps its key: tarif_kelas(9)."""
        _, bracket, key = name.partition("(")
        return self._label(source, name.partition("(")[0]) + (f" ({key}" if bracket else "")

    def value(self, value: Any, key: str) -> str:
        write = value_en if self._language == "en" else value_id
        text = write(value, self._units.get(key, ""))
        return text.removesuffix(" persen") + " %" if text.endswith(" persen") else text.replace(" percent", " %")

    def _label(self, key: str, name: str) -> str:
        label = self._labels.get(key)
        if label is None or (label.id == label.en == name):
            return name.replace("_", " ")
        return label.en if self._language == "en" else label.id
