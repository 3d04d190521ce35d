"""Looking at cases: lists for the desks, and the page that leads each number of a case to its record and its law."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import peewee

from ...core.errors import KinerjaError, NotFoundError
from ...core.findings import TraceEntry
from ...engine import draw, leading_to
from ...policy.values import admit, unknown
from ...process import Step, picture
from ...store import models as db
from ...store.queries import rows
from ..acts import Done, perform
from ..context import Context, reach, relations, require
from ..evaluation.decide import storable
from ..flow import look
from ..reading import (
    APPRAISALS,
    CASE_JOINS,
    TASK_JOINS,
    about,
    case_summary,
    evaluation_view,
    incident_view,
    item_views,
    letter_view,
    load_case,
    task_view,
)
from ..staff.duties import require_untied
from ..views import AssumptionView, CasePage, CaseSummary, IncidentView, Receipt, TimelineEntry
from ..visibility import may_read, require_case, sight
from . import plans, reacting
from .answers import answer_views
from .career import outlook

LIST_LIMIT = 200
OWN_REACTIONS = ("pegawai", "pejabat_penilai")
"""Whose reactions an employee sees on their own case; what HR is asked to prepare is HR's."""
IDENTITY = frozenset({"nip"})
"""What may be assumed of who a person is: printed like the facts of the rules, and none of them."""
TEXTS = {
    "task.complete": "tugas",
    "letter.issue": "surat terbit",
    "incident.settle": "insiden diselesaikan",
    "measure.record": "realisasi",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which cases; "" leaves a field open. agency: unit code; text: part of a name or NIP."""

    cycle: str = ""
    agency: str = ""
    stage: str = ""
    rating: str = ""
    text: str = ""


def list_cases(context: Context, chosen: Filter | None = None, limit: int = LIST_LIMIT, offset: int = 0) -> tuple[CaseSummary, ...]:
    """The cases the actor may see, by agency and name: all of their units for HR, else those they stand in."""
    query = _seen(context, chosen or Filter()).order_by(db.Unit.code, db.Person.name, db.Case.id).limit(limit).offset(offset)
    found = list(query)
    waiting = _open_incidents([case.id for case in found])
    return tuple(_summary(context, case, waiting.get(case.id, 0)) for case in found)


def case_page(context: Context, case_id: int, language: str = "id") -> CasePage:
    """All about one case, for those who stand in it, HR, the team and auditors; raises ForbiddenError otherwise.

    The employee sees rating and evaluation once they are decided (a letter is out), not while they are made.
    """
    case = load_case(case_id)
    require_case(context, case)
    seen = sight(context, case)
    step = look(context, context.city.definition(case.process), case.process_state)
    tasks = TASK_JOINS().where(db.Task.case == case_id).order_by(db.Task.id)
    letters = db.Letter.select(db.Letter, db.Unit).join(db.Unit).switch(db.Letter).join(db.LetterCase)
    incidents = db.Incident.select().where(db.Incident.case == case_id).order_by(db.Incident.id)
    now = context.city.clock.now()
    return CasePage(
        case=seen.summary(case_summary(case, _open_incidents([case_id]).get(case_id, 0))),
        picture=_picture(context, case, step, language),
        here=step.current,
        waits=tuple(timer for timer in step.timers if timer.alone),
        items=item_views(case_id, seen.evaluation),
        judgements=seen.judgements(case_id),
        evaluation=evaluation_view(seen.evaluation),
        whatif=_whatif(context, seen.evaluation),
        letters=tuple(
            letter_view(row, context.city.letters) for row in letters.where(db.LetterCase.case == case_id).order_by(db.Letter.id)
        ),
        tasks=tuple(task_view(task, now, context.city.definition(case.process)) for task in tasks),
        incidents=() if seen.own else tuple(incident_view(row) for row in incidents),
        assumptions=tuple(AssumptionView(a["fact"], a["label"], a["text"], a["reason"]) for a in case.assumptions),
        timeline=timeline(case_id),
        answers=answer_views(context, case),
        children=_children(context, case_id),
        outlook=outlook(context, case, seen.evaluation),
        firings=tuple(one for one in reacting.views(case_id) if not seen.own or one.role in OWN_REACTIONS),
        plan=plans.read_plan(context, case) if case.cycle_id else None,
    )


def case_picture(context: Context, case: Any, language: str = "id") -> str:
    """The process picture (SVG) with the way of the case and its place; late tasks marked. language: of its legend."""
    return _picture(context, case, look(context, context.city.definition(case.process), case.process_state), language)


def _picture(context: Context, case: Any, step: Step, language: str) -> str:
    definition = context.city.definition(case.process)
    now = context.city.clock.now()
    late = [
        task
        for (task,) in rows(
            db.Task.select(db.Task.task).where(db.Task.case == case.id, db.Task.state == "ready", db.Task.due < now)
        )
    ]
    return str(picture(definition, done=step.done, current=step.current, late=late, language=language))


def why_picture(context: Context, case_id: int, output: str, language: str) -> str:
    """The requirements of an output of the latest evaluation that the actor may see, with its values, as SVG.

    NotFoundError(`belum_dievaluasi`); InputError for an output that there is not.
    """
    case = load_case(case_id)
    require_case(context, case)
    evaluation = sight(context, case).evaluation
    if evaluation is None:
        raise NotFoundError("belum_dievaluasi", "kasus ini belum dievaluasi", "this case has not been evaluated")
    trace = tuple(TraceEntry.of_json(entry) for entry in evaluation.finding["trace"])
    try:
        policy = context.city.policy(evaluation.release.fingerprint)
    except KinerjaError:  # rules that can no longer be read: then names stand bare
        policy = None
    return draw(leading_to(trace, output), "", policy, language)


def timeline(case_id: int) -> tuple[TimelineEntry, ...]:
    """The ledger's entries on a case, oldest first."""
    table = db.LedgerEntry
    entries = table.select().where(table.subject == f"case:{case_id}").order_by(table.seq)
    return tuple(TimelineEntry(row.seq, row.at, row.actor, row.act, TEXTS.get(row.act, row.act)) for row in entries)


def incidents(context: Context, state: str = "open") -> tuple[IncidentView, ...]:
    """Incidents of all cases in reach, the newest first."""
    require(context, "incident.settle")
    query = (
        db.Incident.select(db.Incident, db.Case, db.Person)
        .join(db.Case, "LEFT OUTER JOIN")
        .join(db.Person, "LEFT OUTER JOIN", on=(db.Case.person == db.Person.id), attr="person")
        .where(db.Incident.state == state)
        .order_by(db.Incident.id.desc())
    )
    places = reach(context, "incident.settle")
    if places is not None:
        query = query.where(db.Case.unit << list(context.city.units.below(places)))
    return tuple(incident_view(row) for row in query)


def assume(context: Context, case_id: int, assumptions: list[dict[str, Any]], key: str | None = None) -> Receipt:
    """Declare what stands in for facts that no record gives: [{fact, label, value, text, reason}]; letters print it as ASUMSI.

    place: where an entry was written, for errors only. Raises InputError for a fact or value that the vocabulary does not have.
    """
    facts = context.city.policy(context.city.release().fingerprint).vocabulary.entities["kasus"].facts
    places = [entry.get("place") for entry in assumptions]
    assumptions = [{name: value for name, value in entry.items() if name != "place"} for entry in assumptions]
    for entry, place in zip(assumptions, places, strict=True):
        name = entry["fact"]
        if name in IDENTITY:
            continue
        if name not in facts:
            raise unknown(f"kasus.{name}", name, facts, place)
        admit(entry["value"], facts[name].type, f"kasus.{name}", place)

    def work() -> Done:
        case = load_case(case_id)
        require(context, "case.assume", case)
        require_untied(context, case)
        db.Case.update(assumptions=storable(assumptions), version=db.Case.version + 1).where(db.Case.id == case_id).execute()
        return Done(
            f"case:{case_id}",
            f"{len(assumptions)} asumsi dicatat pada kasus {about(case)}",
            f"{len(assumptions)} assumptions recorded with the case of {about(case)}",
            payload={"assumptions": storable(assumptions)},
        )

    return perform(context, "case.assume", work, key)


# ── who sees what ─────────────────────────────────────────────────────────────────────────────────────────────────────
def _seen(context: Context, chosen: Filter) -> Any:
    query = CASE_JOINS().where(APPRAISALS)
    if chosen.cycle:
        query = query.where(db.Cycle.code == chosen.cycle)
    if chosen.agency:
        query = query.where(db.Case.unit << list(context.city.units.below([chosen.agency])))
    if chosen.stage:
        query = query.where(db.Case.stage == chosen.stage)
    if chosen.rating:
        query = query.where(db.Case.rating == chosen.rating)
    if chosen.text:
        # as free text: the pattern, with its %, may be longer than the column is
        name, nip = (peewee.Cast(column, "TEXT") for column in (db.Person.name, db.Person.nip))
        query = query.where(name.contains(chosen.text) | nip.contains(chosen.text))
    return query.where(_reach(context))


def _reach(context: Context) -> Any:
    actor = context.actor
    person = db.Person.get_or_none(db.Person.nip == actor.nip) if actor.nip else None
    reach = peewee.Expression(peewee.Value(1), "=", peewee.Value(0))
    if person is not None:
        reach = (db.Case.person == person.id) | (db.Case.appraiser == person.id) | (db.Case.superior == person.id)
    scopes = [actor.roles[role] for role in ("administrator", "bkpsdm", "tim_evaluasi", "auditor") if role in actor.roles]
    if any(not scope for scope in scopes):
        return peewee.Expression(peewee.Value(1), "=", peewee.Value(1))
    for scope in scopes:
        reach = reach | (db.Case.unit << list(context.city.units.below(scope)))
    return reach


def _summary(context: Context, case: Any, incidents: int) -> CaseSummary:
    summary = case_summary(case, incidents)
    own = case.rating and "self" in relations(context.actor, case)
    return sight(context, case).summary(summary) if own else summary


def _children(context: Context, case_id: int) -> tuple[tuple[int, str, str], ...]:
    found = CASE_JOINS().where(db.Case.parent == case_id).order_by(db.Case.id)
    return tuple((case.id, case.title, case.stage) for case in found if may_read(context, case))


def _open_incidents(case_ids: list[int]) -> dict[int, int]:
    query = db.Incident.select(db.Incident.case, peewee.fn.COUNT(db.Incident.id)).group_by(db.Incident.case)
    return dict(rows(query.where(db.Incident.case << (case_ids or [0]), db.Incident.state == "open")))


def _whatif(context: Context, evaluation: Any) -> Any:
    """What lifts the case to the next rating; None where the rules give no answer."""
    if evaluation is None:
        return None
    try:
        return storable(context.city.whatif(evaluation.release.fingerprint, evaluation.facts, evaluation.on_day))
    except KinerjaError:
        return None
