"""“Hasil saya”: an employee's own cases: the result, why, what lifts it, and the letters."""

from __future__ import annotations

from kinerja.services import cases

from ..base import Desk, expose
from ..session import actor, context, signed_in
from .tasks import my_tasks

MAX_CASES = 6


class MineDesk(Desk):
    def is_accessible(self) -> bool:
        return super().is_accessible() and bool(signed_in() and actor().nip)

    @expose("/")
    def index(self) -> str:
        own = [case for case in cases.list_cases(context(), cases.Filter(text=actor().nip)) if case.nip == actor().nip][-MAX_CASES:]
        pages = [cases.case_page(context(), case.id) for case in reversed(own)]
        mine = {case.id: [task for task in my_tasks() if task.case_id == case.id and task.nip == actor().nip] for case in own}
        return self.render("kinerja/mine.html", pages=pages, mine=mine)
