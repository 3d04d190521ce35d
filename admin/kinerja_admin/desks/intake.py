"""“Impor data”: a staff table is uploaded, seen row by row before anything is written, taken in, and taken back."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path, PurePath
from typing import Any

from flask import Response, flash, redirect, request, url_for

from kinerja.core.errors import InputError, KinerjaError
from kinerja.services.context import allowed
from kinerja.services.staff.history import told
from kinerja.services.stafftables import imports as staff_import
from kinerja.services.stafftables import template as staff_template
from kinerja.services.stafftables import undo as staff_undo
from kinerja.services.stafftables.imports import ADDED, CHANGED, UNCHANGED, StaffPreview
from kinerja.services.stafftables.tables import KINDS

from ..base import Desk, expose, not_found, row_id
from ..session import city, context, signed_in
from ..texts import _, pick, sentence

SHOWN = 200
KEPT = 20
SUFFIXES = (".xlsx", ".csv")
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HASH = re.compile(r"[0-9a-f]{64}\Z")


def waiting_folder() -> Path:
    """Where a file waits between its preview and its confirmation; the oldest make room."""
    folder = city().folder / "cache" / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def lay_by(data: bytes, suffix: str) -> None:
    folder = waiting_folder()
    (folder / f"{hashlib.sha256(data).hexdigest()}{suffix}").write_bytes(data)
    for old in sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime_ns)[:-KEPT]:
        old.unlink(missing_ok=True)


class IntakeDesk(Desk):
    group = "Organisasi"

    def is_accessible(self) -> bool:
        return signed_in() and allowed(context(), "people.import")

    @expose("/")
    def index(self) -> Any:
        return self.render("kinerja/intake.html", kinds=list(KINDS.values()), imports=staff_import.imports(context()))

    @expose("/templat/<kind>.xlsx")
    def template(self, kind: str) -> Response:
        """The workbook to fill in; with ?isi=ya the data as they stand."""
        if kind not in KINDS:
            raise not_found()
        data = staff_template.filled(context(), kind) if request.args.get("isi") else staff_template.template(kind)
        headers = {"Content-Disposition": f'attachment; filename="kinerja-{kind}.xlsx"'}
        return Response(data, mimetype=WORKBOOK, headers=headers)

    @expose("/pratinjau", methods=("POST",))
    def preview(self) -> Any:
        upload = request.files.get("berkas")
        kind, name = request.form.get("jenis", ""), PurePath(upload.filename or "").name[:200] if upload else ""
        if upload is None or not name:
            flash(_("Pilih berkasnya dahulu."), "error")
            return redirect(url_for("intake.index"))
        data = upload.read()
        try:
            seen = staff_import.preview(context(), kind, data, name)
        except InputError as error:
            said, remedy = sentence(error)
            flash(f"{name}: {said} → {remedy}" if remedy else f"{name}: {said}", "error")
            return redirect(url_for("intake.index"))
        lay_by(data, PurePath(name).suffix.lower())
        return self._shown(seen)

    def _shown(self, seen: StaffPreview) -> str:
        return self.render(
            "kinerja/intake_preview.html",
            seen=seen,
            counts=[(action, seen.count(action)) for action in (ADDED, CHANGED, UNCHANGED)],
            changing=[row for row in seen.rows if row.action != UNCHANGED][:SHOWN],
            most=SHOWN,
            told=told,
        )

    @expose("/masukkan", methods=("POST",))
    def take_in(self) -> Any:
        kind, sha256, name = (request.form.get(field, "") for field in ("jenis", "sidik", "nama"))
        suffix = PurePath(name).suffix.lower()
        file = waiting_folder() / f"{sha256}{suffix}"
        if not _HASH.match(sha256) or suffix not in SUFFIXES or not file.is_file():
            flash(_("Berkas ini sudah tidak menunggu; unggah lagi."), "error")
            return redirect(url_for("intake.index"))
        try:
            taken = staff_import.take_in(context(), kind, file.read_bytes(), name)
        except KinerjaError as error:
            said, remedy = sentence(error)
            flash(f"{said} → {remedy}" if remedy else said, "error")
            return redirect(url_for("intake.index"))
        file.unlink(missing_ok=True)
        if taken.same_file:
            flash(_("Berkas ini sudah diimpor (impor %(n)s); tidak ada yang diubah.", n=taken.id), "warning")
        else:
            counts = {"added": taken.added, "changed": taken.changed, "rejected": len(taken.rejected)}
            flash(_("Masuk: %(added)s ditambah, %(changed)s diubah, %(rejected)s ditolak.", **counts), "success")
        if taken.touched:
            flash(_("Penugasan ini menyentuh %(n)s kasus yang sudah berjalan.", n=taken.touched), "warning")
        return redirect(url_for("intake.index"))

    @expose("/urungkan", methods=("POST",))
    def undo(self) -> Any:
        try:
            receipt = staff_undo.undo(context(), row_id(request.form.get("impor", "")))
        except KinerjaError as error:
            if error.http_status in (403, 404):
                raise
            said, remedy = sentence(error)
            flash(f"{said} → {remedy}" if remedy else said, "error")
        else:
            flash(pick({"id": receipt.text_id, "en": receipt.text_en}), "success")
        return redirect(url_for("intake.index"))
