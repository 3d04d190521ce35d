"""Loading workflows into the city: a folder becomes a stored version; running cases keep theirs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..core.exactjson import digest
from ..process import load_process
from ..store import models as db
from .acts import Done, perform
from .context import Context, require
from .files import read_folder
from .operations import OPERATIONS
from .views import Receipt

LETTER_FILES = (".html", ".svg")


def load(context: Context, folder: Path, key: str | None = None) -> Receipt:
    """Check a process folder and keep it as the newest version of its process; the same files again change nothing.

    values: {process, version, new}. Raises FindingsError with every diagnostic.
    """
    require(context, "process.load")
    release = context.city.find_release()
    decisions = tuple(context.city.policy(release.fingerprint).decisions) if release is not None else None
    definition = load_process(folder, tuple(OPERATIONS), decisions)
    files = dict(definition.files)
    if (folder / "letters").is_dir():
        files |= {f"{folder.name}/letters/{name}": text for name, text in read_folder(folder / "letters", LETTER_FILES).items()}
    version = digest(files)

    def work() -> Done:
        row: Any = db.ProcessVersion.get_or_none(db.ProcessVersion.process == folder.name, db.ProcessVersion.version == version)
        new = row is None
        if new:
            at = context.city.clock.now()
            db.ProcessVersion.create(process=folder.name, version=version, title=definition.title, files=files, loaded_at=at)
        values = {"process": folder.name, "version": version, "new": new}
        return Done(
            f"process:{folder.name}",
            f"Alur {definition.title} " + ("dimuat sebagai versi baru" if new else "sudah dimuat; tidak ada yang berubah"),
            f"Process {definition.title} " + ("loaded as a new version" if new else "is loaded already; nothing changed"),
            payload=values,
            values=values,
        )

    return perform(context, "process.load", work, key)
