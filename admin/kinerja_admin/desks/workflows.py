"""“Alur kerja”: each process as drawn, its steps and forms; administrators load new versions and move running cases to them."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from flask import Response, flash, redirect, request, url_for
from markupsafe import Markup

from kinerja.core.errors import FindingsError, InputError, KinerjaError, Place
from kinerja.core.exactjson import read_stream
from kinerja.services.bpmn import migrating, processes, workflows
from kinerja.services.context import allowed
from kinerja.services.views import Receipt

from ..base import Desk, expose, not_found
from ..session import context
from ..texts import language, pick, sentence

MAX_BATCH = 120
MAX_BYTES = 2 * 1024 * 1024
PLACES = {".bpmn": "process.bpmn", ".xml": "process.bpmn", ".yaml": "forms/{name}.yaml", ".yml": "forms/{name}.yaml",
          ".html": "letters/{name}.html", ".svg": "letters/{name}.svg"}  # fmt: skip
"""Where an uploaded file belongs, by its ending; notices.yaml keeps its name."""


def _text(upload: Any) -> str:
    return read_stream(upload.stream, str(upload.filename)[:80], max_bytes=MAX_BYTES).replace("\r\n", "\n")


def _uploaded(process: str) -> dict[str, str]:
    """File of the process → text; InputError for what is none or no text."""
    found: dict[str, str] = {}
    for upload in request.files.getlist("berkas"):
        if upload.filename:
            path = PurePosixPath(upload.filename.replace("\\", "/"))
            place = PLACES.get(path.suffix.lower(), "{name}" + path.suffix).format(name=path.stem)
            found[f"{process}/" + ("notices.yaml" if path.stem == "notices" else place)] = _text(upload)
    if not found:
        raise InputError(
            "berkas_kosong",
            "tidak ada berkas yang dipilih",
            "no file was chosen",
            remedy_id="pilih berkas .bpmn dan formulirnya",
            remedy_en="choose the .bpmn file and its forms",
        )
    return found


def _findings(error: KinerjaError) -> list[dict[str, Any]]:
    """What is wrong, each with its place, as the pages list it."""
    given = error.details.get("diagnostics")
    if given is None:
        told = error.as_json()
        return [{"code": error.code, "place": told["place"] or "", "text": told["text"], "remedy": told["remedy"]}]
    return [{**found, "place": str(Place(found["file"], found["line"] or 0))} for found in given]


class WorkflowDesk(Desk):
    @expose("/")
    def index(self) -> str:
        return self._index()

    @expose("/", methods=("POST",))
    def begin(self) -> Any:
        """A process of one's own, from its files."""
        process = request.form.get("proses", "").strip()
        try:
            return self._told(processes.change(context(), process, _uploaded(process)), process)
        except (FindingsError, InputError) as error:
            return self._index(process, _findings(error)), error.http_status

    @expose("/<process>")
    def show(self, process: str) -> str:
        return self._show(process)

    @expose("/<process>/unggah", methods=("POST",))
    def upload(self, process: str) -> Any:
        """Several files at once become one new version: a drawing with the form of its new step."""
        workflows.files_of(context(), process)
        try:
            return self._told(processes.change(context(), process, _uploaded(process)), process)
        except (FindingsError, InputError) as error:
            return self._show(process, _findings(error)), error.http_status

    def _index(self, begun: str = "", found: Any = ()) -> str:
        return self.render(
            "kinerja/workflows.html",
            found=workflows.processes(context()),
            may_change=allowed(context(), "process.load"),
            begun=begun,
            findings=found,
        )

    def _show(self, process: str, found: Any = ()) -> str:
        page = workflows.workflow(context(), process, language())
        return self.render(
            "kinerja/workflow.html",
            page=page,
            findings=found,
            drawing=Markup(page.drawing),  # noqa: S704 - drawn and escaped by the process package
            may_change=allowed(context(), "process.load"),
            moving=migrating.preview(context(), process) if allowed(context(), "process.migrate") else {},
        )

    @expose("/<process>/gambar.svg")
    def picture(self, process: str) -> Response:
        return Response(workflows.workflow(context(), process, language()).drawing, mimetype="image/svg+xml")

    @expose("/<process>/berkas")
    def file(self, process: str) -> str:
        name = request.args.get("nama", "")
        files = workflows.files_of(context(), process)
        if name not in files:
            raise not_found()
        return self._file(process, name, files[name], ())

    @expose("/<process>/berkas", methods=("POST",))
    def save(self, process: str) -> Any:
        """A changed file becomes a new version; one that does not pass the check comes back with what is wrong with it."""
        name = request.form.get("nama", "")
        if name not in workflows.files_of(context(), process):
            raise not_found()
        upload = request.files.get("berkas")
        text = request.form.get("teks", "").replace("\r\n", "\n")
        try:
            if upload is not None and upload.filename:
                text = _text(upload)
            receipt = processes.change(context(), process, {name: text})
        except (FindingsError, InputError) as error:
            return self._file(process, name, text, _findings(error)), error.http_status
        return self._told(receipt, process)

    @expose("/<process>/pindahkan", methods=("POST",))
    def migrate(self, process: str) -> Any:
        return self._told(migrating.migrate(context(), process), process)

    @expose("/<process>/kembalikan", methods=("POST",))
    def undo(self, process: str) -> Any:
        try:
            receipt = migrating.undo(context(), request.form.get("batch", "")[:MAX_BATCH])
        except KinerjaError as error:
            if error.http_status == 403:
                raise
            flash(" → ".join(part for part in sentence(error) if part), "error")
            return redirect(url_for("workflows.show", process=process))
        return self._told(receipt, process)

    def _file(self, process: str, name: str, text: str, found: Any) -> str:
        return self.render(
            "kinerja/workflow_file.html",
            process=process,
            file=name,
            text=text,
            found=found,
            may_change=allowed(context(), "process.load"),
        )

    def _told(self, receipt: Receipt, process: str) -> Any:
        flash(pick({"id": receipt.text_id, "en": receipt.text_en}), "success")
        return redirect(url_for("workflows.show", process=process))
