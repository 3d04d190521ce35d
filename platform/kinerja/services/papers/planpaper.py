"""The plan on paper (formulir SKP), as it stands: printed whenever it is asked for, with no number and no signature of the city."""

from __future__ import annotations

from typing import Any

from ...core.errors import KinerjaError
from ...core.periods import Period
from ...letters import Expectation, FormulirSkp, LetterJob, PlanRow, Provenance, shared_renderer
from ...policy.model import Policy
from ...store import ledger
from ...store import models as db
from ...store.queries import objects
from ..context import Context
from ..expectations import expectations_of, versions_of
from ..reading import load_case
from ..visibility import require_case
from .contents import authority_of, letterhead, person_of
from .plannotes import plan_notes, share_notes

TEMPLATE = "skp.html"
AGREED = "disepakati"


def plan_pdf(context: Context, case_id: int) -> bytes:
    """The plan of a case as PDF, for those who may read the case. Raises ForbiddenError, and as printing does."""
    case = load_case(case_id)
    require_case(context, case)
    job = LetterJob(
        context.city.template_folder(db.ProcessVersion.get_by_id(case.process_id)) / TEMPLATE, plan_form(context, case).content(),
        {"kind": "skp", "case": case_id}, context.city.today(),
    )  # fmt: skip
    [made] = shared_renderer().render_many([job])
    if isinstance(made, KinerjaError):
        raise made
    return made


def plan_form(context: Context, case: Any) -> FormulirSkp:
    """What the form says; `agreed` is the day of the last version both agreed to."""
    city = context.city
    release = db.Release.get_or_none(db.Release.fingerprint == case.cycle.release) or city.release()
    agreed = [row for row in versions_of(case.id) if row.state == AGREED]
    unit = city.units.nodes[case.agency_id]
    return FormulirSkp(
        letterhead=letterhead(context, unit),
        cycle=case.cycle.title,
        period=Period(case.first, case.last),
        place=city.settings.place,
        employee=person_of(case.person, case.position.title, case.unit.name),
        appraiser=authority_of(case.appraiser, case.last),
        rows=_rows(city.policy(release.fingerprint), case.id),
        provenance=Provenance(release.fingerprint, ledger.head(city.store).hash, release.title),
        agreed=(agreed[-1].answered_at or agreed[-1].proposed_at).date() if agreed else None,
        expectations=tuple(Expectation(one.label_id, one.guide_id, one.text) for one in expectations_of(context, case)),
        notes=(*share_notes(case.id), *plan_notes(case.id)),
        sample=city.settings.is_demo,
        sample_reason="kota ini adalah kota demo" if city.settings.is_demo else "",
    )


def _rows(policy: Policy, case_id: int) -> tuple[PlanRow, ...]:
    known = {(each.name, one.code): one for each in policy.standards for one in each.indicators}
    above = {row.id: f"{row.code} {row.label_id}" for row in objects(_served(case_id))}
    items = db.PlanItem.select().where(db.PlanItem.case == case_id, db.IN_FORCE).order_by(db.PlanItem.ordinal)
    found = []
    for item in objects(items):
        said = known.get((item.standard, item.code))
        found.append(
            PlanRow(
                result=f"{item.code} {item.label_id}",
                aspect=said.aspect if said else "",
                indicator=said.definition if said else item.label_id,
                target=item.target,
                unit=item.unit,
                weight=item.weight,
                superior_result=above.get(item.serves_id, ""),
                target_high=item.target_high,
            )
        )
    return tuple(found)


def _served(case_id: int) -> Any:
    mine = db.PlanItem.alias("mine")
    return db.PlanItem.select().where(db.PlanItem.id << mine.select(mine.serves).where(mine.case == case_id))
