"""One decision on one case, by FEEL, to see whether a counterexample is real. Not an engine: no trace, no items, no dates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ...core.errors import RuleError
from ...feel import STRICT, FeelFunction, compile_expression, compile_tests
from ..model import Decision, HitPolicy, Policy, Table
from ..values import admit


def world_on(policy: Policy, day: date) -> dict[str, Any]:
    """Parameters in force on a day: scalars by value, keyed ones as mappings; those without a value are absent."""
    return {name: dated.value for name, parameter in policy.parameters.items() if (dated := parameter.on(day)) is not None}


def evaluate(
    policy: Policy, decision: Decision, inputs: Mapping[str, Any], world: Mapping[str, Any], *, legal: bool = False
) -> dict[str, Any]:
    """The outputs; raises RuleError or FeelError as an engine would (requirements, no row, two rows, FEEL's own errors).

    legal: the preconditions are known to hold.
    """
    scope = {**_functions(policy, world), **inputs}
    for requirement in () if legal else decision.requirements:
        if compile_expression(requirement.that, STRICT)(scope) is not True:
            raise RuleError(requirement.code, requirement.label.id, requirement.label.en)
    if isinstance(decision.logic, Table):
        return _table(decision, decision.logic, scope)
    for step in decision.logic.steps:
        scope[step.name] = compile_expression(step.expression, STRICT)(scope)
    return {output.name: scope[output.name] for output in decision.outputs}


def _functions(policy: Policy, world: Mapping[str, Any]) -> dict[str, Any]:
    scope: dict[str, Any] = {}
    for name, value in world.items():
        scope[name] = FeelFunction(("key",), _lookup(name, value)) if isinstance(value, Mapping) else value
    for name in policy.decisions:
        decision, _ = policy.decision(name)
        scope[name] = FeelFunction(tuple(one.name for one in decision.inputs), _call(policy, decision, world))
    return scope


def _lookup(name: str, values: Mapping[Any, Any]) -> Any:
    def look(key: Any) -> Any:
        if key not in values:
            raise RuleError("parameter_tidak_ada", f"{name}({key})", f"{name}({key})")
        return values[key]

    return look


def _call(policy: Policy, decision: Decision, world: Mapping[str, Any]) -> Any:
    def call(*arguments: Any) -> dict[str, Any]:
        given = {
            one.name: admit(value, one.type, one.name) if one.type is not None else value
            for one, value in zip(decision.inputs, arguments, strict=True)
        }
        return evaluate(policy, decision, given, world)

    return call


def _table(decision: Decision, table: Table, scope: Mapping[str, Any]) -> dict[str, Any]:
    tested = [compile_expression(column.expression, STRICT)(scope) for column in table.columns]
    hit = [
        row
        for row in table.rows
        if all(compile_tests(cell.tests, STRICT)(value, scope) for cell, value in zip(row.cells, tested, strict=True))
    ]
    if not hit:
        raise RuleError("tidak_ada_baris", "tidak ada baris", "no row matches")
    if len(hit) > 1 and table.hit is HitPolicy.UNIQUE:
        raise RuleError("lebih_dari_satu_baris", "lebih dari satu baris", "more than one row matches")
    outputs = [compile_expression(cell.expression, STRICT)(scope) for cell in hit[0].outputs]
    return {output.name: value for output, value in zip(decision.outputs, outputs, strict=True)}
