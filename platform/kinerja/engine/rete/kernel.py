"""The kernel: the only place that knows durable_rules.

The library (Rete in C, unmaintained) answers correctly on a restricted subset and crashes, hangs or loses facts outside it.
The kernel keeps every use inside that subset; each guard below says what happens without it.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import durable_rules_engine
from durable import engine as durable

from .ruleset import KIND, FactData, Rule, RulesetError, check_fact, check_ruleset

# utcfromtimestamp warns from Python 3.12 on; under `-W error` every evaluation would fail.
durable._unix_now = time.time

SESSION = "case"  # one live session a kernel: the 1,025th crashes, and two ids with one 32-bit hash read each other's facts
DEFAULT_BUDGET = 20_000
_OPEN, _NEVER = "__open", "__never"


class KernelError(RuntimeError):
    """The engine did not do what it was told: a lost fact, a spent budget, an action that failed."""


class BudgetError(KernelError):
    """More firings than any case can need: a loop in the rules."""


@dataclass(frozen=True, slots=True)
class Firing:
    """One rule that fired: the ids of the facts it matched, and of the new facts it made."""

    rule: str
    used: tuple[str, ...]
    made: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """All facts of the case by id (given and derived, in the order asserted) and the firings in order."""

    facts: Mapping[str, FactData]
    firings: tuple[Firing, ...]


@dataclass(slots=True)
class _State:
    budget: int
    handle: Any = None
    failed: tuple[str, BaseException] | None = None
    seen: dict[str, str] = field(default_factory=dict)
    facts: dict[str, FactData] = field(default_factory=dict)
    firings: list[Firing] = field(default_factory=list)


class _Host(durable.Host):  # type: ignore[misc]
    """A host without its two polling threads, which steal consequents and crash once a state was deleted."""

    def __init__(self, actions: Mapping[str, Any]) -> None:
        self._functions = actions
        super().__init__()

    def _run(self) -> None:
        pass

    def get_action(self, action_name: str) -> Any:
        return self._functions[action_name]


class Kernel:
    """One ruleset, one case at a time. Use it in a process that may be killed: C code can still hang or crash."""

    def __init__(self, rules: Sequence[Rule], *, budget: int = DEFAULT_BUDGET) -> None:
        check_ruleset(rules)
        self._rules = tuple(rules)
        self._budget = budget
        self._lock = threading.Lock()
        self._state: _State | None = None
        self._functions = {rule.name: self._guarded(rule) for rule in self._rules}
        self._functions["__noop"] = _noop
        self._ruleset = self._build()

    def evaluate(self, facts: Iterable[FactData]) -> Run:
        """Assert the facts, fire until nothing is left, return all that is known.

        Raises KernelError; errors of actions pass through.
        """
        with self._lock:
            state = self._state = _State(self._budget)
            opened = False
            try:
                # Deleting a state in which nothing ever fired frees memory that was never set: open it with a rule that fires.
                state.handle = self._ruleset.assert_fact({KIND: _OPEN, "id": "open", "sid": SESSION})
                self._fire(state)
                opened = True
                for fact in facts:
                    self._assert(state, fact)
                self._fire(state)
                self._check_complete(state)
                return Run(state.facts, tuple(state.firings))
            finally:
                self._state = None
                if opened:
                    self._ruleset.delete_state(SESSION)
                else:
                    self.close()
                    self._ruleset = self._build()

    def close(self) -> None:
        """Free the C side (about half a megabyte a ruleset)."""
        durable_rules_engine.delete_ruleset(self._ruleset._handle)

    def _build(self) -> Any:
        definition: dict[str, dict[str, Any]] = {rule.name: {**rule.definition(), "run": rule.name} for rule in self._rules}
        definition["__open"] = {"all": [{"o": {KIND: _OPEN}}], "run": "__noop"}
        # A fact that no rule matches would be refused and not stored.
        definition["__keep"] = {"all": [{"k": {"$ex": {KIND: 1}}}, {"n": {KIND: _NEVER}}], "run": "__noop"}
        # A join that fails inside $and scans past its end to the next $and: there must be one, so this rule stays last.
        definition["__last"] = {"all": [{"z": {"$and": [{KIND: _NEVER}, {"u": 1}]}}], "run": "__noop"}
        # The constructor removes "run" from what it is given: it gets a copy of its own, made here afresh.
        return durable.Ruleset("rules", _Host(self._functions), definition)

    def _guarded(self, rule: Rule) -> Any:
        def run(closure: Any) -> None:
            state = self._state
            if state is None or state.failed:
                return  # drain what is still queued
            try:
                if len(state.firings) >= state.budget:
                    raise BudgetError(f"more than {state.budget} firings")
                matched: Mapping[str, FactData] = closure._m
                made = [self._assert(state, fact) for fact in rule.action(matched)]
                used = tuple(str(fact["id"]) for fact in matched.values())
                state.firings.append(Firing(rule.name, used, tuple(name for name in made if name)))
            except BaseException as error:  # the library swallows whatever an action raises, KeyboardInterrupt too
                state.failed = (rule.name, error)

        return run

    def _assert(self, state: _State, fact: FactData) -> str | None:
        """One fact at a time (batches may crash or drop the rest), each once (repeats are refused), under a short id of our own."""
        check_fact(fact)
        key = json.dumps(fact, sort_keys=True, ensure_ascii=False)
        if key in state.seen:
            return None
        name = state.seen[key] = f"f{len(state.seen)}"
        state.facts[name] = dict(fact)
        state.handle = self._ruleset.assert_fact({**fact, "id": name, "sid": SESSION})
        return name

    def _fire(self, state: _State) -> None:
        results: list[Any] = []
        self._ruleset.do_actions(state.handle, lambda error, _: results.append(error))
        if state.failed:
            rule, error = state.failed
            error.add_note(f"in rule {rule}")
            raise error
        # No result: an action took over ten seconds, and the library dropped the rest of the chain in silence.
        if not results or results[-1] is not None:
            raise KernelError(f"the engine did not complete: {results!r}")

    def _check_complete(self, state: _State) -> None:
        known = {fact["id"] for fact in self._ruleset.get_facts(SESSION)}
        if known - {"open"} != set(state.facts):
            raise KernelError("the engine lost facts")
        if "exception" in self._ruleset.get_state(SESSION):
            raise KernelError("the engine swallowed an exception")


def _noop(_: Any) -> None:
    return None


__all__ = ["BudgetError", "Firing", "Kernel", "KernelError", "RulesetError", "Run"]
