"""Runs the worked cases of rule files through an engine that is handed in; this package never evaluates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..core.errors import KinerjaError
from ..core.findings import Finding
from .diagnostics import Diagnostic, make
from .model import Decision, Example, Policy, Table
from .pairs import pairs, plain
from .reactions import ReactionExample
from .values import admit

Decide = Callable[[str, Mapping[str, Any], date | None], Finding]


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """One case run. outputs: what the engine said; error: its named error's code. passed: as the case expects."""

    decision: str
    example: Example
    passed: bool
    outputs: Mapping[str, Any]
    error: str | None
    why_id: str = ""
    why_en: str = ""

    def diagnostic(self) -> Diagnostic:
        return make("R081", self.example.place, what_id=self.why_id, what_en=self.why_en)


@dataclass(frozen=True, slots=True)
class ReactionResult:
    """One case of a reaction run. keys: what fired, without the reaction's name; why: the named error that came instead."""

    reaction: str
    example: ReactionExample
    keys: tuple[str, ...]
    error_id: str = ""
    error_en: str = ""

    @property
    def passed(self) -> bool:
        return not self.error_id and sorted(self.keys) == sorted(self.example.expect)

    def diagnostic(self) -> Diagnostic:
        expected, got = (", ".join(sorted(keys)) or "—" for keys in (self.example.expect, self.keys))
        return make(
            "R081",
            self.example.place,
            what_id=f"{self.reaction}: diharapkan {expected}, ternyata {self.error_id or got}",
            what_en=f"{self.reaction}: expected {expected}, got {self.error_en or got}",
        )


@dataclass(frozen=True, slots=True)
class ExampleRun:
    results: tuple[ExampleResult, ...]
    unhit: tuple[Diagnostic, ...]
    """R075 for each row that no case of its own decision hits."""

    @property
    def failed(self) -> tuple[ExampleResult, ...]:
        return tuple(result for result in self.results if not result.passed)


def run_examples(policy: Policy, decide: Decide, decisions: Iterable[str] | None = None) -> ExampleRun:
    """Run the cases of these decisions (all when None), in order. `decide` raises KinerjaError for a named error."""
    results: list[ExampleResult] = []
    hit: set[str] = set()
    chosen = list(policy.decisions if decisions is None else decisions)
    for name in chosen:
        for version in policy.decisions[name]:
            for example in version.examples:
                result, rows = run_example(version, example, decide)
                results.append(result)
                hit |= {f"{version.effective.first}:{row}" for row in rows}
    return ExampleRun(tuple(results), unhit_rows(policy, hit, chosen))


def run_example(version: Decision, example: Example, decide: Decide) -> tuple[ExampleResult, tuple[str, ...]]:
    """One case on its day (its `on`, else the last day of its version); and the ids of the rows hit."""
    try:
        finding = decide(version.name, example.given, example.on or version.effective.last)
    except KinerjaError as error:
        passed = example.error == error.code
        wanted = example.error or pairs(example.expect)
        return (
            ExampleResult(
                version.name, example, passed, {}, error.code,
                "" if passed else f"diharapkan {wanted}, ternyata {error.code}: {error.text_id}",
                "" if passed else f"expected {wanted}, got {error.code}: {error.text_en}",
            ),
            (),
        )  # fmt: skip
    outputs = finding.outcome.outputs
    rows = tuple(row for decision, _, ids in finding.outcome.rows if decision == version.name for row in ids)
    if example.error is not None:
        shown = pairs(outputs)
        return ExampleResult(version.name, example, False, outputs, None, f"diharapkan galat {example.error}, ternyata {shown}",
                             f"expected the error {example.error}, got {shown}"), rows  # fmt: skip
    wrong = _differences(version, example, outputs)
    return ExampleResult(version.name, example, not wrong, outputs, None, *_sentences(wrong)), rows


def _differences(version: Decision, example: Example, outputs: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    types = {output.name: output.type for output in version.outputs}
    return [
        (name, wanted, outputs.get(name))
        for name, wanted in example.expect.items()
        if name not in outputs or admit(wanted, types[name], name) != outputs[name]
    ]


def _sentences(wrong: list[tuple[str, Any, Any]]) -> tuple[str, str]:
    indonesian = "; ".join(f"{name} diharapkan {plain(wanted)}, ternyata {plain(got)}" for name, wanted, got in wrong)
    english = "; ".join(f"{name} expected {plain(wanted)}, got {plain(got)}" for name, wanted, got in wrong)
    return indonesian, english


def unhit_rows(policy: Policy, hit: set[str], decisions: Iterable[str]) -> tuple[Diagnostic, ...]:
    """R075 for rows not among `hit`, which holds "<first day of version>:<row id>"."""
    return tuple(
        make("R075", row.place, row=row.id)
        for name in decisions
        for version in policy.decisions[name]
        if isinstance(version.logic, Table)
        for row in version.logic.rows
        if f"{version.effective.first}:{row.id}" not in hit
    )
