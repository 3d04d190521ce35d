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

from ...core.errors import ConflictError, InputError, NotFoundError
from ...policy.gridtext import cell_text, write_grid
from ...store import models as db
from ..context import WHOLE_CITY, Context, require
from ..files import materialise, read_folder
from ..views import Receipt
from . import publish
from .publish import RULE_FILES

MAX_TEXT = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Draft:
    """base: fingerprint of the release it started from. files: relative name → text. changed: names that differ from the base."""

    base: str
    folder: Path
    files: dict[str, str]
    changed: frozenset[str]

    def text(self, file: str) -> str:
        """NotFoundError(`berkas_tidak_ada`) where the draft has no such file."""
        if file not in self.files:
            raise NotFoundError("berkas_tidak_ada", f"berkas “{file}” tidak ada", f'there is no file "{file}"')
        return self.files[file]


def find(context: Context) -> Draft | None:
    """The actor's draft, None when there is none."""
    require(context, "rules.submit", unit=WHOLE_CITY)
    root = _root(context)
    base = root / "base"
    if not base.is_file():
        return None
    fingerprint, files = base.read_text("utf-8").strip(), read_folder(root / "rules", RULE_FILES)
    held = stored(fingerprint)
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
    materialise(root / "rules", stored(release.fingerprint))
    _write(root / "base", release.fingerprint)
    return mine(context)


def discard(context: Context) -> None:
    require(context, "rules.submit", unit=WHOLE_CITY)
    shutil.rmtree(_root(context), ignore_errors=True)


def save(context: Context, file: str, text: str, version: str) -> None:
    """Write a file of the draft. version: `version_of` the text that was edited; ConflictError(`sudah_berubah`) when it has changed
    since. The text may hold errors: they are what the review is for."""
    draft = mine(context)
    current = draft.text(file)
    unchanged(current, version)
    write(draft, file, text)


def unchanged(text: str, version: str) -> None:
    """Raise ConflictError(`sudah_berubah`) unless this is the text that the page showed."""
    if version != version_of(text):
        raise ConflictError(
            "sudah_berubah",
            "berkas ini sudah berubah sejak halaman dibuka",
            "this file has changed since the page was opened",
            remedy_id="muat ulang halaman, lalu ulangi perubahan Anda",
            remedy_en="reload the page, then make your change again",
        )


def write(draft: Draft, file: str, text: str) -> None:
    """Put a file into a draft, whole or not at all. Raises InputError(`berkas_terlalu_besar`)."""
    if len(text.encode("utf-8")) > MAX_TEXT:
        raise InputError("berkas_terlalu_besar", "berkas lebih besar dari 1 MiB", "the file is larger than 1 MiB")
    (draft.folder / file).parent.mkdir(parents=True, exist_ok=True)
    _write(draft.folder / file, text.replace("\r\n", "\n").rstrip("\n") + "\n")


@dataclass(frozen=True, slots=True)
class CellFault:
    """A cell that cannot be written into a table. row, column: from 0."""

    row: int
    column: int
    error: InputError


def cell_faults(cells: Sequence[Sequence[str]]) -> tuple[CellFault, ...]:
    """The cells that would break the table, all of them."""
    found = []
    for row, texts in enumerate(cells):
        for column, written in enumerate(texts):
            try:
                cell_text(written)
            except InputError as error:
                found.append(CellFault(row, column, error))
    return tuple(found)


def with_cells(text: str, cells: Sequence[Sequence[str]]) -> str:
    """The file with these rows in its table, as they would be saved; InputError for a cell that cannot be written."""
    return write_grid(text, cells)


def version_of(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


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


def stored(fingerprint: str) -> dict[str, str]:
    """The files of a release; {} where there is none."""
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
