"""“Bengkel aturan”: a policy officer's draft, from the list to the submission; releases decided by a second, and their history."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, ClassVar

from flask import flash, redirect, request, url_for

from kinerja.core.errors import InputError, KinerjaError, NotFoundError
from kinerja.core.periods import parse_date
from kinerja.policy import Policy
from kinerja.policy.difference import compare
from kinerja.services.context import allowed
from kinerja.services.rulebook import drafts, effects, publish, releases, reviewing, simulation
from kinerja.services.rulebook.reviewing import Review
from kinerja.services.rulebook.simulation import Simulated

from ..base import expose, not_found
from ..reauth import require_password
from ..session import actor, city, context
from ..texts import _, pick, sentence
from . import simulations
from .rules import KINDS
from .workshop_codes import explained
from .workshop_files import FileRoutes
from .workshop_list import STATES, Filter, grouped, statuses
from .workshop_words import remarks

FIRST_SHOWN = 50


def may_write() -> bool:
    return allowed(context(), "rules.submit")


def may_decide() -> bool:
    return allowed(context(), "rules.approve")


class WorkshopDesk(FileRoutes):
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
        files = draft.files if draft else drafts.stored(release.fingerprint) if release else {}
        review = (
            reviewing.review(context()) if draft else reviewing.review_release(context(), release.fingerprint) if release else None
        )
        found = (*review.diagnostics, *review.failed, *review.refuted, *review.unhit) if review else ()
        listed = statuses(files, draft.changed if draft else frozenset(), found)
        folder, state, query = (request.args.get(name, "").strip()[:80] for name in ("folder", "keadaan", "cari"))
        chosen = Filter(folder if folder in KINDS else "", state if state in STATES else "", query)
        return self.render(
            "kinerja/workshop.html",
            draft=draft,
            overtaken=draft is not None and release is not None and draft.base != release.fingerprint,
            removed=sorted(name for name in draft.changed if name not in draft.files) if draft else (),
            groups=grouped(one for one in listed if chosen.takes(one, files[one.rule.file])),
            all_count=len(listed),
            counts={name: sum(1 for one in listed if name in one.states) for name in STATES},
            chosen=chosen,
            kinds=[kind for kind in KINDS if any(one.rule.kind == kind for one in listed)],
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

    @expose("/kode/<code>")
    def code(self, code: str) -> Any:
        """What a diagnostic's code means."""
        kind = explained(code)
        if kind is None:
            raise not_found()
        return self.render("kinerja/workshop_code.html", code=code, kind=kind)

    # ── the whole draft ───────────────────────────────────────────────────────────────────────────────────────────────
    @expose("/periksa")
    def check(self) -> Any:
        if drafts.find(context()) is None:
            return redirect(url_for("workshop.index"))
        review = reviewing.review(context())
        policy = review.policy if review.changes else None
        kept = kept_for(policy)
        shown = kept or (simulation.preview(context(), policy) if policy is not None else None)
        asked = policy is not None and bool(request.args.get("siapa"))
        return self.render(
            "kinerja/workshop_check.html",
            key=uuid.uuid4().hex,
            kept=kept,
            simulated=simulations.lay_out(shown) if shown else None,
            touched=effects.of_policy(context(), policy) if policy is not None and asked else None,
            **_told(review),
        )

    @expose("/dampak")
    def impact(self) -> Any:
        """What the draft would do to the city's people; a part for the page of a file."""
        policy = reviewing.compiled(context())
        shown = simulation.preview(context(), policy) if policy is not None else None
        return self.render("kinerja/workshop_impact.html", simulated=simulations.lay_out(shown) if shown else None)

    @expose("/tersentuh")
    def touched(self) -> Any:
        """Who is touched by the draft, or by a release; a part for their pages."""
        fingerprint, since = request.args.get("rilis", ""), _day("sejak")
        policy = city().policy(fingerprint) if fingerprint else reviewing.compiled(context())
        told = effects.of_policy(context(), policy, since) if policy is not None else None
        return self.render("kinerja/workshop_touched.html", touched=told)

    @expose("/simulasikan", methods=("POST",))
    def simulate(self) -> Any:
        """Keep the simulation of the draft as it is now: what a submission asks for."""
        policy = reviewing.compiled(context())
        if policy is None:
            flash(_("Rancangan masih memuat galat; belum ada yang dapat disimulasikan."), "error")
            return redirect(url_for("workshop.check"))
        receipt = simulation.keep(context(), policy)
        if receipt is not None:
            flash(pick({"id": receipt.text_id, "en": receipt.text_en}), "success")
        return redirect(url_for("workshop.check") + "#ajukan")

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

    # ── releases ──────────────────────────────────────────────────────────────────────────────────────────────────────
    @expose("/rilis/<fingerprint>")
    def release(self, fingerprint: str) -> Any:
        found = next((one for one in publish.releases(context()) if one.fingerprint == fingerprint), None)
        if found is None:
            raise not_found()
        current = city().find_release()
        pending = found.state == "submitted"
        base = (current.fingerprint if current else None) if pending else releases.before(context(), fingerprint)
        changes = compare(city().policy(base), city().policy(fingerprint)) if base else ()
        since = _day("sejak")
        return self.render(
            "kinerja/workshop_release.html",
            release_view=found,
            changes=[pick({"id": one.line("id"), "en": one.line("en")}) for one in changes],
            base=base,
            kept=(kept := simulation.latest(context(), fingerprint)),
            simulated=simulations.lay_out(kept) if kept else None,
            asked=pending or bool(request.args.get("hitung")),
            touched=effects.of_release(context(), fingerprint, since) if request.args.get("siapa") else None,
            since=since,
            rested=releases.rested_on(context(), fingerprint),
            may_decide=may_decide() and found.author != actor().id,
            is_author=found.author == actor().id,
            is_current=current is not None and current.fingerprint == fingerprint,
            events=[one for one in releases.log(context()) if one.fingerprint == fingerprint],
        )

    @expose("/pada")
    def holding(self) -> Any:
        """Which release, and what of it, held on a day, as known on a day."""
        on, known = _day("tanggal") or city().today(), _day("diketahui")
        held, problem = None, ""
        try:
            held = releases.at(context(), on, known)
        except NotFoundError as error:
            problem = sentence(error)[0]
        return self.render("kinerja/workshop_at.html", on=on, known=known, held=held, problem=problem)

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


def kept_for(policy: Policy | None) -> Simulated | None:
    """The simulation that a submission of this very draft would rest on."""
    release = city().find_release()
    kept = simulation.latest(context(), policy.fingerprint) if policy is not None else None
    return kept if kept is not None and release is not None and kept.base == release.fingerprint else None


def _day(name: str) -> date | None:
    """A day from the address; None when it is not given; raises InputError for anything else."""
    text = request.args.get(name, "").strip()
    return parse_date(text) if text else None


def _told(review: Review) -> dict[str, Any]:
    return {
        "review": review,
        "problems": remarks((*review.diagnostics, *review.failed, *review.refuted)),
        "unhit": remarks(review.unhit),
        "changes": [pick({"id": one.line("id"), "en": one.line("en")}) for one in review.changes],
        "proved": sum(1 for one in review.obligations if one.holds),
    }
