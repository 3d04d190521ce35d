"""Letters as PDF, opened in the browser; the bytes are those that were issued."""

from __future__ import annotations

from typing import Any

from flask import Response, send_file

from kinerja.services.papers import printing

from ..base import Desk, expose, not_found, row_id
from ..session import context


class LetterDesk(Desk):
    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> Any:
        raise not_found()

    @expose("/<letter>.pdf")
    def pdf(self, letter: str) -> Response:
        number = row_id(letter)
        path = printing.letter_file(context(), number)
        return send_file(path, mimetype="application/pdf", download_name=f"surat-{number}.pdf")
