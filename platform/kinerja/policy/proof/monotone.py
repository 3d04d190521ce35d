"""`monotone:`: a better input never gives a worse output, all else equal.

Three methods, in this order: the direction of a formula by its parts; a table by neighbouring pieces of the grid; two copies of
the decision in Z3. Values of an enum are ordered best first, as the file has them.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import z3

from ...core.errors import KinerjaError
from ...feel.syntax import Name
from ..assemble.scope import uses
from ..diagnostics import make
from ..model import Decision, Output, Policy, Table, ValueType
from .concrete import evaluate
from .conditions import NotSimple
from .domain import shown
from .grid import TOTAL, Grid, chosen, lay_out
from .obligation import Verdict
from .ranges import environment
from .signs import CONSTANT, DOWN, UP, direction_of, directions, has_order, rank
from .solve import Session, open_session
from .terms import NotEncodable, Val, read


def check_monotone(policy: Policy, decision: Decision, name: str, direction: str, world: Mapping[str, Any]) -> Verdict:
    """Whether every output that has an order follows the input `name` in this direction ("up", "down").

    name: an input, or a member of the items of an input, "indikator.capaian": then of each item, the others as they are.
    """
    wanted = UP if direction == "up" else DOWN
    if not isinstance(decision.logic, Table):
        found = directions(policy, decision, name)
        ordered = [output for output in decision.outputs if has_order(output.type)]
        if all(found.get(output.name) in (CONSTANT, wanted) for output in ordered):
            return Verdict("signs")
        return _by_solver(policy, decision, name, wanted, world)
    try:
        return _by_grid(policy, decision, name, wanted, world)
    except (NotSimple, KinerjaError):
        return _by_solver(policy, decision, name, wanted, world)


# ── by the grid ───────────────────────────────────────────────────────────────────────────────────────────────────────
def _by_grid(policy: Policy, decision: Decision, name: str, wanted: int, world: Mapping[str, Any]) -> Verdict:
    """Neighbouring values of the input at the ends of its pieces, for every combination of the others. Within a piece the row is
    one and the same; an output that is a formula must follow the input there by its signs, and read nothing else that varies."""
    table = decision.logic
    assert isinstance(table, Table)
    env = environment(policy, decision)
    others = {given.name for given in decision.inputs} - {name}
    for row in table.rows:
        for out in row.outputs:
            if not hasattr(out.expression, "value"):
                if any(use.name in others for use in uses(out.expression)):
                    raise NotSimple
                if direction_of(out.expression, {name: UP}, env) not in (CONSTANT, wanted):
                    raise NotSimple
    grid = lay_out(policy, decision, world, ends_of=name)
    types = {variable.name: variable.type for variable in grid.variables}
    if any(variable.name == name and variable.scale is None for variable in grid.variables):
        raise NotSimple
    if name not in types:
        return Verdict(f"grid {grid.size}")  # the table does not read it
    computed = not set(types) <= {given.name for given in decision.inputs}
    if computed and not _plain_rows(table, name):
        raise NotSimple
    cases: dict[tuple[Any, ...], list[tuple[dict[str, Any], int]]] = {}
    for case, mask in grid.cases():
        if case[name] is not None:
            cases.setdefault(tuple(value for key, value in case.items() if key != name), []).append((case, mask))
    for group in cases.values():
        group.sort(key=lambda entry: rank(entry[0][name], types[name]))
        for (lower, first), (higher, second) in pairwise(group):
            rows = (_of_row(grid, first), _of_row(grid, second))
            outputs = rows if computed else _answers(policy, decision, lower, higher, world)
            worse = _worse(decision, outputs, wanted)
            if worse is not None:
                return Verdict(f"grid {grid.size}", (_finding(name, lower, higher, worse, outputs),))
    return Verdict(f"grid {grid.size}")


def _plain_rows(table: Table, name: str) -> bool:
    """Whether the outputs of each row are literals and its computed columns do not read the input."""
    literal = all(hasattr(out.expression, "value") for row in table.rows for out in row.outputs)
    own = all(isinstance(c.expression, Name) or all(use.name != name for use in uses(c.expression)) for c in table.columns)
    return literal and own and table.hit in TOTAL


Answers = tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]


def _of_row(grid: Grid, mask: int) -> Mapping[str, Any] | None:
    """The literal outputs of the row that counts; None where none does."""
    rows = chosen(grid, mask)
    if not rows:
        return None
    row = grid.table.rows[(rows & -rows).bit_length() - 1]
    pairs = zip(grid.decision.outputs, row.outputs, strict=True)
    return {output.name: getattr(out.expression, "value", None) for output, out in pairs}


def _answers(
    policy: Policy, decision: Decision, lower: Mapping[str, Any], higher: Mapping[str, Any], world: Mapping[str, Any]
) -> Answers:
    """What the decision answers to both cases; None for an error."""
    try:
        return evaluate(policy, decision, lower, world, legal=True), evaluate(policy, decision, higher, world, legal=True)
    except KinerjaError:
        return None, None


def _worse(decision: Decision, outputs: Answers, wanted: int) -> Output | None:
    """The output that moves against the wanted direction from the lower case to the higher one."""
    before, after = outputs
    if before is None or after is None:
        return None
    for output in decision.outputs:
        if has_order(output.type):
            first, second = rank(before[output.name], output.type), rank(after[output.name], output.type)
            if first is not None and second is not None and (second - first) * wanted < 0:
                return output
    return None


def _finding(name: str, lower: Mapping[str, Any], higher: Mapping[str, Any], output: Output, outputs: Answers) -> Any:
    before, after = (shown(answer[output.name]) if answer is not None else "" for answer in outputs)
    rest = "".join(f", {key} = {shown(value)}" for key, value in lower.items() if key != name)
    text = f"{name} {shown(lower[name])} → {shown(higher[name])}{rest}: {output.name} {before} → {after}"
    return make("P107", output.place, who_id=text, who_en=text)


# ── by two copies ─────────────────────────────────────────────────────────────────────────────────────────────────────
def _by_solver(policy: Policy, decision: Decision, name: str, wanted: int, world: Mapping[str, Any]) -> Verdict:
    try:
        first = open_session(policy, decision, world, "a.")
        second = open_session(policy, decision, world, "b.", first.encoder.texts)
    except NotEncodable:
        return Verdict("z3", unknown="tidak dapat dihitung / not encodable")
    if not first.concrete or name not in first.inputs:
        return Verdict("z3", unknown="daftar / list")
    same = [
        z3.And(value.null == second.inputs[key].null, z3.Or(value.null, value.term == second.inputs[key].term))
        for key, value in first.inputs.items()
        if key != name
    ]
    type_ = next(one.type for one in decision.inputs if one.name == name)
    assert type_ is not None
    lower, higher = first.inputs[name], second.inputs[name]
    present = z3.And(z3.Not(lower.null), z3.Not(higher.null))
    moved = _rank_term(lower, type_, first) < _rank_term(higher, type_, first)
    against = z3.Or(
        [
            _against(first, second, output, wanted, one, other)
            for output in decision.outputs
            if has_order(output.type)
            for one in range(len(first.matches))
            for other in range(len(second.matches))
        ]
    )
    for exact in (False, True):
        solver = z3.Solver()
        solver.set("timeout", 3000)
        solver.add(*first.encoder.axioms, *second.encoder.axioms, first.legal, second.legal, *same, present, moved, against)
        if exact:
            solver.add(*first.encoder.exact, *second.encoder.exact)
        answer = solver.check()
        if answer == z3.unsat:
            return Verdict("z3")
        if answer == z3.sat and (exact or not (first.encoder.exact or second.encoder.exact)):
            return _two_cases(first, second, solver.model(), name, wanted)
    return Verdict("z3", unknown=f"{name}")


def _rank_term(value: Val, type_: ValueType, session: Session) -> Any:
    if type_.values:
        result: Any = z3.IntVal(-len(type_.values))
        for position, text in enumerate(type_.values):
            result = z3.If(value.term == session.encoder.texts.of(text), z3.IntVal(-position), result)
        return result
    return z3.If(value.term, z3.IntVal(1), z3.IntVal(0)) if value.kind == "boolean" else value.term


def _against(first: Session, second: Session, output: Output, wanted: int, one: int, other: int) -> Any:
    before, after = first.outputs[one][output.name], second.outputs[other][output.name]
    if "null" in (before.kind, after.kind):
        return z3.BoolVal(False)
    start, end = _rank_term(before, output.type, first), _rank_term(after, output.type, first)
    worse = end < start if wanted == UP else end > start
    return z3.And(first.matches[one], second.matches[other], z3.Not(before.null), z3.Not(after.null), worse)


def _two_cases(first: Session, second: Session, model: Any, name: str, wanted: int) -> Verdict:
    lower = {key: read(model, value, first.encoder.texts) for key, value in first.inputs.items()}
    higher = {key: read(model, value, first.encoder.texts) for key, value in second.inputs.items()}
    outputs = _answers(first.policy, first.decision, lower, higher, first.world)
    output = _worse(first.decision, outputs, wanted)
    if output is None:
        return Verdict("z3", unknown=f"{name}")
    return Verdict("z3", (_finding(name, lower, higher, output, outputs),))
