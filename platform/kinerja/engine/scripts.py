"""What a trace says of a decision whatever the case: labels, conditions, what each step reads, and the basis in law."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from ..core.errors import Place
from ..core.findings import Citation
from ..feel import STRICT, Node, compile_expression, names_used
from ..feel.syntax import BooleanLiteral, If, NumberLiteral, StringLiteral
from ..policy.model import BindingKind, Cell, Decision, Formula, Input, Policy, Table, shown
from .wording import name_en, name_id, where


@dataclass(frozen=True, slots=True)
class ColumnScript:
    """conditions: one a row; None for `-`, "" where the cell is a plain value that the reason says anyway."""

    name_id: str
    name_en: str
    unit: str
    conditions: tuple[str | None, ...]

    def condition(self, rows: tuple[int, ...]) -> str | None:
        """Of these rows together; None where none of them asks anything of this column."""
        found = [text for row in rows if (text := self.conditions[row]) is not None]
        return "; ".join(dict.fromkeys(text for text in found if text)) if found else None


@dataclass(frozen=True, slots=True)
class Leaf:
    """What a step computes where no further choice is left: its text, the names in it, and the condition that led to it, "" where
    it is what remained."""

    text: str
    names: frozenset[str]
    condition: str


@dataclass(frozen=True, slots=True)
class Choices:
    """The parts that a formula may come down to; choose: the number of the one it does in a scope, None where there is but one."""

    leaves: tuple[Leaf, ...]
    choose: Callable[[Mapping[str, Any]], Any] | None

    def taken(self, scope: Mapping[str, Any]) -> Leaf:
        """The part that was computed."""
        return self.leaves[0 if self.choose is None else self.choose(scope).numerator]


@dataclass(frozen=True, slots=True)
class StepScript:
    """Names a step reads: inputs, earlier steps, scalar and keyed parameters, decisions it asks. formula: with its choices.

    end_…: of the sentence, with the step and its basis in law.
    """

    formula: Choices
    unit: str
    inputs: tuple[str, ...]
    steps: tuple[str, ...]
    scalars: tuple[str, ...]
    keyed: tuple[str, ...]
    asked: tuple[str, ...]
    citations: tuple[Citation, ...]
    place: Place
    end_id: str
    end_en: str


class Script:
    """One version of a decision on one judgement day.

    …_sources: (input, where it came from, evidence): the fact or output it is bound to; `masukan.x` where the decision was asked
    alone, `panggilan.x` where another decision called it.
    """

    def __init__(self, policy: Policy, decision: Decision, day: date | None) -> None:
        self._decision = decision
        self._basis: dict[Place, str] = {}
        names = [given.name for given in decision.inputs]
        self.called_sources = [(name, f"panggilan.{name}", "") for name in names]
        self.given_sources = [(name, f"masukan.{name}", "") for name in names]
        self.bound_sources = [
            (given.name, f"panggilan.{given.name}", "")
            if given.binding.kind is BindingKind.LOCAL
            else (given.name, str(given.binding), _evidence(policy, given))
            for given in decision.inputs
        ]
        logic = decision.logic
        self.columns = _columns(decision, logic) if isinstance(logic, Table) else ()
        self.steps = _steps(policy, decision, logic, day) if isinstance(logic, Formula) else ()

    def basis(self, place: Place) -> str:
        found = self._basis.get(place)
        if found is None:
            found = self._basis[place] = where(shown(place), self._decision.authority)
        return found


def _evidence(policy: Policy, given: Input) -> str:
    """Where a fact comes from, as the vocabulary says; of a list of items, where their facts do."""
    entity = policy.vocabulary.entities.get(given.binding.target)
    if entity is None:
        return ""
    names = [member.name for member in given.members if member.decision is None] or [given.binding.member]
    sources = [entity.facts[name].source for name in names if name in entity.facts]
    return ", ".join(dict.fromkeys(source for source in sources if source))


def _columns(decision: Decision, table: Table) -> tuple[ColumnScript, ...]:
    found = []
    for index, column in enumerate(table.columns):
        given = next((one for one in decision.inputs if one.name == column.text), None)
        labels = (name_id(given.label), name_en(given.label)) if given else (column.text, column.text)
        unit = given.type.unit if given and given.type else ""
        found.append(ColumnScript(*labels, unit, tuple(_condition(row.cells[index]) for row in table.rows)))
    return tuple(found)


def _condition(cell: Cell) -> str | None:
    if cell.tests.any:
        return None
    if len(cell.tests.alternatives) == 1 and not cell.tests.negated:
        expression = cell.tests.alternatives[0].expression
        if isinstance(expression, NumberLiteral | StringLiteral | BooleanLiteral):
            return ""
    return cell.text


def _steps(policy: Policy, decision: Decision, formula: Formula, day: date | None) -> tuple[StepScript, ...]:
    found = []
    earlier: list[str] = []
    for step in formula.steps:
        names = names_used(step.expression)
        parameters = [name for name in decision.requires_parameters if name in names]
        citations = (*decision.authority, *_parameter_citations(policy, parameters, day))
        basis = where(shown(step.place), citations)
        found.append(
            StepScript(
                _formula(step.expression, step.text),
                step.type.unit if step.type else "",
                tuple(given.name for given in decision.inputs if given.name in names),
                tuple(name for name in earlier if name in names),
                tuple(name for name in parameters if policy.parameters[name].key_type is None),
                tuple(name for name in parameters if policy.parameters[name].key_type is not None),
                tuple(name for name in decision.requires_decisions if name in names),
                citations,
                shown(step.place),
                f" (langkah {step.name}; {basis}).",
                f" (step {step.name}; {basis}).",
            )
        )
        earlier.append(step.name)
    return tuple(found)


def _formula(node: Node, source: str) -> Choices:
    leaves: list[Leaf] = []

    def numbered(node: Node, condition: str) -> Node:
        """The same choices with the numbers of the parts in place of the parts."""
        if isinstance(node, If):
            then = numbered(node.then, _source(node.condition, source))
            return replace(node, then=then, otherwise=numbered(node.otherwise, ""))
        leaves.append(Leaf(_source(node, source), frozenset(names_used(node)), condition))
        return NumberLiteral(Fraction(len(leaves) - 1), span=node.span)

    choosing = numbered(node, "")
    return Choices(tuple(leaves), compile_expression(choosing, STRICT) if isinstance(node, If) else None)


def _source(node: Node, source: str) -> str:
    """The text of a part, on one line."""
    return " ".join(source[node.span.start : node.span.end].split())


def _parameter_citations(policy: Policy, names: list[str], day: date | None) -> list[Citation]:
    """The authority of the value in force, else of the parameter."""
    found: list[Citation] = []
    for name in names:
        parameter = policy.parameters[name]
        latest = max(parameter.values, key=lambda value: value.effective.first, default=None)
        dated = parameter.on(day) if day is not None else latest
        found += dated.authority if dated is not None and dated.authority else parameter.authority
    return found


def decimal_comma(text: str) -> str:
    """88.31..100 → 88,31..100: a point between digits becomes a comma, the dots of a range stay."""
    return "..".join(_points(part) for part in text.split(".."))


def _points(text: str) -> str:
    return "".join(
        "," if mark == "." and text[index - 1 : index].isdigit() and text[index + 1 : index + 2].isdigit() else mark
        for index, mark in enumerate(text)
    )
