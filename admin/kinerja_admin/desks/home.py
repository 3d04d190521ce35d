"""The first page after signing in: what waits, how the city stands (for those who answer for it), and where to go."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from flask_admin import AdminIndexView

from kinerja.services import notices
from kinerja.services.context import allowed
from kinerja.services.cycles import cycle
from kinerja.services.openness import overview
from kinerja.services.views import Overview
from kinerja.store.models import STAGES

from ..base import Guarded, expose
from ..session import city, context
from ..texts import _
from .cycle import USUAL, newest
from .news import news
from .tasks import my_tasks

NEWS = 5
_MORNING_ENDS, _NOON_ENDS, _AFTERNOON_ENDS = 11, 15, 18


@dataclass(frozen=True, slots=True)
class Door:
    name: str
    about: str
    url: str


def greeting(hour: int) -> str:
    if hour < _MORNING_ENDS:
        return _("Selamat pagi")
    if hour < _NOON_ENDS:
        return _("Selamat siang")
    return _("Selamat sore") if hour < _AFTERNOON_ENDS else _("Selamat malam")


def doors() -> list[Door]:
    about = {
        "tasks": _("Yang menunggu Anda, menurut tahap dan tenggat."),
        "mine": _("Hasil penilaian Anda, alasannya, dan apa yang menaikkannya."),
        "cycle": _("Letak setiap kasus menurut tahap dan perangkat daerah."),
        "issue": _("Terbitkan Keputusan dan buka suratnya."),
        "rules": _("Aturan yang berlaku, kata demi kata, dengan dasar hukumnya."),
    }
    (admin,) = current_app.extensions["admin"]
    return [
        Door(view.title, about[view.endpoint], view.get_url(f"{view.endpoint}.index"))
        for view in admin._views
        if view.endpoint in about and view.is_accessible()
    ]


def stages(whole: Overview) -> list[tuple[str, int]]:
    return [(stage, whole.by_stage.get(stage, 0)) for stage in STAGES if stage in USUAL or whole.by_stage.get(stage)]


class HomeDesk(Guarded, AdminIndexView):  # type: ignore[misc]
    @expose("/")
    def index(self) -> str:
        ctx = context()
        now = city().clock.now()
        sees_city = allowed(ctx, "overview.read")
        status = newest(cycle.list_cycles(ctx)) if sees_city else None
        whole = overview.overview(ctx, status.code) if status else None
        return self.render(
            "kinerja/home.html",
            greeting=greeting(now.hour),
            today=now.date(),
            status=status,
            waiting=len(my_tasks()),
            late=sum(task.overdue for task in my_tasks()),
            overview=whole,
            stages=stages(whole) if whole else [],
            news=news(notices.mine(ctx, NEWS)),
            doors=doors(),
        )
