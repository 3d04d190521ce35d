"""The city audits itself: each night some past decisions, drawn so that anyone can draw them again, are computed anew from the
facts that were stored, on the release they were made on. One that comes out otherwise is an incident on its case.

The draw: evaluations in the order of sha256(head of the ledger before that night, id). Nobody chooses, and nobody can know before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from ...core.clock import JAKARTA
from ...core.errors import KinerjaError
from ...store import models as db
from ...store.queries import rows
from ..acts import Done, perform
from ..context import WHOLE_CITY, Context, require
from ..evaluation.decide import again
from ..views import Receipt

NIGHTLY = 25
"""Decisions a night. Where one in fifty was tampered with, two nights find it in 63 of a hundred times, a week in 97."""
HOUR = 1
CODE = "hitung_ulang_berbeda"


@dataclass(frozen=True, slots=True)
class Again:
    """One evaluation computed anew. differs: names of outputs and items that come out otherwise; trouble: why it could not be."""

    evaluation: int
    case: int
    differs: tuple[str, ...]
    stored: dict[str, Any]
    now: dict[str, Any]
    trouble: KinerjaError | None = None

    @property
    def sound(self) -> bool:
        return not self.differs and self.trouble is None


def nightly(context: Context) -> Receipt | None:
    """Tonight's draw, once a night and not before one o'clock; None when it is not time or was done."""
    require(context, "ledger.verify", unit=WHOLE_CITY)
    now = context.city.clock.now().astimezone(JAKARTA)
    key = f"hitung-ulang-{now.date()}"
    if now.hour < HOUR or db.Receipt.get_or_none(db.Receipt.key == key) is not None:
        return None
    if not db.Evaluation.select().exists():
        return None
    return audit(context, NIGHTLY, key)


def audit(context: Context, count: int | None = None, key: str | None = None) -> Receipt:
    """Compute so many drawn decisions anew (all: None); what differs is an incident, and the ledger says what was looked at."""
    require(context, "ledger.verify", unit=WHOLE_CITY)
    day = context.city.clock.now().astimezone(JAKARTA).date()
    chosen = draw(context, day)[:count]
    found = [_again(context, evaluation) for evaluation in chosen]
    wrong = [one for one in found if not one.sound]

    def work() -> Done:
        opened = [incident for one in wrong if (incident := _incident(context, one)) is not None]
        payload = {
            "day": day.isoformat(), "evaluations": [one.evaluation for one in found],
            "different": [one.evaluation for one in wrong], "incidents": opened,
        }  # fmt: skip
        told = "semuanya sama" if not wrong else f"{len(wrong)} berbeda"
        told_en = "all the same" if not wrong else f"{len(wrong)} differ"
        return Done(
            "ledger",
            f"{len(found)} keputusan dihitung ulang dari fakta tersimpan: {told}",
            f"{len(found)} decisions computed anew from stored facts: {told_en}",
            payload=payload,
            values=payload,
        )

    return perform(context, "audit.recompute", work, key)


def draw(context: Context, day: date) -> list[int]:
    """All evaluations in the order in which that night draws them."""
    require(context, "ledger.verify", unit=WHOLE_CITY)
    begins = datetime.combine(day, time(HOUR), JAKARTA)
    table = db.LedgerEntry
    head = table.select(table.hash).where(table.at < begins).order_by(table.seq.desc()).first()
    seed = head.hash if head is not None else (begins - timedelta(days=1)).isoformat()
    ids = [int(id) for (id,) in rows(db.Evaluation.select(db.Evaluation.id))]
    return sorted(ids, key=lambda id: hashlib.sha256(f"{seed} {id}".encode()).hexdigest())


def _again(context: Context, evaluation: int) -> Again:
    row: Any = db.Evaluation.select(db.Evaluation, db.Release.id, db.Release.fingerprint).join(db.Release)
    row = row.where(db.Evaluation.id == evaluation).get()
    try:
        stored, now = again(context, row)
    except KinerjaError as error:
        return Again(evaluation, row.case_id, (), {}, {}, error)
    return Again(evaluation, row.case_id, tuple(_differing(stored, now)), stored, now)


def _differing(stored: dict[str, Any], now: dict[str, Any]) -> Iterable[str]:
    """Outputs by name; items and rows by the name of their kind."""
    for name in dict.fromkeys((*stored, *now)):
        before, after = stored.get(name), now.get(name)
        if before != after:
            if isinstance(before, dict) and isinstance(after, dict):
                yield from (inner for inner in dict.fromkeys((*before, *after)) if before.get(inner) != after.get(inner))
            else:
                yield name


def _incident(context: Context, one: Again) -> int | None:
    """None where an open incident says so already."""
    table = db.Incident
    for known in table.select().where(table.case == one.case, table.state == "open", table.code == CODE):
        if known.particulars.get("evaluation") == one.evaluation:
            return None
    if one.trouble is not None:
        text_id, text_en = one.trouble.line("id"), one.trouble.line("en")
    else:
        names = ", ".join(one.differs[:5])
        text_id = f"keputusan yang tersimpan tidak sama bila dihitung ulang ({names})"
        text_en = f"the stored decision is not what computing it anew gives ({names})"
    particulars = {
        "evaluation": one.evaluation, "stored": one.stored, "now": one.now, "differs": list(one.differs),
        **({"trouble": one.trouble.as_json()} if one.trouble is not None else {}),
    }  # fmt: skip
    row = table.create(
        case=one.case, code=CODE, text_id=text_id, text_en=text_en, particulars=particulars, occurred_at=context.city.clock.now()
    )
    return int(row.id)
