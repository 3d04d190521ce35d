"""Loading workflows into the city: a folder becomes a stored version; running cases keep theirs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from re import ASCII, escape, fullmatch
from typing import Any

from ...core.errors import InputError
from ...core.exactjson import digest
from ...process import ProcessDefinition, build_process, load_process
from ...store import models as db
from ...store.queries import rows
from ..acts import Done, perform
from ..city import NEWEST
from ..context import WHOLE_CITY, Context, require
from ..files import read_folder
from ..operations import LETTERS
from ..views import Receipt

OWN_FILES = r"(process\.bpmn|notices\.yaml|forms/[\w-]+\.yaml|letters/[\w-]+\.(html|svg))"
NAME = r"[A-Za-z][\w-]{0,79}"
LETTER_FILES = (".html", ".svg")


def load(context: Context, folder: Path, key: str | None = None) -> Receipt:
    """Check a process folder and keep it as the newest version of its process; the same files again change nothing.

    A process that it calls and that does not lie beside it is taken from the city.

    values: {process, version, new}. Raises FindingsError with every diagnostic.
    """
    require(context, "process.load", unit=WHOLE_CITY)
    definition = load_process(
        folder, tuple(context.city.operations), _decisions(context), tuple(LETTERS), beside=_known_files(context)
    )
    files = dict(definition.files)
    if (folder / "letters").is_dir():
        files |= {f"{folder.name}/letters/{name}": text for name, text in read_folder(folder / "letters", LETTER_FILES).items()}
    return _keep_with_callers(context, folder.name, definition.title, files, key)


def change(context: Context, process: str, changes: Mapping[str, str], key: str | None = None) -> Receipt:
    """Keep the newest version with some of its files changed or added as a version of its own, checked as `load` checks.

    A process that the city does not have yet begins with these files. What it calls is taken from the newest version of that.
    changes: file ("pembinaan/forms/x.yaml") → text. Raises FindingsError, InputError(`nama_proses`, `berkas_proses_asing`).
    """
    require(context, "process.load", unit=WHOLE_CITY)
    if not fullmatch(NAME, process, ASCII):
        raise InputError(
            "nama_proses",
            f"“{process[:80]}” bukan nama proses",
            f'"{process[:80]}" is no name of a process',
            remedy_id="pakai id proses dari berkasnya: huruf kecil, angka, _ dan -, diawali huruf",
            remedy_en="use the id of the process in its file: letters, digits, _ and -, beginning with a letter",
        )
    for name in changes:
        if not fullmatch(rf"{escape(process)}/{OWN_FILES}", name, ASCII):
            raise InputError(
                "berkas_proses_asing",
                f"“{name[:80]}” bukan berkas alur {process}",
                f'"{name[:80]}" is no file of the process {process}',
                remedy_id="pakai process.bpmn, notices.yaml, forms/NAMA.yaml, atau letters/NAMA.html",
                remedy_en="use process.bpmn, notices.yaml, forms/NAME.yaml or letters/NAME.html",
            )
    files = {**_known_files(context), **changes}
    definition = _built(context, process, files, fresh=True)
    return _keep_with_callers(context, process, definition.title, definition.files, key)


def _known_files(context: Context) -> dict[str, str]:
    """The newest files of all processes of the city; of one that only a caller holds, as that holds them."""
    newest = {name: dict(context.city.process_version(name).files) for name in _loaded()}
    held = {file: text for files in newest.values() for file, text in files.items() if file.split("/")[0] not in newest}
    return held | {file: text for name, files in newest.items() for file, text in files.items() if file.startswith(f"{name}/")}


def _loaded() -> list[str]:
    return [name for (name,) in rows(db.ProcessVersion.select(db.ProcessVersion.process).distinct())]


def _built(context: Context, process: str, files: Mapping[str, str], *, fresh: bool) -> ProcessDefinition:
    """A process from files that come from the console or another process, held to all that `load` holds a folder to."""
    return build_process(process, files, tuple(context.city.operations), _decisions(context), tuple(LETTERS), fresh=fresh)


def _decisions(context: Context) -> tuple[str, ...] | None:
    release = context.city.find_release()
    return tuple(context.city.policy(release.fingerprint).decisions) if release is not None else None


def _keep_with_callers(context: Context, process: str, title: str, files: Mapping[str, str], key: str | None) -> Receipt:
    """A version holds the processes it calls, so that one that calls this one gets a version of its own with the new files."""
    with context.city.store.transaction():
        receipt = _keep(context, process, title, files, key)
        own = {name: text for name, text in files.items() if name.startswith(f"{process}/")}
        for caller in sorted(name for name in _loaded() if name != process):
            newest = context.city.process_version(caller)
            if f"{process}/process.bpmn" in newest.files:
                others = {name: text for name, text in newest.files.items() if not name.startswith(f"{process}/")}
                merged = {**others, **own}
                if merged != newest.files:
                    title = _built(context, caller, merged, fresh=False).title
                    _keep(context, caller, title, merged, None)
    return receipt


def _keep(context: Context, process: str, title: str, files: Mapping[str, str], key: str | None) -> Receipt:
    version = digest(dict(files))

    def work() -> Done:
        rows: Any = db.ProcessVersion.select().where(db.ProcessVersion.process == process)
        newest = rows.order_by(*NEWEST).first()
        new = newest is None or newest.version != version
        if new:
            # one that comes later is newer, whatever the clock says
            at = max(context.city.clock.now(), newest.loaded_at + timedelta(microseconds=1)) if newest else context.city.clock.now()
            earlier = rows.where(db.ProcessVersion.version == version).first()
            if earlier is None:
                db.ProcessVersion.create(process=process, version=version, title=title, files=dict(files), loaded_at=at)
            else:  # gone back to: its cases and the new ones share it again
                db.ProcessVersion.update(loaded_at=at).where(db.ProcessVersion.id == earlier.id).execute()
        values = {"process": process, "version": version, "new": new}
        return Done(
            f"process:{process}",
            f"Alur {title} " + ("dimuat sebagai versi baru" if new else "sudah dimuat; tidak ada yang berubah"),
            f"Process {title} " + ("loaded as a new version" if new else "is loaded already; nothing changed"),
            payload=values,
            values=values,
        )

    return perform(context, "process.load", work, key)
