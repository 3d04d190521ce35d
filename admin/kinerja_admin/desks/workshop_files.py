"""One rule file of a draft: its table, its text, its cases; looked at while it is typed; made, copied, renamed, deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import flash, get_template_attribute, jsonify, redirect, request, url_for

from kinerja.core.errors import InputError, KinerjaError
from kinerja.policy import Diagnostic, Policy
from kinerja.policy.casetext import add_case
from kinerja.policy.gridtext import TextGrid, read_grid
from kinerja.policy.kinds import FOLDERS
from kinerja.policy.model import Decision
from kinerja.services.rulebook import draftfiles, drafts, reviewing
from kinerja.services.rulebook.drafts import CellFault, Draft
from kinerja.services.rulebook.reviewing import Review

from ..base import Desk, expose, not_found
from ..session import city, context
from ..texts import _, pick, sentence
from .workshop_grid import mended, moved
from .workshop_keys import key_groups, kind_of
from .workshop_list import described
from .workshop_words import GridView, Remark, column_choices, lay_out, of_error, remarks

MAX_CELLS = 5_000


@dataclass(frozen=True, slots=True)
class Looked:
    """A file as somebody has it before them, and what is said of it. above: what belongs to no row; elsewhere: errors of others."""

    text: str
    review: Review
    grid: GridView | None
    above: tuple[Remark, ...]
    elsewhere: tuple[Remark, ...]


def look(file: str, text: str, review: Review, cells: Sequence[Sequence[str]] | None, faults: Sequence[CellFault]) -> Looked:
    found: tuple[Diagnostic, ...] = (*review.diagnostics, *review.failed, *review.unhit, *review.refuted)
    said = remarks(found)
    grid = _grid(text, cells)
    view = None
    if grid is not None:
        choices = column_choices(decision_of(review.policy, file), grid.heading)
        view = lay_out(grid, review, file, found, choices, cells, faults)
    above = tuple(one for one in said if one.file == file and not (view and one in view.shown))
    elsewhere = tuple(one for one in said if one.file != file and one.tone == "bad")
    return Looked(text, review, view, above, elsewhere)


def _grid(text: str, cells: Sequence[Sequence[str]] | None) -> TextGrid | None:
    """The grid of a text; a table whose rows were all emptied still has its heading."""
    grid = read_grid(text)
    if grid is None and cells is not None:
        filled = drafts.with_cells(text, [["-"] * len(cells[0])]) if cells else text
        grid = read_grid(filled)
        grid = replace(grid, rows=(), lines=grid.lines[:1], columns=grid.columns[:1]) if grid else None
    return grid


def decision_of(policy: Policy | None, file: str) -> Decision | None:
    """The decision that a file defines; of a draft with errors, as the release in force knows it."""
    release = city().find_release()
    for known in (policy, city().policy(release.fingerprint) if policy is None and release else None):
        for versions in known.decisions.values() if known is not None else ():
            for version in versions:
                if version.place.file == file:
                    return version
    return None


def verdict(review: Review, saved: bool) -> tuple[str, str]:
    """(tone, sentence): how the file stands."""
    if review.policy is None:
        return "bad", _("Ada galat; kasus dan bukti dijalankan setelah galat diperbaiki.")
    failed, refuted = len(review.failed), len(review.refuted)
    if refuted and not saved:
        return "bad", _("%(refuted)s hal tidak terbukti. Kasus dijalankan saat disimpan.", refuted=refuted)
    if failed or refuted:
        return "bad", _(
            "Belum dapat diajukan: %(failed)s kasus meleset, %(refuted)s hal tidak terbukti.", failed=failed, refuted=refuted
        )
    if not review.cases and not review.obligations:
        return "good", _("Tanpa galat.")
    proved = sum(1 for one in review.obligations if one.holds)
    if saved and not review.obligations:
        return "good", _("Dapat dipakai: %(cases)s kasus dijawab seperti tertulis.", cases=review.cases)
    if saved:
        told = _("Dapat dipakai: %(cases)s kasus dijawab seperti tertulis, %(proved)s kewajiban terbukti.",
                 cases=review.cases, proved=proved)  # fmt: skip
        return "good", told
    return "good", _("Tanpa galat, %(proved)s kewajiban terbukti. Kasus dijalankan saat disimpan.", proved=proved)


def chosen_file(draft: Draft) -> str:
    file = request.values.get("file", "")
    if file not in draft.files:
        raise not_found()
    return file


def given_cells() -> list[list[str]]:
    """The rows of the grid as the form brings them."""
    rows, columns = (int(text) if (text := request.form.get(name, "")).isdigit() else 0 for name in ("baris", "kolom"))
    if not 0 < rows * columns <= MAX_CELLS:
        raise not_found()
    return [[request.form.get(f"s{row}-{column}", "") for column in range(columns)] for row in range(rows)]


class FileRoutes(Desk):
    """The pages of a draft's files; the workshop's desk is made of them and its own."""

    @expose("/berkas")
    def show(self) -> Any:
        draft = drafts.find(context())
        if draft is None:
            return redirect(url_for("workshop.index"))
        file = chosen_file(draft)
        return self._page(draft, file, draft.files[file], reviewing.review_file(context(), file))

    def _page(
        self,
        draft: Draft,
        file: str,
        text: str,
        review: Review,
        cells: Sequence[Sequence[str]] | None = None,
        faults: Sequence[CellFault] = (),
        saved: bool = True,
        case_error: KinerjaError | None = None,
    ) -> Any:
        looked = look(file, text, review, cells, faults)
        tone, told = verdict(review, saved)
        decision = decision_of(review.policy, file)
        page = self.render(
            "kinerja/workshop_file.html",
            file=file,
            rule=described(file, text),
            looked=looked,
            tone="bad" if faults else tone,
            told=_("Ada sel yang tidak dapat ditulis; yang lain tetap seperti yang Anda ketik.") if faults else told,
            saved=saved,
            version=request.form.get("versi") or drafts.version_of(draft.files[file]),
            review=review,
            changes=[pick({"id": one.line("id"), "en": one.line("en")}) for one in review.changes],
            decision=decision,
            case_error=of_error(case_error) if case_error else None,
            keys=key_groups(kind_of(file)),
            fixed=kind_of(file) == "vocabulary",
            draft_changed=bool(draft.changed),
            changed=file in draft.changed,
            added=file in draft.changed and file not in drafts.stored(draft.base),
        )
        return (page, 422) if faults or case_error else page

    # ── text ──────────────────────────────────────────────────────────────────────────────────────────────────────────
    @expose("/berkas", methods=("POST",))
    def save(self) -> Any:
        draft = drafts.mine(context())
        file = chosen_file(draft)
        text = request.form.get("teks", "").replace("\r\n", "\n")
        if request.form.get("aksi") == "periksa":
            return self._page(draft, file, text, reviewing.review_text(context(), file, text), saved=False)
        drafts.save(context(), file, text, request.form.get("versi", ""))
        return redirect(url_for("workshop.show", file=file))

    # ── table ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    @expose("/tabel", methods=("POST",))
    def save_grid(self) -> Any:
        draft = drafts.mine(context())
        file = chosen_file(draft)
        cells, act = given_cells(), request.form.get("aksi", "")
        faults = drafts.cell_faults(cells)
        if act and act != "periksa":
            cells = moved(cells, act)
        if act or faults:
            return self._typed(draft, file, cells, drafts.cell_faults(cells))
        text = drafts.with_cells(draft.files[file], cells)
        text, hints = mended(text, reviewing.review_text(context(), file, text))
        drafts.save(context(), file, text, request.form.get("versi", ""))
        for wrong, right in hints:
            flash(
                _("%(wrong)s ditulis %(right)s. Bila memang dua nilai, beri spasi sesudah koma.", wrong=wrong, right=right),
                "warning",
            )
        return redirect(url_for("workshop.show", file=file) + "#tabel")

    def _typed(self, draft: Draft, file: str, cells: list[list[str]], faults: Sequence[CellFault]) -> Any:
        """The page with the table as it was typed; nothing is saved."""
        current = draft.files[file]
        if faults:
            return self._page(draft, file, current, reviewing.review_file(context(), file), cells, faults, saved=False)
        text = drafts.with_cells(current, cells)
        return self._page(draft, file, text, reviewing.review_text(context(), file, text), cells, saved=False)

    @expose("/periksa-ketikan", methods=("POST",))
    def probe(self) -> Any:
        """What the text or the table would be told if it were saved now; for the page's script."""
        draft = drafts.mine(context())
        file = chosen_file(draft)
        cells: list[list[str]] | None = None
        faults: tuple[CellFault, ...] = ()
        text = request.form.get("teks", "").replace("\r\n", "\n")
        if "kolom" in request.form:
            cells = given_cells()
            faults = drafts.cell_faults(cells)
            text = draft.files[file] if faults else drafts.with_cells(draft.files[file], cells)
        review = reviewing.review_text(context(), file, text)
        looked = look(file, text, review, cells, faults)
        tone, told = verdict(review, saved=False)
        if faults:
            tone, told = "bad", _("Ada sel yang tidak dapat ditulis; yang lain tetap seperti yang Anda ketik.")
        return jsonify(_live(looked, tone, told, text))

    # ── cases ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    @expose("/kasus", methods=("POST",))
    def add_case(self) -> Any:
        draft = drafts.mine(context())
        file = chosen_file(draft)
        current = draft.files[file]
        given, expect = _fields("masukan-"), _fields("harapan-")
        error, on, note = (request.form.get(name, "").strip()[:500] for name in ("galat", "tanggal", "catatan"))
        try:
            text = add_case(current, given, {} if error else expect, error, on, note)
        except InputError as problem:
            return self._page(draft, file, current, reviewing.review_file(context(), file), case_error=problem)
        drafts.save(context(), file, text, request.form.get("versi", ""))
        return redirect(url_for("workshop.show", file=file) + "#kasus")

    # ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    @expose("/berkas-baru")
    def new(self) -> Any:
        if drafts.find(context()) is None:
            return redirect(url_for("workshop.index"))
        return self._new()

    @expose("/berkas-baru", methods=("POST",))
    def create(self) -> Any:
        folder, name, title, source = (request.form.get(key, "").strip()[:200] for key in ("folder", "nama", "judul", "sumber"))
        try:
            if FOLDERS.get(folder) == "decision" and source not in draftfiles.sources(self._policy()):
                raise InputError("masukan_kosong", "pilih masukan pertama", "choose the first input")
            file = draftfiles.create(context(), folder, name, title, source)
        except InputError as error:
            return self._new(error), 422
        except KinerjaError as error:
            if error.code != "berkas_sudah_ada":
                raise
            return self._new(error), 422
        flash(_("Berkas dibuat. Kerangkanya lolos pemeriksaan; gantilah isinya."), "success")
        return redirect(url_for("workshop.show", file=file))

    def _new(self, error: KinerjaError | None = None) -> str:
        return self.render(
            "kinerja/workshop_new.html",
            folders=tuple(FOLDERS),
            sources=draftfiles.sources(self._policy()),
            given=request.form,
            problem=of_error(error) if error else None,
        )

    @staticmethod
    def _policy() -> Policy | None:
        """The draft's rules, or those in force while it has errors."""
        release = city().find_release()
        drafted = reviewing.review(context()).policy
        return drafted or (city().policy(release.fingerprint) if release else None)

    @expose("/salin", methods=("POST",))
    def copy(self) -> Any:
        return self._done(lambda file, name: draftfiles.copy(context(), file, name))

    @expose("/ganti-nama", methods=("POST",))
    def rename(self) -> Any:
        version = request.form.get("versi", "")
        return self._done(lambda file, name: draftfiles.rename(context(), file, name, version))

    def _done(self, act: Callable[[str, str], str]) -> Any:
        file = chosen_file(drafts.mine(context()))
        try:
            file = act(file, request.form.get("nama", "").strip())
        except KinerjaError as error:
            text, remedy = sentence(error)
            flash(f"{text} → {remedy}" if remedy else text, "error")
        return redirect(url_for("workshop.show", file=file))

    @expose("/hapus")
    def removal(self) -> Any:
        """Who would miss the file, before it is taken out."""
        draft = drafts.find(context())
        if draft is None:
            return redirect(url_for("workshop.index"))
        file = chosen_file(draft)
        text = draft.files[file]
        used = draftfiles.uses(self._policy(), text)
        return self.render(
            "kinerja/workshop_delete.html",
            file=file,
            rule=described(file, text),
            version=drafts.version_of(text),
            uses=[
                (one.place.file, one.place.line, pick({"id": one.line("id"), "en": one.line("en")}).partition(": ")[2])
                for one in used
            ],
        )

    @expose("/hapus", methods=("POST",))
    def remove(self) -> Any:
        file = chosen_file(drafts.mine(context()))
        draftfiles.delete(context(), file, request.form.get("versi", ""))
        flash(_("Berkas %(file)s dikeluarkan dari rancangan.", file=file), "success")
        return redirect(url_for("workshop.index"))

    @expose("/kembalikan", methods=("POST",))
    def restore(self) -> Any:
        draft = drafts.mine(context())
        file = request.form.get("file", "")
        held = drafts.stored(draft.base)
        if file not in held:
            raise not_found()
        draftfiles.restore(context(), file, held[file])
        return redirect(url_for("workshop.show", file=file))


def _fields(prefix: str) -> dict[str, str]:
    """The filled fields of a form whose names begin so."""
    found = {name.removeprefix(prefix): text.strip()[:2_000] for name, text in request.form.items() if name.startswith(prefix)}
    return {name: text for name, text in found.items() if text and name.isidentifier()}


def _live(looked: Looked, tone: str, told: str, text: str) -> dict[str, Any]:
    """The page's parts as HTML, drawn by the page's own macros. Rows and cells by number, lines by number in the text."""
    show = get_template_attribute("kinerja/_workshop.html", "remarks")
    gap = get_template_attribute("kinerja/_workshop.html", "gaps")
    rows: dict[str, str] = {}
    tones: dict[str, str] = {}
    gaps: dict[str, str] = {}
    bad: list[str] = []
    if looked.grid is not None:
        for number, row in enumerate(looked.grid.rows):
            if row.remarks:
                rows[str(number)] = str(show(row.remarks))
                tones[str(number)] = row.tone
            if row.gaps:
                gaps[str(number)] = str(gap(row.gaps))
            bad += [f"{number}-{column}" for column, cell in enumerate(row.cells) if cell.bad]
        if looked.grid.last:
            gaps[str(len(looked.grid.rows))] = str(gap(looked.grid.last))
    shown = looked.grid.shown if looked.grid else frozenset()
    own = sorted({*looked.above, *shown}, key=lambda one: (one.line, one.column))
    lines: dict[str, str] = {}
    for one in own:
        if one.line and lines.get(str(one.line)) != "bad":
            lines[str(one.line)] = one.tone
    return {
        "tone": tone,
        "told": told,
        "above": str(show(looked.above)) if looked.above else "",
        "table": str(show(looked.grid.of_table)) if looked.grid and looked.grid.of_table else "",
        "rows": rows,
        "tones": tones,
        "gaps": gaps,
        "bad": bad,
        "lines": lines,
        "text": str(show(own)) if own else "",
    }
