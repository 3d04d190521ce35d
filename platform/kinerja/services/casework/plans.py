"""A plan until both agree, and as they agreed it: who read the standard, who proposed and answered, what was said and expected.

What a form does to the plan stands in its file (`plan:`); nothing here knows a task by name. The versions of a plan are rows that
nobody edits after both have agreed; `amending` adds the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from ...core.errors import ConflictError
from ...process import Field, Form, Text
from ...process.forms import Option
from ...store import models as db
from ...store.queries import objects
from ..acts import changed
from ..context import Context
from ..evaluation.shares import whole_targets
from ..expectations import expectations_of, versions_of
from ..reading import item_views, load_case
from ..views import PlanView, Said, VersionView
from ..visibility import require_case
from . import cascade

STANDARD = "standard:"
"""How acknowledgements of a standard begin: with the case in whose plan it stands."""
TALK = "dialog_skp"
SERVES = "mendukung."
"""How the fields begin that ask of one indicator which result of the superior it serves."""
PLANNING = "perencanaan"
PROPOSED, AGREED, RETURNED = "diusulkan", "disepakati", "dikembalikan"


def plan_of(context: Context, case_id: int) -> PlanView:
    """The plan of a case for those who may read it. Raises ForbiddenError, NotFoundError."""
    case = load_case(case_id)
    require_case(context, case)
    return read_plan(context, case)


def read_plan(context: Context, case: Any) -> PlanView:
    """The plan of a case that the caller may read."""
    versions = tuple(_version(row) for row in versions_of(case.id))
    upward, downward = cascade.links_of(case.id)
    notes = objects(db.CaseNote.select().where(db.CaseNote.case == case.id, db.CaseNote.kind == TALK).order_by(db.CaseNote.id))
    read = db.Acknowledgement.get_or_none(
        db.Acknowledgement.person == case.person_id, db.Acknowledgement.subject == f"{STANDARD}{case.id}"
    )
    return PlanView(
        case=case.id,
        items=item_views(case.id),
        expectations=expectations_of(context, case),
        understood=None if read is None else (case.person.name, read.at),
        versions=versions,
        talk=tuple(Said(row.author_name, row.text, row.item, row.written_at) for row in notes),
        agreed=any(version.state == AGREED for version in versions),
        serves=upward,
        served_by=downward,
        offered=tuple((one.code, one.label_id, one.label_en) for one in cascade.choices(context, case)),
    )


def is_open(case: Any) -> bool:
    """Whether the plan of a case is still talked about: it is being made, or a change of it waits for an answer."""
    if case.state != "open":
        return False
    waiting = db.PlanVersion.select().where(db.PlanVersion.case == case.id, db.PlanVersion.state == PROPOSED)
    return bool(case.stage == PLANNING or waiting.exists())


def form_for(context: Context, case: Any, form: Form | None) -> Form | None:
    """A form as it is asked of one case: what the plan says already stands in it."""
    if form is None or form.plan is None:
        return form
    said = {one.value: one.text for one in expectations_of(context, case)}
    fields = dict(form.fields)
    for value, name in form.plan.expectations.items():
        fields[name] = replace(fields[name], default=said[value])
    if form.plan.serves is not None:
        fields |= _asked_to_serve(context, case, form, form.plan.serves)
    return replace(form, fields=fields)


def _asked_to_serve(context: Context, case: Any, form: Form, words: Text) -> dict[str, Field]:
    """For each indicator: which result of the superior it serves, with what stands or what the standard suggests filled in."""
    offered = cascade.choices(context, case)
    if not offered:
        return {}
    policy = context.city.policy(case.cycle.release or context.city.release().fingerprint)
    options = (
        *(Option(one.code, Text(f"{one.code} · {one.label_id}", f"{one.code} · {one.label_en}")) for one in offered),
        Option(cascade.NOTHING, Text("tidak mendukung hasil tertentu", "none in particular")),
    )
    codes = {one.id: one.code for one in offered}
    asked = {}
    for item in objects(db.PlanItem.select().where(db.PlanItem.case == case.id, db.IN_FORCE).order_by(db.PlanItem.ordinal)):
        found = cascade.suggested(policy, item, offered) if item.serves_id is None else None
        default = codes.get(item.serves_id, "") or (found.code if found is not None else "")
        label = Text(f"{item.code}: {words.id.lower()}", f"{item.code}: {words.en.lower()}")
        asked[f"{SERVES}{item.code}"] = Field(
            f"{SERVES}{item.code}", label, "choice", form.place, options=options, default=default,
            help=Text(item.label_id, item.label_en),
        )  # fmt: skip
    return asked


def _record_served(context: Context, case: Any, form: Form, values: Mapping[str, Any]) -> None:
    """Keep what each indicator serves; one that was not answered keeps what stood or what the standard suggests."""
    asked = {name: question for name, question in form.fields.items() if name.startswith(SERVES)}
    if not asked:
        return
    offered = {one.code: one for one in cascade.choices(context, case)}
    for item in objects(db.PlanItem.select().where(db.PlanItem.case == case.id, db.IN_FORCE)):
        question = asked.get(f"{SERVES}{item.code}")
        if question is not None and (chosen := values.get(question.name) or question.default):
            cascade.link(context, case, item, offered.get(chosen))


def for_process(values: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that are data of the process: those about single indicators are not."""
    return {name: value for name, value in values.items() if not name.startswith(SERVES)}


def record_step(context: Context, case: Any, task: Any, form: Form | None, values: Mapping[str, Any], at: datetime) -> None:
    """What a task's answers do to the plan, within the transaction of the task. task: the row; form: as it was asked."""
    step = form.plan if form is not None else None
    if form is None or step is None:
        return
    if step.understood and values.get(step.understood):
        read = {"person": case.person_id, "subject": f"{STANDARD}{case.id}", "at": at}
        db.Acknowledgement.insert(**read).on_conflict_ignore().execute()
    if step.serves is not None:
        _record_served(context, case, form, values)
    for name in step.says:
        if values.get(name):
            db.CaseNote.create(
                case=case.id, kind=TALK, text=values[name], author=context.actor.id, author_name=context.actor.name, written_at=at
            )
    if step.act == "propose":
        _propose(context, case, task, at)
    else:
        said = {value: values.get(name) or form.fields[name].default for value, name in step.expectations.items()}
        _answer(context, case, task, AGREED if step.agreed(values, form.place) else RETURNED, said, at)


def _propose(context: Context, case: Any, task: Any, at: datetime) -> None:
    who = {
        "state": PROPOSED, "proposed_by": context.actor.id, "proposed_name": context.actor.name, "proposed_role": task.role,
        "proposed_at": at, "answered_by": "", "answered_name": "", "answered_role": "", "answered_at": None,
    }  # fmt: skip
    first = (db.PlanVersion.case == case.id) & (db.PlanVersion.number == 1)
    row: Any = db.PlanVersion.get_or_none(first)
    if row is None:
        db.PlanVersion.create(case=case.id, number=1, since=case.first, **who)
        return
    if row.state == AGREED:
        raise ConflictError(
            "rencana_sudah_disepakati",
            "rencana ini sudah disepakati kedua pihak",
            "both have agreed to this plan already",
            remedy_id="ajukan perubahan rencana dengan alasan",
            remedy_en="propose an amendment with its reason",
        )
    db.PlanVersion.update(**who, version=db.PlanVersion.version + 1).where(first).execute()


def _answer(context: Context, case: Any, task: Any, state: str, said: Mapping[str, str], at: datetime) -> None:
    update = db.PlanVersion.update(
        state=state, answered_by=context.actor.id, answered_name=context.actor.name, answered_role=task.role, answered_at=at,
        expectations=dict(said), items=snapshot(case.id) if state == AGREED else [], version=db.PlanVersion.version + 1,
    )  # fmt: skip
    waiting = (db.PlanVersion.case == case.id) & (db.PlanVersion.number == 1) & (db.PlanVersion.state == PROPOSED)
    if update.where(waiting).execute() or not _proposed_before(case.id):
        return
    changed(0, "rencana ini sudah dijawab", "this plan has been answered already", case=case.id)


def _proposed_before(case_id: int) -> bool:
    """Whether the plan was proposed since plans are kept in versions; one proposed before that is agreed without a row."""
    return bool(db.PlanVersion.select().where(db.PlanVersion.case == case_id).exists())


def snapshot(case_id: int) -> list[dict[str, Any]]:
    """The indicators of a plan as plain values, to be kept; targets of the whole period."""
    return [
        {
            "kode": item.code, "label": {"id": item.label_id, "en": item.label_en}, "polaritas": item.polarity,
            "target": whole_targets(item)[0], "target_atas": whole_targets(item)[1], "bobot": item.weight, "satuan": item.unit,
        }
        for item in item_views(case_id)
    ]  # fmt: skip


def _version(row: Any) -> VersionView:
    return VersionView(
        row.id, row.number, row.state, row.since, row.reason, tuple(row.changes), tuple(row.items), row.proposed_name,
        row.proposed_role, row.proposed_at, row.answered_name, row.answered_role, row.answered_at, row.answer,
    )  # fmt: skip
