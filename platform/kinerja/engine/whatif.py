"""What lifts a case: the smallest changes of realisasi, over indicators still open, that reach the next predikat.

Smallest = fewest indicators, then the least sum of |change| ÷ target, ties by kode. The search runs on the compiled policy
itself, over the fact's own grid; every suggestion is evaluated again by both engines before it is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..core.errors import IncidentError, InputError, KinerjaError
from ..core.findings import Outcome
from ..policy import Policy
from .lift import Lifter
from .margin import margin
from .several import Plan
from .wording import value_en, value_id

if TYPE_CHECKING:
    from .engine import Engine

GOAL_DECISION, GOAL_OUTPUT = "predikat_kinerja", "predikat"
ENTITY, FACT, TARGET = "indikator", "realisasi", "target"
MAX_ALTERNATIVES = 2


@dataclass(frozen=True, slots=True)
class Change:
    """fact: "indikator.<kode>.realisasi"."""

    fact: str
    before: Fraction
    after: Fraction

    def as_json(self) -> dict[str, Any]:
        return {"fact": self.fact, "from": self.before, "to": self.after}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """cost: sum of |change| ÷ target."""

    changes: tuple[Change, ...]
    cost: Fraction

    @property
    def text_id(self) -> str:
        return "; ".join(f"{_name(c.fact)} dari {value_id(c.before)} menjadi {value_id(c.after)}" for c in self.changes)

    @property
    def text_en(self) -> str:
        return "; ".join(f"{_name(c.fact)} from {value_en(c.before)} to {value_en(c.after)}" for c in self.changes)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """now: today's predikat. next: the nearest better one that realisasi alone can reach, None when there is none.

    margin: by how many points the score clears the floor of its present band, None where the band has no numeric floor.
    """

    now: str
    next: str | None
    changes: tuple[Change, ...] = ()
    alternatives: tuple[Suggestion, ...] = ()
    margin: Fraction | None = None
    reason_id: str = ""
    reason_en: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "now": self.now,
            "next": self.next,
            "changes": [change.as_json() for change in self.changes],
            "alternatives": [[change.as_json() for change in one.changes] for one in self.alternatives],
            "margin": self.margin,
            "text": {"id": self.text_id, "en": self.text_en},
        }

    @property
    def text_id(self) -> str:
        if self.next is None:
            return self.reason_id
        return f"Agar naik dari {self.now} ke {self.next}: {Suggestion(self.changes, Fraction(0)).text_id}."

    @property
    def text_en(self) -> str:
        if self.next is None:
            return self.reason_en
        return f"To rise from {self.now} to {self.next}: {Suggestion(self.changes, Fraction(0)).text_en}."


def search(
    engine: Engine,
    document: Mapping[str, Any],
    goal: str | None,
    *,
    on: date | None = None,
    open_items: Iterable[str] | None = None,
) -> WhatIf:
    """Raises the case's own errors, InputError for an unknown goal or item, IncidentError when the engines do not confirm."""
    outcome = engine.outcome(document, on)
    policy = engine.policy
    _require_rating(policy, outcome)
    order = _order(engine, on)
    now = str(outcome.outputs[GOAL_OUTPUT])
    facts = engine.admitted(document)
    kasus, items = engine.encode_case(facts.kasus, facts.items)
    codes = [str(item[policy.vocabulary.entities[ENTITY].key or ""]) for item in facts.items.get(ENTITY, ())]
    chosen = _open(codes, open_items)
    ground = engine.ground(GOAL_DECISION, on)
    goal_output = (GOAL_DECISION, GOAL_OUTPUT)
    lifter = Lifter(ground, kasus, items, entity=ENTITY, fact=FACT, target=TARGET, goal=goal_output, open_items=chosen)
    rest = margin(policy, ground.agenda, outcome)
    for wanted in _wanted(order, now, goal):
        plans = lifter.reach(frozenset(order[: order.index(wanted) + 1]), codes)
        if plans:
            suggestions = [_suggestion(plan, codes, lifter) for plan in plans[: MAX_ALTERNATIVES + 1]]
            _confirm(engine, document, on, suggestions, order, wanted)
            return WhatIf(now, wanted, suggestions[0].changes, tuple(suggestions[1:]), rest)
    reason_id, reason_en = _reason(order, now, goal, measured=bool(lifter.open))
    return WhatIf(now, None, margin=rest, reason_id=reason_id, reason_en=reason_en)


def _require_rating(policy: Policy, outcome: Outcome) -> None:
    """Raises InputError where these rules do not rate indicators by their actuals."""
    items = policy.vocabulary.entities.get(ENTITY)
    facts = items.facts if items is not None and items.key else {}
    if GOAL_OUTPUT in outcome.outputs and GOAL_DECISION in policy.decisions and {FACT, TARGET} <= set(facts):
        return
    raise InputError(
        "tanpa_predikat",
        f"aturan ini tidak menetapkan {GOAL_OUTPUT} dari {FACT} {ENTITY}",
        f"these rules do not rate (`{GOAL_OUTPUT}`) by the actuals of items (`{ENTITY}.{FACT}`)",
        remedy_id=f"perlu keputusan {GOAL_DECISION} di antara goals, dan {ENTITY} dengan {FACT} dan {TARGET}",
        remedy_en=f"needed: {GOAL_DECISION} among the goals, and {ENTITY} with {FACT} and {TARGET}",
    )


def _order(engine: Engine, on: date | None) -> list[str]:
    """The predikat values, best first."""
    decision, _ = engine.policy.decision(GOAL_DECISION, on)
    output = next(output for output in decision.outputs if output.name == GOAL_OUTPUT)
    return list(output.type.values)


def _wanted(order: list[str], now: str, goal: str | None) -> list[str]:
    better = order[: order.index(now)][::-1]
    if goal is None:
        return better
    if goal not in order:
        raise InputError(
            "nilai_tidak_dikenal",
            f"“{goal}” bukan predikat",
            f'"{goal}" is not a rating',
            remedy_id=f"pilih salah satu dari {', '.join(order)}",
            remedy_en=f"choose one of {', '.join(order)}",
        )
    return [goal] if goal in better else []


def _open(codes: list[str], open_items: Iterable[str] | None) -> frozenset[int]:
    if open_items is None:
        return frozenset(range(len(codes)))
    wanted = list(open_items)
    for code in wanted:
        if code not in codes:
            raise InputError(
                "fakta_tidak_dikenal",
                f"indikator “{code}” tidak ada dalam kasus ini",
                f'this case has no indicator "{code}"',
                remedy_id=f"indikatornya {', '.join(codes)}",
                remedy_en=f"its indicators are {', '.join(codes)}",
            )
    return frozenset(codes.index(code) for code in wanted)


def _suggestion(plan: Plan, codes: list[str], lifter: Lifter) -> Suggestion:
    changes = tuple(
        Change(f"{ENTITY}.{codes[index]}.{FACT}", lifter.value(lifter.now[index]), lifter.value(value))
        for index, value in sorted(plan.values.items())
    )
    return Suggestion(changes, plan.cost)


def _confirm(
    engine: Engine, document: Mapping[str, Any], on: date | None, suggestions: list[Suggestion], order: list[str], wanted: str
) -> None:
    """Both engines must find that each suggestion reaches its goal."""
    key = engine.policy.vocabulary.entities[ENTITY].key or ""
    changed = []
    for suggestion in suggestions:
        after = {_name(change.fact): change.after for change in suggestion.changes}
        items = [{**item, FACT: after[item[key]]} if item[key] in after else item for item in document[ENTITY]]
        changed.append({**document, ENTITY: items})
    for suggestion, result in zip(suggestions, engine.outcomes(changed, on), strict=True):
        if isinstance(result, KinerjaError):
            raise result
        if order.index(str(result.outputs[GOAL_OUTPUT])) > order.index(wanted):
            raise IncidentError(
                "mesin_berbeda",
                f"saran tidak mencapai {wanted} bila dihitung ulang",
                f"a suggestion does not reach {wanted} when it is evaluated",
                suggestion=[change.as_json() for change in suggestion.changes],
            )


def _name(fact: str) -> str:
    return fact.split(".", 1)[1].rpartition(".")[0]


def _reason(order: list[str], now: str, goal: str | None, *, measured: bool) -> tuple[str, str]:
    """measured: whether an indicator that may change has an actual."""
    if now == order[0]:
        return f"Predikat {now} sudah yang tertinggi.", f"{now} is already the best rating."
    if goal is not None and order.index(goal) >= order.index(now):
        return f"Predikat sekarang, {now}, sudah mencapai {goal}.", f"Today's rating, {now}, already reaches {goal}."
    if not measured:
        return (
            "Indikator yang boleh berubah belum punya realisasi, jadi belum ada perubahan yang dapat dihitung.",
            "The indicators that may change have no actual yet, so that there is no change to count.",
        )
    if goal is not None:
        return (
            f"Realisasi indikator saja tidak dapat mencapai {goal}; lihat rating perilaku kerja.",
            f"Actuals alone cannot reach {goal}; look at the behaviour rating.",
        )
    return (
        "Realisasi indikator saja tidak dapat menaikkan predikat ini; lihat rating perilaku kerja.",
        "Actuals alone cannot raise this rating; look at the behaviour rating.",
    )
