"""A policy's decisions compiled to Python over integers: the computing half of the rete engine, and a whole evaluator beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ...policy.model import Decision, Policy
from . import codec, errors, runtime
from .errors import Fault, NotPortable
from .hits import resolve
from .lower import DecisionSignature
from .plan import DecisionPlan, parameter_signatures, plan, signature
from .python import emit

Arguments = Sequence[Any]
Calls = list[tuple[str, tuple[int, ...]]]
Answer = tuple[dict[str, Any], Calls]


@dataclass(slots=True)
class Env:
    """What a computation may read beside its arguments: parameters by name, and the other decisions.

    calls: (decision, indexes of matched rows) of every table asked on the way, in order.
    """

    program: Program
    parameters: Mapping[str, Any]
    calls: Calls = field(default_factory=list)
    answers: dict[tuple[Any, ...], Answer] = field(default_factory=dict)

    def scalar(self, name: str) -> Any:
        value = self.parameters.get(name)
        if value is None:
            raise Fault(errors.NO_PARAMETER, name)
        return value

    def keyed(self, name: str, key: Any) -> Any:
        value = self.parameters.get(name, {}).get(key)
        if value is None:
            raise Fault(errors.NO_PARAMETER, name)
        return value

    def ask(self, name: str, *arguments: Any) -> dict[str, Any]:
        """What another decision gives; asked again with the same arguments, what it gave before."""
        try:
            found = self.answers.get((name, *arguments))
        except TypeError:  # lists have no hash
            return self._compute(name, arguments)
        if found is None:
            before = len(self.calls)
            answer = self._compute(name, arguments)
            self.answers[name, *arguments] = answer, self.calls[before:]
            return answer
        self.calls += found[1]
        return found[0]

    def _compute(self, name: str, arguments: Arguments) -> dict[str, Any]:
        compiled = self.program.compiled(name)
        compiled.check_arguments(arguments)
        values, rows = compiled.decide(self, arguments)
        if rows is not None:
            self.calls.append((name, rows))
        return dict(zip(compiled.names, values, strict=True))


@dataclass(frozen=True, slots=True)
class CompiledDecision:
    """The functions of one decision; each takes env and the encoded arguments in the order of the inputs.

    present, of the arguments alone, raises where one that must have a value has none. guards raise the code of the first
    requirement that does not hold. columns give the tested values; matches the indexes of the rows they pass; dynamic[i] tells
    whether row i passes as a whole, for rows with a cell that reads other inputs.
    """

    plan: DecisionPlan
    signature: DecisionSignature
    present: Callable[..., None]
    guards: Callable[..., None]
    columns: Callable[..., tuple[Any, ...]]
    matches: Callable[..., list[int]]
    row_tests: tuple[Callable[..., bool], ...]
    row_outputs: tuple[Callable[..., tuple[Any, ...]], ...]
    steps: Callable[..., tuple[Any, ...]]
    names: tuple[str, ...]
    source: str

    def check_arguments(self, arguments: Arguments) -> None:
        if None in arguments:
            self.present(*arguments)

    def decide(self, env: Env, arguments: Arguments) -> tuple[tuple[Any, ...], tuple[int, ...] | None]:
        """Outputs, and for a table the indexes of its matched rows."""
        self.guards(env, *arguments)
        if self.plan.hit is None:
            return self.steps(env, *arguments), None
        matched = self.matches(env, *arguments, *self.columns(env, *arguments))
        return resolve(self.plan, matched, lambda index: self.row_outputs[index](env, *arguments)), tuple(matched)


class Program:
    """The decisions in force on a day, each compiled when first used. day None: the latest of each."""

    def __init__(self, policy: Policy, day: date | None) -> None:
        self.policy = policy
        self.day = day
        self._compiled: dict[str, CompiledDecision] = {}

    def compiled(self, name: str) -> CompiledDecision:
        """Raises NotPortable where the decision is outside the portable subset."""
        found = self._compiled.get(name)
        if found is None:
            found = self._compiled[name] = compile_decision(self.policy, self.policy.decision(name, self.day)[0], self.day)
        return found

    def refused(self, names: Sequence[str] | None = None) -> dict[str, NotPortable]:
        """The decisions that cannot be computed over integers, with the reason."""
        found = {}
        for name in names if names is not None else self.policy.order:
            try:
                self.compiled(name)
            except NotPortable as error:
                found[name] = error
        return found

    def env(self, parameters: Mapping[str, Any]) -> Env:
        return Env(self, parameters)


def parameters_on(policy: Policy, day: date | None, names: Sequence[str] | None = None) -> dict[str, Any]:
    """The encoded parameters in force on a day; None asks for the latest. Those without a value that day are left out."""
    signatures = parameter_signatures(policy)
    found: dict[str, Any] = {}
    for name in policy.parameters if names is None else names:
        parameter = policy.parameters[name]
        latest = max(parameter.values, key=lambda value: value.effective.first, default=None)
        dated = latest if day is None else parameter.on(day)
        if dated is not None:
            found[name] = codec.encode_parameter(dated.value, signatures[name].type, signatures[name].key)
    return found


def compile_decision(policy: Policy, decision: Decision, day: date | None) -> CompiledDecision:
    lowered = plan(policy, decision, day)
    source = _source(lowered)
    space: dict[str, Any] = {f"p_{name}": function for name, function in runtime.FUNCTIONS.items()}
    space |= {"Fault": Fault, "__builtins__": {"any": any, "all": all}}
    exec(compile(source, f"<{decision.name}>", "exec"), space)  # noqa: S102 - our own generated source, literals by repr
    rows = range(len(lowered.rows))
    return CompiledDecision(
        plan=lowered,
        signature=signature(decision),
        present=space["present"],
        guards=space["guards"],
        columns=space["columns"],
        matches=space["matches"],
        row_tests=tuple(space[f"test_{index}"] for index in rows),
        row_outputs=tuple(space[f"row_{index}"] for index in rows),
        steps=space["steps"],
        names=tuple(output.name for output in lowered.outputs),
        source=source,
    )


def _source(lowered: DecisionPlan) -> str:
    arguments = ", ".join(["env", *(argument.variable.name for argument in lowered.arguments)])
    tested = ", ".join([arguments, *(column.variable.name for column in lowered.columns)])
    lines = [f"def present({', '.join(argument.variable.name for argument in lowered.arguments)}):"]
    for argument in lowered.arguments:
        if not argument.variable.nullable:
            lines += [f"    if {argument.variable.name} is None:", f"        raise Fault({errors.MISSING!r}, {argument.name!r})"]
    lines += ["    return None", f"def guards({arguments}):"]
    for guard in lowered.guards:
        lines += [f"    if not {emit(guard.that)}:", f"        raise Fault({guard.code!r})"]
    lines += ["    return None", f"def columns({arguments}):"]
    lines.append(f"    return ({''.join(emit(column.value) + ', ' for column in lowered.columns)})")
    for index, row in enumerate(lowered.rows):
        tests = " and ".join(emit(test) for test in row.tests if test is not None) or "True"
        lines += [f"def test_{index}({tested}):", f"    return {tests}"]
        outputs = "".join(emit(value) + ", " for value in row.outputs)
        lines += [f"def row_{index}({arguments}):", f"    return ({outputs})"]
    calls = ", ".join(f"({index}, test_{index}({tested}))" for index in range(len(lowered.rows)))
    lines += [f"def matches({tested}):", f"    return [index for index, passed in [{calls}] if passed]"]
    lines.append(f"def steps({arguments}):")
    for step in lowered.steps:
        lines.append(f"    {step.variable.name} = {emit(step.value)}")
    outputs = "".join(f"{lowered.steps[o.step].variable.name}, " for o in lowered.outputs if o.step is not None)
    lines.append(f"    return ({outputs})")
    return "\n".join(lines) + "\n"
