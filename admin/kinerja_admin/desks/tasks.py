"""“Tugas saya”: what waits for the signed-in person, and one task with its form, its facts and what comes next."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from flask import flash, g, redirect, request, url_for

from kinerja.process import FormError
from kinerja.services.casework import cases, tasks
from kinerja.services.reading import load_case
from kinerja.services.views import TaskPage, TaskView
from kinerja.services.visibility import may_read

from ..base import Desk, expose, row_id
from ..formats import time_left
from ..keys import sent_key
from ..session import city, context
from ..texts import language, pick
from .evidence import uploads
from .peers import survey_of


@dataclass(frozen=True, slots=True)
class Row:
    task: TaskView
    left: str
    pressing: str


@dataclass(frozen=True, slots=True)
class Group:
    stage: str
    rows: tuple[Row, ...]


def my_tasks() -> tuple[TaskView, ...]:
    """The signed-in person's open tasks, read once a request."""
    if "my_tasks" not in g:
        g.my_tasks = tuple(tasks.desk(context()))
    found: tuple[TaskView, ...] = g.my_tasks
    return found


def rows(found: tuple[TaskView, ...]) -> tuple[Row, ...]:
    return tuple(Row(task, *time_left(task.due, city().clock)) for task in found)


def matches(task: TaskView, query: str) -> bool:
    text = " ".join((task.person, task.nip, task.unit, task.agency, task.position, task.title, task.title_en)).casefold()
    return all(part in text for part in query.casefold().split())


class TaskDesk(Desk):
    def waiting(self) -> int:
        return len(g.my_tasks) if "my_tasks" in g else 0  # only where the page has read them anyway

    @expose("/")
    def index(self) -> str:
        query = request.args.get("cari", "")[:100]
        found = tuple(task for task in my_tasks() if matches(task, query))
        order = list(dict.fromkeys(task.stage for task in found))
        groups = tuple(Group(stage, rows(tuple(task for task in found if task.stage == stage))) for stage in order)
        late = sum(task.overdue for task in found)
        return self.render("kinerja/tasks.html", groups=groups, total=len(my_tasks()), late=late, query=query)

    @expose("/<task>", methods=("GET",))
    def show(self, task: str) -> str:
        page = tasks.page(context(), row_id(task))
        return self._form(page, dict(page.defaults), {}, uuid.uuid4().hex)

    @expose("/<task>", methods=("POST",))
    def send(self, task: str) -> Any:
        number, key = row_id(task), sent_key()
        given: dict[str, Any] = {name: text for name, text in request.form.items() if name not in ("csrf_token", "kunci")}
        try:
            receipt = tasks.complete(context(), number, given | dict(uploads()), f"tugas-{number}-{key}")
        except FormError as error:
            page = tasks.page(context(), number)
            texts = {name: wrong.text_en if language() == "en" else wrong.text_id for name, wrong in error.fields.items()}
            return self._form(page, given, texts, key), FormError.http_status
        text = pick({"id": receipt.text_id, "en": receipt.text_en})
        flash(text, "warning" if receipt.held else "success")
        return redirect(url_for("tasks.index"))

    def _form(self, page: TaskPage, values: dict[str, Any], errors: dict[str, str], key: str) -> str:
        left, pressing = time_left(page.task.due, city().clock)
        may_open = may_read(context(), load_case(page.case.id))
        return self.render(
            "kinerja/task.html",
            page=page,
            values=values,
            errors=errors,
            key=key,
            left=left,
            pressing=pressing,
            may_open_case=may_open,
            survey=survey_of(page.case.id),
            whatif=cases.case_page(context(), page.case.id).whatif if may_open and page.evaluation else None,
        )
