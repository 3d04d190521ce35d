"""One case: its place on the process, its facts with evidence, its ratings with reasons, why each number, what lifts it, its letters."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_admin import expose

from kinerja.services import cases
from kinerja.services.context import allowed
from kinerja.services.views import CasePage

from ..base import Desk, not_found, row_id
from ..session import context
from ..texts import _, word
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
            picture_text=picture_text(page),
            my_tasks=[task for task in my_tasks() if task.case_id == page.case.id],
            board_open=allowed(context(), "case.list"),
        )

    @expose("/<case>/proses.svg")
    def picture(self, case: str) -> Response:
        page = cases.case_page(context(), row_id(case))
        return Response(page.picture, mimetype="image/svg+xml")


def picture_text(page: CasePage) -> str:
    """What the picture shows, for those who do not see it."""
    done = [task.title for task in page.tasks if task.state == "done"]
    now = [f"{task.title} ({word('role', task.role)})" for task in page.tasks if task.state in ("ready", "held")]
    parts = [_("Gambar proses.")]
    if done:
        parts.append(_("Sudah dilalui: %(x)s.", x=", ".join(dict.fromkeys(done))))
    parts.append(_("Sekarang: %(x)s.", x=", ".join(now)) if now else _("Kasus ini sudah selesai."))
    return " ".join(parts)
