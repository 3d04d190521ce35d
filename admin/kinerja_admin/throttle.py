"""Brakes on guessing passwords: counted attempts, shared by all workers of the machine, in a small SQLite file.

Account names that do not exist are counted like those that do, so that the brake tells nothing about who has an account.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 5
PER_ADDRESS = 50


class Throttle:
    """Failed sign-ins per account name and per network address within the last quarter of an hour."""

    def __init__(
        self, path: Path, window: timedelta = WINDOW, per_account: int = PER_ACCOUNT, per_address: int = PER_ADDRESS
    ) -> None:
        self._path, self._window = path, window
        self._limits = {"account": per_account, "address": per_address}
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._open()) as db, db:
            db.execute("CREATE TABLE IF NOT EXISTS attempt (key TEXT NOT NULL, at REAL NOT NULL)")
            db.execute("CREATE INDEX IF NOT EXISTS attempt_key ON attempt (key, at)")

    def blocked(self, account: str, address: str, now: datetime) -> bool:
        since = (now - self._window).timestamp()
        with closing(self._open()) as db:
            for kind, name in (("account", account), ("address", address)):
                (count,) = db.execute(
                    "SELECT count(*) FROM attempt WHERE key = ? AND at > ?", (self._key(kind, name), since)
                ).fetchone()
                if count >= self._limits[kind]:
                    return True
        return False

    def failed(self, account: str, address: str, now: datetime) -> None:
        with closing(self._open()) as db, db:
            db.execute("DELETE FROM attempt WHERE at <= ?", ((now - self._window).timestamp(),))
            db.executemany(
                "INSERT INTO attempt VALUES (?, ?)",
                [(self._key("account", account), now.timestamp()), (self._key("address", address), now.timestamp())],
            )

    def succeeded(self, account: str) -> None:
        """A person who got in has a clean slate; the address keeps its count."""
        with closing(self._open()) as db, db:
            db.execute("DELETE FROM attempt WHERE key = ?", (self._key("account", account),))

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=10)

    @staticmethod
    def _key(kind: str, name: str) -> str:
        return kind + ":" + hashlib.sha256(name.strip().casefold().encode()).hexdigest()
