"""“Penetapan”: HR's desk. Per issuing unit the cases that are ready, the button that issues them, and the letters that left."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for

from kinerja.core.errors import InputError
from kinerja.services.casework import cases, tasks
from kinerja.services.context import allowed
from kinerja.services.cycles import cycle
from kinerja.services.papers import issue
from kinerja.services.papers.letterbook import issuing_unit
from kinerja.services.reading import CASE_JOINS, letter_view
from kinerja.services.views import CaseSummary, LetterView, TaskView
from kinerja.store import models as db

from ..base import Desk, expose
from ..keys import MAX_KEY
from ..session import city, context, signed_in
from ..tables.scope import in_units
from ..texts import pick
from .cycle import EVERYONE, TONES, newest, page_number

PAGE = 25
READY = "penetapan"
READERS = frozenset({"bkpsdm", "administrator", "auditor"})


@dataclass(frozen=True, slots=True)
class Agency:
    """A unit whose head signs. ready: tasks a press of the button decides; behind: cases not there yet; ratings: best first."""

    code: str
    name: str
    ready: tuple[TaskView, ...]
    behind: int
    held: int
    ratings: tuple[tuple[str, int], ...]
    key: str


def ordered(ratings: Counter[str]) -> tuple[tuple[str, int], ...]:
    rank = {name: number for number, name in enumerate(TONES)}
    return tuple(sorted(ratings.items(), key=lambda pair: rank.get(pair[0], len(rank))))


def agencies(code: str) -> tuple[Agency, ...]:
    """The issuing units with cases that the signed-in person may issue now, in the order of their codes."""
    desk = tasks.desk(context(), limit=EVERYONE)
    mine = {task.case_id: task for task in desk if task.task == issue.ISSUE_TASK and task.cycle == code}
    organisation = city().organisation(city().today())
    ready: dict[str, list[Any]] = {}
    for case in CASE_JOINS().where(db.Case.id << (list(mine) or [0])).order_by(db.Person.name):
        ready.setdefault(issuing_unit(context(), organisation, case).code, []).append(case)
    everyone = cases.list_cases(context(), cases.Filter(cycle=code), limit=EVERYONE)
    names = {node.code: node.name for node in organisation.tree.nodes.values()}
    return tuple(
        Agency(
            code=unit,
            name=names[unit],
            ready=tuple(mine[case.id] for case in found),
            behind=sum(1 for case in everyone if case.agency == names[unit] and is_behind(case)),
            held=sum(1 for case in everyone if case.agency == names[unit] and case.incidents),
            ratings=ordered(Counter(case.rating for case in found if case.rating)),
            key=uuid.uuid4().hex,
        )
        for unit, found in sorted(ready.items())
    )


def is_behind(case: CaseSummary) -> bool:
    return case.state == "open" and db.STAGES.index(case.stage) < db.STAGES.index(READY)


def letters(kind: str, text: str) -> Sequence[LetterView]:
    """Letters of the units the signed-in person answers for, the newest first. kind, text: "" leaves it open."""
    query = db.Letter.select(db.Letter, db.Unit).join(db.Unit)
    if kind:
        query = query.where(db.Letter.kind == kind)
    for part in text.split():
        query = query.where(db.Letter.title.contains(part) | db.Letter.number.contains(part) | db.Unit.name.contains(part))
    rows: Iterable[Any] = in_units(query, db.Letter.unit, READERS).order_by(db.Letter.id.desc())
    return [letter_view(row, city().letters) for row in rows]


def kinds() -> list[str]:
    rows: Any = db.Letter.select(db.Letter.kind).distinct().order_by(db.Letter.kind.desc()).tuples()
    return [kind for (kind,) in rows]


class IssueDesk(Desk):
    def is_accessible(self) -> bool:
        return signed_in() and allowed(context(), "letter.issue")

    @expose("/")
    def index(self) -> str:
        status = newest(cycle.list_cycles(context()))
        chosen = {name: text for name in ("jenis", "cari") if (text := request.args.get(name, "")[:MAX_KEY])}
        found = letters(chosen.get("jenis", ""), chosen.get("cari", ""))
        pages = max(1, -(-len(found) // PAGE))
        page = min(page_number(), pages)
        return self.render(
            "kinerja/issue.html",
            cycle=status,
            agencies=agencies(status.code) if status else (),
            letters=found[(page - 1) * PAGE : page * PAGE],
            total=len(found),
            chosen=chosen,
            kinds=kinds(),
            page_no=page,
            pages=pages,
        )

    @expose("/terbitkan", methods=("POST",))
    def publish(self) -> Any:
        code, unit, key = (request.form.get(name, "") for name in ("siklus", "unit", "kunci"))
        if not code or not unit or not key.isalnum() or max(len(code), len(unit), len(key)) > MAX_KEY:
            raise InputError("formulir_tidak_lengkap", "formulir ini tidak lengkap", "this form is incomplete")
        receipt = issue.issue_unit(context(), code, unit, f"terbit-{unit}-{key}")
        held = bool(receipt.held or receipt.values.get("held"))
        flash(pick({"id": receipt.text_id, "en": receipt.text_en}), "warning" if held else "success")
        return redirect(url_for("issue.index"))
