"""What is to be proved, and how it went."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ...core.errors import Place
from ..diagnostics import Diagnostic, Severity, make


@dataclass(frozen=True, slots=True)
class Obligation:
    """kind: what is claimed ("tepat satu jawaban", …); kind_en: the same in English. method: how it was decided (grid, interval,
    z3, …). status: proved, failed, unknown.

    findings: the counterexamples of a failure (P codes), and warnings.
    """

    decision: str
    kind: str
    kind_en: str
    method: str
    status: str
    seconds: float
    place: Place
    findings: tuple[Diagnostic, ...] = ()

    @property
    def holds(self) -> bool:
        return self.status == "proved"

    def as_json(self) -> dict[str, Any]:
        return {
            "decision": self.decision,
            "obligation": self.kind,
            "obligation_en": self.kind_en,
            "method": self.method,
            "status": self.status,
            "milliseconds": int(self.seconds * 1000),
            "place": str(self.place),
            "findings": [found.as_json() for found in self.findings],
        }

    def line(self, language: str = "id") -> str:
        kind = self.kind_en if language == "en" else self.kind
        return f"{self.status:8} {self.decision}: {kind} [{self.method}, {self.seconds * 1000:.1f} ms]"


@dataclass(frozen=True, slots=True)
class ProofReport:
    obligations: tuple[Obligation, ...]
    seconds: float

    @property
    def proved(self) -> bool:
        return all(obligation.holds for obligation in self.obligations)

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """Counterexamples and warnings, each once."""
        return tuple(dict.fromkeys(found for obligation in self.obligations for found in obligation.findings))


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of a method. findings empty and not unknown = proved."""

    method: str
    findings: tuple[Diagnostic, ...] = ()
    unknown: str = ""


def discharge(decision: str, kinds: tuple[str, str], place: Place, prove: Callable[[], Verdict]) -> Obligation:
    """Run a method and time it; `unknown` becomes a finding, since it blocks publishing. kinds: the claim, (id, en)."""
    begun = time.perf_counter()
    verdict = prove()
    seconds = time.perf_counter() - begun
    failed = any(found.severity is Severity.ERROR for found in verdict.findings)
    findings: Iterable[Diagnostic] = verdict.findings
    status = "failed" if failed else "unknown" if verdict.unknown else "proved"
    if status == "unknown":
        what_id, what_en = (f"{decision}, {kind}: {verdict.unknown}" for kind in kinds)
        findings = (*verdict.findings, make("P108", place, what_id=what_id, what_en=what_en))
    return Obligation(decision, *kinds, verdict.method, status, seconds, place, tuple(findings))
