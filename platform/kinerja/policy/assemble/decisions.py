"""decisions/*.yaml → Decision: inputs bound, logic parsed, names resolved, requirements collected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from ...core.errors import Place
from ...feel.syntax import Node
from ..check.portable import outside
from ..diagnostics import Report
from ..model import BindingKind, Decision, Example, Formula, Input, Label, Requirement, Step, Table, ValueType
from ..shapes import day, plain, text
from ..source import ListNode, MapNode, Scalar
from .bindings import read_inputs
from .common import citations, label
from .expressions import check_name, read_expression
from .grid import Grid
from .names import Names
from .registry import Header, Registry
from .scope import uses
from .tables import read_table
from .typing import Typing

GridOf = Callable[[Scalar, Report], Grid | None]


@dataclass(slots=True)
class Draft:
    """A decision being read: its expressions with their places, to be resolved together."""

    header: Header
    registry: Registry
    report: Report
    inputs: tuple[Input, ...]
    expressions: list[tuple[Node, Callable[[int], Place]]] = field(default_factory=list)


def build_decision(header: Header, registry: Registry, grid_of: GridOf, report: Report) -> Decision | None:
    """The decision, or None when its logic is too broken. Everything found is in the report."""
    if header.for_each is not None and header.for_each not in registry.vocabulary.entities:
        report.add(
            "R020",
            header.root.place_of("for_each"),
            near=(header.for_each, registry.vocabulary.entities),
            name=header.for_each,
            remedy_id="sebut entitas dari kosakata",
            remedy_en="name an entity of the vocabulary",
        )
        return None
    before = len(report)
    draft = Draft(header, registry, report, read_inputs(header, registry, report))
    names = Names(draft.inputs, registry, header, report)
    names.check_clashes(_step_names(header.root))
    typing = Typing(draft.inputs, registry, header.for_each)
    inputs_whole = not report.errors_since(before)
    logic = _logic(draft, names, typing, grid_of)
    requirements = _requirements(draft, names, typing)
    if logic is None:
        return None
    when = header.root.get("when")
    if isinstance(when, Scalar) and (condition := read_expression(when, names.in_scope(), report)) is not None:
        names.resolve(condition, when.at)
    clause = header.root.get("transitional")
    when = clause.get("when") if isinstance(clause, MapNode) else None
    if isinstance(when, Scalar) and (condition := read_expression(when, names.in_scope(), report)) is not None:
        names.used |= {use.name for use in uses(condition)}  # whether they are known, `exceptions` asks
    if inputs_whole:
        names.report_unused(logic)
    members = names.members()
    inputs = tuple(
        replace(given, members=members.get(given.binding.target, ())) if given.binding.kind is BindingKind.ITEMS else given
        for given in draft.inputs
    )
    portable = _portable(draft)
    return Decision(
        header.name,
        label(header.root.get("title"), header.name),
        header.for_each,
        inputs,
        header.outputs,
        logic,
        requirements,
        names.decisions(),
        names.parameters(),
        header.effective,
        citations(header.root.get("authority")),
        _examples(header.root, report),
        _monotone(header, inputs, report),
        header.place,
        portable,
    )


def _step_names(root: MapNode) -> dict[str, Place]:
    steps = root.get("steps")
    return {entry.key.text: entry.key.place for entry in steps.entries} if isinstance(steps, MapNode) else {}


# ── logic ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _logic(draft: Draft, names: Names, typing: Typing, grid_of: GridOf) -> Table | Formula | None:
    root, report = draft.header.root, draft.report
    present = [key for key in ("table", "formula", "steps") if root.get(key) is not None]
    if len(present) != 1:
        place = root.place_of(present[1]) if present else draft.header.place
        shown = ", ".join(present) or "—"
        report.add("R042", place, remedy_id=f"sisakan satu (sekarang: {shown})", remedy_en=f"keep one (now: {shown})")
        return None
    node = root.get(present[0])
    if present[0] == "steps":
        return _steps(node, draft, names, typing) if isinstance(node, MapNode) else None
    if not isinstance(node, Scalar):
        return None
    if present[0] == "formula":
        return _formula(node, draft, names, typing)
    grid = grid_of(node, report)
    if grid is None:
        return None
    in_scope = names.in_scope()
    types: dict[str, ValueType | None] = {given.name: given.type for given in draft.inputs}
    for missing in draft.header.inputs:
        types.setdefault(missing, None)  # an input that could not be bound: its columns are passed over in silence
    table = read_table(grid, draft.header, types, (*in_scope, *types), typing.value_type_of, report)
    if table is None:
        return None
    for column in table.columns:
        names.resolve(column.expression, _fixed(column.place))
        draft.expressions.append((column.expression, _fixed(column.place)))
    for row in table.rows:
        for cell, type_ in zip(row.cells, table.column_types, strict=True):
            names.resolve(cell.tests, _along(cell.place))
            typing.check_cell(cell, type_, report)
            draft.expressions.append((cell.tests, _along(cell.place)))
        for out, output in zip(row.outputs, draft.header.outputs, strict=True):
            names.resolve(out.expression, _along(out.place))
            typing.check_output(out.expression, output, _along(out.place), report, one=True)
            draft.expressions.append((out.expression, _along(out.place)))
    return table


def _fixed(place: Place) -> Callable[[int], Place]:
    return lambda _: place


def _along(place: Place) -> Callable[[int], Place]:
    return lambda offset: Place(place.file, place.line, place.column + offset)


def _formula(node: Scalar, draft: Draft, names: Names, typing: Typing) -> Formula | None:
    outputs = draft.header.outputs
    if len(outputs) != 1:
        draft.report.add("R043", draft.header.root.place_of("formula"), count=len(outputs))
        return None
    expression = _expression(node, draft, names)
    if expression is None:
        return None
    typing.check_output(expression, outputs[0], node.at, draft.report)
    step = Step(outputs[0].name, node.text.strip(), expression, outputs[0].label, outputs[0].type, node.place)
    return Formula((step,))


def _steps(node: MapNode, draft: Draft, names: Names, typing: Typing) -> Formula | None:
    outputs = {output.name: output for output in draft.header.outputs}
    steps: list[Step] = []
    whole = True
    for entry in node.entries:
        name, value = entry.key.text, entry.value
        check_name(name, entry.key.place, draft.report)
        written = value.get("formula") if isinstance(value, MapNode) else value
        if not isinstance(written, Scalar):
            continue
        output = outputs.get(name)
        shown: Label = output.label if output else label(value.get("label") if isinstance(value, MapNode) else None, name)
        expression = _expression(written, draft, names)
        if expression is None:
            whole = False
        else:
            if output is not None:
                typing.check_output(expression, output, written.at, draft.report)
            else:
                typing.check_step(name, expression, written.at, draft.report)
            steps.append(Step(name, written.text.strip(), expression, shown, output.type if output else None, written.place))
        names.add_step(name, entry.key.place)
        typing.add_step(name, expression, output)
    for name, output in outputs.items():
        if all(entry.key.text != name for entry in node.entries):
            draft.report.add("R037", output.place, name=name, what_id="langkah", what_en="step")
            whole = False
    return Formula(tuple(steps)) if whole and steps else None


def _expression(scalar: Scalar, draft: Draft, names: Names) -> Node | None:
    expression = read_expression(scalar, names.in_scope(), draft.report)
    if expression is not None:
        names.resolve(expression, scalar.at)
        draft.expressions.append((expression, scalar.at))
    return expression


# ── the rest ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def _requirements(draft: Draft, names: Names, typing: Typing) -> tuple[Requirement, ...]:
    """`requires:` speak of the inputs only: they are tested before any step."""
    found: list[Requirement] = []
    listed = draft.header.root.get("requires")
    before = names.without_steps()
    for item in listed.items if isinstance(listed, ListNode) else ():
        that = item.get("that") if isinstance(item, MapNode) else None
        if not isinstance(item, MapNode) or not isinstance(that, Scalar):
            continue
        expression = _expression(that, draft, before)
        if expression is not None:
            typing.check_truth(expression, that.at, draft.report)
            found.append(Requirement(text(item.get("code")), that.text.strip(), expression, label(item, ""), item.place))
    return tuple(found)


def _portable(draft: Draft) -> bool:
    own = frozenset(draft.registry.headers) | frozenset(draft.registry.parameters)
    for expression, at in draft.expressions:
        for word, node in outside(expression, own):
            draft.report.add("R083", at(node.span.start), what=word)
            return False
    return True


def _monotone(header: Header, inputs: tuple[Input, ...], report: Report) -> dict[str, str]:
    node = header.root.get("monotone")
    if not isinstance(node, MapNode):
        return {}
    known = {given.name for given in inputs}
    known |= {f"{given.name}.{member.name}" for given in inputs for member in given.members}
    own = {given.name for given in inputs}
    further = {name for name, _ in node.items() if "." in name and name.partition(".")[0] not in own}  # outputs of other decisions
    lost = set(header.inputs) - own  # reported where they stand
    for name, _ in node.items():
        if name not in known and name not in further and name.partition(".")[0] not in lost:
            report.add(
                "R020",
                node.place_of(name),
                near=(name, known),
                name=name,
                remedy_id="sebut masukan keputusan ini",
                remedy_en="name an input of this decision",
            )
    return {name: text(direction) for name, direction in node.items() if name in known or name in further}


def _examples(root: MapNode, report: Report) -> tuple[Example, ...]:
    found: list[Example] = []
    listed = root.get("cases")
    for item in listed.items if isinstance(listed, ListNode) else ():
        given = item.get("given") if isinstance(item, MapNode) else None
        if not isinstance(item, MapNode) or not isinstance(given, MapNode):
            if isinstance(item, MapNode) and given is not None:
                report.add("R006", given.place, expected_id="pasangan masukan: nilai", expected_en="input: value pairs")
            continue
        expect = item.get("expect")
        error = text(item.get("error")) or None
        if (expect is None) == (error is None):
            report.add(
                "R080",
                item.place,
                what_id="perlu tepat satu dari “expect” dan “error”",
                what_en="give exactly one of `expect` and `error`",
            )
            continue
        expected: Any = plain(expect) if expect is not None else {}
        if not isinstance(expected, dict):
            report.add("R006", item.place_of("expect"), expected_id="pasangan keluaran: nilai", expected_en="output: value pairs")
            continue
        found.append(Example(plain(given), expected, error, day(item.get("on")), item.place, text(item.get("note"))))
    return tuple(found)
