"""A city made ready: founded from the shipped data, opened with its store and clock, compared with what ships later."""

from __future__ import annotations

import filecmp
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from argon2 import PasswordHasher

from . import __version__
from .core.clock import Clock, OffsetClock, SystemClock
from .core.errors import ConflictError, InputError
from .core.exactjson import dumps
from .policy.schema import editor_settings, write_schemas
from .services.bpmn import processes
from .services.city import City
from .services.context import SYSTEM, Actor, Context
from .services.files import materialise
from .services.operations import OPERATIONS
from .services.rulebook import publish
from .services.staff import accounts
from .settings import CITY_FILE, Settings, load_settings, shipped
from .store import models as db
from .store.database import Store

EDITABLE = ("rules", "workflows", "config/calendars")
"""What a city owns: copied once, never overwritten by an upgrade."""

PACKAGE = Actor.of(f"paket kinerja {__version__}", roles=("pejabat_kebijakan",))
"""The author of a city's first release: the shipped rules."""


def open_city(folder: Path, *, clock: Clock | None = None) -> City:
    """Open a city; its store must be current (InputError(`basis_data_lama`) names the remedy). Close it when done."""
    settings = load_settings(folder)
    store = Store.open(settings.database, settings.folder)
    pending = store.pending()
    if pending:
        store.close()
        raise InputError(
            "basis_data_lama",
            f"basis data belum dimutakhirkan ({', '.join(pending)})",
            f"the database is not up to date ({', '.join(pending)})",
            remedy_id="jalankan: kinerja db upgrade",
            remedy_en="run: kinerja db upgrade",
        )
    return City(settings, store, clock or city_clock(settings), OPERATIONS)


def city_clock(settings: Settings) -> Clock:
    """The system's clock; in a demo city one that goes on from the last entry of its ledger."""
    if settings.demo_clock is None:
        return SystemClock()
    last = db.LedgerEntry.select(db.LedgerEntry.at).order_by(db.LedgerEntry.seq.desc()).first()
    return OffsetClock(max(settings.demo_clock, last.at) if last else settings.demo_clock)


def released_rules(folder: Path) -> Path:
    """A folder with the rules of the city's published release."""
    with open_city(folder) as city:
        release = city.release()
        return materialise(city.folder / "cache" / "releases" / release.fingerprint / "rules", release.files)


@contextmanager
def founded(folder: Path, settings_text: str) -> Iterator[Path]:
    """A new city's folder, filled with the shipped data, that takes its place only when the block succeeds.

    Raises ConflictError(`folder_terpakai`) when the folder holds anything already.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConflictError(
            "folder_terpakai",
            f"“{folder}” sudah berisi sesuatu",
            f'"{folder}" is not empty',
            remedy_id="pilih folder yang belum ada",
            remedy_en="choose a folder that does not exist yet",
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as temporary:
        draft = Path(temporary) / folder.name
        draft.mkdir()
        for name in EDITABLE:
            shutil.copytree(shipped_part(name), draft / name)
        (draft / CITY_FILE).write_text(settings_text, "utf-8")
        _serve_schemas(draft)
        yield draft
        if not folder.exists():
            draft.rename(folder)
            return
        for part in sorted(draft.iterdir(), key=lambda part: part.name == CITY_FILE):  # the settings last: they make it a city
            part.rename(folder / part.name)  # the empty folder itself stays: someone may stand in it


def _serve_schemas(folder: Path) -> None:
    """JSON Schemas for the editors of rule files, and the setting by which an editor finds them."""
    write_schemas(folder / "schemas")
    (folder / ".vscode").mkdir()
    (folder / ".vscode" / "settings.json").write_text(dumps(editor_settings("schemas"), indent=2) + "\n", "utf-8")


def establish(folder: Path, administrator: str, password: str, clock: Clock | None = None) -> None:
    """Fill a founded city's store: tables, first release (the shipped rules, approved by the administrator), workflows, account."""
    settings = load_settings(folder)
    store = Store.open(settings.database, settings.folder)
    store.upgrade()
    with City(settings, store, clock or city_clock(settings), OPERATIONS) as city:
        install_rules(city, folder / "rules", Actor.of(administrator, roles=("pejabat_penetap",)))
        load_workflows(city, folder / "workflows")
        accounts.create_account(
            Context(city, SYSTEM), administrator, PasswordHasher().hash(password), roles=[("administrator", "")]
        )


def install_rules(city: City, rules: Path, approver: Actor) -> str:
    """Publish a rules folder as the city's first release; the fingerprint."""
    receipt = publish.submit(Context(city, PACKAGE), rules)
    fingerprint = str(receipt.values["fingerprint"])
    publish.approve(Context(city, approver), fingerprint)
    return fingerprint


def load_workflows(city: City, folder: Path, notice: Callable[[str], None] = lambda text: None) -> None:
    """Load every process folder below `folder`."""
    for process in sorted(path.parent for path in folder.glob("*/process.bpmn")):
        notice(process.name)
        processes.load(Context(city, SYSTEM), process)


@dataclass(frozen=True, slots=True)
class Drift:
    """How a city's own files differ from what ships now: names relative to the city."""

    changed: tuple[str, ...]
    missing: tuple[str, ...]
    own: tuple[str, ...]


def drift(folder: Path) -> Drift:
    """Compare, change nothing."""
    ships = {f"{name}/{path}": file for name in EDITABLE for path, file in _files(shipped_part(name)).items()}
    has = {f"{name}/{path}": file for name in EDITABLE for path, file in _files(folder / name).items()}
    return Drift(
        changed=tuple(sorted(n for n in ships.keys() & has.keys() if not filecmp.cmp(ships[n], has[n], shallow=False))),
        missing=tuple(sorted(ships.keys() - has.keys())),
        own=tuple(sorted(has.keys() - ships.keys())),
    )


def shipped_part(name: str) -> Path:
    top, _, rest = name.partition("/")
    return shipped(top) / rest


def _files(folder: Path) -> dict[str, Path]:
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
