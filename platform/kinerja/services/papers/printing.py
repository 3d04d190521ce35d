"""Printing letters from their rows, at any moment after the decision and byte for byte the same each time."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ...core.errors import IncidentError, KinerjaError, NotFoundError
from ...letters import LetterJob, shared_renderer
from ...store import ledger
from ...store import models as db
from ...store.queries import objects
from ..context import Context
from ..visibility import require_letter


def letter_file(context: Context, letter_id: int) -> Path:
    """The printed letter, printed now if it is not yet; the same bytes whenever it is printed.

    Raises ForbiddenError for others than its people and HR, IncidentError(`surat_berbeda`) when what is printed differs from what
    was printed before.
    """
    return letter_files(context, [letter_id])[0]


def letter_files(context: Context, letter_ids: Iterable[int]) -> list[Path]:
    """As `letter_file`, for many: those not yet printed are printed side by side. The first that cannot be printed raises."""
    letters = [_permitted(context, letter_id) for letter_id in letter_ids]
    missing = [letter for letter in letters if not _is_printed(context, letter)]
    for letter, made in zip(missing, shared_renderer().render_many(_job(context, letter) for letter in missing), strict=True):
        if isinstance(made, KinerjaError):
            raise made
        _keep(context, letter, made)
    return [_path(context, letter) for letter in letters]


def _permitted(context: Context, letter_id: int) -> Any:
    letter = _letter(letter_id)
    require_letter(context, letter)
    return letter


def _path(context: Context, letter: Any) -> Path:
    return context.city.letters / f"{letter.issued_at.year}/{letter.kind}-{letter.id:06d}.pdf"


def _is_printed(context: Context, letter: Any) -> bool:
    path = _path(context, letter)
    return bool(letter.sha256) and path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == letter.sha256


def _keep(context: Context, letter: Any, data: bytes) -> None:
    """Put a printed letter in its place; the first print fixes its hash, a later one must have the same."""
    digest = hashlib.sha256(data).hexdigest()
    if letter.sha256 and digest != letter.sha256:
        raise IncidentError(
            "surat_berbeda",
            f"surat {letter.number} yang dicetak ulang berbeda dari aslinya",
            f"letter {letter.number} prints differently than before",
            remedy_id="ambil salinan aslinya dari cadangan",
            remedy_en="take the original from a backup",
        )
    path = _path(context, letter)
    _write(path, data)
    if letter.sha256:
        return
    with context.city.store.transaction():
        relative = path.relative_to(context.city.letters).as_posix()
        update = db.Letter.update(pdf=relative, sha256=digest).where(db.Letter.id == letter.id, db.Letter.sha256 == "")
        if update.execute():
            payload = {"letter": letter.number, "sha256": digest}
            ledger.append(context.city.store, context.city.clock.now(), "sistem", "letter.print", f"letter:{letter.id}", payload)


def _letter(letter_id: int) -> Any:
    letter = db.Letter.get_or_none(db.Letter.id == letter_id)
    if letter is None:
        raise NotFoundError("surat_tidak_ada", f"surat {letter_id} tidak ada", f"no letter {letter_id}")
    return letter


def _job(context: Context, letter: Any) -> LetterJob:
    version = db.ProcessVersion.get(db.ProcessVersion.version == letter.template_version)
    template = context.city.template_folder(version) / letter.template
    return LetterJob(template, letter.content, _attachment(letter), letter.issued_at.date())


def _attachment(letter: Any) -> dict[str, Any]:
    """What anyone needs to recompute the letter: facts and findings of its cases, without the trace (the rules give it again)."""
    links = db.LetterCase.select(db.LetterCase, db.Evaluation).join(db.Evaluation).where(db.LetterCase.letter == letter.id)
    decided = [
        {
            "on": link.evaluation.on_day,
            "facts": link.evaluation.facts,
            "outputs": link.evaluation.finding["outputs"],
            "indikator": link.evaluation.finding.get("indikator", []),
            "release": link.evaluation.finding["release"],
        }
        for link in objects(links.order_by(db.LetterCase.ordinal))
    ]
    return {
        "kind": letter.kind,
        "number": letter.number,
        "issued": letter.issued_at.date(),
        "token": letter.token,
        "cases": decided,
    }


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: a reader never sees half a letter."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".surat-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
