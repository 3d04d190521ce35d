"""“Penetapan”: HR's desk. Per agency the cases that are ready, one button that issues the Keputusan, and the letters that left."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose

from kinerja.core.errors import InputError
from kinerja.services import issue
from kinerja.services.context import allowed
from kinerja.services.views import TaskView

from ..base import Desk
from ..session import context, signed_in
from ..texts import pick
from .cycle import TONES, page_number
from .tasks import MAX_KEY

PAGE = 50


@dataclass(frozen=True, slots=True)
class Agency:
    """ready: tasks a press of the button decides; behind: cases not there yet; ratings: (predikat, number), best first."""

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


class IssueDesk(Desk):
    def is_accessible(self) -> bool:
        return signed_in() and allowed(context(), "letter.issue")

    @expose("/")
    def index(self) -> str:
        agencies = tuple(
            Agency(
                code=entry.code,
                name=entry.name,
                ready=entry.ready,
                behind=entry.behind,
                held=entry.held,
                ratings=ordered(Counter(entry.ratings)),
                key=uuid.uuid4().hex,
            )
            for entry in issue.waiting(context())
        )
        letters = issue.letters(context())
        page, pages = page_number(), max(1, -(-len(letters) // PAGE))
        page = min(page, pages)
        shown = letters[(page - 1) * PAGE : page * PAGE]
        return self.render(
            "kinerja/issue.html", agencies=agencies, letters=shown, total=len(letters), page_no=page, pages=pages
        )

    @expose("/terbitkan", methods=("POST",))
    def publish(self) -> Any:
        unit, key = request.form.get("unit", ""), request.form.get("kunci", "")
        if not unit or not key.isalnum() or len(key) > MAX_KEY or len(unit) > MAX_KEY:
            raise InputError("formulir_tidak_lengkap", "formulir ini tidak lengkap", "this form is incomplete")
        receipt = issue.issue_agency(context(), unit, f"terbit-{unit}-{key}")
        flash(pick({"id": receipt.text_id, "en": receipt.text_en}), "warning" if receipt.held else "success")
        return redirect(url_for("issue.index"))
