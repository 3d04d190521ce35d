"""Rows → views: the one place where tables become what callers see, joined so that a page takes a handful of queries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ..core.errors import NotFoundError
from ..process import ProcessDefinition
from ..store import models as db
from ..store.prepared import Prepared
from ..store.queries import objects, rows
from .views import (
    CaseSummary,
    EvaluationView,
    EvidenceView,
    IncidentView,
    ItemView,
    JudgementView,
    LetterView,
    RubricView,
    TaskView,
)

SURVEYS = "survei:"
"""How the subjects of surveys begin (`casework.peers`)."""
RELEASE = tuple(field for field in db.Release._meta.sorted_fields if field.name != "files")
"""A release without its files, which are long and rarely wanted."""

Appraiser = db.Person.alias("appraiser")
Superior = db.Person.alias("superior")
Assignee = db.Person.alias("assignee")
Agency = db.Unit.alias("agency")


def CASE_JOINS() -> Any:  # noqa: N802 - a query, named like the constant it would be
    """Cases of every process with person, post, unit, agency, authorities, cycle and process joined (without its files)."""
    case, version = db.Case, db.ProcessVersion
    return (
        case.select(
            case,
            db.Person,
            db.Position,
            db.Unit,
            Agency,
            db.Cycle,
            Appraiser,
            Superior,
            version.id,
            version.process,
            version.version,
        )
        .join(db.Person, "LEFT OUTER JOIN", on=(case.person == db.Person.id), attr="person")
        .switch(case)
        .join(db.Position, "LEFT OUTER JOIN")
        .switch(case)
        .join(db.Unit, "LEFT OUTER JOIN", on=(case.unit == db.Unit.id), attr="unit")
        .switch(case)
        .join(Agency, "LEFT OUTER JOIN", on=(case.agency == Agency.id), attr="agency")
        .switch(case)
        .join(db.Cycle, "LEFT OUTER JOIN")
        .switch(case)
        .join(Appraiser, "LEFT OUTER JOIN", on=(case.appraiser == Appraiser.id), attr="appraiser")
        .switch(case)
        .join(Superior, "LEFT OUTER JOIN", on=(case.superior == Superior.id), attr="superior")
        .switch(case)
        .join(version)
    )


def TASK_JOINS() -> Any:  # noqa: N802
    """Tasks with their case, its person, post, unit, agency, cycle and process, and the assignee."""
    task, case, version = db.Task, db.Case, db.ProcessVersion
    return (
        task.select(
            task, case, db.Person, db.Position, db.Unit, Agency, db.Cycle, Assignee, version.id, version.process, version.version
        )
        .join(case)
        .join(db.Person, "LEFT OUTER JOIN", on=(case.person == db.Person.id), attr="person")
        .switch(case)
        .join(db.Position, "LEFT OUTER JOIN")
        .switch(case)
        .join(db.Unit, "LEFT OUTER JOIN", on=(case.unit == db.Unit.id), attr="unit")
        .switch(case)
        .join(Agency, "LEFT OUTER JOIN", on=(case.agency == Agency.id), attr="agency")
        .switch(case)
        .join(db.Cycle, "LEFT OUTER JOIN")
        .switch(case)
        .join(version)
        .switch(task)
        .join(Assignee, "LEFT OUTER JOIN", on=(task.assignee == Assignee.id), attr="assignee")
    )


_CASE = Prepared(lambda number: CASE_JOINS().where(db.Case.id == number))
_EVALUATION = Prepared(
    lambda number: (
        db.Evaluation.select(db.Evaluation, *RELEASE)
        .join(db.Release)
        .where(db.Evaluation.case == number)
        .order_by(db.Evaluation.id.desc())
    )
)

APPRAISALS = db.Case.cycle.is_null(False)
"""Appraisal cases alone: those of a cycle."""


def about(case: Any) -> str:
    """Whom or what a case is about, for sentences: the employee's name; for a case about no one person, its title.

    A survey belongs to whoever is asked, but is about another: its title names them.
    """
    return str(case.title if case.person_id is None or _asks_of_another(case) else case.person.name)


def _asks_of_another(case: Any) -> bool:
    return str(case.subject or "").startswith(SURVEYS)


def load_case(case_id: int) -> Any:
    """One case with everything joined; NotFoundError(`kasus_tidak_ada`)."""
    case = _CASE.first(case_id)
    if case is None:
        raise NotFoundError("kasus_tidak_ada", f"kasus {case_id} tidak ada", f"no case {case_id}")
    return case


def load_cycle(code: str) -> Any:
    """The cycle of a code; NotFoundError(`siklus_tidak_ada`)."""
    cycle = db.Cycle.get_or_none(db.Cycle.code == code)
    if cycle is None:
        raise NotFoundError("siklus_tidak_ada", f"siklus {code} tidak ada", f"no cycle {code}")
    return cycle


def case_summary(case: Any, incidents: int = 0) -> CaseSummary:
    person, position = case.person, case.position
    return CaseSummary(
        id=case.id, cycle=case.cycle.code if case.cycle_id else "", cycle_title=case.cycle.title if case.cycle_id else case.title,
        nip=person.nip if person and not _asks_of_another(case) else "", person=about(case), rank=person.rank if person else "",
        status=person.status if person else "", position=position.title if position else "",
        job_class=position.job_class if position else 0, level=position.level if position else None,
        unit=case.unit.name if case.unit_id else "", agency=case.agency.name if case.agency_id else "", first=case.first,
        last=case.last, stage=case.stage, state=case.state, rating=case.rating,
        appraiser=case.appraiser.name if case.appraiser_id else "", superior=case.superior.name if case.superior_id else "",
        chain_note=case.chain_note, incidents=incidents, subject=case.subject or "", title=case.title, parent=case.parent_id,
        process=case.process.process,
    )  # fmt: skip


def task_view(task: Any, now: datetime, definition: ProcessDefinition) -> TaskView:
    """definition: of the version the case runs on; English words for a step are its form's."""
    case, agency = task.case, task.case.agency
    english = definition.form_of(task.task).title.en if task.task in definition.tasks else ""
    return TaskView(
        id=task.id, task=task.task, title=task.title, role=task.role, stage=task.stage, form=task.form, state=task.state,
        case_id=case.id, cycle=case.cycle.code if case.cycle_id else "",
        nip=case.person.nip if case.person_id and not _asks_of_another(case) else "",
        person=about(case), position=case.position.title if case.position_id else "", unit=case.unit.name if case.unit_id else "",
        agency=(agency.short_name or agency.name) if agency else "", assignee=task.assignee.nip if task.assignee_id else "",
        ready_at=task.ready_at, due=task.due, overdue=task.state == "ready" and task.due is not None and task.due < now,
        subject=case.subject or "", title_en=english or task.title,
    )  # fmt: skip


def latest_evaluation(case_id: int) -> Any:
    """The evaluation of a case that stands, with its release (without its files); None before the first."""
    return _EVALUATION.first(case_id)


def evaluation_view(row: Any) -> EvaluationView | None:
    if row is None:
        return None
    finding = row.finding
    items = {name: tuple(value) for name, value in finding.items() if name not in ("outputs", "trace", "release", "warnings")}
    return EvaluationView(
        id=row.id, on=row.on_day, at=row.evaluated_at, release=row.release.fingerprint, release_title=row.release.title,
        outputs=finding["outputs"], items=items, trace=tuple(finding["trace"]), warnings=tuple(finding.get("warnings", ())),
        facts=row.facts,
    )  # fmt: skip


def latest_measurements(case_ids: Iterable[int]) -> dict[int, Any]:
    """Plan item id → its latest measurement, unless that one is held, or one of the item's is disputed and not decided.

    Then the item is unrated, whatever was measured before or since.
    """
    cases = list(case_ids)
    query = db.Measurement.select(db.Measurement).join(db.PlanItem)
    query = query.where(db.PlanItem.case << cases).order_by(db.Measurement.id)
    found = list(objects(query))
    latest = {row.plan_item_id: row for row in found}
    disputed = open_disputes(cases) if any(row.held for row in found) else ()  # who disputes one holds it
    return {item: row for item, row in latest.items() if not row.held and item not in disputed}


def open_disputes(case_ids: Iterable[int]) -> frozenset[int]:
    """Plan items of these cases with a dispute that waits for its decision."""
    query = db.Dispute.select(db.Measurement.plan_item).join(db.Measurement)
    found = query.where(db.Dispute.case << list(case_ids), db.Dispute.state == "open")
    return frozenset(item for (item,) in rows(found))


def item_views(case_id: int, evaluation: Any = None) -> tuple[ItemView, ...]:
    measured = latest_measurements([case_id])
    achieved = {row["kode"]: row.get("capaian") for row in evaluation.finding.get("indikator", ())} if evaluation else {}
    plan = db.PlanItem.select().where(db.PlanItem.case == case_id, db.IN_FORCE).order_by(db.PlanItem.ordinal)
    return tuple(_item(row, measured.get(row.id), achieved.get(row.code)) for row in plan)


def _item(row: Any, measurement: Any, achievement: Any) -> ItemView:
    return ItemView(
        id=row.id, code=row.code, label_id=row.label_id, label_en=row.label_en, polarity=row.polarity, target=row.target,
        target_high=row.target_high, weight=row.weight, unit=row.unit, source=row.source, statistic=row.statistic,
        standard=row.standard, place=row.place, actual=measurement.value if measurement else None,
        evidence=evidence_view(measurement) if measurement else None, achievement=achievement, share=row.share,
    )  # fmt: skip


def evidence_view(row: Any) -> EvidenceView:
    held = row.evidence
    count = held.get("count")
    return EvidenceView(
        source=held.get("source", ""), sha256=held.get("sha256", ""), count=None if count is None else int(count),
        period=held.get("period", ""), method=held.get("method", ""), recorded_by=row.recorded_by, recorded_at=row.recorded_at,
        note=held.get("note", ""),
    )  # fmt: skip


def judgement_views(case_id: int) -> tuple[JudgementView, ...]:
    given = list(db.Judgement.select().where(db.Judgement.case == case_id).order_by(db.Judgement.id))
    rated = db.RubricRating.select().where(db.RubricRating.judgement << ([row.id for row in given] or [0]))
    rubrics = {row.judgement_id: row for row in objects(rated)}
    return tuple(
        JudgementView(
            row.id, row.role, row.aspect, row.value, row.reason, row.evidence, row.author, row.author_name, row.judged_at,
            _rubric(rubrics.get(row.id)),
        )
        for row in given
    )  # fmt: skip


def _rubric(row: Any) -> RubricView | None:
    return None if row is None else RubricView(row.decision, row.release, row.total, tuple(row.scores), tuple(row.trace))


def letter_view(row: Any, folder: Any) -> LetterView:
    return LetterView(
        id=row.id, kind=row.kind, number=row.number, title=row.title, unit=row.unit.name, case_id=row.case_id,
        issued_at=row.issued_at,
        issued_by=row.issued_by, sample=row.sample, pdf=str(folder / row.pdf) if row.pdf else "", sha256=row.sha256,
    )  # fmt: skip


def incident_view(row: Any) -> IncidentView:
    person = about(row.case) if row.case_id else ""
    return IncidentView(row.id, row.case_id, row.task_id, person, row.code, row.text_id, row.text_en, row.state, row.occurred_at)
