"""Decisions by arithmetic: no failure for legal inputs, no output outside its type; tables whose cells relate inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import z3

from ...core.errors import KinerjaError
from ...core.numbers import terminates_within
from ...feel.syntax import Name, Node, NumberLiteral
from ..assemble.scope import every_node
from ..diagnostics import Diagnostic, make
from ..model import Base, Decision, HitPolicy, Output, Policy, Table
from ..walk import expressions
from .concrete import evaluate
from .domain import shown, who
from .encode import Encoder
from .obligation import Verdict
from .ranges import bounds, environment, of_parameter
from .terms import YES, NotEncodable, Texts, Val, number, read, variable

TIMEOUT = 2000  # milliseconds a query
UNKNOWN = "unknown"


@dataclass(slots=True)
class Session:
    """A decision encoded: its inputs as unknowns, the condition under which a case is legal, its outputs by row."""

    policy: Policy
    decision: Decision
    world: Mapping[str, Any]
    encoder: Encoder
    inputs: dict[str, Val] = field(default_factory=dict)
    legal: Any = YES
    matches: list[Any] = field(default_factory=list)
    outputs: list[dict[str, Val]] = field(default_factory=list)
    whole: bool = True
    """False when a precondition had to be left out: the cases looked at are then more than the legal ones."""

    @property
    def concrete(self) -> bool:
        """Whether a model names a whole case (no list inputs)."""
        return all(value.kind != "list" for value in self.inputs.values())


def open_session(
    policy: Policy, decision: Decision, world: Mapping[str, Any], prefix: str = "", texts: Texts | None = None
) -> Session:
    """Encode a decision; raises NotEncodable. prefix, texts: for a second copy beside a first."""
    encoder = Encoder(policy, environment(policy, decision), world, texts or Texts(), prefix=prefix)
    encoder.multipliers |= _multipliers(policy, decision)
    session = Session(policy, decision, world, encoder)
    for given in decision.inputs:
        if given.type is None or given.type.is_list:
            session.inputs[given.name] = Val("list", node=Name(given.name))
        else:
            session.inputs[given.name] = variable(prefix + given.name, given.type, encoder.texts, encoder.axioms)
    encoder.scope.update(session.inputs)
    for requirement in decision.requirements:
        encoder.path = session.legal
        before = len(encoder.failures)
        try:
            session.legal = z3.And(session.legal, encoder.truth(requirement.that))
        except NotEncodable:
            del encoder.failures[before:]
            session.whole = False
    encoder.path = session.legal
    if isinstance(decision.logic, Table):
        _encode_table(session, decision.logic)
    else:
        for step in decision.logic.steps:
            value = encoder.of(step.expression)
            encoder.definitions[Name(step.name)] = encoder.inlined(step.expression)
            encoder.env = encoder.env.with_known(step.name, bounds(step.expression, encoder.env))
            encoder.scope[step.name] = value
        session.matches.append(YES)
        session.outputs.append({output.name: encoder.scope[output.name] for output in decision.outputs})
    return session


def _encode_table(session: Session, table: Table) -> None:
    encoder = session.encoder
    columns = [encoder.of(column.expression) for column in table.columns]
    for row in table.rows:
        match = z3.And([encoder.tests(cell.tests, value) for cell, value in zip(row.cells, columns, strict=True)])
        session.matches.append(match)
        session.outputs.append(
            {
                output.name: encoder.under(match, cell.expression)
                for output, cell in zip(session.decision.outputs, row.outputs, strict=True)
            }
        )


def _multipliers(policy: Policy, decision: Decision) -> set[Fraction]:
    """Numbers that may bound a ratio: literals, ends of ranges, parameters."""
    found: set[Fraction] = set()
    for expression in expressions(decision):
        found |= {node.value for node in every_node(expression) if isinstance(node, NumberLiteral)}
    types = [given.type for given in decision.inputs if given.type is not None]
    types += [member.type for given in decision.inputs for member in given.members]
    types += [output.type for output in decision.outputs]
    for type_ in types:
        found |= {end for end in (type_.low, type_.high) if end is not None}
    for name in decision.requires_parameters:
        known = of_parameter(policy.parameters[name])
        found |= {end for end in (known.low, known.high) if end is not None}
    return {value for value in found if abs(value) <= 10**6}


# ── queries ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def solve(session: Session, *conditions: Any, exact: bool = False) -> Any:
    """A model of the conditions, None when there is none, UNKNOWN when the solver gave up."""
    solver = z3.Solver()
    solver.set("timeout", TIMEOUT)
    solver.add(session.encoder.axioms)
    if exact:
        solver.add(session.encoder.exact)
    solver.add(*conditions)
    answer = solver.check()
    if answer == z3.unsat:
        return None
    return solver.model() if answer == z3.sat else UNKNOWN


def counterexample(session: Session, *conditions: Any) -> Any:
    """None when the conditions cannot hold; else the case, or UNKNOWN when no real one was found."""
    model = solve(session, *conditions)
    if model is None:
        return None
    if session.encoder.exact:
        exact = solve(session, *conditions, exact=True)
        if exact is None:
            return None
        if exact is not UNKNOWN:
            model = exact
    if model is UNKNOWN or not session.concrete:
        return UNKNOWN
    try:
        return {name: read(model, value, session.encoder.texts) for name, value in session.inputs.items()}
    except NotEncodable:
        return UNKNOWN


def run(session: Session, case: Mapping[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Outputs of a case, or the code of its named error."""
    try:
        return evaluate(session.policy, session.decision, case, session.world), None
    except KinerjaError as error:
        return {}, error.code


# ── obligations ───────────────────────────────────────────────────────────────────────────────────────────────────────
def check_failures(session: Session) -> Verdict:
    """No legal case may end in an error that the rule file does not name under `requires:`."""
    named = {requirement.code for requirement in session.decision.requirements}
    found: list[Diagnostic] = []
    unknown = ""
    seen: set[str] = set()
    for failure in session.encoder.failures:
        case = counterexample(session, session.legal, failure.when)
        if case is None or failure.code in seen:
            continue
        error = None if case is UNKNOWN else run(session, case)[1]
        if error is None:
            unknown = unknown or failure.code
        elif error not in named:
            seen.add(failure.code)
            found.append(make("P111", session.decision.place, error=error, **who(session.policy, session.decision, case)))
    return Verdict(f"z3 {len(session.encoder.failures)}", tuple(found), unknown)


def check_output(session: Session, output: Output) -> Verdict:
    """Every value of an output lies in its range, ends within its scale, is one of its values, and is there."""
    bad = list(_bad_values(session, output))
    if not bad:
        return Verdict("interval")
    if any(z3.is_true(condition) for condition in bad):
        return Verdict("z3", unknown="tipe")
    sound = [z3.Not(failure.when) for failure in session.encoder.failures]  # failures are reported by themselves
    case = counterexample(session, session.legal, *sound, z3.Or(bad))
    if case is None:
        return Verdict("z3")
    if case is UNKNOWN:
        return Verdict("z3", unknown=output.name)
    finding = judge(session, output, case)
    return Verdict("z3", (finding,)) if finding else Verdict("z3", unknown=f"{output.name}: {case_text(case)}")


def case_text(case: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {shown(value)}" for name, value in case.items())


def _bad_values(session: Session, output: Output) -> Iterator[Any]:
    type_ = output.type
    for match, values in zip(session.matches, session.outputs, strict=True):
        value = values[output.name]
        if not type_.nullable:
            yield from _unless_false(z3.And(match, value.null))
        if value.kind == "null":
            continue
        present = z3.And(match, z3.Not(value.null))
        if type_.base is Base.NUMBER and value.kind == "number":
            if type_.low is not None:
                yield from _unless_false(z3.And(present, value.term < number(type_.low)))
            if type_.high is not None:
                yield from _unless_false(z3.And(present, value.term > number(type_.high)))
            if not _fits_scale(session, output):
                yield from _unless_false(z3.And(present, z3.Not(z3.IsInt(value.term * z3.RealVal(10**type_.scale)))))
        elif type_.values and value.kind == "text":
            legal = z3.Or([value.term == session.encoder.texts.of(text) for text in type_.values])
            yield from _unless_false(z3.And(present, z3.Not(legal)))


def _unless_false(condition: Any) -> Iterator[Any]:
    if not z3.is_false(z3.simplify(condition)):
        yield condition


def _fits_scale(session: Session, output: Output) -> bool:
    """Whether interval arithmetic already shows that the output ends within its scale."""
    logic = session.decision.logic
    if isinstance(logic, Table):
        position = [one.name for one in session.decision.outputs].index(output.name)
        written: list[Node] = [row.outputs[position].expression for row in logic.rows]
    else:
        written = [step.expression for step in logic.steps if step.name == output.name]
    scales = [bounds(node, session.encoder.env).scale for node in written]
    return all(scale is not None and scale <= output.type.scale for scale in scales)


def judge(session: Session, output: Output, case: Mapping[str, Any]) -> Diagnostic | None:
    """The finding that a case really shows, or None when it shows none."""
    outputs, error = run(session, case)
    place, names = output.place, who(session.policy, session.decision, case)
    if error is not None:
        return make("P111", session.decision.place, error=error, **names)
    value, type_ = outputs[output.name], output.type
    if value is None:
        return None if type_.nullable else make("P111", place, error=f"{output.name} = null", **names)
    if isinstance(value, Fraction):
        low, high = type_.low, type_.high
        if (low is not None and value < low) or (high is not None and value > high):
            return make("P106", place, output=output.name, value=shown(value), low=shown(low), high=shown(high), **names)
        if not terminates_within(value, type_.scale):
            return make("P110", place, output=output.name, scale=type_.scale, **names)
    elif type_.values and value not in type_.values:
        return make("P106", place, output=output.name, value=shown(value), low=type_.values[0], high=type_.values[-1], **names)
    return None


def check_rows(session: Session) -> Verdict:
    """Gaps and overlaps of a table whose cells relate inputs to each other."""
    table = session.decision.logic
    assert isinstance(table, Table)
    found: list[Diagnostic] = []
    unknown = ""
    if table.hit in (HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.FIRST, HitPolicy.PRIORITY):
        gap = counterexample(session, session.legal, z3.Not(z3.Or(session.matches)))
        if gap is UNKNOWN:
            unknown = "celah / gap"
        elif gap is not None:
            found.append(make("P101", table.columns[0].place, case=gap, **who(session.policy, session.decision, gap)))
    for number_, match in enumerate(session.matches):
        if solve(session, session.legal, match) is None:
            row = table.rows[number_]
            found.append(make("P103", row.place, row=row.id, row_ids=(row.id,)))
    if table.hit in (HitPolicy.UNIQUE, HitPolicy.ANY):
        for first, second in _pairs(table):
            both = counterexample(session, session.legal, session.matches[first], session.matches[second])
            if both is UNKNOWN:
                unknown = unknown or f"{table.rows[first].id}, {table.rows[second].id}"
            elif both is not None:
                code = "P102" if table.hit is HitPolicy.UNIQUE else "P104"
                ids = (table.rows[first].id, table.rows[second].id)
                names = who(session.policy, session.decision, both)
                found.append(make(code, table.rows[second].place, rows=", ".join(ids), case=both, row_ids=ids, **names))
    return Verdict("z3", tuple(found), unknown)


def _pairs(table: Table) -> Iterator[tuple[int, int]]:
    for first, one in enumerate(table.rows):
        for second in range(first + 1, len(table.rows)):
            same = [o.expression for o in one.outputs] == [o.expression for o in table.rows[second].outputs]
            if table.hit is HitPolicy.UNIQUE or not same:
                yield first, second


__all__ = ["Session", "check_failures", "check_output", "check_rows", "counterexample", "open_session", "solve"]
