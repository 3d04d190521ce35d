"""One decision as FEEL closures over exact rationals, and the record of what it read and did."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...core.errors import Place, RuleError
from ...feel import STRICT, compile_expression, compile_tests, names_used, read_once, walk
from ...feel.syntax import ContextLiteral, ListLiteral, Name
from ...policy.model import BindingKind, Decision, Requirement, Table, ValueType
from .hits import settle
from .outputs import check_output, list_policy

Closure = Callable[[Mapping[str, Any]], Any]
MAX_KNOWN = 4_096
CellTest = Callable[[Any, Mapping[str, Any]], bool]


@dataclass(slots=True)
class Record:
    """How one decision was reached: read by the trace.

    inputs: local name → value. tested: value of each column. rows: indexes of the matched rows, chosen: of those that count.
    steps: name → exact value, intermediates included. calls: decisions asked on the way, in order. lookups: keyed parameters
    read, (name, key, value). scope: what its expressions could read; as_read: what they did, as FEEL values. kept: it answers for
    several cases, and is not changed.
    """

    decision: Decision
    item: str
    inputs: dict[str, Any]
    tested: tuple[Any, ...] = ()
    rows: tuple[int, ...] = ()
    chosen: tuple[int, ...] = ()
    steps: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    calls: list[Record] = field(default_factory=list)
    lookups: list[tuple[str, Any, Any]] = field(default_factory=list)
    scope: Mapping[str, Any] = field(default_factory=dict)
    as_read: Mapping[str, Any] = field(default_factory=dict)
    kept: bool = False
    _ids: tuple[str, ...] | None = None

    @property
    def row_ids(self) -> tuple[str, ...]:
        if self._ids is None:
            logic = self.decision.logic
            self._ids = tuple([logic.rows[index].id for index in self.rows]) if isinstance(logic, Table) else ()
        return self._ids


class _Scope(dict[str, Any]):
    """Names and values; a name without a value may raise an error of its own before it is merely unknown."""

    def __init__(self, values: Mapping[str, Any], absent: Callable[[str], None] | None) -> None:
        super().__init__(values)
        self._absent = absent

    def __missing__(self, name: str) -> Any:
        if self._absent is not None:
            self._absent(name)
        raise KeyError(name)


class ExactDecision:
    """Compiled once; `run` may be called for any number of cases.

    Requirements, columns and steps are each evaluated as one expression. Only when that fails, or an output is refused, are
    they gone through one by one, so that the error is the first one and has its place.
    """

    def __init__(self, decision: Decision) -> None:
        self.decision = decision
        self._requirements = [(compile_expression(one.that, STRICT), one) for one in decision.requirements]
        self._all_required = compile_expression(ListLiteral(tuple(one.that for one in decision.requirements)), STRICT)
        self._needed = [
            given
            for given in decision.inputs
            if given.type is not None and not given.type.nullable and given.binding.kind is not BindingKind.COLLECTED
        ]
        logic = decision.logic
        self._columns: list[tuple[Closure, Place]] = []
        self._rows: list[tuple[list[tuple[CellTest, Place]], list[tuple[Closure, Place]]]] = []
        self._steps: list[tuple[str, Closure, ValueType | None, Place]] = []
        if isinstance(logic, Table):
            self._columns = [(compile_expression(column.expression, STRICT), column.place) for column in logic.columns]
            self._together = compile_expression(ListLiteral(tuple(column.expression for column in logic.columns)), STRICT)
            for row in logic.rows:
                tests = [(compile_tests(cell.tests, STRICT), cell.place) for cell in row.cells]
                outputs = [(compile_expression(cell.expression, STRICT), cell.place) for cell in row.outputs]
                self._rows.append((tests, outputs))
            read = (node for row in logic.rows for cell in row.cells for node in walk(cell.tests))
            self._constant = not any(kind.is_list for kind in logic.column_types) and not any(
                isinstance(node, Name) for node in read
            )
            self._known: dict[tuple[Any, ...], tuple[int, ...]] = {}
        else:
            self._steps = [(s.name, compile_expression(s.expression, STRICT), s.type, s.place) for s in logic.steps]
            self._together = compile_expression(ContextLiteral(tuple((s.name, s.expression) for s in logic.steps)), STRICT)

    def run(
        self, inputs: dict[str, Any], world: Mapping[str, Any], item: str = "", absent: Callable[[str], None] | None = None
    ) -> Record:
        """inputs by local name; world: parameters and callable decisions; absent: told of a name that has no value.

        Raises RuleError with decision, item and place.
        """
        record = Record(self.decision, item, inputs)
        place = self.decision.place
        record.scope = scope = _Scope({**world, **inputs}, absent)
        record.as_read = once = read_once(scope, STRICT)
        try:
            self._check_inputs(inputs)
            if self._requirements:
                self._require(scope, once)
            if isinstance(self.decision.logic, Table):
                self._run_table(record, scope, once, self.decision.logic)
            else:
                self._run_steps(record, scope, once)
        except RuleError as error:
            raise located(error, self.decision, item, place) from error
        return record

    def _require(self, scope: _Scope, once: Mapping[str, Any]) -> None:
        try:
            for held in self._all_required(once):
                if held is not True:
                    break
            else:
                return
        except RuleError:
            pass
        for closure, requirement in self._requirements:
            if _at(requirement.place, closure, scope) is not True:
                raise self._broken(requirement)

    def _broken(self, requirement: Requirement) -> RuleError:
        read = names_used(requirement.that)
        names = ", ".join(given.name for given in self.decision.inputs if given.name in read)
        return RuleError(
            requirement.code,
            requirement.label.id,
            requirement.label.en,
            place=requirement.place,
            remedy_id=f"periksa {names}" if names else "",
            remedy_en=f"check {names}" if names else "",
        )

    def _check_inputs(self, inputs: Mapping[str, Any]) -> None:
        for given in self._needed:
            if inputs[given.name] is not None:
                continue
            raise RuleError(
                "fakta_hilang",
                f"“{given.label.id}” belum diisi",
                f'"{given.label.en}" is missing',
                remedy_id="isi faktanya; tidak ada nilai bawaan",
                remedy_en="give the fact; there is no default",
                fact=given.name,
            )

    def _run_table(self, record: Record, scope: _Scope, once: Mapping[str, Any], table: Table) -> None:
        record.tested = tested = self._tested(scope, once)
        matched = record.rows = self.matching(tested, scope)
        counting = list_policy(table.hit)

        def outputs_of(index: int) -> tuple[Any, ...]:
            values = []
            for (closure, place), output in zip(self._rows[index][1], self.decision.outputs, strict=True):
                value = _at(place, closure, once)
                values.append(_at(place, check_output, value, output.type, counting))
            return tuple(values)

        record.chosen, values = settle(self.decision, table, matched, tested, outputs_of)
        record.outputs = {output.name: value for output, value in zip(self.decision.outputs, values, strict=True)}

    def _tested(self, scope: _Scope, once: Mapping[str, Any]) -> tuple[Any, ...]:
        try:
            return tuple(self._together(once))
        except RuleError:
            return tuple(_at(place, closure, scope) for closure, place in self._columns)

    def matching(self, tested: Sequence[Any], scope: Mapping[str, Any]) -> tuple[int, ...]:
        """Indexes of the rows that these column values pass; remembered where the cells read nothing else."""
        if not self._constant:
            return self._matching(tested, scope)
        key = tuple((type(value), value) for value in tested)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= MAX_KNOWN:
                self._known.clear()
            found = self._known[key] = self._matching(tested, scope)
        return found

    def _matching(self, tested: Sequence[Any], scope: Mapping[str, Any]) -> tuple[int, ...]:
        return tuple(
            index
            for index, (tests, _) in enumerate(self._rows)
            if all(_at(place, test, value, scope) for (test, place), value in zip(tests, tested, strict=True))
        )

    def _run_steps(self, record: Record, scope: dict[str, Any], once: Mapping[str, Any]) -> None:
        try:
            values = self._together(once)
            for name, _, kind, _ in self._steps:
                record.steps[name] = values[name] if kind is None else check_output(values[name], kind)
            scope.update(record.steps)
        except RuleError:
            record.steps.clear()
            for name, closure, kind, place in self._steps:
                value = _at(place, closure, scope)
                if kind is not None:
                    value = _at(place, check_output, value, kind)
                scope[name] = record.steps[name] = value
        record.outputs = {output.name: record.steps[output.name] for output in self.decision.outputs}


def _at(place: Place, function: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return function(*arguments)
    except RuleError as error:
        if error.place is None:
            error.place = place
        raise


def located(error: RuleError, decision: Decision, item: str, place: Place) -> RuleError:
    """The error with its place, its decision and its item; those of a decision called on the way stay under `called`."""
    if error.place is None:
        error.place = place
    if "decision" in error.details:
        error.details.setdefault("called", error.details["decision"])
    error.details["decision"] = decision.name
    error.details["item"] = item
    return error
