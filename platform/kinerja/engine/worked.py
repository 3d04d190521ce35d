"""The worked cases of a policy, its decisions' and its reactions': `rules test`, a review and publishing ask the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..policy import Diagnostic, ExampleRun, run_examples
from ..policy.examples import ExampleResult, ReactionResult
from .engine import Engine
from .reactions import run_reactions


@dataclass(frozen=True, slots=True)
class CaseRun:
    decisions: ExampleRun
    reactions: tuple[ReactionResult, ...]

    @property
    def count(self) -> int:
        return len(self.decisions.results) + len(self.reactions)

    @property
    def failed(self) -> tuple[Diagnostic, ...]:
        """The cases that are not answered as written."""
        results: tuple[ExampleResult | ReactionResult, ...] = (*self.decisions.results, *self.reactions)
        return tuple(one.diagnostic() for one in results if not one.passed)


def run_cases(engine: Engine, decisions: Iterable[str] | None = None, reactions: Iterable[str] | None = None) -> CaseRun:
    """The cases of these decisions and reactions (all where None)."""
    return CaseRun(run_examples(engine.policy, engine.decide, decisions), run_reactions(engine, reactions))
