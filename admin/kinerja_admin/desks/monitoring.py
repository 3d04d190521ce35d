"""“Pemantauan” of one case: remarks both ways, coaching, reviews, and actuals that are disputed."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, request, url_for

from kinerja.core.errors import InputError, KinerjaError
from kinerja.services.casework import monitoring
from kinerja.services.context import require
from kinerja.services.reading import case_summary, item_views, load_case
from kinerja.services.views import Receipt
from kinerja.store.models import Dispute

from ..base import PageDesk, expose, not_found, row_id
from ..keys import form_key
from ..session import context
from ..texts import pick, sentence
from .evidence import given

LONGEST = 4_000
NOTE = ("jenis", "teks", "indikator", "bukti", "realisasi")
DISPUTE = ("indikator", "alasan", "bukti_sanggah")


class MonitoringDesk(PageDesk):
    @expose("/<case>")
    def show(self, case: str) -> Any:
        return self._show(row_id(case), None)

    @expose("/<case>/catatan", methods=("POST",))
    def note(self, case: str) -> Any:
        number, form = row_id(case), request.form
        kind, text, item, words, typed = (form.get(name, "")[:LONGEST] for name in NOTE)

        def act() -> Receipt:
            value, proof = monitoring.read_actual(typed), given("bukti", words)
            return monitoring.note(context(), number, kind, text, item, proof, value, form_key("catatan"))

        return self._act(number, act)

    @expose("/<case>/sanggah", methods=("POST",))
    def dispute(self, case: str) -> Any:
        number, form = row_id(case), request.form
        item, reason, words = (form.get(name, "")[:LONGEST] for name in DISPUTE)
        return self._act(
            number, lambda: monitoring.dispute(context(), number, item, reason, given("bukti_sanggah", words), form_key("sanggah"))
        )

    @expose("/sanggahan/<dispute>", methods=("POST",))
    def decide(self, dispute: str) -> Any:
        row: Any = Dispute.get_or_none(Dispute.id == row_id(dispute))
        if row is None:
            raise not_found()
        upheld, reason = request.form.get("putusan") == "diterima", request.form.get("alasan", "")[:LONGEST]
        return self._act(row.case_id, lambda: monitoring.decide_dispute(context(), row.id, upheld, reason, key=form_key("putus")))

    def _act(self, case: int, act: Any) -> Any:
        try:
            receipt: Receipt = act()
        except InputError as error:
            return self._show(case, error)
        flash(pick({"id": receipt.text_id, "en": receipt.text_en}), "success")
        return redirect(url_for("monitoring.show", case=case))

    def _show(self, case: int, error: KinerjaError | None) -> Any:
        row = load_case(case)
        require(context(), "case.read", row)
        page = self.render(
            "kinerja/monitoring.html",
            case=case_summary(row),
            items=item_views(case),
            found=monitoring.monitoring(context(), case),
            problem=sentence(error) if error else None,
            typed=request.form if error else {},
            key=uuid.uuid4().hex,
        )
        return page if error is None else (page, error.http_status)
