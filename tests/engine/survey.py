"""Agreement at scale: seeded questions to every decision and the whole chain, answered by three that share only the parser.

Questions come in chunks, each from its own seed, so that a survey can stop after any chunk and go on from there.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

from kinerja.core.errors import IncidentError, KinerjaError, RuleError
from kinerja.core.exactjson import dumps, loads
from kinerja.core.findings import Outcome
from kinerja.engine import Engine, agree
from kinerja.engine.agenda import Agenda
from kinerja.engine.answer import Failure
from kinerja.engine.integer import Program, parameters_on
from kinerja.engine.integer.codec import encode
from kinerja.engine.integer.plan import input_type
from kinerja.engine.integer.walk import Walk
from kinerja.feel import walk
from kinerja.feel.syntax import NumberLiteral
from kinerja.policy import Policy
from kinerja.policy.model import Base, Decision, Input, Table, ValueType

WINDOW = 32
CHUNK = 500
REPORTED = 20  # chunks: so often a long survey says how far it is
CHAIN = 2  # of ten questions so many are whole cases

Question = tuple[str, dict[str, Any]]
"""(decision, its inputs), or ("", a facts document)."""


def numbers(decision: Decision) -> set[Fraction]:
    """Every number that a decision's cells or steps name."""
    if isinstance(decision.logic, Table):
        roots: list[Any] = [cell.tests for row in decision.logic.rows for cell in row.cells]
    else:
        roots = [step.expression for step in decision.logic.steps]
    return {node.value for root in roots for node in walk(root) if isinstance(node, NumberLiteral)}


def boundaries(decision: Decision) -> list[dict[str, Any]]:
    """Inputs at, just below and just above every number that a decision's cells, steps or ranges name, and every value of a text.

    Each point of each input stands in one of them at least; the others turn at their own pace, so that they meet in many ways.
    """
    axes = [_axis(decision, given) for given in decision.inputs]
    if not axes or any(not axis for axis in axes):
        return []
    longest = max(len(axis) for axis in axes)
    found = []
    for turn in range(2 * longest):
        values = [axis[(turn * (1 + 2 * place) + turn // longest * place) % len(axis)] for place, axis in enumerate(axes)]
        found.append(dict(zip([given.name for given in decision.inputs], values, strict=True)))
    for place, axis in enumerate(axes):  # where paces and lengths share a factor, some points were passed by
        seen = {str(one[decision.inputs[place].name]) for one in found}
        missing = [value for value in axis if str(value) not in seen]
        found += [{**found[turn % longest], decision.inputs[place].name: value} for turn, value in enumerate(missing)]
    return found


def _axis(decision: Decision, given: Input) -> list[Any]:
    kind = given.type
    if kind is None:
        return []
    if kind.is_list:
        return [[], [kind.low or Fraction(0)], [kind.high or Fraction(1), kind.low or Fraction(0)]]
    if kind.base is Base.TEXT:
        found: list[Any] = list(kind.values) or ["A"]
    elif kind.base is Base.BOOLEAN:
        found = [True, False]
    elif kind.base is Base.DATE:
        found = ["2026-01-31", "2024-02-29", "2026-02-14"]
    else:
        step = Fraction(1, 10**kind.scale)
        points = {p + d for p in numbers(decision) | {kind.low, kind.high} if p is not None for d in (-step, Fraction(0), step)}
        inside = {p for p in points if (kind.low is None or p >= kind.low) and (kind.high is None or p <= kind.high)}
        found = sorted(p for p in inside if (p / step).denominator == 1) or [kind.low or Fraction(0)]
    return [*found, None] if kind.nullable else found


class Questions:
    """Draws for one policy. documents: a whole case from a random source."""

    def __init__(self, policy: Policy, documents: Callable[[Random], dict[str, Any]]) -> None:
        self._documents = documents
        decisions = [versions[-1] for versions in policy.decisions.values()]
        self._askable = [one for one in decisions if all(given.type is not None for given in one.inputs)]
        self._numbers = {one.name: sorted(numbers(one)) for one in self._askable}

    @property
    def decisions(self) -> set[str]:
        return {one.name for one in self._askable}

    def chunk(self, seed: int, count: int = CHUNK) -> Iterator[Question]:
        random, turn = Random(seed), seed * count
        for number in range(count):
            if number % 10 < CHAIN:
                yield "", self._documents(random)
            else:
                turn += 1
                decision = self._askable[turn % len(self._askable)]
                yield decision.name, {given.name: self._input(random, decision.name, given) for given in decision.inputs}

    def _input(self, random: Random, decision: str, given: Input) -> Any:
        kind = given.type
        assert kind is not None
        if kind.nullable and random.random() < 0.1:
            return None
        if kind.is_list:
            return [self._value(random, decision, kind) for _ in range(random.randint(0, 5))]
        return self._value(random, decision, kind)

    def _value(self, random: Random, decision: str, kind: ValueType) -> Any:
        match kind.base:
            case Base.TEXT:
                return random.choice(list(kind.values) or ["A", "", "~"])
            case Base.BOOLEAN:
                return random.random() < 0.5
            case Base.DATE:
                return f"{random.randint(2019, 2030)}-{random.randint(1, 12):02}-{random.choice([1, 14, 28]):02}"
        step = Fraction(1, 10**kind.scale)
        low, high = kind.low if kind.low is not None else Fraction(-1000), kind.high if kind.high is not None else Fraction(10**6)
        named = [n for n in self._numbers[decision] if low <= n <= high and (n / step).denominator == 1]
        if named and random.random() < 0.6:
            value = random.choice(named) + random.choice([-1, 0, 0, 1]) * step
        elif random.random() < 0.1:
            value = random.choice([low, high])
        else:
            value = random.randint(int(low / step), int(min(high, low + 1000) / step)) * step
        return min(max(value, low), high)


@dataclass
class Survey:
    """counts: how many were answered, and how many refused by which named error. differences: what three did not agree on."""

    engine: Engine
    questions: Questions
    counts: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    differences: list[tuple[Question, Any]] = field(default_factory=list)
    chunks: int = 0

    def __post_init__(self) -> None:
        policy = self.engine.policy
        self._program, self._parameters = Program(policy, None), parameters_on(policy, None)
        self._walks: dict[str, Walk] = {}

    def run(self, chunks: int, state: Path | None = None, note: Callable[[str], None] = lambda _: None) -> None:
        """Up to so many chunks in all; state: a file to go on from."""
        if state is not None and state.is_file():
            held = loads(state.read_text("utf-8"))
            self.chunks = int(held["chunks"])
            self.counts.update({name: int(number) for name, number in held["counts"].items()})
        while self.chunks < chunks and not self.differences:
            self.ask(self.questions.chunk(self.chunks))
            if self.differences:
                return  # this chunk is not done: whoever goes on meets the difference again
            self.chunks += 1
            if state is not None:
                state.write_text(dumps({"chunks": self.chunks, "counts": dict(self.counts)}), "utf-8")
            if self.chunks % REPORTED == 0 or self.chunks == chunks:
                note(f"{self.chunks * CHUNK} of {chunks * CHUNK} questions, {self.counts['ok']} answered, no difference")

    def ask(self, questions: Iterable[Question]) -> None:
        """Some questions are always on their way to the worker."""
        waiting: deque[tuple[Question, Any]] = deque()
        for question in questions:
            name, given = question
            self.asked[name] += 1
            try:
                begin = (
                    self.engine._begin_decide(name, given, None) if name else self.engine._begin_evaluate(given, None, "<facts>")
                )
            except KinerjaError as error:  # refused before either engine
                self.counts[error.code] += 1
                continue
            waiting.append((question, begin))
            if len(waiting) >= WINDOW:
                self._settle(*waiting.popleft())
            if self.differences:
                return
        while waiting and not self.differences:
            self._settle(*waiting.popleft())

    def _settle(self, question: Question, job: Any) -> None:
        said: Outcome | RuleError
        try:
            said = self.engine._agreed(job, traced=False)[0]
        except RuleError as error:
            said = error
        except IncidentError as error:
            self.differences.append((question, error.as_json()))
            return
        try:
            agree.compare(said, self._alone(job), {})
        except IncidentError as error:
            self.differences.append((question, error.as_json()))
            return
        self.counts["ok" if isinstance(said, Outcome) else said.code] += 1

    def _alone(self, job: Any) -> Outcome | RuleError:
        """The integer form walking by itself."""
        agenda: Agenda = job.agenda
        policy = self.engine.policy
        walker = self._walks.get(job.name)
        if walker is None:
            walker = self._walks[job.name] = Walk(policy, agenda, self._program)
        if job.name:
            kasus = {one.name: encode(job.kasus[one.name], input_type(one)[0]) for one in agenda.decisions[0].inputs}
            answer = walker.evaluate(self._parameters, kasus, {})
        else:
            answer = walker.evaluate(self._parameters, *self.engine.encode_case(job.kasus, job.items))
        if isinstance(answer, Failure):
            return agree.failure_error(policy, answer, job.items, agenda)
        return agree.outcome_of(policy, agenda, answer, job.items)
