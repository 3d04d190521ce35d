"""The trace: from each output back to its inputs, its row or step, its file and line, and the article in force."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from ..core.findings import TraceEntry, TraceInput
from ..core.indonesian import number
from ..core.numbers import round_half_up
from ..policy.model import Decision, Formula, Row, Table, shown
from .agenda import Agenda
from .exact import ExactEngine, Record
from .scripts import ColumnScript, Script, StepScript, decimal_comma
from .wording import joined, plain, value_en, value_id, value_texts

PRINTED_DIGITS = 2
MAX_TOLD = 1_024

Told = tuple[list[TraceEntry], list[str]]
"""Entries and warnings."""
_Key = tuple[int, str, bool, bool]
"""Of a record: its id, the item, whether it was called, whether its decision was asked alone."""


class Tracer:
    """Writes traces of one policy; what does not depend on the case is worked out once for each version of a decision."""

    def __init__(self, engine: ExactEngine) -> None:
        self._engine = engine
        self._scripts: dict[tuple[str, date, date | None], Script] = {}
        self._told: dict[_Key, tuple[Record, Told]] = {}

    def trace(self, agenda: Agenda, records: Iterable[Record]) -> tuple[tuple[TraceEntry, ...], tuple[str, ...]]:
        """(entries in the order computed, warnings). Decisions called on the way stand before their caller."""
        writer = _Writer(self, agenda)
        for record in records:
            writer.told(record, record.item)
        return tuple(writer.entries), tuple(dict.fromkeys(writer.warnings))

    def script(self, decision: Decision, day: date | None) -> Script:
        key = (decision.name, decision.effective.first, day)
        found = self._scripts.get(key)
        if found is None:
            if len(self._scripts) > 4_000:
                self._scripts.clear()
            found = self._scripts[key] = Script(self._engine.policy, decision, day)
        return found

    def known(self, key: _Key) -> Told | None:
        """What was written of a record in this way before."""
        found = self._told.get(key)
        return None if found is None else found[1]

    def keep(self, key: _Key, record: Record, told: Told) -> None:
        if len(self._told) >= MAX_TOLD:
            self._told.clear()
        self._told[key] = (record, told)  # the record is held, so that its id stays its own

    @property
    def engine(self) -> ExactEngine:
        return self._engine


class _Writer:
    def __init__(self, tracer: Tracer, agenda: Agenda) -> None:
        self._tracer, self._agenda = tracer, agenda
        self.entries: list[TraceEntry] = []
        self.warnings: list[str] = []

    def told(self, record: Record, item: str, called: bool = False) -> None:
        """What is written of a record that answers for many calls and cases (a day on time) is kept."""
        if not record.kept:
            self._record(record, item, called)
            return
        key = (id(record), item, called, self._agenda.single)
        found = self._tracer.known(key)
        if found is None:
            writer = _Writer(self._tracer, self._agenda)
            writer._record(record, item, called)
            found = writer.entries, writer.warnings
            self._tracer.keep(key, record, found)
        self.entries += found[0]
        self.warnings += found[1]

    def _record(self, record: Record, item: str, called: bool) -> None:
        for one in record.calls:
            self.told(one, item, called=True)
        script = self._tracer.script(record.decision, self._agenda.day)
        sources = script.called_sources if called else script.given_sources if self._agenda.single else script.bound_sources
        inputs = {name: TraceInput(name, plain(record.inputs[name]), source, evidence) for name, source, evidence in sources}
        if isinstance(record.decision.logic, Table):
            self._table(record, record.decision.logic, script, inputs, item)
        else:
            self._formula(record, record.decision.logic, script, inputs, item)

    # ── tables ────────────────────────────────────────────────────────────────────────────────────────────────────────
    def _table(self, record: Record, table: Table, script: Script, inputs: dict[str, TraceInput], item: str) -> None:
        decision, of = record.decision, f" [{item}]" if item else ""
        chosen = [table.rows[index] for index in record.chosen]
        rule = chosen[0].place if chosen else decision.place
        place = shown(rule)
        ref = ",".join(row.id for row in chosen)
        because_id, because_en = self._because(record, script, chosen)
        rows_id, rows_en = _rows(chosen)
        basis = script.basis(rule)
        doubt_id, doubt_en = self._printed_doubt(record, script, of)
        values = tuple(inputs.values())
        for output in decision.outputs:
            value = record.outputs[output.name]
            unit = output.type.unit
            text_id, text_en = value_texts(value, unit)
            said_id = f"{output.label.id}{of} {text_id} {because_id}"
            said_en = f"{output.label.en}{of} {text_en} {because_en}"
            self.entries.append(
                TraceEntry(
                    decision.name,
                    output.name,
                    plain(value),
                    "row",
                    ref,
                    place,
                    values,
                    decision.authority,
                    item,
                    f"{said_id} ({rows_id}; {basis}).{doubt_id}",
                    f"{said_en} ({rows_en}; {basis}).{doubt_en}",
                    f"{said_id}.{doubt_id}",
                    f"{said_en}.{doubt_en}",
                )
            )

    def _because(self, record: Record, script: Script, chosen: list[Row]) -> tuple[str, str]:
        if not chosen:
            return "karena tidak ada baris yang cocok", "because no row matches"
        reasons_id, reasons_en = [], []
        for column, value in zip(script.columns, record.tested, strict=True):
            condition = column.condition(record.chosen)
            if condition is None:
                continue
            also_id = f" (syarat {decimal_comma(condition)})" if condition else ""
            also_en = f" (condition {condition})" if condition else ""
            text_id, text_en = value_texts(value, column.unit)
            reasons_id.append(f"{column.name_id} = {text_id}{also_id}")
            reasons_en.append(f"{column.name_en} = {text_en}{also_en}")
        because_id = f"karena {joined(reasons_id, 'dan')}" if reasons_id else "tanpa syarat"
        because_en = f"because {joined(reasons_en, 'and')}" if reasons_en else "without condition"
        return because_id, because_en

    def _printed_doubt(self, record: Record, script: Script, of: str) -> tuple[str, str]:
        """Where the figure as printed, rounded, would have met another row: said in words and as a warning."""
        for position, (column, value) in enumerate(zip(script.columns, record.tested, strict=True)):
            if not isinstance(value, Fraction) or 100 % value.denominator == 0:
                continue
            printed = round_half_up(value, PRINTED_DIGITS)
            tested = [*record.tested[:position], printed, *record.tested[position + 1 :]]
            rows = self._tracer.engine.compiled(record.decision).matching(tested, record.scope)
            if rows != record.rows:
                return self._doubt(record, column, value, printed, rows, of)
        return "", ""

    def _doubt(
        self, record: Record, column: ColumnScript, value: Fraction, printed: Fraction, rows: tuple[int, ...], of: str
    ) -> tuple[str, str]:
        figure = number(printed, PRINTED_DIGITS)
        other_id = f"baris {', '.join(str(row + 1) for row in rows)}" if rows else "tidak ada baris"
        other_en = f"row {', '.join(str(row + 1) for row in rows)}" if rows else "no row"
        self.warnings.append(
            f"{record.decision.label.id}{of}: {column.name_id} tercetak {figure} tampak seperti {other_id}; "
            f"yang dibandingkan nilai tidak dibulatkan {value_id(value)}"
        )
        return (
            f" Perhatian: angka tercetak {figure} tampak seperti {other_id}; yang dibandingkan {value_id(value)}.",
            f" Note: the printed figure {value_en(printed)} looks like {other_en}; compared was {value_en(value)}.",
        )

    # ── formulas ──────────────────────────────────────────────────────────────────────────────────────────────────────
    def _formula(self, record: Record, formula: Formula, script: Script, inputs: dict[str, TraceInput], item: str) -> None:
        decision, of, once = record.decision, f" [{item}]" if item else "", record.as_read
        for step, one in zip(formula.steps, script.steps, strict=True):
            value = record.steps[step.name]
            read = self._read(record, one, inputs)
            leaf = one.formula.taken(once)
            shown_id, shown_en = [], []
            for given in read:
                name = given.name
                if name in leaf.names or _head(name) in leaf.names:
                    text_id, text_en = value_texts(given.value)
                    shown_id.append(f"{name} = {text_id}")
                    shown_en.append(f"{name} = {text_en}")
            text_id, text_en = value_texts(value, one.unit)
            because_id, because_en = (f", karena {leaf.condition}", f", because {leaf.condition}") if leaf.condition else ("", "")
            if leaf.text == "null":
                said_id = f"{step.label.id}{of} {text_id}{because_id}"
                said_en = f"{step.label.en}{of} {text_en}{because_en}"
            else:
                with_id, with_en = (f" dengan {', '.join(shown_id)}", f" with {', '.join(shown_en)}") if shown_id else ("", "")
                said_id = f"{step.label.id}{of} = {text_id}, dihitung dari “{leaf.text}”{with_id}{because_id}"
                said_en = f'{step.label.en}{of} = {text_en}, computed from "{leaf.text}"{with_en}{because_en}'
            self.entries.append(
                TraceEntry(
                    decision.name,
                    step.name,
                    plain(value),
                    "step",
                    step.name,
                    one.place,
                    read,
                    one.citations,
                    item,
                    said_id + one.end_id,
                    said_en + one.end_en,
                    f"{said_id}.",
                    f"{said_en}.",
                )
            )

    def _read(self, record: Record, one: StepScript, inputs: dict[str, TraceInput]) -> tuple[TraceInput, ...]:
        found: list[TraceInput] = [inputs[name] for name in one.inputs]
        found += [TraceInput(name, plain(record.steps[name]), f"{record.decision.name}.{name}") for name in one.steps]
        found += [TraceInput(name, plain(record.scope.get(name)), f"parameter.{name}") for name in one.scalars]
        for name in one.keyed:
            looked_up: dict[Any, Any] = {key: value for parameter, key, value in record.lookups if parameter == name}
            for key, value in looked_up.items():
                found.append(TraceInput(f"{name}({value_en(key)})", plain(value), f"parameter.{name}"))
        for name in one.asked:
            called = [other for other in record.calls if other.decision.name == name]
            for output in called[0].decision.outputs if called else ():
                values = tuple(plain(other.outputs[output.name]) for other in called)
                found.append(
                    TraceInput(f"{name}.{output.name}", values[0] if len(values) == 1 else values, f"{name}.{output.name}")
                )
        return tuple(found)


def _rows(chosen: list[Row]) -> tuple[str, str]:
    numbers = ", ".join(row.id.rpartition("#")[2] for row in chosen) or "-"
    note = f": {chosen[0].note}" if len(chosen) == 1 and chosen[0].note else ""
    return f"baris {numbers}{note}", f"row {numbers}{note}"


def _head(name: str) -> str:
    """tarif_kelas(9) → tarif_kelas; potongan_terlambat.potongan_persen → potongan_terlambat."""
    return name.partition("(")[0].partition(".")[0]
