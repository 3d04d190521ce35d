"""“Rencana kinerja” of one case: indicators, expected behaviour, who read and agreed what and when, and the talk about it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for

from kinerja.core.errors import InputError, KinerjaError
from kinerja.services.casework import monitoring, plans
from kinerja.services.reading import case_summary, load_case
from kinerja.services.views import Receipt

from ..base import Desk, expose, not_found, row_id
from ..session import context
from ..texts import pick, sentence
from .tasks import MAX_KEY

LONGEST = 4_000


class PlanDesk(Desk):
    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> Any:
        raise not_found()

    @expose("/<case>")
    def show(self, case: str) -> Any:
        return self._show(row_id(case), None)

    @expose("/<case>/dialog", methods=("POST",))
    def say(self, case: str) -> Any:
        """Say something about the plan while it is open."""
        number, form = row_id(case), request.form
        text, item = form.get("teks", "")[:LONGEST], form.get("indikator", "")[:LONGEST]
        return self._act(number, lambda: monitoring.note(context(), number, plans.TALK, text, item, key=_key("dialog")))

    def _act(self, case: int, act: Callable[[], Receipt]) -> Any:
        try:
            receipt = act()
        except InputError as error:
            return self._show(case, error)
        flash(pick({"id": receipt.text_id, "en": receipt.text_en}), "success")
        return redirect(url_for("plans.show", case=case))

    def _show(self, case: int, error: KinerjaError | None) -> Any:
        plan = plans.plan_of(context(), case)
        row = load_case(case)
        page = self.render(
            "kinerja/plan.html",
            case=case_summary(row),
            plan=plan,
            may_talk=plans.TALK in monitoring.kinds_for(context(), row),
            problem=sentence(error) if error else None,
            typed=request.form if error else {},
            key=uuid.uuid4().hex,
        )
        return page if error is None else (page, error.http_status)


def _key(act: str) -> str:
    key = request.form.get("kunci", "")
    if not key or len(key) > MAX_KEY or not key.isalnum():
        raise InputError("kunci_hilang", "formulir ini tanpa kunci", "this form carries no key")
    return f"{act}-{key}"
