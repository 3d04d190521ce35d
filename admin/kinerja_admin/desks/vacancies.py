"""“Jabatan lowong”: vacant seats, and for each the candidates with the reasons for and against. A list, never an appointment."""

from __future__ import annotations

from typing import Any

from kinerja.services.context import allowed
from kinerja.services.posts import orgmap, vacancies
from kinerja.services.posts.vacancies import AGAINST, FOR

from ..base import Desk, expose, row_id
from ..session import context, signed_in

MOST = 60
TONES = {FOR: "good", AGAINST: "bad"}
STANDINGS = {"diusulkan": "good", "dipertimbangkan": "", "perlu_data": "warn"}


class VacancyDesk(Desk):
    group = "Organisasi"

    def is_accessible(self) -> bool:
        return signed_in() and allowed(context(), "vacancy.read")

    @expose("/")
    def index(self) -> str:
        who = context()
        return self.render("kinerja/vacancies.html", found=vacancies.vacancies(who), any_posts=bool(orgmap.position_map(who)))

    @expose("/<position>")
    def show(self, position: str) -> Any:
        page = vacancies.candidates(context(), row_id(position))
        return self.render(
            "kinerja/candidates.html", page=page, shown=page.candidates[:MOST], tones=TONES, standings=STANDINGS, most=MOST
        )
