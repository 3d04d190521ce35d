"""“Rencana kinerja” of one case: indicators, expected behaviour, who read and agreed what and when, and the talk about it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for

from kinerja.core.errors import InputError, KinerjaError
from kinerja.services.casework import cascade, monitoring, plans
from kinerja.services.context import allowed
from kinerja.services.reading import case_summary, load_case, load_cycle
from kinerja.services.views import Receipt
from kinerja.store.models import Unit

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

    @expose("/<case>/dukung", methods=("POST",))
    def serve(self, case: str) -> Any:
        """Say which result of the superior an indicator serves."""
        number, form = row_id(case), request.form
        code, target = form.get("indikator", "")[:LONGEST], form.get("atasan", "")[:LONGEST]
        return self._act(number, lambda: cascade.serve(context(), number, code, target, _key("dukung")))

    @expose("/pohon")
    def tree(self) -> str:
        """The plans of a unit as they serve one another."""
        cycle, code = request.args.get("siklus", "")[:40], request.args.get("unit", "")[:80]
        nodes = cascade.tree(context(), cycle, code)
        return self.render("kinerja/plan_tree.html", nodes=nodes, cycle=load_cycle(cycle).title, unit=Unit.get(Unit.code == code))

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
            may_serve=allowed(context(), "plan.serve", row) and row.state == "open" and row.stage in cascade.OPEN,
            tree_unit=row.unit.code if cascade.may_see(context(), row.unit) else "",
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
