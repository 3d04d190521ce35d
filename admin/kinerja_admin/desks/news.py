"""“Kabar”: what processes told the signed-in person, unread first; each leads to what it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import flash, g, redirect, request, url_for

from kinerja.services import notices
from kinerja.services.notices import NoticeView

from ..base import Desk, expose, row_id
from ..session import actor, context, signed_in
from ..texts import _


@dataclass(frozen=True, slots=True)
class News:
    """url: the page the notice is about, "" where there is none."""

    view: NoticeView
    url: str

    @property
    def words(self) -> dict[str, str]:
        return {"id": self.view.text, "en": self.view.text_en}


def news(found: Iterable[NoticeView]) -> tuple[News, ...]:
    return tuple(News(view, target(view.link)) for view in found)


def target(link: str) -> str:
    kind, _colon, number = link.partition(":")
    return url_for("cases.show", case=number) if kind == "case" and number.isdigit() else ""


class NewsDesk(Desk):
    def is_accessible(self) -> bool:
        return super().is_accessible() and bool(signed_in() and actor().nip)

    def waiting(self) -> int:
        if "unread_notices" not in g:
            g.unread_notices = notices.unread(context())
        return int(g.unread_notices)

    @expose("/")
    def index(self) -> str:
        return self.render("kinerja/news.html", news=news(notices.mine(context())), unread=self.waiting())

    @expose("/baca", methods=("POST",))
    def read(self) -> Any:
        """One notice is read and leads on to its page; without one, all are."""
        asked = request.form.get("kabar", "")
        if not asked:
            flash(_("%(n)s kabar ditandai sudah dibaca.", n=notices.mark_all_read(context())), "success")
            return redirect(url_for("news.index"))
        link = notices.mark_read(context(), row_id(asked))
        return redirect(target(link) or url_for("news.index"))
