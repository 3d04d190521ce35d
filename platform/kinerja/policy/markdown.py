"""A policy as a Markdown document for a hearing: Indonesian, with every figure and its legal basis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from ..core.findings import Citation
from ..core.indonesian import long_date, number, rupiah
from .model import Decision, Effective, Example, Indicator, Label, Parameter, Policy, Standard, Table, ValueType
from .pairs import pairs
from .reactions import Happening, Reaction
from .reactiontext import consequence, pattern, window

STATUS = {"verified": "diperiksa", "recalled": "menurut ingatan", "policy": "kebijakan kota"}


def as_markdown(policy: Policy) -> str:
    """Decisions in the order in which they are computed, then parameters, then standards."""
    return "\n".join(_lines(policy)).rstrip() + "\n"


def _lines(policy: Policy) -> Iterator[str]:
    yield from (f"# {policy.title}", "", f"Sidik aturan: `{policy.fingerprint}`", "", "## Keputusan", "")
    for name in policy.order:
        for decision in policy.decisions[name]:
            yield from _decision(decision)
    if policy.parameters:
        yield from ("## Parameter", "")
        for parameter in policy.parameters.values():
            yield from _parameter(parameter)
    if policy.standards:
        yield from ("## Standar kinerja", "")
        for standard in policy.standards:
            yield from _standard(standard)
    if policy.reactions:
        yield from ("## Reaksi", "")
        for reaction in policy.reactions:
            yield from _reaction(reaction)


def _decision(decision: Decision) -> Iterator[str]:
    yield from (f"### {decision.label.id} (`{decision.name}`)", "", *_basis(decision.effective, decision.authority))
    given = [
        f"{_name(one.label, one.name)} ← `{one.binding}`" if str(one.binding) else _name(one.label, one.name)
        for one in decision.inputs
    ]
    each = f"Dihitung untuk tiap {decision.for_each}. " if decision.for_each else ""
    yield from (f"{each}Masukan: {'; '.join(given)}.", "")
    if isinstance(decision.logic, Table):
        outputs = [_name(output.label, output.name) for output in decision.outputs]
        yield from (f"Kebijakan kena: {decision.logic.hit.value}.", "")
        heading = ["Baris", *(column.text for column in decision.logic.columns), *outputs, "Catatan"]
        rows = [
            [row.id.partition("#")[2], *(cell.text for cell in row.cells), *(out.text for out in row.outputs), row.note]
            for row in decision.logic.rows
        ]
        yield from table(heading, rows)
    else:
        for step in decision.logic.steps:
            yield f"- `{step.name}` = `{' '.join(step.text.split())}`"
        yield ""
    for requirement in decision.requirements:
        yield f"- Prasyarat: {requirement.label.id} (`{requirement.text}`)"
    if decision.requirements:
        yield ""
    if decision.examples:
        yield from ("Contoh:", "")
        rows = [
            [_given(example), pairs(example.expect) if example.error is None else f"galat `{example.error}`", example.note]
            for example in decision.examples
        ]
        yield from table(["Diketahui", "Hasil", "Catatan"], rows)


def _given(example: Example) -> str:
    day = f"pada {long_date(example.on)}" if example.on else ""
    return "; ".join(filter(None, (pairs(example.given), day)))


def _parameter(parameter: Parameter) -> Iterator[str]:
    yield from (f"### {parameter.label.id} (`{parameter.name}`)", "", *_citations(parameter.authority))
    for dated in parameter.values:
        yield f"{_period(dated.effective)}:" + (
            "" if isinstance(dated.value, dict) else f" **{_value(dated.value, parameter.type)}**"
        )
        yield ""
        if isinstance(dated.value, dict):
            rows = [[_value(key, None), _value(value, parameter.type)] for key, value in dated.value.items()]
            yield from table(["Kunci", "Nilai"], rows)


def _standard(standard: Standard) -> Iterator[str]:
    yield from (f"### {standard.label.id} (`{standard.name}`)", "", *_basis(standard.effective, standard.authority))
    yield from (f"Berlaku untuk: {', '.join(standard.positions)}.", "")
    rows = [
        [i.code, i.label.id, i.polarity, _target(i.target, i.target_high), i.unit, number(i.weight), _defined(i)]
        for i in standard.indicators
    ]
    yield from table(["Kode", "Indikator", "Polaritas", "Target", "Satuan", "Bobot", "Definisi"], rows)


def _defined(indicator: Indicator) -> str:
    """The definition, with the aspect, the days that divide its target and the superior's indicators it serves."""
    days = f" Target bagian periode: menurut {indicator.prorate.replace('_', ' ')}." if indicator.prorate else ""
    aspect = f" Aspek {indicator.aspect}." if indicator.aspect else ""
    served = f" Mendukung {', '.join(indicator.serves)}." if indicator.serves else ""
    return f"{indicator.definition}{aspect}{days}{served}"


def _reaction(reaction: Reaction) -> Iterator[str]:
    yield from (f"### {reaction.label.id} (`{reaction.name}`)", "", *_basis(reaction.effective, reaction.authority))
    yield from (f"Bila: {pattern(reaction).id}.", "", f"Jangka waktu: {window(reaction.window).id}.", "")
    yield from (f"Maka: {consequence(reaction.then).id}", "")
    rows = [[_happenings(reaction, example.given), example.on.isoformat(), ", ".join(example.expect) or "tidak ada", example.note]
            for example in reaction.examples]  # fmt: skip
    if rows:
        yield from ("Contoh:", "")
        yield from table(["Kejadian", "Pada", "Hasil", "Catatan"], rows)


def _happenings(reaction: Reaction, given: Iterable[Happening]) -> str:
    return "; ".join(f"{reaction.labels[one.kind].id} {one.on.isoformat()} ({pairs(one.values)})" for one in given)


def table(heading: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """A Markdown table; bars and line breaks in cells are made harmless."""
    names = list(heading)
    yield "| " + " | ".join(map(_cell, names)) + " |"
    yield "|" + "---|" * len(names)
    for row in rows:
        yield "| " + " | ".join(map(_cell, row)) + " |"
    yield ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _basis(effective: Effective, authority: tuple[Citation, ...]) -> list[str]:
    return [f"Berlaku {_period(effective)}.", "", *_citations(authority)]


def _citations(authority: tuple[Citation, ...]) -> list[str]:
    return [*(f"- Dasar: {cited} ({STATUS.get(cited.status, cited.status)})" for cited in authority), ""]


def _period(effective: Effective) -> str:
    until = f" sampai {long_date(effective.last)}" if effective.last else ""
    return f"sejak {long_date(effective.first)}{until}"


def _name(label: Label, name: str) -> str:
    return f"{label.id} (`{name}`)" if label.id != name else f"`{name}`"


def _target(low: Fraction, high: Fraction | None) -> str:
    return number(low) if high is None else f"{number(low)}–{number(high)}"


def _value(value: Any, type_: ValueType | None) -> str:
    if isinstance(value, Fraction):
        if type_ is not None and type_.unit == "rupiah":
            return rupiah(value)
        return number(value) + (f" {type_.unit}" if type_ is not None and type_.unit else "")
    return str(value)
