"""Thresholds of reactions that a decision states: read off its table, so that no figure is written twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from ..core.errors import InputError, KinerjaError
from ..feel.syntax import Name, Negation, Node, NumberLiteral
from .assemble.reactions import MOST_TIMES
from .assemble.scope import every_node
from .diagnostics import Report
from .model import Base, Decision, Policy, Table
from .proof.concrete import evaluate, world_on
from .reactions import Bands, InARow, Reaction, Total
from .values import admit

Reached = tuple[tuple[Fraction, str], ...]
"""(threshold, the decision's output from there on), ascending."""


def resolve(policy: Policy, reaction: Reaction, day: date) -> Reaction:
    """The same reaction with the figures that the decision states on a day in place of `bands`."""
    if reaction.bands is None:
        return reaction
    found = read_bands(policy, reaction.bands, day)
    if isinstance(reaction.form, InARow):
        (times, level), *_ = found
        return replace(reaction, form=replace(reaction.form, times=int(times), level=level, bands=None))
    assert isinstance(reaction.form, Total)
    thresholds, levels = tuple(at for at, _ in found), tuple(level for _, level in found)
    return replace(reaction, form=replace(reaction.form, at_least=thresholds, levels=levels, bands=None))


def read_bands(policy: Policy, bands: Bands, day: date) -> Reached:
    """Where the output changes as the input grows from the least it can be, with the outputs that count.

    Raises RuleError or FeelError where the decision cannot answer for one of those values.
    """
    decision, _ = policy.decision(bands.decision, day)
    kind = next(one.type for one in decision.inputs if one.name == bands.input)
    assert kind is not None
    assert kind.low is not None
    given = {one.name: admit(bands.given[one.name], one.type, one.name) for one in decision.inputs
             if one.type is not None and one.name != bands.input}  # fmt: skip
    world, found = world_on(policy, day), []
    before = None
    for value in sorted({kind.low, *_edges(decision, bands.input, kind.scale)}):
        if not kind.low <= value <= (kind.high if kind.high is not None else value):
            continue
        level = evaluate(policy, decision, {**given, bands.input: value}, world)[bands.output]
        if level != before and str(level) not in bands.ignored:
            found.append((value, str(level)))
        before = level
    return tuple(found)


def _edges(decision: Decision, name: str, scale: int) -> Iterator[Fraction]:
    """Every value of the input at which a cell of its column may begin or cease to hold."""
    if not isinstance(decision.logic, Table):
        return
    step = Fraction(1, 10**scale)
    for index, column in enumerate(decision.logic.columns):
        if not isinstance(column.expression, Name) or column.expression.name != name:
            continue
        for row in decision.logic.rows:
            for test in row.cells[index].tests.alternatives:
                for number in _numbers(test.expression):
                    floor = number // step * step
                    yield from (floor, floor + step)


def _numbers(node: Node) -> Iterator[Fraction]:
    for here in every_node(node):
        if isinstance(here, NumberLiteral):
            yield Fraction(here.value)
        if isinstance(here, Negation) and isinstance(here.operand, NumberLiteral):
            yield -Fraction(here.operand.value)


# ── checks ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def check_bands(policy: Policy, report: Report) -> None:
    """Report bands whose decision, names or values are wrong, and those that give no usable threshold."""
    for reaction in policy.reactions:
        if reaction.bands is not None and _names(policy, reaction.bands, report):
            _values(policy, reaction, reaction.bands, report)


def _names(policy: Policy, bands: Bands, report: Report) -> bool:
    if bands.decision not in policy.decisions:
        _unknown(bands.decision, policy.decisions, bands, report)
        return False
    sound = True
    for version in policy.decisions[bands.decision]:
        inputs = {one.name: one.type for one in version.inputs}
        if bands.input not in inputs:
            _unknown(bands.input, inputs, bands, report)
            sound = False
            continue
        kind, others = inputs[bands.input], inputs.keys() - {bands.input}
        if not isinstance(version.logic, Table) or kind is None or kind.base is not Base.NUMBER or kind.is_list or kind.low is None:
            why = (
                f"{bands.decision}.{bands.input} bukan kolom angka sebuah tabel",
                f"{bands.decision}.{bands.input} is no number column",
            )
            report.add("R090", bands.place, why_id=why[0], why_en=why[1])
            sound = False
        if bands.output not in {one.name for one in version.outputs}:
            _unknown(bands.output, [one.name for one in version.outputs], bands, report)
            sound = False
        for name in sorted(bands.given.keys() - others):
            _unknown(name, others, bands, report)
            sound = False
        for name in sorted(others - bands.given.keys()):
            report.add("R005", bands.place, key=f"given.{name}", doc=f"{bands.decision}")
            sound = False
    return sound


def _values(policy: Policy, reaction: Reaction, bands: Bands, report: Report) -> None:
    for version in policy.decisions[bands.decision]:
        known: tuple[Any, ...] = next((one.type.values for one in version.outputs if one.name == bands.output), ())
        for word in bands.ignored:
            if known and word not in known:
                report.add("R035", bands.place, near=(word, known), value=word, name=bands.output, known=", ".join(known))
        try:
            found = read_bands(policy, bands, max(version.effective.first, reaction.effective.first))
        except InputError as error:
            report.add("R080", bands.place, what_id=error.text_id, what_en=error.text_en)
            return
        except KinerjaError as error:
            report.add("R090", bands.place, why_id=error.text_id, why_en=error.text_en)
            return
        least, most = (2, MOST_TIMES) if isinstance(reaction.form, InARow) else (0, None)
        usable = [at for at, _ in found if at > 0 and at >= least and (most is None or at <= most)]
        if len(usable) < len(found) or not found or (most is not None and len(found) != 1):
            shown = ", ".join(str(at) for at, _ in found) or "—"
            report.add("R090", bands.place, why_id=f"ambang {shown} dari {bands.decision} tidak dapat dipakai",
                       why_en=f"the thresholds {shown} of {bands.decision} cannot be used")  # fmt: skip


def _unknown(name: str, known: Any, bands: Bands, report: Report) -> None:
    shown = ", ".join(known) or "—"
    report.add("R020", bands.place, near=(name, known), name=name, remedy_id=f"sebut salah satu dari: {shown}",
               remedy_en=f"name one of: {shown}")  # fmt: skip
