"""Evidence on the command line: a file of this machine, a link, or words."""

from __future__ import annotations

from pathlib import Path

import click

from ..core.errors import InputError, Place
from ..services.custody import Evidence, Upload
from ..settings import Settings

evidence_option = click.option(
    "--evidence", default="", metavar="FILE|LINK|TEXT", help="What proves it: a file (kept by its sha256), an address, or words."
)


def evidence_given(settings: Settings, text: str) -> Evidence:
    """What stands behind an argument: "@FILE" and a path that there is are files. Raises InputError(`berkas_tidak_ada`)."""
    named = text.startswith("@")
    path = Path(text[1:] if named else text)
    if not text or not (named or _is_file(path)):
        return text
    return upload(settings, path)


def upload(settings: Settings, path: Path) -> Upload:
    """A file as it lies here; no more of it is read than may be kept."""
    try:
        with path.open("rb") as file:
            return Upload(path.name, file.read(settings.evidence_bytes + 1))
    except OSError as error:
        raise InputError(
            "berkas_tidak_ada",
            f"berkas tidak dapat dibaca ({error.strerror})",
            f"cannot read the file ({error.strerror})",
            place=Place(str(path)),
            remedy_id="periksa nama dan izinnya",
            remedy_en="check its name and permissions",
        ) from error


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
