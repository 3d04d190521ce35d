"""Simulated people: how soon each acts, how much they do in a day, and what they answer on any form. All of it from the seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

from ....process import Form
from ....store import models as db

READINESS = (10, 15, 20, 30, 45, 60)
"""In how many of a hundred working days a person gets to a task that waits; who is reminded gets to it twice as readily."""
A_DAY = {"tim_evaluasi": 15, "bkpsdm": 40}
USUALLY = 6
"""Tasks a person does in a working day at most."""
AGREE = 93
"""In how many of a hundred answers the first option (agree, accept, as expected) is chosen."""
WORDS = "Gladi siklus: jawaban buatan untuk menguji waktu dan beban, bukan penilaian orang sungguhan."


def draw(seed: int, *about: object) -> Random:
    """Chance that depends on nothing but what it is about: the same in every run."""
    return Random(":".join(map(str, (seed, *about))))  # noqa: S311 - simulated people


def readiness(seed: int, nip: str, *, reminded: bool) -> int:
    chance = READINESS[draw(seed, nip).randrange(len(READINESS))]
    return min(95, chance * 2) if reminded else chance


def capacity(role: str) -> int:
    return A_DAY.get(role, USUALLY)


def answers(form: Form, random: Random, vocabulary: Callable[[str], Sequence[str]], day: date) -> dict[str, Any]:
    """Possible answers to every field of a form; objections are rare, judgements ordinary."""
    given: dict[str, Any] = {}
    for name, question in form.fields.items():
        if question.type == "choice":
            values = [option.value for option in question.choices(vocabulary)]
            usual = values[len(values) // 2] if question.options_from else values[0]
            given[name] = usual if random.randrange(100) < AGREE else random.choice(values)
        elif question.type == "number":
            low, high = int(question.low or 0), int(question.high if question.high is not None else 100)
            given[name] = str(random.randrange((low + high) // 2, high + 1))
        elif question.type == "boolean":
            given[name] = "ya"
        elif question.type == "date":
            given[name] = day.isoformat()
        elif question.type != "rubric":  # its criteria are fields of their own, its total nobody types
            given[name] = WORDS[: question.max_length or None]
    return given


def actual(item: Any, random: Random) -> Fraction:
    """What somebody achieved on an indicator: its target, give or take a tenth, in whole numbers where the target is one."""
    value = item.target * (95 + random.randrange(11)) / 100
    value = min(value, Fraction(100)) if item.unit == "persen" else value
    return Fraction(int(value)) if item.target.denominator == 1 and item.target >= 10 else Fraction(int(value * 100), 100)


def unmeasured(case: int) -> list[Any]:
    """The indicators of a case that nobody measured yet, save those the evaluation team scores."""
    measured = db.Measurement.select(db.Measurement.plan_item)
    query = db.PlanItem.select().where(
        db.PlanItem.case == case, db.IN_FORCE, db.PlanItem.source != "tim_evaluasi", db.PlanItem.id.not_in(measured)
    )
    return list(query.order_by(db.PlanItem.ordinal))
