"""Two policies side by side: vocabulary, parameters, standards, decisions, reactions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..fingerprint import unplaced
from ..model import Decision, Effective, Entity, Fact, Formula, Label, Parameter, Policy, Standard, Table, ValueType
from ..reactiontext import consequence, pattern, window
from .change import Change, Words, moved, words
from .tables import compare_tables, touched

ENDLESS, ALL, NONE = Words("tanpa batas", "without end"), Words("semua", "all"), Words("tidak ada", "none")


def compare(old: Policy, new: Policy) -> tuple[Change, ...]:
    """All changes from one policy to the other; () when they mean the same (equal fingerprints)."""
    if old.fingerprint == new.fingerprint:
        return ()
    found = [
        *_vocabulary(old, new),
        *_parameters(old.parameters, new.parameters),
        *_standards(old.standards, new.standards),
        *_decisions(old, new),
        *_reactions(old, new),
    ]
    if not found:  # labels of steps, notes of citations and the like
        found.append(Change("changed", "aturan", "keterangan berubah, hasil tidak", "remarks change, results do not"))
    return tuple(found)


# ── vocabulary ────────────────────────────────────────────────────────────────────────────────────────────────────────
def _vocabulary(old: Policy, new: Policy) -> Iterator[Change]:
    before, after = _facts(old.vocabulary.entities), _facts(new.vocabulary.entities)
    for name in sorted(before.keys() - after.keys()):
        yield Change("removed", name, "fakta dihapus", "fact removed", before[name].place)
    for name, fact in after.items():
        if name not in before:
            yield Change("added", name, "fakta baru", "new fact", fact.place)
            continue
        yield from _types(name, before[name].type, fact.type, fact)
        if before[name].label != fact.label:
            text = moved(before[name].label.id, fact.label.id)
            yield Change("changed", name, f"nama di layar {text.id}", f"name on the screen {text.en}", fact.place)
        if before[name].source != fact.source:
            text = moved(before[name].source, fact.source)
            yield Change("changed", name, f"sumber {text.id}", f"source {text.en}", fact.place)
    for entity, goals in new.vocabulary.goals.items():
        was = old.vocabulary.goals.get(entity, ())
        if goals != was:
            text = moved(", ".join(was), ", ".join(goals))
            yield Change("changed", f"tujuan {entity}", text.id, text.en)


def _facts(entities: Mapping[str, Entity]) -> dict[str, Fact]:
    return {f"{entity.name}.{fact.name}": fact for entity in entities.values() for fact in entity.facts.values()}


def _types(subject: str, old: ValueType, new: ValueType, at: Any) -> Iterator[Change]:
    for key, name_id, name_en in (
        ("base", "tipe", "type"),
        ("unit", "satuan", "unit"),
        ("low", "nilai terkecil", "least value"),
        ("high", "nilai terbesar", "greatest value"),
        ("values", "pilihan", "choices"),
        ("nullable", "boleh kosong", "may be absent"),
    ):
        a, b = getattr(old, key), getattr(new, key)
        if a != b:
            text = moved(", ".join(a), ", ".join(b)) if key == "values" else moved(a, b)
            yield Change("changed", subject, f"{name_id} {text.id}", f"{name_en} {text.en}", at.place)
    if old.scale != new.scale:
        text_id = f"jumlah desimal berubah dari {old.scale} menjadi {new.scale}"
        yield Change("changed", subject, text_id, f"decimals change from {old.scale} to {new.scale}", at.place)


# ── parameters ────────────────────────────────────────────────────────────────────────────────────────────────────────
def _parameters(old: Mapping[str, Parameter], new: Mapping[str, Parameter]) -> Iterator[Change]:
    for name in sorted(old.keys() - new.keys()):
        yield Change("removed", name, "parameter dihapus", "parameter removed", old[name].place)
    for name, parameter in new.items():
        if name not in old:
            yield Change("added", name, "parameter baru", "new parameter", parameter.place)
        else:
            yield from _types(name, old[name].type, parameter.type, parameter)
            yield from _values(name, old[name], parameter)


def _values(name: str, old: Parameter, new: Parameter) -> Iterator[Change]:
    """On each day on which either changes, what was in force and what is; said once, from its first day."""
    days = sorted({dated.effective.first for parameter in (old, new) for dated in parameter.values})
    said: set[tuple[str, Any, Any]] = set()
    for day in days:
        before, after = old.on(day), new.on(day)
        if after is None and before is not None:
            yield Change("removed", name, "tidak lagi mempunyai nilai", "has no value any more", before.place, day)
        if before is None or after is None or before.value == after.value:
            continue
        first = None if day == days[0] else day
        if not isinstance(after.value, Mapping) or not isinstance(before.value, Mapping):
            if ("", before.value, after.value) not in said:
                said.add(("", before.value, after.value))
                text = moved(before.value, after.value, new.type)
                yield Change("changed", name, text.id, text.en, after.place, first)
            continue
        for key in dict.fromkeys([*before.value, *after.value]):
            a, b = before.value.get(key), after.value.get(key)
            shown = words(key).id
            if a != b and (shown, a, b) not in said:
                said.add((shown, a, b))
                text = moved(a, b, new.type)
                yield Change("changed", f"{name}({shown})", text.id, text.en, after.place, first)


# ── standards ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def _standards(old: tuple[Standard, ...], new: tuple[Standard, ...]) -> Iterator[Change]:
    before = {(standard.name, standard.effective.first): standard for standard in old}
    after = {(standard.name, standard.effective.first): standard for standard in new}
    for key in before.keys() - after.keys():
        yield Change("removed", f"standar {key[0]}", "dihapus", "removed", before[key].place)
    for key, standard in after.items():
        subject = f"standar {key[0]}"
        if key in before:
            yield from _standard(subject, before[key], standard)
            continue
        earlier = [s for s in old if s.name == standard.name and s.effective.first < standard.effective.first]
        if earlier:
            yield from (replace(change, first=standard.effective.first) for change in _standard(subject, earlier[-1], standard))
        else:
            who = ", ".join(standard.positions)
            yield Change(
                "added", subject, f"standar baru untuk {who}", f"new standard for {who}", standard.place, standard.effective.first
            )


def _standard(subject: str, old: Standard, new: Standard) -> Iterator[Change]:
    for attribute, name_id, name_en in (
        ("positions", "jabatan", "positions"),
        ("units", "unit", "units"),
        ("classes", "kelas", "classes"),
    ):
        a, b = getattr(old, attribute), getattr(new, attribute)
        if a != b:
            text = moved(", ".join(map(str, a)) or ALL, ", ".join(map(str, b)) or ALL)
            yield Change("changed", subject, f"{name_id} {text.id}", f"{name_en} {text.en}", new.place)
    before = {indicator.code: indicator for indicator in old.indicators}
    for code in before.keys() - {indicator.code for indicator in new.indicators}:
        yield Change("removed", subject, f"indikator {code} dihapus", f"indicator {code} removed", old.place)
    for indicator in new.indicators:
        was = before.get(indicator.code)
        if was is None:
            yield Change("added", subject, f"indikator baru {indicator.code}", f"new indicator {indicator.code}", indicator.place)
            continue
        for attribute, name_id, name_en in (
            ("target", "target", "target"),
            ("target_high", "batas atas target", "upper target"),
            ("weight", "bobot", "weight"),
            ("polarity", "polaritas", "polarity"),
            ("statistic", "statistik", "statistic"),
            ("source", "sumber", "source"),
            ("service", "layanan", "service"),
            ("definition", "definisi", "definition"),
            ("population", "populasi", "population"),
            ("aspect", "aspek", "aspect"),
            ("prorate", "pembagian menurut hari", "division by days"),
        ):
            a, b = getattr(was, attribute), getattr(indicator, attribute)
            if a != b:
                text = moved(a, b)
                yield Change(
                    "changed",
                    subject,
                    f"{name_id} {indicator.code} {text.id}",
                    f"{name_en} of {indicator.code} {text.en}",
                    indicator.place,
                )
        if was.serves != indicator.serves:
            text = moved(", ".join(was.serves) or NONE, ", ".join(indicator.serves) or NONE)
            yield Change(
                "changed",
                subject,
                f"hasil atasan yang didukung {indicator.code} {text.id}",
                f"result of the superior that {indicator.code} serves {text.en}",
                indicator.place,
            )
    yield from _dates(subject, old.effective, new.effective, new)


# ── decisions ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def _decisions(old: Policy, new: Policy) -> Iterator[Change]:
    for name in sorted(old.decisions.keys() - new.decisions.keys()):
        yield Change("removed", name, "keputusan dihapus", "decision removed", old.decisions[name][-1].place)
    for name in new.order:
        if name not in old.decisions:
            decision = new.decisions[name][0]
            yield Change(
                "added", name, f"keputusan baru: {decision.label.id}", f"new decision: {decision.label.en}", decision.place
            )
        else:
            yield from _versions(old, new, name)


def _versions(old: Policy, new: Policy, name: str) -> Iterator[Change]:
    """Versions that begin on the same day are compared; a new version, with the one it follows, from its first day."""
    before = {version.effective.first: version for version in old.decisions[name]}
    for version in new.decisions[name]:
        first = version.effective.first
        if first in before:
            yield from _decision(old, before[first], new, version)
            continue
        earlier = [one for one in new.decisions[name] if one.effective.first < first] or list(old.decisions[name])
        for change in _decision(new if earlier[-1] in new.decisions[name] else old, earlier[-1], new, version):
            yield replace(change, first=first)
    for first in before.keys() - {version.effective.first for version in new.decisions[name]}:
        day = words(first)
        yield Change("removed", name, f"versi {day.id} dihapus", f"version of {day.en} removed", before[first].place)


def _decision(old_policy: Policy, old: Decision, new_policy: Policy, new: Decision) -> Iterator[Change]:
    found: list[Change] = []
    if isinstance(old.logic, Table) and isinstance(new.logic, Table):
        columns = [column.expression for column in new.logic.columns]
        same = columns == [column.expression for column in old.logic.columns]
        if old.logic.hit is not new.logic.hit:
            text = moved(old.logic.hit.value, new.logic.hit.value)
            found.append(Change("changed", new.name, f"kebijakan kena {text.id}", f"hit policy {text.en}", new.place))
        if same and [o.name for o in old.outputs] == [o.name for o in new.outputs]:
            found += compare_tables(old, new)
        else:
            found.append(Change("changed", new.name, "kolom tabel berubah", "the table has other columns", new.place))
        example = touched(old_policy, old, new_policy, new) if found else None
        if example is not None:
            found[0] = replace(found[0], example_id=example.id, example_en=example.en)
    elif isinstance(old.logic, Formula) and isinstance(new.logic, Formula):
        found += _formula(new, old.logic, new.logic)
    else:
        found.append(
            Change("changed", new.name, "tabel menjadi rumus atau sebaliknya", "a table becomes a formula or back", new.place)
        )
    yield from found
    yield from _frame(old, new)


def _formula(decision: Decision, old: Formula, new: Formula) -> Iterator[Change]:
    before = {step.name: step for step in old.steps}
    for step in new.steps:
        text = " ".join(step.text.split())
        if step.name not in before:
            yield Change("added", decision.name, f"langkah baru {step.name} = {text}", f"new step {step.name} = {text}", step.place)
        elif before[step.name].expression != step.expression:
            was = " ".join(before[step.name].text.split())
            yield Change(
                "changed",
                decision.name,
                f"rumus {step.name} berubah dari “{was}” menjadi “{text}”",
                f'formula {step.name} changes from "{was}" to "{text}"',
                step.place,
            )
    for name in before.keys() - {step.name for step in new.steps}:
        yield Change("removed", decision.name, f"langkah {name} dihapus", f"step {name} removed", decision.place)


def _frame(old: Decision, new: Decision) -> Iterator[Change]:
    """Inputs, outputs, preconditions, citations, dates."""
    inputs = {given.name: str(given.binding) for given in old.inputs}
    for given in new.inputs:
        if inputs.get(given.name) != str(given.binding):
            text = moved(inputs.get(given.name), str(given.binding) or "-")
            yield Change("changed", new.name, f"masukan {given.name} {text.id}", f"input {given.name} {text.en}", given.place)
    for name in inputs.keys() - {given.name for given in new.inputs}:
        yield Change("removed", new.name, f"masukan {name} dihapus", f"input {name} removed", new.place)
    outputs = {output.name: output for output in old.outputs}
    for output in new.outputs:
        if output.name in outputs:
            yield from _types(f"{new.name}.{output.name}", outputs[output.name].type, output.type, output)
        else:
            yield Change("added", new.name, f"keluaran baru {output.name}", f"new output {output.name}", output.place)
    for name in outputs.keys() - {output.name for output in new.outputs}:
        yield Change("removed", new.name, f"keluaran {name} dihapus", f"output {name} removed", new.place)
    rules = {requirement.code: requirement.that for requirement in old.requirements}
    for requirement in new.requirements:
        if rules.get(requirement.code) != requirement.that:
            text_id = f"prasyarat {requirement.code}: {requirement.text}"
            yield Change("changed", new.name, text_id, f"precondition {requirement.code}: {requirement.text}", requirement.place)
    for code in rules.keys() - {requirement.code for requirement in new.requirements}:
        yield Change("removed", new.name, f"prasyarat {code} dihapus", f"precondition {code} removed", new.place)
    if old.label != new.label:
        text = moved(old.label.id, new.label.id)
        yield Change("changed", new.name, f"judul {text.id}", f"title {text.en}", new.place)
    if old.authority != new.authority:
        text = moved("; ".join(map(str, old.authority)), "; ".join(map(str, new.authority)))
        yield Change("changed", new.name, f"dasar hukum {text.id}", f"legal basis {text.en}", new.place)
    yield from _dates(new.name, old.effective, new.effective, new)


def _dates(subject: str, old: Effective, new: Effective, at: Any) -> Iterator[Change]:
    if old.first == new.first and old.last != new.last:
        text = moved(old.last or ENDLESS, new.last or ENDLESS)
        yield Change("changed", subject, f"hari terakhir berlaku {text.id}", f"last day in force {text.en}", at.place)


# ── reactions ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def _reactions(old: Policy, new: Policy) -> Iterator[Change]:
    before, after = ({one.name: one for one in policy.reactions} for policy in (old, new))
    for name in sorted(before.keys() - after.keys()):
        yield Change("removed", f"reaksi {name}", "dihapus", "removed", before[name].place)
    for name, reaction in after.items():
        subject = f"reaksi {name}"
        if name not in before:
            first = reaction.effective.first
            yield Change("added", subject, f"baru: {reaction.label.id}", f"new: {reaction.label.en}", reaction.place, first)
            continue
        was = before[name]
        if unplaced(was.form) != unplaced(reaction.form):
            yield from _told(subject, "pola", "pattern", pattern(was), pattern(reaction), reaction)
        if was.window != reaction.window:
            yield from _told(subject, "jangka waktu", "window", window(was.window), window(reaction.window), reaction)
        if was.then != reaction.then:
            yield from _told(subject, "tindak lanjut", "what follows", consequence(was.then), consequence(reaction.then), reaction)
        if unplaced(was.events) != unplaced(reaction.events) or was.labels != reaction.labels:
            text_id, text_en = "kejadian yang dibaca berubah", "the happenings it reads change"
            yield Change("changed", subject, text_id, text_en, reaction.place)
        if was.label != reaction.label:
            yield from _told(subject, "judul", "title", was.label, reaction.label, reaction)
        if was.authority != reaction.authority:
            text = moved("; ".join(map(str, was.authority)), "; ".join(map(str, reaction.authority)))
            yield Change("changed", subject, f"dasar hukum {text.id}", f"legal basis {text.en}", reaction.place)
        yield from _dates(subject, was.effective, reaction.effective, reaction)


def _told(subject: str, name_id: str, name_en: str, old: Label, new: Label, at: Any) -> Iterator[Change]:
    yield Change(
        "changed",
        subject,
        f"{name_id} berubah dari “{old.id}” menjadi “{new.id}”",
        f'{name_en} changes from "{old.en}" to "{new.en}"',
        at.place,
    )
