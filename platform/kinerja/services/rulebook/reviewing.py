"""What the machine says of rules that somebody is writing: checked, their cases run through both engines, proved, compared.

A draft, a text that is not saved yet, and the release in force are looked at alike. What was said of the same texts is remembered
for a while: a page that is opened again asks nothing twice.
"""

from __future__ import annotations

import hashlib
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from ...engine import Engine, prepare_soon
from ...engine.worked import run_cases
from ...policy import Diagnostic, Policy, Severity, check_policy
from ...policy.compile import CheckReport
from ...policy.difference import Change, compare
from ...policy.examples import ExampleResult, ReactionResult
from ...policy.model import Decision, Table
from ...policy.neighbours import place_of_gap
from ...policy.proof import Obligation, prove_policy
from ..context import Context, require
from ..files import materialise
from .drafts import mine, stored

K = TypeVar("K")
V = TypeVar("V")
REMEMBERED = 24
GAP = "P101"
AFTERWARDS = 2.0
"""Seconds: by then the page is answered, and what it would do to people shown."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A counterexample that no row covers. file: whose table; above: how many of its rows stand before the gap."""

    file: str
    line: int
    above: int
    finding: Diagnostic


@dataclass(frozen=True, slots=True)
class Review:
    """policy: None while there are errors; then the rest is empty.

    diagnostics: errors, warnings and alarms of the day. results, reactions: the cases as they ran. unhit: rows that no case covers.
    obligations: the proof. gaps: where in which table. changes: against the release in force, which may have moved on since.
    """

    policy: Policy | None
    diagnostics: tuple[Diagnostic, ...]
    results: tuple[ExampleResult, ...] = ()
    reactions: tuple[ReactionResult, ...] = ()
    unhit: tuple[Diagnostic, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    gaps: tuple[Gap, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        return tuple(found for found in self.diagnostics if found.severity is Severity.ERROR)

    @property
    def cases(self) -> int:
        """How many were run."""
        return len(self.results) + len(self.reactions)

    @property
    def failed(self) -> tuple[Diagnostic, ...]:
        """The cases that are not answered as written."""
        ran: tuple[ExampleResult | ReactionResult, ...] = (*self.results, *self.reactions)
        return tuple(result.diagnostic() for result in ran if not result.passed)

    @property
    def refuted(self) -> tuple[Diagnostic, ...]:
        """Counterexamples, and what cannot be decided."""
        open_ones = (found for obligation in self.obligations if not obligation.holds for found in obligation.findings)
        return tuple(dict.fromkeys(open_ones))

    @property
    def ready(self) -> bool:
        """Whether it may be submitted, as far as the rules go."""
        return self.policy is not None and bool(self.changes) and not self.failed and not self.refuted


def review(context: Context) -> Review:
    """The actor's whole draft."""
    return _reviewed(context, mine(context).files, None)


def review_file(context: Context, file: str) -> Review:
    """The draft as far as one file goes: cases and proofs of the decisions, cases of the reactions it defines alone."""
    return _reviewed(context, mine(context).files, file)


def review_text(context: Context, file: str, text: str) -> Review:
    """The draft as if `file` read so; nothing is saved, and no case is run: quick enough to ask while somebody types."""
    return _reviewed(context, {**mine(context).files, file: text}, file, cases=False)


def compiled(context: Context) -> Policy | None:
    """The actor's draft as a policy, None while it has errors; no case is run, nothing proved."""
    files = mine(context).files
    return _checked(files, context.city.today(), _digest(files)).policy


def review_release(context: Context, fingerprint: str) -> Review:
    """A stored release, with its alarms of today."""
    require(context, "rules.read")
    return _reviewed(context, stored(fingerprint), None)


_known: OrderedDict[tuple[str, ...], Review] = OrderedDict()
_reports: OrderedDict[tuple[str, date], CheckReport] = OrderedDict()
_under_way: dict[tuple[str, date], threading.Lock] = {}
_lock = threading.Lock()


def _reviewed(context: Context, files: Mapping[str, str], file: str | None, *, cases: bool = True) -> Review:
    release = context.city.find_release()
    today, base = context.city.today(), release.fingerprint if release else ""
    digest = _digest(files)
    key = (base, today.isoformat(), file or "", str(cases), digest)
    if (found := _recall(_known, key)) is None:
        report = _checked(files, today, digest)
        found = _look(report, file, cases, context.city.policy(base) if base else None)
        _remember(_known, key, found)
    if cases:
        prepare_soon(AFTERWARDS)  # whoever looks at a draft will save it next, and then look again
    return found


def _checked(files: Mapping[str, str], today: date, digest: str) -> CheckReport:
    """Once for the same texts: who saves what is being checked as it was typed waits for that check."""
    key = (digest, today)
    with _lock:
        turn = _under_way.setdefault(key, threading.Lock())
    try:
        with turn:
            if (found := _recall(_reports, key)) is None:
                with tempfile.TemporaryDirectory(prefix="kinerja-rancangan-") as temporary:
                    found = check_policy(materialise(Path(temporary) / "rules", files), today)
                _remember(_reports, key, found)
    finally:
        with _lock:
            _under_way.pop(key, None)
    return found


def _recall(known: OrderedDict[K, V], key: K) -> V | None:
    with _lock:
        if key in known:
            known.move_to_end(key)
        return known.get(key)


def _remember(known: OrderedDict[K, V], key: K, value: V) -> None:
    with _lock:
        known[key] = value
        while len(known) > REMEMBERED:
            known.popitem(last=False)


def _digest(files: Mapping[str, str]) -> str:
    whole = hashlib.sha256()
    for name in sorted(files):
        for part in (name, files[name]):
            whole.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return whole.hexdigest()


def _look(report: CheckReport, file: str | None, cases: bool, base: Policy | None) -> Review:
    policy = report.policy
    if policy is None:
        return Review(None, report.diagnostics)
    chosen = None if file is None else _defined(policy, file)
    reactions = None if file is None else tuple(one.name for one in policy.reactions if one.place.file == file)
    asked, run = cases and (file is None or bool(chosen or reactions)), None
    with Engine(policy) as engine:
        if asked:
            engine.warm()
        proof = prove_policy(policy, chosen) if chosen is None or chosen else None
        obligations = proof.obligations if proof is not None else ()
        changes = tuple(compare(base, policy)) if base is not None and cases else ()
        if asked:
            run = run_cases(engine, chosen, reactions)
    return Review(
        policy,
        report.diagnostics,
        run.decisions.results if run else (),
        run.reactions if run else (),
        run.decisions.unhit if run else (),
        obligations,
        tuple(_gaps(policy, obligations)),
        changes,
    )


def _defined(policy: Policy, file: str) -> tuple[str, ...]:
    """The decisions of a file, or of the file whose table it holds."""
    own = [n for n, versions in policy.decisions.items() if any(file in (v.place.file, _table_file(v)) for v in versions)]
    return tuple(own)


def _table_file(decision: Decision) -> str:
    logic = decision.logic
    return logic.columns[0].place.file if isinstance(logic, Table) and logic.columns else decision.place.file


def _gaps(policy: Policy, obligations: Sequence[Obligation]) -> Iterator[Gap]:
    seen: set[Diagnostic] = set()
    for obligation in obligations:
        for found in obligation.findings:
            if found.code != GAP or found in seen:
                continue
            seen.add(found)
            for version in policy.decisions.get(obligation.decision, ()):
                logic = version.logic
                if isinstance(logic, Table) and logic.columns and logic.columns[0].place == found.place:
                    above = place_of_gap(policy, version, dict(found.case))
                    yield Gap(found.place.file, logic.rows[above - 1].place.line if above else found.place.line, above, found)
