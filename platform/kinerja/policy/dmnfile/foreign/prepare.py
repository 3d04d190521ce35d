"""What importing a foreign model into a folder would change, and what of it is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ....core.errors import KinerjaError
from ...diagnostics import Diagnostic, make
from ...document import Document
from ...model import Policy
from ...sheets.merge import Import, documents_of, prepare_documents
from .bring import Brought, bring
from .scope import CASE

Beyond = Callable[[Policy], Mapping[str, KinerjaError]]
"""Decisions that the engines cannot compute, with the reason. This package knows no engine; whoever has one says."""

VOCABULARY = "vocabulary.yaml"
NOT_PORTABLE = "R083"  # the two engines cannot both answer


@dataclass(frozen=True, slots=True)
class Foreign:
    """prepared: the import without what is refused. refused: errors and warnings about the model, with places in it."""

    brought: Brought
    prepared: Import
    refused: tuple[Diagnostic, ...]

    @property
    def lost(self) -> int:
        """Elements that became rule files, which the rule checker then refused."""
        return len(self.brought.places) - sum(1 for file in self.brought.places if file in self.prepared.documents)

    @property
    def elements(self) -> int:
        """Decisions of the model, and its knowledge models that became decisions."""
        own = {name for name, _ in self.brought.places.values()}
        return len(own | self.brought.refused)

    @property
    def whole(self) -> bool:
        return not any(one.severity == "error" for one in self.refused)


def prepare_foreign(model: Path, folder: Path, beyond: Beyond = lambda _: {}) -> Foreign:
    """Rule files of the folder stay; facts and decisions of the model come to them. Nothing is written there.

    A decision that the rule checker refuses, or that lies `beyond` the engines, is left out, and so is what requires it: each is
    named with its place in the model.
    """
    brought = bring(model)
    present = documents_of(folder)
    documents, refused = dict(brought.documents), list(brought.found)
    while True:
        prepared = prepare_documents(_merged(present, _with_goals(brought, documents)), folder)
        wrong = _wrong(brought, prepared, beyond)
        if not wrong:
            return Foreign(brought, prepared, tuple(sorted(refused, key=lambda one: (one.place.file, one.place.line))))
        for file, (code, why_id, why_en) in wrong.items():
            element, place = brought.places[file]
            refused.append(make(code, place, element=element, what_id=why_id, what_en=why_en))
            del documents[file]


def _wrong(brought: Brought, prepared: Import, beyond: Beyond) -> dict[str, tuple[str, str, str]]:
    """File → code and why, for files of the model that cannot stay."""
    found: dict[str, tuple[str, str, str]] = {}
    for one in prepared.report.diagnostics:
        if one.place.file not in brought.places:
            continue
        if one.severity == "error":
            found.setdefault(one.place.file, ("D108", f"{one.code} {one.text_id}", f"{one.code} {one.text_en}"))
        elif one.code == NOT_PORTABLE:
            found.setdefault(one.place.file, ("D102", one.text_id, one.text_en))
    policy = prepared.report.policy
    if policy is not None and not found:
        for name, error in beyond(policy).items():
            file = policy.decisions[name][-1].place.file
            if file in brought.places:
                found.setdefault(file, ("D102", error.text_id, error.text_en))
    return found


def _with_goals(brought: Brought, documents: dict[str, Document]) -> dict[str, Document]:
    """An evaluation is to answer the decisions that no other reads."""
    sources = {
        str(given.get("from", "")).partition(".")[0]
        for document in documents.values()
        for given in document.get("inputs", {}).values()
        if isinstance(given, dict)
    }
    held = [name for name in brought.decisions.values() if f"decisions/{name}.yaml" in documents]
    goals = [name for name in held if name not in sources]
    vocabulary = documents[VOCABULARY] | ({"goals": {CASE: goals}} if goals else {})
    return {**documents, VOCABULARY: vocabulary}


def _merged(present: dict[str, Document], new: dict[str, Document]) -> dict[str, Document]:
    """A vocabulary that is there keeps its facts; the model's are added."""
    found = {**present, **new}
    before: Any = present.get(VOCABULARY)
    if before is not None:
        entities = {name: dict(entity) for name, entity in before["entities"].items()}
        for name, entity in new[VOCABULARY]["entities"].items():
            known = entities.setdefault(name, {key: value for key, value in entity.items() if key != "facts"})
            known["facts"] = {**entity["facts"], **known.get("facts", {})}
        goals = {**before.get("goals", {})}
        for name, listed in new[VOCABULARY].get("goals", {}).items():
            goals[name] = list(dict.fromkeys([*goals.get(name, ()), *listed]))
        found[VOCABULARY] = {**before, "entities": entities} | ({"goals": goals} if goals else {})
    return found
