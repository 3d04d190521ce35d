"""“Kewenangan”: the table of permissions as services ask it, for administrators and auditors."""

from __future__ import annotations

from kinerja.services import permissions
from kinerja.services.context import allowed

from ..base import Desk, expose
from ..session import context, signed_in


class PermissionsDesk(Desk):
    def is_accessible(self) -> bool:
        return signed_in() and allowed(context(), "ledger.verify")

    @expose("/")
    def index(self) -> str:
        lines = permissions.read(context())
        return self.render("kinerja/permissions.html", lines=lines, roles=permissions.ROLES, relations=permissions.RELATIONS)
