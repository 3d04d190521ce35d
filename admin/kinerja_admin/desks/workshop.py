"""“Bengkel aturan”: a policy officer's draft, edited as text and as a grid, checked at each save; releases decided by a second."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import yaml
from flask import flash, redirect, request, url_for

from kinerja.core.errors import InputError, KinerjaError, NotFoundError
from kinerja.policy import Diagnostic, Severity
from kinerja.policy.difference import compare
from kinerja.policy.gridtext import TextGrid, read_grid, write_grid
from kinerja.services import drafts, effects, publish, releases
from kinerja.services.context import allowed
from kinerja.services.drafts import Draft, Review

from ..base import Desk, expose, not_found
from ..reauth import require_password
from ..session import actor, city, context
from ..texts import _, pick, sentence
from .rules import KINDS, Group, RuleFile, describe, texts

SPARE_ROWS = 2
MAX_CELLS = 5_000
TONES = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.NOTICE: "plain"}
ALARMS = frozenset({"R055", "R056", "R057"})
FIRST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Remark:
    """A diagnostic, a failed case or a counterexample as the page shows it."""

    code: str
    tone: str
    file: str
    line: int
    text: str
    remedy: str


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row to edit. line: in the file, 0 for a spare row. remarks: what stands against it."""

    cells: tuple[str, ...]
    line: int
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Status:
    """A file in the list. tone, text: what the check says of it, "" when nothing."""

    rule: RuleFile
    changed: bool
    errors: int
    warnings: int
    alarms: tuple[Remark, ...]


def remark(found: Diagnostic) -> Remark:
    text = pick({"id": found.text_id, "en": found.text_en})
    remedy = pick({"id": found.remedy_id, "en": found.remedy_en})
    return Remark(found.code, TONES[found.severity], found.place.file, found.place.line, text, remedy)


def remarks(found: Iterable[Diagnostic]) -> tuple[Remark, ...]:
    """Each once, errors first."""
    order = list(TONES.values())
    return tuple(sorted(dict.fromkeys(remark(one) for one in found), key=lambda one: (order.index(one.tone), one.file, one.line)))


def may_write() -> bool:
    return allowed(context(), "rules.submit")


def may_decide() -> bool:
    return allowed(context(), "rules.approve")


def chosen_file(draft: Draft) -> str:
    file = request.values.get("file", "")
    if file not in draft.files:
        raise not_found()
    return file


def statuses(files: Mapping[str, str], changed: frozenset[str], found: Iterable[Diagnostic]) -> tuple[Group, ...]:
    """The files of a rule set by kind, each with what the check says of it."""
    by_file: dict[str, list[Remark]] = {}
    for one in remarks(found):
        by_file.setdefault(one.file, []).append(one)
    listed = []
    for name in sorted(name for name in files if name.endswith((".yaml", ".yml"))):
        said = by_file.get(name, [])
        alarms = tuple(one for one in said if one.code in ALARMS)
        tones = [one.tone for one in said if one.code not in ALARMS]
        listed.append(Status(_described(name, files[name]), name in changed, tones.count("bad"), tones.count("warn"), alarms))
    groups = (Group(kind, tuple(one for one in listed if one.rule.kind == kind)) for kind in KINDS)  # type: ignore[misc]
    return tuple(group for group in groups if group.rows)


def _described(name: str, text: str) -> RuleFile:
    """A draft's file may be anything."""
    try:
        return describe(name, text)
    except (yaml.YAMLError, AttributeError, TypeError, ValueError, RecursionError):
        return RuleFile(name, name.split("/")[0] if "/" in name else "vocabulary", name, (), "", "")


def laid_out(grid: TextGrid, found: Iterable[Remark]) -> tuple[GridRow, ...]:
    by_line: dict[int, list[Remark]] = {}
    for one in found:
        by_line.setdefault(one.line, []).append(one)
    rows = [
        GridRow(cells, line, tuple(by_line.get(line, ()))) for cells, line in zip(grid.rows, grid.lines[1:], strict=True)
    ]  # fmt: skip
    return (*rows, *(GridRow(("",) * len(grid.heading), 0, ()) for _number in range(SPARE_ROWS)))


class WorkshopDesk(Desk):
    roles: ClassVar[frozenset[str]] = frozenset({"pejabat_kebijakan", "pejabat_penetap", "auditor"})

    def waiting(self) -> int:
        """Releases that wait for this person's decision."""
        if not may_decide():
            return 0
        return sum(1 for one in publish.releases(context()) if one.state == "submitted" and one.author != actor().id)

    @expose("/")
    def index(self) -> str:
        draft = drafts.find(context()) if may_write() else None
        release = city().find_release()
        files = draft.files if draft else texts(release.fingerprint) if release else {}
        found = drafts.checked(context(), None if draft is None else draft.folder)
        return self.render(
            "kinerja/workshop.html",
            draft=draft,
            overtaken=draft is not None and release is not None and draft.base != release.fingerprint,
            groups=statuses(files, draft.changed if draft else frozenset(), found),
            may_write=may_write(),
            waiting_releases=[one for one in publish.releases(context()) if one.state == "submitted"],
            events=tuple(reversed(releases.log(context())))[:FIRST_SHOWN],
        )

    @expose("/mulai", methods=("POST",))
    def begin(self) -> Any:
        drafts.begin(context())
        return redirect(url_for("workshop.index"))

    @expose("/buang", methods=("POST",))
    def discard(self) -> Any:
        drafts.discard(context())
        flash(_("Rancangan dibuang. Aturan yang berlaku tidak berubah."), "success")
        return redirect(url_for("workshop.index"))

    # ── one file ──────────────────────────────────────────────────────────────────────────────────────────────────────
    @expose("/berkas")
    def show(self) -> Any:
        draft = drafts.find(context())
        if draft is None:
            return redirect(url_for("workshop.index"))
        file = chosen_file(draft)
        text = draft.files[file]
        review = drafts.review_file(context(), file)
        found = remarks((*review.diagnostics, *review.failed, *review.unhit, *review.refuted))
        own = tuple(one for one in found if one.file == file)
        grid = read_grid(text)
        rows = laid_out(grid, own) if grid else ()
        of_table = tuple(one for one in own if grid and one.line == grid.lines[0])
        on_rows = {*of_table, *(one for row in rows for one in row.remarks)}
        return self.render(
            "kinerja/workshop_file.html",
            file=file,
            rule=_described(file, text),
            text=text,
            version=drafts.version_of(text),
            grid=grid,
            rows=rows,
            of_table=of_table,
            above=tuple(one for one in own if one not in on_rows),
            elsewhere=tuple(one for one in found if one.file != file and one.tone == "bad"),
            review=review,
            changes=[pick({"id": one.line("id"), "en": one.line("en")}) for one in review.changes],
            proved=sum(1 for one in review.obligations if one.holds),
        )

    @expose("/berkas", methods=("POST",))
    def save(self) -> Any:
        draft = drafts.mine(context())
        file = chosen_file(draft)
        drafts.save(context(), file, request.form.get("teks", ""), request.form.get("versi", ""))
        return redirect(url_for("workshop.show", file=file))

    @expose("/tabel", methods=("POST",))
    def save_grid(self) -> Any:
        draft = drafts.mine(context())
        file = chosen_file(draft)
        rows, columns = (int(text) if (text := request.form.get(name, "")).isdigit() else 0 for name in ("baris", "kolom"))
        if not 0 < rows * columns <= MAX_CELLS:
            raise not_found()
        cells = [[request.form.get(f"s{row}-{column}", "") for column in range(columns)] for row in range(rows)]
        drafts.save(context(), file, write_grid(draft.files[file], cells), request.form.get("versi", ""))
        return redirect(url_for("workshop.show", file=file) + "#tabel")

    # ── the whole draft ───────────────────────────────────────────────────────────────────────────────────────────────
    @expose("/periksa")
    def check(self) -> Any:
        if drafts.find(context()) is None:
            return redirect(url_for("workshop.index"))
        review = drafts.review(context())
        touched = effects.of_policy(context(), review.policy) if review.policy is not None and review.changes else None
        return self.render("kinerja/workshop_check.html", key=uuid.uuid4().hex, touched=touched, **_told(review))

    @expose("/ajukan", methods=("POST",))
    def submit(self) -> Any:
        key, title, note = (request.form.get(name, "").strip()[:2_000] for name in ("kunci", "judul", "catatan"))
        try:
            require_password(request.form.get("kata_sandi", ""))
            receipt = drafts.submit(context(), title[:200], note, f"ajukan-{key}"[:80] if key.isalnum() else None)
        except KinerjaError as error:
            return self._refused(error, url_for("workshop.check"))
        flash(pick({"id": receipt.text_id, "en": receipt.text_en}), "success")
        return redirect(url_for("workshop.release", fingerprint=receipt.values["fingerprint"]))

    # ── a release ─────────────────────────────────────────────────────────────────────────────────────────────────────
    @expose("/rilis/<fingerprint>")
    def release(self, fingerprint: str) -> Any:
        found = next((one for one in publish.releases(context()) if one.fingerprint == fingerprint), None)
        if found is None:
            raise not_found()
        current = city().find_release()
        policy = city().policy(fingerprint)
        against = city().policy(current.fingerprint) if current else policy
        pending = found.state == "submitted"
        return self.render(
            "kinerja/workshop_release.html",
            release_view=found,
            changes=[pick({"id": one.line("id"), "en": one.line("en")}) for one in compare(against, policy)] if pending else [],
            touched=effects.of_release(context(), fingerprint) if pending else None,
            may_decide=may_decide() and found.author != actor().id,
            is_author=found.author == actor().id,
            is_current=current is not None and current.fingerprint == fingerprint,
            events=[one for one in releases.log(context()) if one.fingerprint == fingerprint],
        )

    @expose("/putuskan", methods=("POST",))
    def decide(self) -> Any:
        fingerprint, act = request.form.get("rilis", ""), request.form.get("tindakan", "")
        reason = request.form.get("alasan", "").strip()[:2_000]
        page = url_for("workshop.release", fingerprint=fingerprint)
        try:
            require_password(request.form.get("kata_sandi", ""))
            if act != "setujui" and not reason:
                raise InputError("alasan_kosong", "tulis alasannya", "write the reason")
            if act == "setujui":
                told = effects.of_release(context(), fingerprint)
                receipt = publish.approve(context(), fingerprint, bool(request.form.get("adopsi")), effects=told)
            elif act == "tolak":
                receipt = publish.refuse(context(), fingerprint, reason)
            elif act == "tarik":
                receipt = publish.withdraw(context(), fingerprint, reason)
            else:
                raise NotFoundError("tindakan_tidak_dikenal", "tindakan ini tidak dikenal", "there is no such act")
        except KinerjaError as error:
            return self._refused(error, page)
        flash(pick({"id": receipt.text_id, "en": receipt.text_en}), "success")
        return redirect(page)

    @staticmethod
    def _refused(error: KinerjaError, page: str) -> Any:
        text, remedy = sentence(error)
        flash(f"{text} → {remedy}" if remedy else text, "error")
        return redirect(page)


def _told(review: Review) -> dict[str, Any]:
    return {
        "review": review,
        "problems": remarks((*review.diagnostics, *review.failed, *review.refuted)),
        "unhit": remarks(review.unhit),
        "changes": [pick({"id": one.line("id"), "en": one.line("en")}) for one in review.changes],
        "proved": sum(1 for one in review.obligations if one.holds),
    }
