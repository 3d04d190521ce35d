"""Asking for the behaviour survey of a case; what it brought shows on the case and on the appraiser's task."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for

from kinerja.services.casework import peers
from kinerja.services.casework.peers import Survey
from kinerja.services.context import allowed
from kinerja.services.reading import load_case

from ..base import PageDesk, expose, row_id
from ..session import context
from ..texts import pick


def survey_of(case_id: int) -> Survey | None:
    """The survey on a case for the signed-in person; None where there is none, or none for them."""
    case = load_case(case_id)
    return peers.survey(context(), case_id) if case.cycle_id and allowed(context(), "peers.read", case) else None


class PeersDesk(PageDesk):
    @expose("/<case>", methods=("POST",))
    def ask(self, case: str) -> Any:
        receipt = peers.ask(context(), row_id(case))
        flash(pick({"id": receipt.text_id, "en": receipt.text_en}), "success")
        return redirect(url_for("cases.show", case=row_id(case)))
