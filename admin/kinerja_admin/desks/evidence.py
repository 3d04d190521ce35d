"""Files given as evidence: taken in from a form, handed out as a download that nothing renders."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from flask import Flask, Response, g, request

from kinerja.core.errors import ForbiddenError
from kinerja.services.casework import evidence
from kinerja.services.casework.evidence import FileView
from kinerja.services.custody import Evidence, Upload

from ..base import PageDesk, expose, not_found, row_id
from ..session import city, context

FILE_FIELD = "_berkas"
TAKING = ("tasks.send", "monitoring.note", "monitoring.dispute")
MOST_FILES = 4
_DIGEST = re.compile(r"[0-9a-f]{64}\Z", re.ASCII)
_LINK = re.compile(r"https?://[^\s]+\Z", re.IGNORECASE)


class EvidenceDesk(PageDesk):
    @expose("/<case>/<digest>")
    def show(self, case: str, digest: str) -> Response:
        """One file, saved to disk by whatever asks for it: never shown in the console's own origin."""
        if not _DIGEST.match(digest):
            raise not_found()
        view, data, media_type = evidence.read(context(), row_id(case), digest)
        plain = view.name.encode("ascii", "replace").decode().replace("?", "_")
        headers = {
            "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(view.name)}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        }
        return Response(data, headers=headers, content_type=media_type)


def given(name: str, text: str) -> Evidence:
    """What a form says of evidence: the file beside the field where one was chosen, else its words."""
    upload = uploads().get(name)
    return upload if upload is not None else text


def uploads() -> Mapping[str, Upload]:
    """Field → the file chosen for it; no more of one is read than may be kept."""
    most = city().settings.evidence_bytes
    return {
        name.removesuffix(FILE_FIELD): Upload(file.filename or "", file.stream.read(most + 1))
        for name, file in request.files.items()
        if name.endswith(FILE_FIELD) and file.filename
    }


def evidence_of(case_id: int) -> Mapping[str, FileView]:
    """Reference → file, for the signed-in person; read once a request."""
    known: dict[int, dict[str, FileView]] = g.setdefault("evidence_files", {})
    if case_id not in known:
        try:
            known[case_id] = {view.reference: view for view in evidence.files(context(), case_id)}
        except ForbiddenError:  # they may do a task of the case without reading all of it
            known[case_id] = {}
    return known[case_id]


def init_app(app: Flask) -> None:
    """Forms that take evidence may be as large as their files; all others stay small."""
    app.jinja_env.globals.update(evidence_of=evidence_of, is_link=lambda text: bool(_LINK.match(str(text))))

    @app.before_request
    def _room() -> None:
        if request.endpoint in TAKING and request.method == "POST":
            room = MOST_FILES * city().settings.evidence_bytes
            request.max_content_length = room + int(app.config["MAX_CONTENT_LENGTH"])
