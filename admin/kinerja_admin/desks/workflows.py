"""“Alur kerja”: each process as drawn, its steps and forms; administrators load new versions and move running cases to them."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request, url_for
from markupsafe import Markup

from kinerja.core.errors import FindingsError, KinerjaError
from kinerja.services.bpmn import migrating, processes, workflows
from kinerja.services.context import allowed
from kinerja.services.views import Receipt

from ..base import Desk, expose, not_found
from ..session import context
from ..texts import language, pick, sentence

MAX_BATCH = 120


class WorkflowDesk(Desk):
    @expose("/")
    def index(self) -> str:
        return self.render("kinerja/workflows.html", found=workflows.processes(context()))

    @expose("/<process>")
    def show(self, process: str) -> str:
        page = workflows.workflow(context(), process, language())
        return self.render(
            "kinerja/workflow.html",
            page=page,
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
        data = upload.read() if upload is not None and upload.filename else b""
        text = data.decode("utf-8", "replace") if data else request.form.get("teks", "").replace("\r\n", "\n")
        try:
            receipt = processes.change(context(), process, {name: text})
        except FindingsError as error:
            return self._file(process, name, text, error.details.get("diagnostics", ())), FindingsError.http_status
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
