"""What the leader expects of somebody's behaviour: the words of the plan, else those of the form that asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..process import ProcessDefinition
from ..store import models as db
from ..store.queries import objects
from .context import Context
from .views import Expectation


def versions_of(case_id: int) -> list[Any]:
    return list(objects(db.PlanVersion.select().where(db.PlanVersion.case == case_id).order_by(db.PlanVersion.number)))


def expectations_of(context: Context, case: Any) -> tuple[Expectation, ...]:
    """What the leader expects under each value, in the order of the form; the form's own words where the plan has no others."""
    definition: ProcessDefinition = context.city.definition(case.process)
    form = next((form for form in definition.forms.values() if form.plan is not None and form.plan.expectations), None)
    if form is None or form.plan is None:
        return ()
    own: Mapping[str, str] = {}
    for row in versions_of(case.id):
        own = row.expectations or own
    found = []
    for value, name in form.plan.expectations.items():
        question = form.fields[name]
        text = own.get(value, question.default)
        found.append(
            Expectation(
                value, question.label.id, question.label.en, question.help.id, question.help.en, text, text != question.default
            )
        )
    return tuple(found)
