"""A decision in the intermediate form: what the Python emitter compiles and an emitter for another target reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from ...core.errors import Place
from ...feel import syntax
from ...policy.model import Base, BindingKind, Decision, Formula, HitPolicy, Input, Output, Policy, Table, ValueType
from . import numeric
from .errors import NotPortable
from .ir import Ask, Each, Expr, Lit, Lookup, Op, Var, walk
from .lower import DecisionSignature, Lowering, ParameterSignature, Scope
from .types import Bool, Day, Field, ListOf, Num, Record, Text, Type


@dataclass(frozen=True, slots=True)
class Argument:
    """An input: its name in the rule file, its variable, its type."""

    name: str
    variable: Var


@dataclass(frozen=True, slots=True)
class Guard:
    code: str
    that: Expr


@dataclass(frozen=True, slots=True)
class Column:
    variable: Var
    value: Expr


@dataclass(frozen=True, slots=True)
class RowPlan:
    """tests: one boolean for each column, None for `-`."""

    id: str
    tests: tuple[Expr | None, ...]
    outputs: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class StepPlan:
    name: str
    variable: Var
    value: Expr


@dataclass(frozen=True, slots=True)
class OutputPlan:
    """step: index of the step that gives it, in a formula."""

    name: str
    kind: ValueType
    step: int | None = None


@dataclass(frozen=True, slots=True)
class DecisionPlan:
    """Either columns and rows (a table, with its hit policy) or steps (a formula). asks, parameters: what it calls and looks up."""

    name: str
    arguments: tuple[Argument, ...]
    guards: tuple[Guard, ...]
    hit: HitPolicy | None
    columns: tuple[Column, ...]
    rows: tuple[RowPlan, ...]
    steps: tuple[StepPlan, ...]
    outputs: tuple[OutputPlan, ...]
    asks: tuple[str, ...]
    parameters: tuple[str, ...]


_SCALARS: dict[Base, Type] = {Base.TEXT: Text(), Base.BOOLEAN: Bool(), Base.DATE: Day()}


def value_type(kind: ValueType) -> Type:
    """The type of the integer form that holds values of a declared type."""
    scalar = _SCALARS.get(kind.base) or Num(10**kind.scale)
    return ListOf(scalar, kind.nullable_elements) if kind.is_list else scalar


LIST_POLICIES = frozenset({HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER})


def hit_policy(decision: Decision) -> HitPolicy | None:
    return decision.logic.hit if isinstance(decision.logic, Table) else None


def output_field(decision: Decision, output: Output) -> Field:
    """A list under the hit policies that gather all matched rows."""
    kind, hit = value_type(output.type), hit_policy(decision)
    if hit in LIST_POLICIES and not isinstance(kind, ListOf):
        return Field(output.name, ListOf(kind, output.type.nullable))
    return Field(output.name, kind, output.type.nullable)


def element_type(given: Input) -> Record:
    """What an item is to a decision: the members it reads, facts of the item and outputs of for_each decisions."""
    return Record(tuple(Field(member.name, value_type(member.type), member.type.nullable) for member in given.members))


def input_type(given: Input) -> tuple[Type, bool]:
    """(type, nullable) of an input."""
    if given.binding.kind is BindingKind.ITEMS:
        return ListOf(element_type(given)), False
    assert given.type is not None
    kind = value_type(given.type)
    if given.binding.kind is BindingKind.COLLECTED and not isinstance(kind, ListOf):
        return ListOf(kind, given.type.nullable), False
    return kind, given.type.nullable


def signature(decision: Decision) -> DecisionSignature:
    parameters = tuple((given.name, *input_type(given)) for given in decision.inputs)
    fields = tuple(output_field(decision, output) for output in decision.outputs)
    return DecisionSignature(decision.name, parameters, Record(fields))


def parameter_signatures(policy: Policy) -> dict[str, ParameterSignature]:
    return {
        name: ParameterSignature(name, value_type(parameter.type), value_type(parameter.key_type) if parameter.key_type else None)
        for name, parameter in policy.parameters.items()
    }


def plan(policy: Policy, decision: Decision, day: date | None, known: Mapping[str, Expr] | None = None) -> DecisionPlan:
    """Lower one decision. Raises NotPortable, placed in its rule file, for what the integer form cannot do.

    known: parameters whose value is to stand in the plan itself, as constants, instead of being looked up.
    """
    return _Planner(policy, decision, day, known or {}).run()


class _Planner:
    def __init__(self, policy: Policy, decision: Decision, day: date | None, known: Mapping[str, Expr]) -> None:
        self._policy, self._decision, self._day, self._known = policy, decision, day, known
        self._lowering = Lowering()
        self._place = decision.place

    def run(self) -> DecisionPlan:
        try:
            return self._plan()
        except NotPortable as error:
            error.place = self._place
            raise

    def _plan(self) -> DecisionPlan:
        decision = self._decision
        arguments = tuple(Argument(given.name, Var(f"a{index}", *input_type(given))) for index, given in enumerate(decision.inputs))
        required = {name: self._policy.decision(name, self._day)[0] for name in decision.requires_decisions}
        scope = Scope(
            {**self._known, **{argument.name: argument.variable for argument in arguments}},
            parameter_signatures(self._policy),
            {name: signature(other) for name, other in required.items()},
        )
        guards = []
        for requirement in decision.requirements:
            self._place = requirement.place
            guards.append(Guard(requirement.code, numeric.truth(self._lower(requirement.that, scope))))
        columns: tuple[Column, ...] = ()
        rows: tuple[RowPlan, ...] = ()
        steps: tuple[StepPlan, ...] = ()
        if isinstance(decision.logic, Table):
            columns, rows = self._table(decision.logic, scope)
            outputs = tuple(OutputPlan(output.name, output.type) for output in decision.outputs)
        else:
            steps = self._formula(decision.logic, scope)
            index = {step.name: position for position, step in enumerate(steps)}
            outputs = tuple(OutputPlan(output.name, output.type, index[output.name]) for output in decision.outputs)
        parts = (
            *(guard.that for guard in guards),
            *(c.value for c in columns),
            *(x for row in rows for x in (*row.tests, *row.outputs)),
        )
        nodes = list(walk((*parts, *(step.value for step in steps))))
        return DecisionPlan(
            decision.name, arguments, tuple(guards), hit_policy(decision), columns, rows, steps, outputs,
            asks=tuple(dict.fromkeys(node.decision for node in nodes if isinstance(node, Ask))),
            parameters=tuple(dict.fromkeys(node.parameter for node in nodes if isinstance(node, Lookup))),
        )  # fmt: skip

    def _lower(self, node: syntax.Node, scope: Scope) -> Expr:
        return self._lowering.lower(node, scope)

    def _at(self, place: Place) -> None:
        self._place = place

    def _table(self, table: Table, scope: Scope) -> tuple[tuple[Column, ...], tuple[RowPlan, ...]]:
        columns = []
        for index, column in enumerate(table.columns):
            self._at(column.place)
            value = self._lower(column.expression, scope)
            columns.append(Column(Var(f"c{index}", value.type, value.nullable), value))
        rows = []
        for row in table.rows:
            tests: list[Expr | None] = []
            for column_plan, cell in zip(columns, row.cells, strict=True):
                self._at(cell.place)
                tests.append(None if cell.tests.any else self._lowering.tests(cell.tests, column_plan.variable, scope))
            outputs = []
            for output, cell_out in zip(self._decision.outputs, row.outputs, strict=True):
                self._at(cell_out.place)
                value = self._lower(cell_out.expression, scope)
                if table.hit is not HitPolicy.COLLECT_COUNT:
                    kind = replace(output.type, is_list=False) if table.hit in LIST_POLICIES else output.type
                    value = self._output(value, kind)
                outputs.append(value)
            rows.append(RowPlan(row.id, tuple(tests), tuple(outputs)))
        return tuple(columns), tuple(rows)

    def _formula(self, formula: Formula, scope: Scope) -> tuple[StepPlan, ...]:
        steps = []
        for index, step in enumerate(formula.steps):
            self._at(step.place)
            value = self._lower(step.expression, scope)
            if step.type is not None:
                value = self._output(value, step.type)
            variable = Var(f"s{index}", value.type, value.nullable)
            scope = scope.extend({step.name: variable})
            steps.append(StepPlan(step.name, variable, value))
        return tuple(steps)

    def _output(self, x: Expr, kind: ValueType) -> Expr:
        """x as an output: within its scale, its range, its values, and null only where the output may be."""
        target = value_type(kind)
        if isinstance(x.type, Num) and isinstance(target, Num):
            assert target.den
            x = _within(x, target)
            low = None if kind.low is None else -(-kind.low.numerator * target.den // kind.low.denominator)
            high = None if kind.high is None else kind.high.numerator * target.den // kind.high.denominator
            if low is not None or high is not None:
                x = Op("in_range", (x, Lit(low, target, True), Lit(high, target, True)), target, x.nullable)
        else:
            if isinstance(target, ListOf) and not isinstance(x.type, ListOf):
                raise numeric.mismatch("list", x)
            if isinstance(target, ListOf) and isinstance(x.type, ListOf) and isinstance(target.element, Num):
                inner = Var("o_", x.type.element, x.type.nullable)
                if isinstance(inner.type, Num) and x.type != target:
                    x = Each("o_", x, _within(inner, target.element), target, nullable=x.nullable)
            x = numeric.convert(x, target) if x.type != target else x
            if kind.values:
                x = Op("in_values", (x, Lit(kind.values, Text())), target, x.nullable)
        return x if kind.nullable else Op("not_null", (x,), target)


def _within(x: Expr, target: Num) -> Expr:
    """A number brought to the digits of an output; an error where it has more."""
    assert isinstance(x.type, Num)
    assert target.den
    if x.type.den and target.den % x.type.den == 0:
        return numeric.scaled(x, target.den)
    return Op("round_or_fail", (numeric.ratio(x), Lit(target.den, Num(1))), target, x.nullable)
