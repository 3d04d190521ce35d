"""A policy officer's draft: a copy of the rules in force, in the city's folder, that its officer edits until it is submitted.

A draft is nobody's law: it enters the ledger when it is submitted, as a release. Each officer has one at a time.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..core.errors import ConflictError, InputError, NotFoundError
from ..engine import Engine
from ..policy import Diagnostic, Policy, Severity, check_policy, run_examples
from ..policy.difference import Change, compare
from ..policy.proof import Obligation, prove_policy
from ..store import models as db
from . import publish
from .context import Context, require
from .files import materialise, read_folder
from .publish import RULE_FILES
from .views import Receipt

MAX_TEXT = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Draft:
    """base: fingerprint of the release it started from. files: relative name → text. changed: names that differ from the base."""

    base: str
    folder: Path
    files: dict[str, str]
    changed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Review:
    """What the machine says of a draft. policy: None while it has errors; then the rest is empty.

    diagnostics: errors, warnings and alarms of the day. cases: how many ran; failed: those not answered as written. unhit: rows
    that no case covers. obligations: the proof. changes: against the release in force, which may have moved on since the base.
    """

    policy: Policy | None
    diagnostics: tuple[Diagnostic, ...]
    cases: int = 0
    failed: tuple[Diagnostic, ...] = ()
    unhit: tuple[Diagnostic, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        return tuple(found for found in self.diagnostics if found.severity is Severity.ERROR)

    @property
    def refuted(self) -> tuple[Diagnostic, ...]:
        """Counterexamples, and what cannot be decided."""
        open_ones = (found for obligation in self.obligations if not obligation.holds for found in obligation.findings)
        return tuple(dict.fromkeys(open_ones))

    @property
    def ready(self) -> bool:
        """Whether it may be submitted."""
        return self.policy is not None and bool(self.changes) and not self.failed and not self.refuted


def find(context: Context) -> Draft | None:
    """The actor's draft, None when there is none."""
    require(context, "rules.submit")
    root = _root(context)
    base = root / "base"
    if not base.is_file():
        return None
    fingerprint, files = base.read_text("utf-8").strip(), read_folder(root / "rules", RULE_FILES)
    held = _stored(fingerprint)
    changed = frozenset(name for name in files.keys() | held.keys() if files.get(name) != held.get(name))
    return Draft(fingerprint, root / "rules", files, changed)


def begin(context: Context) -> Draft:
    """The actor's draft; a new one is a copy of the release in force."""
    known = find(context)
    if known is not None:
        return known
    release = context.city.release()
    root = _root(context)
    shutil.rmtree(root, ignore_errors=True)  # what an interrupted beginning left
    materialise(root / "rules", _stored(release.fingerprint))
    _write(root / "base", release.fingerprint)
    return mine(context)


def discard(context: Context) -> None:
    require(context, "rules.submit")
    shutil.rmtree(_root(context), ignore_errors=True)


def save(context: Context, file: str, text: str, version: str) -> None:
    """Write a file of the draft. version: `version_of` the text that was edited; ConflictError(`sudah_berubah`) when it has changed
    since. The text may hold errors: they are what the review is for."""
    draft = mine(context)
    if file not in draft.files:
        raise NotFoundError("berkas_tidak_ada", f"berkas “{file}” tidak ada", f'there is no file "{file}"')
    if version != version_of(draft.files[file]):
        raise ConflictError(
            "sudah_berubah",
            "berkas ini sudah berubah sejak halaman dibuka",
            "this file has changed since the page was opened",
            remedy_id="muat ulang halaman, lalu ulangi perubahan Anda",
            remedy_en="reload the page, then make your change again",
        )
    if len(text.encode("utf-8")) > MAX_TEXT:
        raise InputError("berkas_terlalu_besar", "berkas lebih besar dari 1 MiB", "the file is larger than 1 MiB")
    lines = text.replace("\r\n", "\n").rstrip("\n") + "\n"
    _write(draft.folder / file, lines)


def version_of(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def review(context: Context, decisions: Sequence[str] | None = None) -> Review:
    """Check the draft, run its cases through both engines, prove it, and compare it with the release in force.

    decisions: only the cases and proofs of these; None for all. A file with errors keeps the rest from being computed.
    """
    draft = mine(context)
    report = check_policy(draft.folder, context.city.today())
    policy = report.policy
    if policy is None:
        return Review(None, report.diagnostics)
    chosen = None if decisions is None else tuple(name for name in decisions if name in policy.decisions)
    with Engine(policy) as engine:
        run = run_examples(policy, engine.decide, chosen)
    proof = prove_policy(policy, chosen) if chosen is None or chosen else None
    return Review(
        policy,
        report.diagnostics,
        len(run.results),
        tuple(result.diagnostic() for result in run.failed),
        run.unhit,
        proof.obligations if proof is not None else (),
        tuple(compare(context.city.policy(context.city.release().fingerprint), policy)),
    )


def review_file(context: Context, file: str) -> Review:
    """The review as far as one file goes: cases and proofs of the decisions it defines alone."""
    report = check_policy(mine(context).folder)
    policy = report.policy
    own = () if policy is None else tuple(n for n, vs in policy.decisions.items() if any(v.place.file == file for v in vs))
    return review(context, own)


def checked(context: Context, folder: Path | None) -> tuple[Diagnostic, ...]:
    """What the check says of a folder of rules today; None for the release in force."""
    require(context, "rules.read")
    if folder is None:
        release = context.city.find_release()
        if release is None:
            return ()
        folder = materialise(
            context.city.folder / "cache" / "releases" / release.fingerprint / "rules", _stored(release.fingerprint)
        )
    return check_policy(folder, context.city.today()).diagnostics


def submit(context: Context, title: str, note: str = "", key: str | None = None) -> Receipt:
    """Submit the draft as a release (see `publish.submit`); the draft is done with."""
    receipt = publish.submit(context, mine(context).folder, title, note, key)
    discard(context)
    return receipt


def mine(context: Context) -> Draft:
    """The actor's draft; NotFoundError(`rancangan_tidak_ada`)."""
    draft = find(context)
    if draft is None:
        raise NotFoundError(
            "rancangan_tidak_ada",
            "Anda belum mempunyai rancangan",
            "you have no draft",
            remedy_id="mulai rancangan di bengkel aturan",
            remedy_en="begin one in the rule workshop",
        )
    return draft


def _stored(fingerprint: str) -> dict[str, str]:
    row = db.Release.get_or_none(db.Release.fingerprint == fingerprint)
    return dict(row.files) if row is not None else {}


def _root(context: Context) -> Path:
    """One folder an officer; its name says nothing of theirs, which may hold anything."""
    return context.city.folder / "drafts" / hashlib.sha256(context.actor.id.encode("utf-8")).hexdigest()[:24]


def _write(path: Path, text: str) -> None:
    """Whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    os.replace(name, path)
