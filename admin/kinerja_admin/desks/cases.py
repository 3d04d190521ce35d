"""One case: its place on the process, facts with evidence, ratings with reasons, why each number, what lifts it, its letters."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from kinerja.services import cases
from kinerja.services.context import allowed

from ..base import Desk, expose, not_found, row_id
from ..session import context
from .tasks import my_tasks


class CaseDesk(Desk):
    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> Any:
        raise not_found()

    @expose("/<case>")
    def show(self, case: str) -> str:
        page = cases.case_page(context(), row_id(case))
        return self.render(
            "kinerja/case.html",
            page=page,
            picture=Markup(page.picture),  # noqa: S704 - drawn and escaped by the process package
            my_tasks=[task for task in my_tasks() if task.case_id == page.case.id],
            board_open=allowed(context(), "case.list"),
        )
