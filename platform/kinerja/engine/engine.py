"""The face of the package: decide, evaluate, many of either, what-if."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from types import TracebackType
from typing import Any, Self

from ..core.errors import IncidentError, InputError, KinerjaError, Place, RuleError
from ..core.findings import Finding, Outcome, Release, TraceEntry
from ..core.periods import parse_date
from ..policy import Policy, admit_case, admit_given
from ..policy.facts import CaseFacts, needed_facts
from ..policy.model import shown
from . import agree
from .agenda import CASE, Agenda, case_agenda, single_agenda
from .answer import Failure
from .exact import ExactEngine, ExactResult
from .integer.codec import encode
from .integer.errors import Fault
from .integer.plan import input_type, value_type
from .integer.types import Type
from .rete import Pending, Worker
from .rete.worker import MAX_SECONDS
from .trace import Tracer
from .variants import Ground
from .whatif import WhatIf, search

JUDGEMENT_DAY = "tanggal_acuan"
WINDOW = 32  # cases on their way to the worker at once

Items = Mapping[str, tuple[Mapping[str, Any], ...]]


class _Job:
    """One case that the worker has and the exact engine has yet to do."""

    def __init__(self, agenda: Agenda, kasus: Mapping[str, Any], items: Items, name: str, pending: Pending) -> None:
        self.agenda, self.kasus, self.items, self.name, self.pending = agenda, kasus, items, name, pending


class Engine:
    """Both engines of one policy; a context manager. Safe to share between threads.

    time_limit: seconds a case may take in the rete worker (9 at most). today: the day that tells whether the latest rules,
    used where no day is asked for, are in force.
    """

    def __init__(self, policy: Policy, *, time_limit: float = MAX_SECONDS, today: Callable[[], date] | None = None) -> None:
        self.policy = policy
        self._exact = ExactEngine(policy)
        self._tracer = Tracer(self._exact)
        self._worker = Worker(policy, time_limit=time_limit)
        self._today = today
        self._needed = needed_facts(policy)
        self._types = {
            name: {fact.name: value_type(fact.type) for fact in entity.facts.values()}
            for name, entity in policy.vocabulary.entities.items()
        }
        self._grounds: dict[tuple[str, date | None], Ground] = {}
        self._agendas: dict[tuple[str, date | None], Agenda] = {}

    def start(self) -> None:
        """Start the worker now instead of at the first case."""
        self._worker.start()

    def warm(self) -> None:
        """Have the worker start while the caller does something else."""
        self._worker.warm()

    def close(self) -> None:
        self._worker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # ── one ───────────────────────────────────────────────────────────────────────────────────────────────────────────
    def decide(self, name: str, given: Mapping[str, Any], on: date | None = None, *, file: str = "<given>") -> Finding:
        """One decision from its inputs by local name. Raises InputError, RuleError (both engines agreeing) or IncidentError."""
        return self._finish(self._begin_decide(name, given, on, file))

    def evaluate(self, document: Mapping[str, Any], on: date | None = None, *, file: str = "<facts>") -> Finding:
        """A facts document {"kasus": …, "indikator": […]} through all goals of a case; errors as in decide.

        The judgement day is `on`, else the document's `tanggal_acuan`, else none: the latest rules.
        """
        return self._finish(self._begin_evaluate(document, on, file))

    # ── many ──────────────────────────────────────────────────────────────────────────────────────────────────────────
    def decide_many(self, questions: Iterable[tuple[str, Mapping[str, Any], date | None]]) -> Iterator[Finding | KinerjaError]:
        """(decision, given, on) → findings or errors, in order; one failure does not stop the rest."""
        return self._many(partial(self._begin_decide, *question) for question in questions)

    def evaluate_many(self, documents: Iterable[Mapping[str, Any]], on: date | None = None) -> Iterator[Finding | KinerjaError]:
        return self._many(partial(self._begin_evaluate, document, on, "<facts>") for document in documents)

    def _many(self, begins: Iterable[Callable[[], _Job]]) -> Iterator[Finding | KinerjaError]:
        """The worker is kept busy while the exact engine works: a window of cases is always under way."""
        waiting: deque[_Job | KinerjaError] = deque()
        for begin in begins:
            try:
                waiting.append(begin())
            except KinerjaError as error:
                waiting.append(error)
            if len(waiting) >= WINDOW:
                yield self._settle(waiting.popleft())
        while waiting:
            yield self._settle(waiting.popleft())

    def _settle(self, job: _Job | KinerjaError) -> Finding | KinerjaError:
        if isinstance(job, KinerjaError):
            return job
        try:
            return self._finish(job)
        except KinerjaError as error:
            return error

    # ── what if ───────────────────────────────────────────────────────────────────────────────────────────────────────
    def whatif(
        self,
        document: Mapping[str, Any],
        goal: str | None = None,
        *,
        on: date | None = None,
        open_items: Iterable[str] | None = None,
    ) -> WhatIf:
        """The smallest changes of realisasi that reach the next predikat (or `goal`); open_items: codes that may still change."""
        document, on = judged(document, on)
        return search(self, document, goal, on=on, open_items=open_items)

    def ground(self, goal: str, on: date | None) -> Ground:
        """The decisions that a goal rests on, compiled for a search."""
        key = (goal, on)
        found = self._grounds.get(key)
        if found is None:
            if len(self._grounds) > 32:
                self._grounds.clear()
            found = self._grounds[key] = Ground(self.policy, case_agenda(self.policy, on, [goal]))
        return found

    def outcome(self, document: Mapping[str, Any], on: date | None = None) -> Outcome:
        """As evaluate, without the trace."""
        return self._agreed(self._begin_evaluate(document, on, "<facts>"), traced=False)[0]

    def outcomes(self, documents: Iterable[Mapping[str, Any]], on: date | None = None) -> Iterator[Outcome | KinerjaError]:
        """What both engines say of each document, without the trace; all are under way at once."""
        jobs = [self._begin_evaluate(document, on, "<facts>") for document in documents]
        for job in jobs:
            try:
                yield self._agreed(job, traced=False)[0]
            except KinerjaError as error:
                yield error

    def ask(self, function: Callable[..., Any], *arguments: Any) -> Pending:
        """Have the worker process run a function of this package, under the same time limit."""
        return self._worker.submit(function, *arguments)

    # ── both engines ──────────────────────────────────────────────────────────────────────────────────────────────────
    def _begin_decide(self, name: str, given: Mapping[str, Any], on: date | None, file: str = "<given>") -> _Job:
        if name not in self.policy.decisions:
            admit_given(self.policy, name, given, file)  # raises, naming what was meant
        agenda = self._agenda(name, on)
        decision = agenda.decisions[0]
        values = admit_given(self.policy, decision, given, file)
        encoded = {one.name: _encoded(values[one.name], input_type(one)[0], one.name) for one in decision.inputs}
        return _Job(agenda, values, {}, name, self._worker.decide(name, on, encoded))

    def _begin_evaluate(self, document: Mapping[str, Any], on: date | None, file: str) -> _Job:
        document, on = judged(document, on, file)
        agenda = self._agenda("", on)
        facts = self.admitted(document, file)
        kasus, items = self.encode_case(facts.kasus, facts.items)
        return _Job(agenda, facts.kasus, facts.items, "", self._worker.evaluate(on, kasus, items))

    def admitted(self, document: Mapping[str, Any], file: str = "<facts>") -> CaseFacts:
        """The typed facts of a document without judgement day; InputError as in evaluate."""
        return admit_case(self.policy, document, file, needed=self._needed)

    def encode_case(self, kasus: Mapping[str, Any], items: Items) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
        """Admitted facts as values of the integer form."""

        def encoded(types: Mapping[str, Type], values: Mapping[str, Any]) -> dict[str, Any]:
            try:
                return {name: None if value is None else encode(value, types[name]) for name, value in values.items()}
            except Fault:
                return {name: _encoded(value, types[name], name) for name, value in values.items()}  # raises, with the name

        types = self._types
        return encoded(types[CASE], kasus), {
            entity: [encoded(types[entity], item) for item in listed] for entity, listed in items.items()
        }

    def _finish(self, job: _Job) -> Finding:
        outcome, entries, warnings = self._agreed(job, traced=True)
        return Finding(outcome, entries, self._release(job.agenda), warnings)

    def _agreed(self, job: _Job, *, traced: bool) -> tuple[Outcome, tuple[TraceEntry, ...], tuple[str, ...]]:
        """What both engines say; raises the error that both name, or the incident."""
        exact: ExactResult | RuleError
        entries: tuple[TraceEntry, ...] = ()
        warnings: tuple[str, ...] = ()
        try:
            exact = self._exact.evaluate(job.agenda, job.kasus, job.items)
            if traced:
                entries, warnings = self._tracer.trace(job.agenda, exact.records)  # while the worker is still busy
        except RuleError as error:
            exact = error
        facts = {CASE if not job.name else "given": dict(job.kasus), **{entity: list(items) for entity, items in job.items.items()}}
        try:
            answer = job.pending.result()
        except IncidentError as error:
            error.details |= {"facts": facts, "decision": job.name}
            raise
        rete: Outcome | RuleError
        if isinstance(answer, Failure):
            rete = agree.failure_error(self.policy, answer, job.items, job.agenda)
        else:
            rete = agree.outcome_of(self.policy, job.agenda, answer, job.items)
        try:
            agree.compare(exact.outcome if isinstance(exact, ExactResult) else exact, rete, facts, job.name)
        except IncidentError:
            self._worker.renew()  # nobody knows yet which of the two was wrong, nor whether it will be again
            raise
        if isinstance(exact, RuleError):
            raise self._readable(exact, job.agenda)
        return exact.outcome, entries, warnings

    def _readable(self, error: RuleError, agenda: Agenda) -> RuleError:
        """The error with the item it is about in its sentence, and its place as readers know it."""
        entity = next((d.for_each for d in agenda.decisions if d.name == error.details.get("decision")), None)
        if entity and error.details.get("item"):
            where = f"{entity}[{error.details['item']}]"
            error.text_id, error.text_en = f"{where}: {error.text_id}", f"{where}: {error.text_en}"
        if error.place is not None:
            error.place = shown(error.place)
        return error

    def _agenda(self, name: str, on: date | None) -> Agenda:
        key = (name, on)
        found = self._agendas.get(key)
        if found is None:
            found = single_agenda(self.policy, name, on) if name else case_agenda(self.policy, on)
            if len(self._agendas) > 2_000:
                self._agendas.clear()
            self._agendas[key] = found
        return found

    def _release(self, agenda: Agenda) -> Release:
        in_force = agenda.in_force
        if agenda.day is None and self._today is not None:
            today = self._today()
            in_force = all(decision.effective.holds(today) for decision in agenda.decisions)
        return Release(self.policy.fingerprint, self.policy.title, agenda.day.isoformat() if agenda.day else "", in_force)


def _encoded(value: Any, kind: Any, name: str) -> Any:
    try:
        return encode(value, kind)
    except Fault as fault:
        raise RuleError(fault.code, f"{name}: {fault.code}", f"{name}: {fault.code}", fact=name) from fault


def judged(document: Mapping[str, Any], on: date | None, file: str = "<facts>") -> tuple[Mapping[str, Any], date | None]:
    """A facts document without its `tanggal_acuan`, and the judgement day: the one asked for, else the document's own."""
    if not isinstance(document, Mapping) or JUDGEMENT_DAY not in document:
        return document, on
    written = document[JUDGEMENT_DAY]
    rest = {name: value for name, value in document.items() if name != JUDGEMENT_DAY}
    if on is not None or written is None:
        return rest, on
    try:
        return rest, parse_date(written if isinstance(written, str) else str(written))
    except InputError as error:
        error.place = Place(file)
        error.details["fact"] = JUDGEMENT_DAY
        raise
