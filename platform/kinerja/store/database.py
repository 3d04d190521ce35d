"""Opening, upgrading and writing to the store: SQLite in a file, or PostgreSQL by URL; the same models and rules on both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import peewee
from playhouse.db_url import connect
from playhouse.migrations import Runner

from ..core.errors import BusyError, InputError
from .base import slot

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 15

# WAL with NORMAL: a killed process loses nothing that was committed; a power cut may lose the last commits, never tear the file.
# recursive_triggers: without it REPLACE deletes rows behind the back of the triggers that guard the ledger.
PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "normal",
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "busy_timeout": BUSY_SECONDS * 1000,
    "cache_size": -64_000,
}


class Store:
    """One open database. Models reach it through a slot that the last opened store fills: one store a process at a time.

    `database` is peewee's object, for tools that want it (Flask-Security); services use `transaction`.
    """

    def __init__(self, database: Any, url: str) -> None:
        self.database = database
        self.url = url
        slot.initialize(database)

    @classmethod
    def open(cls, url: str, folder: Path | None = None) -> Store:
        """Open by URL: `sqlite:relative.db` (taken from `folder`), `sqlite:/absolute.db`, `postgresql://…`.

        Raises InputError(`alamat_basis_data`) for any other scheme, BusyError when the server cannot be reached.
        """
        scheme = urlsplit(url).scheme
        if scheme == "sqlite":
            path = Path(url.removeprefix("sqlite:").removeprefix("///"))
            path = path if folder is None else folder / path
            path.parent.mkdir(parents=True, exist_ok=True)
            database: Any = peewee.SqliteDatabase(str(path), pragmas=PRAGMAS, timeout=BUSY_SECONDS, lock_type="IMMEDIATE")
        elif scheme in ("postgres", "postgresql"):
            database = connect(url, prefer_psycopg3=True)
        else:
            raise InputError(
                "alamat_basis_data",
                f"alamat basis data “{scheme}:” tidak dikenal",
                f'unknown database address "{scheme}:"',
                remedy_id="tulis sqlite:kinerja.db atau postgresql://…",
                remedy_en="write sqlite:kinerja.db or postgresql://…",
            )
        return cls(database, url)

    @property
    def is_sqlite(self) -> bool:
        return isinstance(self.database, peewee.SqliteDatabase)

    def activate(self) -> None:
        """Make this the store that models use again, after another one was opened in the same process."""
        slot.initialize(self.database)

    def upgrade(self) -> tuple[str, ...]:
        """Apply the migrations that are missing; the names applied."""
        with translated():
            return tuple(Runner(self.database, str(MIGRATIONS)).up())

    def downgrade(self) -> tuple[str, ...]:
        """Revert the last migration."""
        with translated():
            return tuple(Runner(self.database, str(MIGRATIONS)).down())

    def pending(self) -> tuple[str, ...]:
        """Names of migrations not yet applied."""
        with translated():
            return tuple(row.name for row in Runner(self.database, str(MIGRATIONS)).status() if not row.applied)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Outermost: a write transaction (SQLite: BEGIN IMMEDIATE); inside one: a savepoint."""
        with translated(), self.database.atomic():
            yield

    def close(self) -> None:
        if not self.database.is_closed():
            self.database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's "locked", "full" and "unreachable" into BusyError; other errors pass."""
    try:
        yield
    except peewee.OperationalError as error:
        text = str(error).lower()
        # SQLite rolls back on its own when the disk is full; the driver then reports only that there is nothing to roll back.
        full = "full" in text or "cannot rollback" in text or "no space" in text
        if full:
            raise BusyError(
                "penyimpanan_penuh",
                "penyimpanan penuh; tidak ada yang diubah",
                "the storage is full; nothing was changed",
                remedy_id="kosongkan ruang, lalu ulangi",
                remedy_en="free some space, then try again",
                retry_after=60,
            ) from error
        if "locked" in text or "busy" in text or "connect" in text or "timeout" in text:
            raise BusyError(
                "basis_data_sibuk",
                "basis data sedang dipakai; tidak ada yang diubah",
                "the database is busy; nothing was changed",
                remedy_id="ulangi beberapa saat lagi",
                remedy_en="try again in a moment",
                retry_after=5,
            ) from error
        raise
