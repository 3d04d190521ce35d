"""Counts for dashboards and summaries, straight from the records; people are counted, never named."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from typing import Any

from ...ingest import STATISTICS
from ...store import models as db
from ...store.queries import rows
from ..context import Context, require
from ..evaluation.small import may_show
from ..views import Overview


def overview(context: Context, cycle: str) -> Overview:
    """Where a cycle stands: cases by stage, rating and agency, money, incidents, letters, median waiting minutes by service."""
    require(context, "overview.read")
    in_cycle = db.Cycle.code == cycle
    cases = list(
        rows(
            db.Case.select(db.Case.stage, db.Case.rating, db.Unit.short_name)
            .join(db.Unit, on=(db.Case.agency == db.Unit.id))
            .switch(db.Case)
            .join(db.Cycle)
            .where(in_cycle)
        )
    )
    stages = Counter(stage for stage, _, _ in cases)
    latest = _latest_evaluations(cycle)
    incidents = db.Incident.select().join(db.Case).join(db.Cycle).where(in_cycle, db.Incident.state == "open").count()
    letters = db.Letter.select().join(db.Cycle).where(in_cycle).count()
    rated = Counter(rating for _, rating, _ in cases if rating)
    last = db.Cycle.get(in_cycle).last if cases else context.city.today()
    shown = may_show(context, rated.total(), last) and may_show(context, len(latest), last)
    return Overview(
        cases=len(cases),
        agencies=len({agency for _, _, agency in cases}),
        by_stage={stage: stages[stage] for stage in db.STAGES if stages[stage]},
        by_rating=dict(sorted(rated.items())) if shown else {},
        evaluations=len(latest),
        incidents=incidents,
        allowance=sum((finding["outputs"].get("tpp_bruto") or Fraction(0) for finding in latest), Fraction(0)) if shown else None,
        letters=letters,
        waiting=_waiting(),
    )


def _latest_evaluations(cycle: str) -> list[Any]:
    """The finding of each case's latest evaluation."""
    query = (
        db.Evaluation.select(db.Evaluation.case, db.Evaluation.finding).join(db.Case).join(db.Cycle).where(db.Cycle.code == cycle)
    )
    latest: dict[int, Any] = dict(rows(query.order_by(db.Evaluation.id)))
    return list(latest.values())


def _waiting() -> dict[str, Fraction]:
    by_service: dict[str, list[Any]] = defaultdict(list)
    for event in db.ServiceEvent.select():
        by_service[event.service].append(event)
    medians = {service: STATISTICS["median_menit"](events) for service, events in sorted(by_service.items())}
    return {service: median for service, median in medians.items() if median is not None}
