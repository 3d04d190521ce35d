"""Letters as PDF, opened in the browser; the bytes are those that were issued."""

from __future__ import annotations

from flask import Response, send_file

from kinerja.services.papers import printing

from ..base import PageDesk, expose, row_id
from ..session import context


class LetterDesk(PageDesk):
    @expose("/<letter>.pdf")
    def pdf(self, letter: str) -> Response:
        number = row_id(letter)
        path = printing.letter_file(context(), number)
        return send_file(path, mimetype="application/pdf", download_name=f"surat-{number}.pdf")
