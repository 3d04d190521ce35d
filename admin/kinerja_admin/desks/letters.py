"""Letters as PDF, opened in the browser; the bytes are those that were issued."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Response, send_file
from flask_admin import expose

from kinerja.services import issue

from ..base import Desk, not_found, row_id
from ..session import context


class LetterDesk(Desk):
    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> Any:
        raise not_found()

    @expose("/<letter>.pdf")
    def pdf(self, letter: str) -> Response:
        found = issue.letter(context(), row_id(letter))
        path = Path(found.pdf)
        if not found.pdf or not path.is_file():
            raise not_found()
        name = "".join(sign if sign.isalnum() else "-" for sign in found.number).strip("-") or f"surat-{found.id}"
        return send_file(path, mimetype="application/pdf", download_name=f"{name}.pdf", etag=found.sha256 or True)
