"""“Rencana kinerja” of one case: indicators, expected behaviour, who read and agreed what and when, and the talk about it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from flask import Response, flash, redirect, request, url_for

from kinerja.core.errors import InputError, KinerjaError, Place
from kinerja.core.indonesian import number
from kinerja.process import Field, Text
from kinerja.process.answers import read
from kinerja.services.casework import amending, cascade, monitoring, plans
from kinerja.services.casework.amendment import Amendment, Edit, NewItem
from kinerja.services.context import allowed
from kinerja.services.evaluation.shares import whole_targets
from kinerja.services.papers.planpaper import plan_pdf
from kinerja.services.reading import case_summary, item_views, load_case, load_cycle
from kinerja.services.views import ItemView, Receipt
from kinerja.store.models import Unit

from ..base import PageDesk, expose, row_id
from ..keys import form_key
from ..session import context
from ..texts import pick, sentence

LONGEST = 4_000


class PlanDesk(PageDesk):
    @expose("/<case>")
    def show(self, case: str) -> Any:
        return self._show(row_id(case), None)

    @expose("/<case>/skp.pdf")
    def paper(self, case: str) -> Response:
        """The plan on paper."""
        return Response(plan_pdf(context(), row_id(case)), mimetype="application/pdf")

    @expose("/<case>/dialog", methods=("POST",))
    def say(self, case: str) -> Any:
        """Say something about the plan while it is open."""
        place, form = row_id(case), request.form
        text, item = form.get("teks", "")[:LONGEST], form.get("indikator", "")[:LONGEST]
        return self._act(place, lambda: monitoring.note(context(), place, plans.TALK, text, item, key=form_key("dialog")))

    @expose("/<case>/dukung", methods=("POST",))
    def serve(self, case: str) -> Any:
        """Say which result of the superior an indicator serves."""
        place, form = row_id(case), request.form
        code, target = form.get("indikator", "")[:LONGEST], form.get("atasan", "")[:LONGEST]
        return self._act(place, lambda: cascade.serve(context(), place, code, target, form_key("dukung")))

    @expose("/pohon")
    def tree(self) -> str:
        """The plans of a unit as they serve one another."""
        cycle, code = request.args.get("siklus", "")[:40], request.args.get("unit", "")[:80]
        nodes = cascade.tree(context(), cycle, code)
        return self.render("kinerja/plan_tree.html", nodes=nodes, cycle=load_cycle(cycle).title, unit=Unit.get(Unit.code == code))

    @expose("/<case>/ubah", methods=("POST",))
    def amend(self, case: str) -> Any:
        """Propose a change of an agreed plan."""
        place = row_id(case)
        return self._act(place, lambda: amending.propose(context(), place, _wanted(place, request.form), form_key("ubah")))

    @expose("/<case>/jawab", methods=("POST",))
    def answer(self, case: str) -> Any:
        """Agree to the change that waits, refuse it, or take one's own back."""
        place, form = row_id(case), request.form
        agree, words = form.get("putusan") == "sepakat", form.get("alasan", "")[:LONGEST]
        return self._act(place, lambda: amending.answer(context(), place, agree, words, form_key("jawab")))

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
        pending = amending.waiting(case)
        may_answer = amending.may_answer(context(), row, pending)
        page = self.render(
            "kinerja/plan.html",
            case=case_summary(row),
            plan=plan,
            may_serve=allowed(context(), "plan.serve", row) and row.state == "open" and row.stage in cascade.OPEN,
            tree_unit=row.unit.code if cascade.may_see(context(), row.unit) else "",
            pending=pending,
            may_answer=may_answer and allowed(context(), "plan.amend", row),
            may_withdraw=pending is not None and not may_answer and allowed(context(), "plan.amend", row),
            may_amend=amending.may_amend(context(), row),
            limits=amending.limits(context(), case),
            whole=_whole,
            may_talk=plans.TALK in monitoring.kinds_for(context(), row),
            problem=sentence(error) if error else None,
            typed=request.form if error else {},
            key=uuid.uuid4().hex,
        )
        return page if error is None else (page, error.http_status)


def _whole(item: ItemView) -> tuple[str, str]:
    """Target and upper target as they stand in the fields."""
    low, high = whole_targets(item)
    return number(low), number(high) if high is not None else ""


def _wanted(case: int, form: Mapping[str, str]) -> Amendment:
    """What the fields say that differs from the plan as it stands."""
    edits: dict[str, Edit] = {}
    removed = []
    for item in item_views(case):
        if form.get(f"keluar.{item.code}"):
            removed.append(item.code)
            continue
        given = (_number(form, f"target.{item.code}"), _number(form, f"atas.{item.code}"), _number(form, f"bobot.{item.code}"))
        stands = (*whole_targets(item), item.weight)
        changes = [value if value is not None and value != was else None for value, was in zip(given, stands, strict=True)]
        if any(value is not None for value in changes):
            edits[item.code] = Edit(*changes)
    try:
        since = date.fromisoformat(form.get("sejak", ""))
    except ValueError:
        raise InputError("tanggal_tidak_sah", "isi tanggal mulai berlakunya", "fill in the day from which it holds") from None
    return Amendment(form.get("alasan_ubah", "")[:LONGEST], since, edits, _added(form), removed)


def _added(form: Mapping[str, str]) -> tuple[NewItem, ...]:
    code, name, polarity, unit = (form.get(f"baru.{key}", "").strip()[:200] for key in ("kode", "nama", "polaritas", "satuan"))
    target, weight = _number(form, "baru.target"), _number(form, "baru.bobot")
    if not code and not name and target is None and weight is None:
        return ()
    return (NewItem(code, name, polarity, target or Fraction(0), weight or Fraction(0), unit),)


def _number(form: Mapping[str, str], name: str) -> Fraction | None:
    """A number as people type it ("76,5"); None where the field is empty. Raises InputError with the field's own error."""
    text = form.get(name, "")[:30]
    value = read(Field(name, Text(name, name), "number", Place("formulir"), scale=4), text, None)
    return value if isinstance(value, Fraction) else None
