"""Who is touched by other rules: the latest evaluation of each case, computed again from its stored facts. Nothing is changed.

What a city decided stays decided; this lists what a correction would decide otherwise, and the money between.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import peewee

from ...core.errors import KinerjaError
from ...core.exactjson import dumps, loads
from ...engine import Engine
from ...policy.model import Policy
from ...store import models as db
from ...store.queries import rows
from ..context import Context, require
from ..evaluation.decide import RATING, storable
from ..reading import APPRAISALS, CASE_JOINS

RUPIAH = "rupiah"
AT_ONCE = 200
REMEMBERED = 8


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
    return of_policy(context, context.city.policy(fingerprint), since)


def of_policy(context: Context, policy: Policy, since: date | None = None) -> Effects:
    """The same for rules that are not stored yet. Asked again before anything else was evaluated, the answer is remembered."""
    require(context, "rules.effects")
    newest = db.Evaluation.select(peewee.fn.MAX(db.Evaluation.id)).scalar()
    key = (str(context.city.folder), policy.fingerprint, since, newest, db.Case.select().count())
    with _lock:
        if (found := _known.get(key)) is not None:
            _known.move_to_end(key)
            return found
    with Engine(policy) as engine:
        found = _effects(policy, engine, since, context.city.store.is_sqlite)
    with _lock:
        _known[key] = found
        while len(_known) > REMEMBERED:
            _known.popitem(last=False)
    return found


_known: OrderedDict[tuple[Any, ...], Effects] = OrderedDict()
_lock = threading.Lock()


def _effects(policy: Policy, engine: Engine, since: date | None, sqlite: bool) -> Effects:
    touched: list[TouchedCase] = []
    bands: Counter[tuple[str, str]] = Counter()
    money: dict[str, Fraction] = {}
    currency = {o.name for v in policy.decisions.values() for o in v[-1].outputs if o.type.unit == RUPIAH}
    evaluated = _latest()
    wanted = {case: row for case, row in evaluated.items() if since is None or row.on_day >= since}
    answers = _again(engine, wanted, sqlite)
    for case in CASE_JOINS().order_by(db.Unit.code, db.Person.name, db.Case.id):
        row = wanted.get(case.id)
        if row is None:
            continue
        moves, error = answers[case.id]
        if not moves and error is None:
            continue
        touched.append(_told(case, row, moves, error))
        for move in moves:
            if move.output == RATING:
                bands[str(move.before), str(move.after)] += 1
            if move.output in currency and isinstance(move.before, Fraction | int) and isinstance(move.after, Fraction | int):
                money[move.output] = money.get(move.output, Fraction(0)) + Fraction(move.after) - Fraction(move.before)
    waiting = db.Case.select().where(APPRAISALS, db.Case.id.not_in(list(evaluated) or [0])).count()
    return Effects(len(wanted), waiting, tuple(touched), dict(bands), money)


def _told(case: Any, row: Any, moves: tuple[Move, ...], error: KinerjaError | None) -> TouchedCase:
    agency = case.agency.short_name or case.agency.name
    texts = (error.text_id, error.text_en) if error else ("", "")
    return TouchedCase(
        case.id, case.person.nip, case.person.name, agency, case.cycle.code, row.on_day, row.release.fingerprint, moves, *texts
    )


def _latest() -> dict[int, Any]:
    """Case id → its latest evaluation, with the release's fingerprint; without its facts and finding, which are long."""
    table = db.Evaluation
    newest = table.select(peewee.fn.MAX(table.id)).group_by(table.case)
    query = table.select(table.id, table.case, table.on_day, db.Release.id, db.Release.fingerprint).join(db.Release)
    return {row.case_id: row for row in query.where(table.id.in_(newest))}  # type: ignore[attr-defined]


def _said(evaluations: list[int], sqlite: bool) -> dict[int, tuple[Any, Any]]:
    """Evaluation → (facts, outputs). The database takes the outputs out of the finding: its trace is fifty times as long."""
    table = db.Evaluation
    if sqlite:
        outputs: Any = peewee.fn.json_extract(table.finding, "$.outputs")
    else:
        outputs = peewee.NodeList((table.finding, peewee.SQL("::json -> 'outputs'")))
    query = table.select(table.id, table.facts, peewee.Cast(outputs, "TEXT")).where(table.id << evaluations)
    return {row: (facts, loads(text)) for row, facts, text in rows(query)}


def _again(engine: Engine, wanted: Mapping[int, Any], sqlite: bool) -> dict[int, tuple[tuple[Move, ...], KinerjaError | None]]:
    """Each case through both engines, those of one judgement day together."""
    by_day: dict[date, list[int]] = {}
    for case, row in wanted.items():
        by_day.setdefault(row.on_day, []).append(case)
    found: dict[int, tuple[tuple[Move, ...], KinerjaError | None]] = {}
    for day, cases in by_day.items():
        for start in range(0, len(cases), AT_ONCE):
            some = cases[start : start + AT_ONCE]
            said = _said([wanted[one].id for one in some], sqlite)
            answers = engine.outcomes((said[wanted[one].id][0] for one in some), day)
            for case, answer in zip(some, answers, strict=True):
                if isinstance(answer, KinerjaError):
                    found[case] = (), answer
                else:  # in the form in which the earlier ones are kept
                    now = loads(dumps(storable(answer.outputs)))
                    found[case] = tuple(_moves(said[wanted[case].id][1], now)), None
    return found


def _moves(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterable[Move]:
    for name in dict.fromkeys((*before, *now)):
        if before.get(name) != now.get(name):
            yield Move(name, before.get(name), now.get(name))
