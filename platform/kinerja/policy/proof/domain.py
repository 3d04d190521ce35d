"""The cases a table must answer: its variables, their legal values between cut points, and how a case is named to people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from ...core.numbers import display_text
from ..model import Base, BindingKind, Decision, Policy, ValueType
from ..values import FIRST_DAY, LAST_DAY

OTHER_TEXT = "lainnya"


@dataclass(frozen=True, slots=True)
class Variable:
    """One thing a table tests. scale None: any rational may occur between the ends."""

    name: str
    type: ValueType
    scale: int | None


def representatives(variable: Variable, cuts: Iterable[Any], *, both_ends: bool = False) -> list[Any]:
    """One legal value for every piece of the domain between cut points, the cut points themselves, and null where allowed.

    A condition that compares the variable with the cut points only is constant on each piece, so these values stand for all.
    both_ends: the first and the last legal value of every piece (numbers with a scale, dates).
    """
    type_ = variable.type
    found: list[Any]
    if type_.base is Base.NUMBER:
        found = list(_numbers(type_, variable.scale, {cut for cut in cuts if isinstance(cut, Fraction)}, both_ends))
    elif type_.base is Base.BOOLEAN:
        found = [False, True]
    elif type_.base is Base.DATE:
        found = list(_days({cut for cut in cuts if isinstance(cut, date)}, both_ends))
    elif type_.values:
        found = list(type_.values)
    else:
        texts = sorted({cut for cut in cuts if isinstance(cut, str)})
        other = OTHER_TEXT
        while other in texts:
            other += "-"
        found = [*texts, other]
    return [*found, None] if type_.nullable else found


def _numbers(type_: ValueType, scale: int | None, cuts: set[Fraction], both_ends: bool) -> Iterable[Fraction]:
    ends = sorted(cuts)
    low = type_.low if type_.low is not None else (ends[0] - 1 if ends else Fraction(0))
    high = type_.high if type_.high is not None else (ends[-1] + 1 if ends else Fraction(0))
    marks = sorted({low, high} | {cut for cut in ends if low <= cut <= high})
    step = None if scale is None else Fraction(1, 10**scale)
    for index, mark in enumerate(marks):
        if step is None or (mark / step).denominator == 1:
            yield mark
        if index + 1 < len(marks):
            after = marks[index + 1]
            inside = (mark + after) / 2 if step is None else (mark // step + 1) * step
            if mark < inside < after:
                yield inside
                if both_ends and step is not None and (last := -(-after // step) * step - step) > inside:
                    yield last


def _days(cuts: set[date], both_ends: bool) -> Iterable[date]:
    marks = sorted(cuts | {FIRST_DAY, LAST_DAY})
    for index, mark in enumerate(marks):
        yield mark
        if index + 1 < len(marks) and mark + timedelta(days=1) < marks[index + 1]:
            yield mark + timedelta(days=1)
            if both_ends:
                yield marks[index + 1] - timedelta(days=1)


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def shown(value: Any) -> str:
    if isinstance(value, Fraction):
        return display_text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(shown(item) for item in value) + "]"
    return "null" if value is None else str(value)


def who(policy: Policy, decision: Decision, case: Mapping[str, Any]) -> dict[str, Any]:
    """A counterexample as people say it: "Layanan publik dengan ikm = 76.605". Keys who_id and who_en."""
    label = _subject(policy, decision, case)
    parts = ", ".join(f"{name} = {shown(value)}" for name, value in case.items())
    if not parts:
        return {"who_id": label[0], "who_en": label[1]}
    return {"who_id": f"{label[0]} dengan {parts}", "who_en": f"{label[1]} with {parts}"}


def _subject(policy: Policy, decision: Decision, case: Mapping[str, Any]) -> tuple[str, str]:
    """The entity that the named inputs speak of."""
    for given in decision.inputs:
        if given.binding.kind is BindingKind.FACT and (given.name in case or not case):
            label = policy.vocabulary.entities[given.binding.target].label
            return label.id, label.en
    entity = policy.vocabulary.entities.get(decision.for_each or "kasus")
    return (entity.label.id, entity.label.en) if entity else ("Kasus", "Case")


def rows_text(ids: Sequence[str]) -> str:
    return ", ".join(ids)
