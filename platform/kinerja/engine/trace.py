"""The trace: from each output back to its inputs, its row or step, its file and line, and the article in force."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from ..core.findings import Citation, TraceEntry, TraceInput
from ..core.indonesian import number
from ..core.numbers import round_half_up
from ..feel import names_used
from ..feel.syntax import BooleanLiteral, NumberLiteral, StringLiteral
from ..policy.model import BindingKind, Cell, Decision, Formula, Input, Row, Step, Table
from .agenda import Agenda
from .exact import ExactEngine, Record
from .wording import joined, name_en, name_id, plain, value_en, value_id, where

PRINTED_DIGITS = 2


def build_trace(engine: ExactEngine, agenda: Agenda, records: Iterable[Record]) -> tuple[tuple[TraceEntry, ...], tuple[str, ...]]:
    """(entries in the order computed, warnings). Decisions called on the way stand before their caller."""
    writer = _Writer(engine, agenda)
    entries = tuple(entry for record in records for entry in writer.record(record, record.item))
    return entries, tuple(dict.fromkeys(writer.warnings))


class _Writer:
    def __init__(self, engine: ExactEngine, agenda: Agenda) -> None:
        self._engine, self._policy, self._agenda = engine, engine.policy, agenda
        self.warnings: list[str] = []

    def record(self, record: Record, item: str) -> Iterable[TraceEntry]:
        for called in record.calls:
            yield from self.record(called, item)
        if isinstance(record.decision.logic, Table):
            yield from self._table(record, record.decision.logic, item)
        else:
            yield from self._formula(record, record.decision.logic, item)

    # ── tables ────────────────────────────────────────────────────────────────────────────────────────────────────────
    def _table(self, record: Record, table: Table, item: str) -> Iterable[TraceEntry]:
        decision = record.decision
        chosen = [table.rows[index] for index in record.chosen]
        inputs = tuple(self._input(record, given) for given in decision.inputs)
        doubt_id, doubt_en = self._printed_doubt(record, table, item)
        for output in decision.outputs:
            value = record.outputs[output.name]
            if not chosen:
                place, ref = decision.place, ""
                because_id, because_en = "tidak ada baris yang cocok", "no row matches"
            else:
                place, ref = chosen[0].place, ",".join(row.id for row in chosen)
                because_id, because_en = self._because(record, table, chosen)
            basis = where(place, decision.authority)
            text_id = f"{output.label.id}{_of(item)} {value_id(value, output.type.unit)} {because_id}; {basis}).{doubt_id}"
            text_en = f"{output.label.en}{_of(item)} {value_en(value, output.type.unit)} {because_en}; {basis}).{doubt_en}"
            yield TraceEntry(
                decision.name, output.name, plain(value), "row", ref, place, inputs, decision.authority, item, text_id, text_en
            )

    def _because(self, record: Record, table: Table, chosen: list[Row]) -> tuple[str, str]:
        reasons_id, reasons_en = [], []
        for column, value, *cells in zip(table.columns, record.tested, *(row.cells for row in chosen), strict=True):
            if all(cell.tests.any for cell in cells):
                continue
            label = self._column_label(record.decision, column.text)
            unit = label[2]
            shown = dict.fromkeys(_condition(cell) for cell in cells)
            condition = "; ".join(text for text in shown if text)
            reasons_id.append(f"{label[0]} = {value_id(value, unit)}" + (f" (syarat {_decimal_comma(condition)})" if condition else ""))
            reasons_en.append(f"{label[1]} = {value_en(value, unit)}" + (f" (condition {condition})" if condition else ""))
        numbers = ", ".join(row.id.rpartition("#")[2] for row in chosen)
        note = f": {chosen[0].note}" if len(chosen) == 1 and chosen[0].note else ""
        because_id = f"karena {joined(reasons_id, 'dan')}" if reasons_id else "tanpa syarat"
        because_en = f"because {joined(reasons_en, 'and')}" if reasons_en else "without condition"
        return f"{because_id} (baris {numbers}{note}", f"{because_en} (row {numbers}{note}"

    def _column_label(self, decision: Decision, text: str) -> tuple[str, str, str]:
        for given in decision.inputs:
            if given.name == text:
                return name_id(given.label), name_en(given.label), given.type.unit if given.type else ""
        return text, text, ""

    def _printed_doubt(self, record: Record, table: Table, item: str) -> tuple[str, str]:
        """Where the figure as printed, rounded, would have met another row: said in words and as a warning."""
        for position, (column, value) in enumerate(zip(table.columns, record.tested, strict=True)):
            if not isinstance(value, Fraction):
                continue
            printed = round_half_up(value, PRINTED_DIGITS)
            if printed == value:
                continue
            tested = [*record.tested[:position], printed, *record.tested[position + 1 :]]
            rows = self._engine.compiled(record.decision).matching(tested, record.scope)
            if rows == record.rows:
                continue
            label = self._column_label(record.decision, column.text)
            figure = number(printed, PRINTED_DIGITS)
            other_id = f"baris {', '.join(str(row + 1) for row in rows)}" if rows else "tidak ada baris"
            other_en = f"row {', '.join(str(row + 1) for row in rows)}" if rows else "no row"
            self.warnings.append(
                f"{record.decision.label.id}{_of(item)}: {label[0]} tercetak {figure} tampak seperti {other_id}; "
                f"yang dibandingkan nilai tidak dibulatkan {value_id(value)}"
            )
            return (
                f" Perhatian: angka tercetak {figure} tampak seperti {other_id}; yang dibandingkan {value_id(value)}.",
                f" Note: the printed figure {value_en(printed)} looks like {other_en}; compared was {value_en(value)}.",
            )
        return "", ""

    # ── formulas ──────────────────────────────────────────────────────────────────────────────────────────────────────
    def _formula(self, record: Record, formula: Formula, item: str) -> Iterable[TraceEntry]:
        decision = record.decision
        earlier: dict[str, Step] = {}
        for step in formula.steps:
            value = record.steps[step.name]
            names = names_used(step.expression)
            inputs = tuple(self._step_inputs(record, names, earlier))
            citations = (*decision.authority, *self._parameter_citations(names))
            unit = step.type.unit if step.type else ""
            basis = where(step.place, citations)
            given_id = ", ".join(f"{i.name} = {value_id(i.value)}" for i in inputs)
            given_en = ", ".join(f"{i.name} = {value_en(i.value)}" for i in inputs)
            formula_text = " ".join(step.text.split())
            text_id = f"{step.label.id}{_of(item)} = {value_id(value, unit)}, dihitung dari “{formula_text}”"
            text_en = f'{step.label.en}{_of(item)} = {value_en(value, unit)}, computed from "{formula_text}"'
            yield TraceEntry(
                decision.name,
                step.name,
                plain(value),
                "step",
                step.name,
                step.place,
                inputs,
                citations,
                item,
                f"{text_id}{f' dengan {given_id}' if given_id else ''} (langkah {step.name}; {basis}).",
                f"{text_en}{f' with {given_en}' if given_en else ''} (step {step.name}; {basis}).",
            )
            earlier[step.name] = step

    def _step_inputs(self, record: Record, names: set[str], earlier: dict[str, Step]) -> Iterable[TraceInput]:
        decision = record.decision
        for given in decision.inputs:
            if given.name in names:
                yield self._input(record, given)
        for name in earlier:
            if name in names:
                yield TraceInput(name, plain(record.steps[name]), f"{decision.name}.{name}")
        for name in decision.requires_parameters:
            if name not in names:
                continue
            if self._policy.parameters[name].key_type is None:
                yield TraceInput(name, plain(record.scope.get(name)), f"parameter.{name}")
            else:
                found = dict.fromkeys((key, value) for parameter, key, value in record.lookups if parameter == name)
                for key, value in found:
                    yield TraceInput(f"{name}({value_en(key)})", plain(value), f"parameter.{name}")
        for name in decision.requires_decisions:
            called = [one for one in record.calls if one.decision.name == name]
            if name in names and called:
                for output in called[0].decision.outputs:
                    values = tuple(plain(one.outputs[output.name]) for one in called)
                    yield TraceInput(f"{name}.{output.name}", values[0] if len(values) == 1 else values, f"{name}.{output.name}")

    def _parameter_citations(self, names: set[str]) -> list[Citation]:
        found: list[Citation] = []
        for name in sorted(names & set(self._policy.parameters)):
            parameter = self._policy.parameters[name]
            dated = parameter.on(self._agenda.day) if self._agenda.day else None
            found += dated.authority if dated is not None and dated.authority else parameter.authority
        return found

    def _input(self, record: Record, given: Input) -> TraceInput:
        binding = given.binding
        source = str(binding)
        if self._agenda.single and not self._is_called(record):
            source = f"masukan.{given.name}"
        elif binding.kind is BindingKind.LOCAL or self._is_called(record):
            source = f"panggilan.{given.name}"
        return TraceInput(given.name, plain(record.inputs[given.name]), source)

    def _is_called(self, record: Record) -> bool:
        return all(record.decision.name != decision.name for decision in self._agenda.decisions)


def _of(item: str) -> str:
    return f" [{item}]" if item else ""


def _condition(cell: Cell) -> str:
    """The cell's text, "" where it is a plain value that the reason has already said."""
    if len(cell.tests.alternatives) == 1 and not cell.tests.negated:
        expression: Any = cell.tests.alternatives[0].expression
        if isinstance(expression, NumberLiteral | StringLiteral | BooleanLiteral):
            return ""
    return "" if cell.tests.any else cell.text


def _decimal_comma(text: str) -> str:
    """88.31..100 → 88,31..100: a point between digits becomes a comma, the dots of a range stay."""
    parts = text.split("..")
    return "..".join(_points(part) for part in parts)


def _points(text: str) -> str:
    return "".join(
        "," if mark == "." and text[index - 1 : index].isdigit() and text[index + 1 : index + 2].isdigit() else mark
        for index, mark in enumerate(text)
    )


