"""What decisions may read beside their inputs on one judgement day: parameters, and the decisions they may call."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import prod
from typing import Any

from ...feel import FeelFunction
from ...feel.limits import CALL_STEPS, spend
from ...feel.values import Value
from ...policy.model import Base, Decision, Input, Parameter, Policy
from .decision import ExactDecision, Record
from .parameters import no_value

MAX_ASKED = 1_024

Lookup = tuple[str, Any, Any]
Compiled = Callable[[Decision], ExactDecision]


class _Frames(threading.local):
    """For each decision under way in this thread: the records of those it called, and the parameters it looked up by key."""

    def __init__(self) -> None:
        self.open: list[tuple[list[Record], list[Lookup]]] = []


class World:
    """Kept for every case of the day; safe to use from several threads.

    A decision that is called, and one whose inputs have few combinations, gives for the same inputs the record it gave before.
    """

    def __init__(self, policy: Policy, compiled: Compiled, day: date | None) -> None:
        self._policy, self._compiled, self._day = policy, compiled, day
        self._names: dict[str, dict[str, Any]] = {}
        self._asked: dict[tuple[Any, ...], Record] = {}
        self._few: dict[str, bool] = {}
        self._frames = _Frames()

    def run(self, decision: Decision, inputs: dict[str, Any], item: str) -> Record:
        """One decision with all it calls on the way; raises the first named error as RuleError."""
        if item or not self._has_few_inputs(decision):
            return self._run(decision, inputs, item)
        return self._answer(decision, inputs)

    def _has_few_inputs(self, decision: Decision) -> bool:
        found = self._few.get(decision.name)
        if found is None:
            found = self._few[decision.name] = prod(map(_values_of, decision.inputs)) <= MAX_ASKED // 2
        return found

    def _run(self, decision: Decision, inputs: dict[str, Any], item: str) -> Record:
        calls: list[Record] = []
        lookups: list[Lookup] = []
        frames = self._frames.open
        frames.append((calls, lookups))
        try:
            record = self._compiled(decision).run(inputs, self._readable(decision), item, self._absent)
        finally:
            frames.pop()
        record.calls, record.lookups = calls, lookups
        return record

    def _readable(self, decision: Decision) -> Mapping[str, Any]:
        """Parameters of the day and decisions that may be called, by name."""
        kept = self._names.get(decision.name)
        if kept is not None:
            return kept
        found: dict[str, Any] = {}
        for name in decision.requires_parameters:
            if (value := self._parameter(self._policy.parameters[name])) is not None:
                found[name] = value
        for name in decision.requires_decisions:
            found.setdefault(name, self._callable(name))
        self._names[decision.name] = found
        return found

    def _parameter(self, parameter: Parameter) -> Any:
        latest = max(parameter.values, key=lambda value: value.effective.first, default=None)
        dated = latest if self._day is None else parameter.on(self._day)
        if parameter.key_type is None:
            return dated.value if dated is not None else None
        table: Mapping[Any, Any] = dated.value if dated is not None else {}

        def look_up(key: Any) -> Any:
            if key not in table:
                raise no_value(parameter, key, self._day)
            if self._frames.open:  # the trace asks too, outside any run: which branch a formula took
                self._frames.open[-1][1].append((parameter.name, key, table[key]))
            return table[key]

        return FeelFunction((parameter.name,), look_up)

    def _callable(self, name: str) -> FeelFunction:
        decision, _ = self._policy.decision(name, self._day)
        return _Asked(decision, self._answer, self._frames)

    def _answer(self, decision: Decision, inputs: dict[str, Any]) -> Record:
        try:
            key = (decision.name, *map(_key, inputs.values()))
            found = self._asked.get(key)
        except TypeError:  # lists have no hash
            return self._run(decision, inputs, "")
        if found is None:
            found = self._run(decision, inputs, "")
            found.kept = True
            if len(self._asked) >= MAX_ASKED:
                self._asked.clear()
            self._asked[key] = found
        return found

    def _absent(self, name: str) -> None:
        """A name without a value: where it is a scalar parameter, the day has none."""
        if (parameter := self._policy.parameters.get(name)) is not None:
            raise no_value(parameter, None, self._day)


class _Asked(FeelFunction):
    """A decision as a function; what it answered to the same numbers and texts it answers again at once."""

    def __init__(self, decision: Decision, answer: Callable[[Decision, dict[str, Any]], Record], frames: _Frames) -> None:
        names = tuple(given.name for given in decision.inputs)
        self._answered: dict[tuple[Any, ...], tuple[Record, Value]] = {}
        self._frames = frames

        def ask(*values: Any) -> dict[str, Any]:
            record = answer(decision, dict(zip(names, values, strict=True)))
            if frames.open:
                frames.open[-1][0].append(record)
            return record.outputs

        super().__init__(names, ask)

    def call(self, arguments: Sequence[Value]) -> Value:
        try:
            key = tuple([_key(value) for value in arguments])
            found = self._answered.get(key)
        except TypeError:  # lists have no hash
            return super().call(arguments)
        if found is not None:
            spend(CALL_STEPS)
            if self._frames.open:
                self._frames.open[-1][0].append(found[0])
            return found[1]
        value = super().call(arguments)
        if self._frames.open and (record := self._frames.open[-1][0][-1]).kept:
            if len(self._answered) >= MAX_ASKED:
                self._answered.clear()
            self._answered[key] = (record, value)
        return value


def _key(value: Any) -> Any:
    """A value as part of a key: a number as its two parts, whose hash costs a tenth of a Fraction's own."""
    return value.as_integer_ratio() if type(value) is Fraction else (type(value), value)


def _values_of(given: Input) -> int:
    """How many values an input may have, null among them; MAX_ASKED where they cannot be counted."""
    kind = given.type
    if kind is None or kind.is_list:
        return MAX_ASKED
    if kind.base is Base.BOOLEAN:
        return 3
    if kind.values:
        return len(kind.values) + 1
    if kind.base is Base.NUMBER and not kind.scale and kind.low is not None and kind.high is not None:
        return int(kind.high - kind.low) + 2
    return MAX_ASKED
