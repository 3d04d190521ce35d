"""Releases of rules: checked, their cases run through both engines, proved, stored whole, approved by another than the author."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...core.errors import ConflictError, FindingsError, InputError
from ...engine import Engine
from ...engine.worked import run_cases
from ...policy import load_policy
from ...policy.model import Policy
from ...policy.proof import prove_policy
from ...policy.sidecars import as_texts
from ...store import models as db
from ..acts import Done, changed, perform
from ..context import WHOLE_CITY, Context, require
from ..files import materialise, read_folder
from ..poststandards import bereft
from ..reading import RELEASE
from ..views import Receipt, ReleaseView
from . import adoption, enact, simulation
from .effects import Effects

RULE_FILES = (".yaml", ".yml", ".csv")
_proved: set[str] = set()
"""Fingerprints proved by this process: a proof depends on the meaning alone."""


def submit(context: Context, folder: Path, title: str = "", note: str = "", key: str | None = None) -> Receipt:
    """Submit the rules of a folder as a release: values {fingerprint, state}. The same rules again bring the release that is there.

    Raises FindingsError(`aturan_bermasalah`) with all diagnostics, FindingsError(`contoh_gagal`) with the cases that fail,
    FindingsError(`tidak_terbukti`) with the counterexamples of what the proof refutes or cannot decide,
    FindingsError(`jabatan_tanpa_standar`) with the city's posts that would lose the one standard they have,
    ConflictError(`belum_disimulasikan`) without a simulation of exactly these rules against those in force.
    """
    require(context, "rules.submit", unit=WHOLE_CITY)
    files = as_texts(folder, read_folder(folder, RULE_FILES))
    policy = _checked(folder, files)
    _keeps_standards(context, policy)

    def work() -> Done:
        row: Any = db.Release.get_or_none(db.Release.fingerprint == policy.fingerprint)
        new = row is None
        if new:
            simulation.require_for(context, policy.fingerprint)
            at = context.city.clock.now()
            row = db.Release.create(
                fingerprint=policy.fingerprint, title=title or policy.title, files=files, author=context.actor.id, note=note,
                submitted_at=at,
            )  # fmt: skip
            adoption.begin(context, row, context.city.find_release())
        values = {"fingerprint": policy.fingerprint, "state": row.state, "new": new}
        return Done(
            f"release:{policy.fingerprint}",
            f"Aturan “{row.title}” ({policy.fingerprint[:12]}) " + ("diajukan" if new else f"sudah ada: {row.state}"),
            f'Rules "{row.title}" ({policy.fingerprint[:12]}) ' + ("submitted" if new else f"known already: {row.state}"),
            payload=values | {"reason": note},
            values=values,
        )

    return perform(context, "rules.submit", work, key)


def approve(
    context: Context, fingerprint: str, adopt: bool = False, key: str | None = None, *, effects: Effects | None = None
) -> Receipt:
    """Publish a submitted release; from now on new evaluations rest on it. Where it has a case, that is its task `tetapkan_aturan`.

    adopt: the city adopts, by name, what its sources only recall or choose, so that letters need not say CONTOH. effects: what the
    approver was shown of the decisions it touches; goes into the ledger. Raises ForbiddenError(`pengaju_adalah_penyetuju`) for the
    author, ConflictError when it was decided already.
    """
    token = enact.shown.set(effects)
    try:
        return _decide(context, fingerprint, {"keputusan_aturan": "tetapkan", "adopsi_aturan": adopt}, key, "rules.approve")
    finally:
        enact.shown.reset(token)


def refuse(context: Context, fingerprint: str, reason: str, key: str | None = None) -> Receipt:
    """Turn a submitted release down, with a reason; as `approve`."""
    answers = {"keputusan_aturan": "tolak", "alasan_penetapan": reason}
    return _decide(context, fingerprint, answers, key, "rules.refuse")


def _decide(context: Context, fingerprint: str, answers: dict[str, Any], key: str | None, act: str) -> Receipt:
    require(context, "rules.approve", unit=WHOLE_CITY)
    row = enact.release(fingerprint)
    enact.not_author(context, row)
    if key is None:
        changed(int(row.state == "submitted"), "rilis ini sudah diputus", "this release has been decided already", state=row.state)
    adopted = act == "rules.approve"
    words = ("diterbitkan", "published") if adopted else ("ditolak", "refused")
    texts = (f"Aturan “{row.title}” ({fingerprint[:12]}) {words[0]}", f'Rules "{row.title}" ({fingerprint[:12]}) {words[1]}')
    through = adoption.decide(context, fingerprint, answers, key)
    if through is not None:
        return replace(through, act=act, subject=f"release:{fingerprint}", text_id=texts[0], text_en=texts[1])

    def work() -> Done:
        if adopted:
            enact.put_in_force(context, fingerprint, bool(answers["adopsi_aturan"]))
        else:
            enact.turn_down(context, fingerprint, str(answers["alasan_penetapan"]))
        return Done(f"release:{fingerprint}", *texts, payload={"fingerprint": fingerprint}, values={"fingerprint": fingerprint})

    return perform(context, "rules.decide", work, key)


def withdraw(context: Context, fingerprint: str, reason: str, key: str | None = None) -> Receipt:
    """Take a release back, with a reason: its author a submitted one, a second signatory a published one.

    The release published before it is in force again for new evaluations; what was decided on the withdrawn one stays, and can be
    run again on it. Raises ConflictError(`rilis_terakhir`) when no published release would be left.
    """
    require(context, "rules.read")
    if not reason.strip():
        raise InputError("alasan_kosong", "penarikan rilis harus beralasan", "a withdrawal needs a reason")
    row = enact.release(fingerprint)
    if row.state != "submitted" or row.author != context.actor.id:
        require(context, "rules.approve", unit=WHOLE_CITY)

    def work() -> Done:
        row = enact.release(fingerprint)
        published = db.Release.select().where(db.Release.state == "published").count()
        if row.state == "published" and published == 1:
            raise ConflictError(
                "rilis_terakhir",
                "rilis terakhir yang berlaku tidak dapat ditarik",
                "the last release in force cannot be withdrawn",
                remedy_id="terbitkan penggantinya dahulu",
                remedy_en="publish its successor first",
            )
        update = db.Release.update(state="withdrawn")
        rows = update.where(db.Release.id == row.id, db.Release.state.in_(("submitted", "published"))).execute()
        changed(rows, "rilis ini sudah diputus", "this release has been decided already", state=row.state)
        adoption.drop(context, fingerprint)
        payload = {"fingerprint": fingerprint, "reason": reason, "was": row.state}
        return Done(f"release:{fingerprint}", f"Aturan “{row.title}” ditarik", f'Rules "{row.title}" withdrawn', payload=payload)

    return perform(context, "rules.withdraw", work, key)


def current(context: Context) -> ReleaseView:
    """The release in force; NotFoundError before the first."""
    require(context, "rules.read")
    return _view(context.city.release())


def releases(context: Context) -> tuple[ReleaseView, ...]:
    """All releases, the newest first."""
    require(context, "rules.read")
    return tuple(_view(row) for row in db.Release.select(*RELEASE).order_by(db.Release.id.desc()))


def policy(context: Context) -> Policy:
    """The rules in force, compiled."""
    require(context, "rules.read")
    return context.city.policy(context.city.release().fingerprint)


def _checked(folder: Path, files: dict[str, str]) -> Policy:
    """Check and run the very texts that will be stored, not the folder they came from, which may change meanwhile."""
    try:
        with tempfile.TemporaryDirectory() as temporary:
            checked = load_policy(materialise(Path(temporary) / "rules", files))
    except FindingsError:
        load_policy(folder)  # says the same with the names of the author's own files
        raise
    with Engine(checked) as engine:
        failed = run_cases(engine).failed
    if failed:
        first = failed[0]
        raise FindingsError(
            "contoh_gagal",
            f"{len(failed)} contoh tidak dijawab seperti tertulis; yang pertama: {first.text_id}",
            f"{len(failed)} cases are not answered as written; the first: {first.text_en}",
            place=first.place,
            remedy_id="perbaiki aturan atau contohnya",
            remedy_en="mend the rule or the case",
            failed=[str(found.place) for found in failed],
        )
    _prove(checked)
    return checked


def _keeps_standards(context: Context, policy: Policy) -> None:
    release = context.city.find_release()
    if release is None:
        return
    lost = list(bereft(context.city.policy(release.fingerprint), policy, context.city.today()))
    if lost:
        post, unit, job_class = lost[0]
        raise FindingsError(
            "jabatan_tanpa_standar",
            f"{len(lost)} jabatan kota tidak lagi mempunyai tepat satu standar; yang pertama: {post} di {unit}, kelas {job_class}",
            f"{len(lost)} posts of the city no longer have exactly one standard; the first: {post} in {unit}, class {job_class}",
            remedy_id="kembalikan berkas standarnya, atau sebut jabatan itu pada standar lain",
            remedy_en="bring its file of standards back, or name the post in another standard",
            posts=[list(one) for one in lost],
        )


def _prove(checked: Policy) -> None:
    """Refuse what is refuted, and what cannot be decided."""
    if checked.fingerprint in _proved:
        return
    report = prove_policy(checked)
    if not report.proved:
        broken = [obligation for obligation in report.obligations if not obligation.holds]
        first = broken[0].findings[0]
        raise FindingsError(
            "tidak_terbukti",
            f"{len(broken)} kewajiban tidak terbukti; yang pertama: {first.text_id}",
            f"{len(broken)} obligations are not proved; the first: {first.text_en}",
            place=first.place,
            remedy_id=first.remedy_id,
            remedy_en=first.remedy_en,
            failed=[found.line("id") for obligation in broken for found in obligation.findings],
        )
    _proved.add(checked.fingerprint)


def _view(row: Any) -> ReleaseView:
    return ReleaseView(
        row.fingerprint, row.title, row.state, row.author, row.approver or "", row.adopted, row.submitted_at, row.published_at
    )
