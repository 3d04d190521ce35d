"""Facts of a case, let in by the vocabulary: typed, exact, complete for what the goals need; each refusal names the fact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..core.errors import InputError, Place
from ..feel import STRICT, compile_expression, names_used
from .check.graph import closure
from .model import BindingKind, Decision, Entity, Input, Policy, Vocabulary
from .values import admit, missing, unknown

CASE = "kasus"


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """kasus: fact → value. items: entity → one mapping an item, in order. Values: Fraction, str, bool, date, None, tuple."""

    kasus: Mapping[str, Any]
    items: Mapping[str, tuple[Mapping[str, Any], ...]]


def admit_case(
    policy: Policy, document: Any, file: str = "<facts>", *, needed: frozenset[tuple[str, str]] | None = None
) -> CaseFacts:
    """A facts document {"kasus": {…}, "indikator": [{…}], "penilaian": [{…}]} → typed facts.

    A fact that a goal needs must be there unless it is nullable; others may be absent (null). A list of items may be absent
    (empty). Raises InputError naming the fact, with the item's code. needed: what `needed_facts` says, for who asks often.
    """
    place = Place(file)
    if not isinstance(document, Mapping):
        raise _shape("dokumen", "objek {kasus: …}", "an object {kasus: …}", place)
    case = policy.vocabulary.entities.get(CASE)
    if case is None:
        raise unknown(CASE, CASE, policy.vocabulary.entities, place)
    lists = {entity.name: entity for entity in policy.vocabulary.entities.values() if entity.of == CASE}
    for name in document:
        if name not in lists and name != CASE:
            raise unknown(str(name), str(name), [CASE, *lists], place)
    needed = needed_facts(policy) if needed is None else needed
    body = document.get(CASE)
    if body is None:
        raise missing(CASE, place)
    if not isinstance(body, Mapping):
        raise _shape(CASE, "objek", "an object", place)
    items: dict[str, tuple[Mapping[str, Any], ...]] = {}
    for name, entity in lists.items():
        listed = document.get(name)
        if listed is None:
            listed = ()
        if not isinstance(listed, list | tuple):
            raise _shape(name, "daftar", "a list", place)
        items[name] = _items(entity, listed, needed, place)
    return CaseFacts(_entity(case, body, needed, CASE, place), items)


def needed_facts(policy: Policy) -> frozenset[tuple[str, str]]:
    """(entity, fact) that the goals of `kasus` rest on, over all versions of their decisions."""
    needed: set[tuple[str, str]] = set()
    for name in closure(policy.vocabulary.goals.get(CASE, ()), policy.decisions):
        for version in policy.decisions[name]:
            for given in version.inputs:
                if given.binding.kind is BindingKind.FACT:
                    needed.add((given.binding.target, given.binding.member))
                needed.update((given.binding.target, member.name) for member in given.members if member.decision is None)
    return frozenset(needed)


def _items(
    entity: Entity, listed: Iterable[Any], needed: frozenset[tuple[str, str]], place: Place
) -> tuple[Mapping[str, Any], ...]:
    found: list[Mapping[str, Any]] = []
    seen: set[Any] = set()
    for number, body in enumerate(listed, 1):
        if not isinstance(body, Mapping):
            raise _shape(f"{entity.name}[{number}]", "objek", "an object", place)
        code = body.get(entity.key) if entity.key else None
        where = f"{entity.name}[{code if isinstance(code, str) else number}]"
        item = _entity(entity, body, needed, where, place)
        if entity.key is not None:
            if not str(item[entity.key]).strip():
                raise missing(f"{entity.name}[{number}].{entity.key}", place)
            if item[entity.key] in seen:
                raise InputError(
                    "kode_ganda",
                    f"{where}.{entity.key}: kode dipakai dua kali",
                    f"{where}.{entity.key}: the code is used twice",
                    place=place,
                    remedy_id="beri tiap butir kode sendiri",
                    remedy_en="give each item a code of its own",
                    fact=f"{where}.{entity.key}",
                )
            seen.add(item[entity.key])
        found.append(item)
    return tuple(found)


def _entity(
    entity: Entity, body: Mapping[str, Any], needed: frozenset[tuple[str, str]], where: str, place: Place
) -> dict[str, Any]:
    for name in body:
        if name not in entity.facts:
            raise unknown(f"{where}.{name}", str(name), entity.facts, place)
    result: dict[str, Any] = {}
    for name, fact in entity.facts.items():
        value = body.get(name)
        if value is None and (entity.name, name) not in needed and name != entity.key:
            result[name] = None
            continue
        try:
            result[name] = admit(value, fact.type, name, place)
        except InputError:
            admit(value, fact.type, f"{where}.{name}", place)  # the name in full is only written for who reads it
            raise
    _constraints(entity, result, where, place)
    return result


def _constraints(entity: Entity, values: Mapping[str, Any], where: str, place: Place) -> None:
    """Constraints over facts that are all there; one that needs an absent fact says nothing."""
    for constraint in entity.constraints:
        if any(values.get(name) is None for name in names_used(constraint.that) if name in entity.facts):
            continue
        if compile_expression(constraint.that, STRICT)(values) is not True:
            raise InputError(
                "kendala_dilanggar",
                f"{where}: {constraint.label.id}",
                f"{where}: {constraint.label.en}",
                place=place,
                remedy_id=f"periksa: {constraint.text}",
                remedy_en=f"check: {constraint.text}",
                fact=where,
            )


# ── one decision ──────────────────────────────────────────────────────────────────────────────────────────────────────
def admit_given(policy: Policy, decision: Decision | str, given: Any, file: str = "<given>") -> dict[str, Any]:
    """The inputs of one decision by their local names, typed; a list of items is a tuple of mappings.

    Raises InputError naming the input (and the item by its number).
    """
    place = Place(file)
    if isinstance(decision, str):
        if decision not in policy.decisions:
            raise unknown_decision(policy, decision, place)
        decision, _ = policy.decision(decision)
    return admit_inputs(policy.vocabulary, decision, given, file)


def admit_inputs(vocabulary: Vocabulary, decision: Decision, given: Any, file: str) -> dict[str, Any]:
    """The same by the vocabulary alone, which is there before the rules are whole."""
    place = Place(file)
    if not isinstance(given, Mapping):
        raise _shape("given", "objek", "an object", place)
    inputs = {one.name: one for one in decision.inputs}
    for name in given:
        if name not in inputs:
            raise unknown(str(name), str(name), inputs, place)
    return {name: _input(vocabulary, one, given.get(name), place) for name, one in inputs.items()}


def unknown_decision(policy: Policy, name: str, place: Place | None = None) -> InputError:
    error = unknown(name, name, policy.decisions, place)
    error.code = "keputusan_tidak_dikenal"
    return error


def _input(vocabulary: Vocabulary, one: Input, value: Any, place: Place) -> Any:
    if one.type is not None:
        return admit(value, one.type, one.name, place)
    if value is None:
        raise missing(one.name, place)
    if not isinstance(value, list | tuple):
        raise _shape(one.name, "daftar", "a list", place)
    entity = vocabulary.entities[one.binding.target]
    members = {member.name: member.type for member in one.members}
    known = {**{name: fact.type for name, fact in entity.facts.items()}, **members}
    found: list[dict[str, Any]] = []
    for number, body in enumerate(value, 1):
        if not isinstance(body, Mapping):
            raise _shape(f"{one.name}[{number}]", "objek", "an object", place)
        code = body.get(entity.key) if entity.key else None
        where = f"{one.name}[{code if isinstance(code, str) else number}]"
        for name in body:
            if name not in known:
                raise unknown(f"{where}.{name}", str(name), known, place)
        found.append(
            {
                name: admit(body.get(name), type_, f"{where}.{name}", place)
                for name, type_ in known.items()
                if name in members or name in body
            }
        )
    return tuple(found)


def _shape(what: str, expected_id: str, expected_en: str, place: Place) -> InputError:
    return InputError(
        "tipe_salah",
        f"{what} harus berupa {expected_id}",
        f"{what} must be {expected_en}",
        place=place,
        remedy_id=f"tulis {what} sebagai {expected_id}",
        remedy_en=f"write {what} as {expected_en}",
        fact=what,
    )
