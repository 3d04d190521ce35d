"""“Peta jabatan”: units with posts, class, level, competency, seats, holders, vacancies; nested, printable, without script."""

from __future__ import annotations

from typing import Any

from flask import request

from kinerja.services.context import allowed
from kinerja.services.posts import orgmap

from ..base import Desk, expose
from ..session import context, signed_in


class PositionMapDesk(Desk):
    group = "Organisasi"

    def is_accessible(self) -> bool:
        return signed_in() and allowed(context(), "people.map")

    @expose("/")
    def index(self) -> Any:
        chosen = request.args.get("unit", "")[:40]
        units = orgmap.position_map(context(), chosen)
        agencies = [one for one in orgmap.flat(orgmap.position_map(context())) if one.kind in ("region", "agency")]
        return self.render(
            "kinerja/orgmap.html",
            units=units,
            chosen=chosen,
            agencies=agencies,
            posts=sum(len(one.posts) for one in orgmap.flat(units)),
            totals=[sum(getattr(one, name) for one in units) for name in ("formation", "filled", "vacant")],
            may_open=allowed(context(), "people.read"),
            may_fill=allowed(context(), "vacancy.read"),
        )
