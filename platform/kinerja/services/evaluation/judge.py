"""Judgements: a person's value with reason, kept for ever; the latest of an aspect counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from ...store import models as db
from ..context import Context
from .measure import TEAM, record_team_score


def record_judgements(
    context: Context, case: Any, task: Any, judgements: Iterable[Mapping[str, Any]], at: datetime
) -> list[dict[str, Any]]:
    """Keep what a form's `records` brought: {peran, aspek, nilai, alasan, bukti, rubrik?}; plain values for the ledger."""
    kept = []
    for entry in judgements:
        judgement = db.Judgement.create(
            case=case, task=task, role=entry["peran"], aspect=entry["aspek"], value=entry["nilai"], reason=entry["alasan"] or "",
            evidence=entry["bukti"] or "", author=context.actor.id, author_name=context.actor.name, judged_at=at,
        )  # fmt: skip
        if (rated := entry.get("rubrik")) is not None:
            db.RubricRating.create(
                judgement=judgement, decision=rated.decision, release=rated.release, total=rated.total,
                scores=list(rated.scores), trace=list(rated.trace),
            )  # fmt: skip
        if judgement.role == TEAM:
            record_team_score(context, case, judgement, at)
        kept.append({"peran": entry["peran"], "aspek": entry["aspek"], "nilai": entry["nilai"]})
    return kept


def current_judgements(case: int) -> list[Any]:
    """The latest judgement of each role and aspect, in the order in which they were given."""
    latest: dict[tuple[str, str], Any] = {}
    for row in db.Judgement.select().where(db.Judgement.case == case).order_by(db.Judgement.id):
        latest.pop((row.role, row.aspect), None)
        latest[(row.role, row.aspect)] = row
    return list(latest.values())
