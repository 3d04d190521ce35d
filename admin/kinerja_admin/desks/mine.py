"""“Hasil saya”: an employee's own cases: the result, why, what lifts it, and the letters."""

from __future__ import annotations

from typing import Any

from kinerja.services.casework import cases
from kinerja.store.models import Case, Person

from ..base import Desk, expose
from ..session import actor, context, signed_in
from ..texts import language
from .tasks import my_tasks

MAX_CASES = 6


class MineDesk(Desk):
    def is_accessible(self) -> bool:
        return super().is_accessible() and bool(signed_in() and actor().nip)

    @expose("/")
    def index(self) -> str:
        rows: Any = (
            Case.select(Case.id)
            .join(Person, on=(Case.person == Person.id))
            .where(Person.nip == actor().nip, Case.cycle.is_null(False))
        )
        own = [case for (case,) in rows.order_by(Case.first.desc(), Case.id.desc()).limit(MAX_CASES).tuples()]
        pages = [cases.case_page(context(), case, language()) for case in own]
        mine = {case: [task for task in my_tasks() if task.case_id == case and task.nip == actor().nip] for case in own}
        return self.render("kinerja/mine.html", pages=pages, mine=mine)
