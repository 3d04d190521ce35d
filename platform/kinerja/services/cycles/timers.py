"""Letting time pass: the deadlines of running cases fire once each, whoever looks and how often."""

from __future__ import annotations

from typing import Any

from ...core.errors import BusyError, ConflictError, KinerjaError
from ...store import models as db
from ...store.queries import rows
from ..acts import Done, perform
from ..context import WHOLE_CITY, Context, require
from ..flow import machine_of, place_step, stopped
from ..reading import about, load_case

BATCH = 500


def due_cases(context: Context) -> tuple[int, ...]:
    """Ids of open cases whose process wants to be looked at by now."""
    now = context.city.clock.now()
    query = db.Case.select(db.Case.id).where(db.Case.state == "open", db.Case.next_timer <= now).order_by(db.Case.next_timer)
    return tuple(case for (case,) in rows(query.limit(BATCH)))


def fire(context: Context) -> int:
    """Fire what is due; the number of cases that moved.

    A case that somebody moves at the same moment is left to the next round; one whose process cannot go on gets an incident, once,
    and the others go on.
    """
    require(context, "process.load", unit=WHOLE_CITY)
    moved = 0
    for case_id in due_cases(context):
        try:
            moved += fire_one(context, case_id)
        except (ConflictError, BusyError):
            continue
        except KinerjaError as error:
            stopped(context, case_id, error)
    return moved


def fire_one(context: Context, case_id: int) -> bool:
    """Fire what is due in one case; False when nothing is (any more)."""
    case: Any = load_case(case_id)
    require(context, "cycle.advance", unit=case.unit or WHOLE_CITY)
    at = context.city.clock.now()
    if case.next_timer is None or case.next_timer > at or case.state != "open":
        return False

    def work() -> Done:
        definition = context.city.definition(case.process)
        step = machine_of(context, case, definition).refresh(case.process_state)
        place_step(context, case, definition, step, at)
        names = ", ".join(step.fired) or "–"
        return Done(
            f"case:{case.id}",
            f"Tenggat lewat ({names}) – {about(case)}",
            f"Deadline passed ({names}) for {about(case)}",
            payload={"fired": list(step.fired), "stage": case.stage},
        )

    perform(context, "process.timer", work, key=f"timer:{case.id}:{case.version}")
    return True
