"""Who is touched by other rules: the latest evaluation of each case, computed again from its stored facts. Nothing is changed.

What a city decided stays decided; this lists what a correction would decide otherwise, and the money between.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import peewee

from ..core.errors import KinerjaError
from ..core.exactjson import dumps, loads
from ..core.findings import Finding
from ..engine import Engine
from ..policy.model import Policy
from ..store import models as db
from .context import Context, require
from .decide import RATING, storable
from .reading import APPRAISALS, CASE_JOINS

RUPIAH = "rupiah"
Evaluate = Callable[[Mapping[str, Any], date], Finding]


@dataclass(frozen=True, slots=True)
class Move:
    """One output that comes out otherwise. before, after: Fraction, text, boolean or None."""

    output: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class TouchedCase:
    """A case that other rules decide otherwise. error_id, error_en: why they cannot decide it ("" when they can)."""

    case: int
    nip: str
    person: str
    agency: str
    cycle: str
    on: date
    release: str
    moves: tuple[Move, ...]
    error_id: str = ""
    error_en: str = ""


@dataclass(frozen=True, slots=True)
class Effects:
    """computed: evaluated cases looked at. waiting: cases not evaluated yet. bands: (before, after) → cases, as rated.

    money: output in rupiah → sum of after − before over the touched cases.
    """

    computed: int
    waiting: int
    touched: tuple[TouchedCase, ...]
    bands: Mapping[tuple[str, str], int]
    money: Mapping[str, Fraction]

    def as_json(self) -> dict[str, Any]:
        return {
            "computed": self.computed,
            "waiting": self.waiting,
            "touched": [
                {
                    "case": one.case, "nip": one.nip, "person": one.person, "agency": one.agency, "cycle": one.cycle,
                    "on": one.on, "release": one.release,
                    "moves": [{"output": move.output, "before": move.before, "after": move.after} for move in one.moves],
                    **({"error": {"id": one.error_id, "en": one.error_en}} if one.error_id else {}),
                }
                for one in self.touched
            ],
            "bands": [{"before": before, "after": after, "cases": count} for (before, after), count in self.bands.items()],
            "money": dict(self.money),
        }  # fmt: skip


def of_release(context: Context, fingerprint: str, since: date | None = None) -> Effects:
    """What a stored release would decide otherwise. since: only cases judged on that day or later."""
    city = context.city
    return _effects(context, city.policy(fingerprint), lambda facts, on: city.evaluate(fingerprint, facts, on), since)


def of_policy(context: Context, policy: Policy, since: date | None = None) -> Effects:
    """The same for rules that are not stored yet."""
    with Engine(policy) as engine:
        return _effects(context, policy, engine.evaluate, since)


def _effects(context: Context, policy: Policy, evaluate: Evaluate, since: date | None) -> Effects:
    require(context, "rules.effects")
    touched: list[TouchedCase] = []
    bands: Counter[tuple[str, str]] = Counter()
    money: dict[str, Fraction] = {}
    currency = {o.name for v in policy.decisions.values() for o in v[-1].outputs if o.type.unit == RUPIAH}
    evaluated = _latest()
    computed = 0
    for case in CASE_JOINS().where(APPRAISALS).order_by(db.Unit.code, db.Person.name, db.Case.id):
        row = evaluated.get(case.id)
        if row is None or (since is not None and row.on_day < since):
            continue
        computed += 1
        moves, error = _again(row, evaluate)
        if not moves and error is None:
            continue
        touched.append(_told(case, row, moves, error))
        for move in moves:
            if move.output == RATING:
                bands[str(move.before), str(move.after)] += 1
            if move.output in currency and isinstance(move.before, Fraction | int) and isinstance(move.after, Fraction | int):
                money[move.output] = money.get(move.output, Fraction(0)) + Fraction(move.after) - Fraction(move.before)
    waiting = db.Case.select().where(APPRAISALS, db.Case.id.not_in(list(evaluated) or [0])).count()
    return Effects(computed, waiting, tuple(touched), dict(bands), money)


def _told(case: Any, row: Any, moves: tuple[Move, ...], error: KinerjaError | None) -> TouchedCase:
    agency = case.agency.short_name or case.agency.name
    texts = (error.text_id, error.text_en) if error else ("", "")
    return TouchedCase(
        case.id, case.person.nip, case.person.name, agency, case.cycle.code, row.on_day, row.release.fingerprint, moves, *texts
    )


def _latest() -> dict[int, Any]:
    """Case id → its latest evaluation, with the release's fingerprint."""
    table = db.Evaluation
    newest = table.select(peewee.fn.MAX(table.id)).group_by(table.case)
    query = table.select(table, db.Release.id, db.Release.fingerprint).join(db.Release).where(table.id.in_(newest))
    return {row.case_id: row for row in query}  # type: ignore[attr-defined]


def _again(row: Any, evaluate: Evaluate) -> tuple[tuple[Move, ...], KinerjaError | None]:
    try:
        finding = evaluate(row.facts, row.on_day)
    except KinerjaError as error:
        return (), error
    now = loads(dumps(storable(finding.outcome.outputs)))  # in the form in which the earlier ones are kept
    return tuple(_moves(row.finding["outputs"], now)), None


def _moves(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterable[Move]:
    for name in dict.fromkeys((*before, *now)):
        if before.get(name) != now.get(name):
            yield Move(name, before.get(name), now.get(name))
