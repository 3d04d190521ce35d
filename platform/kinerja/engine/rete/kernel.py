"""The kernel: the only place that knows durable_rules.

The library (Rete in C, unmaintained) answers correctly on a restricted subset and crashes, hangs or loses facts outside it.
The kernel keeps every use inside that subset; each guard below says what happens without it.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from json.encoder import encode_basestring as _quoted
from typing import Any, NamedTuple

import durable_rules_engine as library

from .ruleset import INT64, KIND, PLAINLY_SHORT, FactData, Rule, RulesetError, check_fact, check_ruleset, check_value

SESSION = "case"  # one live session a kernel: the 1,025th crashes, and two ids with one 32-bit hash read each other's facts
DEFAULT_BUDGET = 20_000
_OPEN, _NEVER = "__open", "__never"
_Shape = tuple[str, tuple[str, ...] | None]
"""How facts of a kind with these names are written, and in which order where it is not their own."""
_read = json.JSONDecoder().raw_decode
_IDS = re.compile(r'"id":"(open|f\d+)"')  # inside a text the quotes would be escaped


class KernelError(RuntimeError):
    """The engine did not do what it was told: a lost fact, a spent budget, an action that failed."""


class BudgetError(KernelError):
    """More firings than any case can need: a loop in the rules."""


class Firing(NamedTuple):
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
    seen: set[str] = field(default_factory=set)
    facts: dict[str, FactData] = field(default_factory=dict)
    firings: list[Firing] = field(default_factory=list)


class Kernel:
    """One ruleset, one case at a time. Use it in a process that may be killed: C code can still hang or crash."""

    def __init__(self, rules: Sequence[Rule], *, budget: int = DEFAULT_BUDGET) -> None:
        check_ruleset(rules)
        self._rules = tuple(rules)
        self._budget = budget
        self._lock = threading.Lock()
        self._state: _State | None = None
        self._functions = {rule.name: self._guarded(rule) for rule in self._rules}
        self._functions["__open"] = lambda matched: None
        self._shapes: dict[tuple[object, ...], _Shape] = {}
        self._orders: dict[frozenset[str], tuple[str, ...]] = {}
        self._handle = self._build()

    def evaluate(self, facts: Iterable[FactData]) -> Run:
        """Assert the facts, fire until nothing is left, return all that is known.

        Raises KernelError; errors of actions pass through.
        """
        with self._lock:
            state = self._state = _State(self._budget)
            opened = False
            try:
                # Deleting a state in which nothing ever fired frees memory that was never set: open it with a rule that fires.
                self._tell(state, f'"{KIND}":"{_OPEN}"', "open")
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
                    library.delete_state(self._handle, SESSION)
                else:
                    self.close()
                    self._handle = self._build()

    def close(self) -> None:
        """Free the C side (about half a megabyte a ruleset)."""
        library.delete_ruleset(self._handle)

    def _build(self) -> Any:
        definition: dict[str, dict[str, object]] = {rule.name: rule.definition() for rule in self._rules}
        definition["__open"] = {"all": [{"o": {KIND: _OPEN}}]}
        # A fact that no rule matches would be refused and not stored.
        definition["__keep"] = {"all": [{"k": {"$ex": {KIND: 1}}}, {"n": {KIND: _NEVER}}]}
        # A join that fails inside $and scans past its end to the next $and: there must be one, so this rule stays last.
        definition["__last"] = {"all": [{"z": {"$and": [{KIND: _NEVER}, {"u": 1}]}}]}
        return library.create_ruleset("rules", json.dumps(definition, ensure_ascii=False))

    def _guarded(self, rule: Rule) -> Any:
        def run(matched: Mapping[str, FactData]) -> None:
            state = self._state
            if state is None or state.failed:
                return  # drain what is still queued
            try:
                if len(state.firings) >= state.budget:
                    raise BudgetError(f"more than {state.budget} firings")
                made = [self._assert(state, fact) for fact in rule.action(matched)]
                used = tuple([str(fact["id"]) for fact in matched.values()])
                state.firings.append(Firing(rule.name, used, tuple([name for name in made if name])))
            except BaseException as error:  # an action that leaves by an exception would leave the queue locked
                state.failed = (rule.name, error)

        return run

    def _assert(self, state: _State, fact: FactData) -> str | None:
        """One fact at a time (batches may crash or drop the rest), each once (repeats are refused), under a short id of our own."""
        kind = (fact.get(KIND), *fact)
        form, names = self._shapes.get(kind) or self._shape(kind, fact)
        values = fact.values() if names is None else [fact[name] for name in names]
        members = form % tuple([one if type(one) is int and -INT64 <= one <= INT64 else _written(one) for one in values])
        if members in state.seen:
            return None
        name = f"f{len(state.seen)}"
        state.seen.add(members)
        state.facts[name] = fact
        self._tell(state, members, name)
        return name

    def _shape(self, kind: tuple[object, ...], fact: FactData) -> _Shape:
        """Facts with the same names are written in one order, so that equal facts are equal texts."""
        check_fact(fact)
        own = tuple(fact)
        order = self._orders.setdefault(frozenset(own), own)
        found = self._shapes[kind] = ",".join(f'"{name}":%s' for name in order), None if order == own else order
        return found

    def _tell(self, state: _State, members: str, name: str) -> None:
        text = f'{{{members},"id":"{name}","sid":"{SESSION}"}}'
        problem, state.handle = library.assert_fact(self._handle, text)
        if problem:
            raise KernelError(f"the engine refused a fact ({problem}): {text}")

    def _fire(self, state: _State) -> None:
        """Run what is queued, and what that queues, until nothing is left.

        The library's own loop and host are not used: the loop stops in silence once an action has taken over ten seconds,
        the host starts two threads that steal activations and crash once a state was deleted.
        """
        first = library.start_action_for_state(self._handle, state.handle)
        queued = first[1] if first else None
        while queued:
            ((name, matched),) = _read(queued)[0].items()
            self._functions[name](matched)
            queued = library.complete_and_start_action(self._handle, state.handle)
        if state.failed:
            rule, error = state.failed
            error.add_note(f"in rule {rule}")
            raise error

    def _check_complete(self, state: _State) -> None:
        stored = _IDS.findall(library.get_facts(self._handle, SESSION))
        if len(stored) != len(state.facts) + 1 or set(stored) - {"open"} != set(state.facts):
            raise KernelError("the engine lost facts")


def _written(value: Any) -> str:
    """A value as JSON, checked; no plain integer, so a text or refused."""
    if type(value) is not str or len(value) > PLAINLY_SHORT or "\x00" in value:
        check_value(value)
    return _quoted(value)


__all__ = ["BudgetError", "Firing", "Kernel", "KernelError", "RulesetError", "Run"]
