"""“Pembayaran”: the runs of the agencies, one run with its lines and corrections, and everybody's own breakdown with why."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for

from kinerja.services.context import allowed
from kinerja.services.pay import payroll
from kinerja.services.pay import views as payviews
from kinerja.services.pay.views import LineView
from kinerja.store.models import Unit

from ..base import Desk, expose, row_id
from ..keys import form_key
from ..session import actor, city, context, signed_in
from ..texts import pick
from .tasks import my_tasks


@dataclass(frozen=True, slots=True)
class Told:
    """A line in the form in which "why" is shown: release, trace and outputs as an evaluation has them."""

    line: LineView
    release: str
    trace: tuple[Mapping[str, Any], ...]


class PayDesk(Desk):
    def is_accessible(self) -> bool:
        return super().is_accessible() and signed_in() and bool(actor().nip or allowed(context(), "pay.read"))

    @expose("/")
    def index(self) -> str:
        reads = allowed(context(), "pay.read")
        lines = payviews.own(context()) if actor().nip else ()
        agencies: Any = Unit.select().where(Unit.kind == "agency").order_by(Unit.name)
        return self.render(
            "kinerja/pay.html",
            runs=payviews.runs(context()) if reads else (),
            reads=reads,
            own=[Told(line, line.release, line.trace) for line in lines],
            agencies=list(agencies) if allowed(context(), "pay.open") else (),
            this_month=f"{city().today():%Y-%m}",
            key=uuid.uuid4().hex,
        )

    @expose("/", methods=("POST",))
    def open(self) -> Any:
        agency, month = request.form.get("perangkat", "")[:40], request.form.get("bulan", "")[:10]
        receipt = payroll.open_run(context(), agency, month, form_key("bayar"))
        flash(pick({"id": receipt.text_id, "en": receipt.text_en}), "success")
        return redirect(url_for("pay.show", run=receipt.values["run"]))

    @expose("/<run>")
    def show(self, run: str) -> str:
        page = payviews.run_page(context(), row_id(run))
        waiting = [task for task in my_tasks() if task.case_id == page.run.case]
        lines = [Told(line, line.release, line.trace) for line in page.lines]
        return self.render("kinerja/pay_run.html", page=page, run=page.run, lines=lines, my_tasks=waiting)
