"""The ledger: an append-only chain of what was done, each entry hashed over itself and the one before.

Written inside the business transaction, so that an act and its entry stand or fall together. A database owner can still rewrite the
whole chain; that is found by comparing with a head kept outside (printed on letters, exported).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ..core.exactjson import canonical
from .database import Store
from .journal import LedgerEntry

GENESIS = "0" * 64
LOCK = 0x6B696E65726A61  # "kinerja": the advisory lock that makes appends queue on PostgreSQL
BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain ends: number of entries and the last hash. Print it outside the database."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Verification:
    """bad: seq of the first entry that does not hold, None when all do. reason: codes `isi_berubah`, `rantai_putus`,
    `urutan_berlubang`, `ekor_hilang`, `kepala_berbeda`, or ""."""

    count: int
    head: Head
    bad: int | None = None
    reason: str = ""


def append(store: Store, at: datetime, actor: str, act: str, subject: str, payload: Mapping[str, Any]) -> Head:
    """Add one entry; must run inside `store.transaction()`. Raises RuntimeError outside one."""
    if not store.database.in_transaction():
        raise RuntimeError("a ledger entry belongs into the transaction of its act")
    if not store.is_sqlite:
        store.database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
    last = head(store)
    seq, text = last.seq + 1, canonical(dict(payload)).decode()
    instant = at.astimezone(UTC)
    entry_hash = _hash(seq, instant, actor, act, subject, text, last.hash)
    LedgerEntry.insert(
        seq=seq, at=instant, actor=actor, act=act, subject=subject, payload=text, previous=last.hash, hash=entry_hash
    ).execute()
    return Head(seq, entry_hash)


def head(store: Store) -> Head:
    row = LedgerEntry.select(LedgerEntry.seq, LedgerEntry.hash).order_by(LedgerEntry.seq.desc()).tuples().first()
    return Head(*row) if row else Head(0, GENESIS)


def verify(store: Store, outside: Head | None = None) -> Verification:
    """Walk the chain from its first entry; with `outside`, a head kept elsewhere, a cut tail and a full rewrite are found too."""
    expected, previous, count = 1, GENESIS, 0
    for entry in _entries():
        place = Head(entry.seq, entry.hash)
        if entry.seq != expected:
            return Verification(count, place, expected, "urutan_berlubang")
        if entry.previous != previous:
            return Verification(count, place, entry.seq, "rantai_putus")
        instant = entry.at.astimezone(UTC)
        if entry.hash != _hash(entry.seq, instant, entry.actor, entry.act, entry.subject, entry.payload, entry.previous):
            return Verification(count, place, entry.seq, "isi_berubah")
        if outside is not None and entry.seq == outside.seq and entry.hash != outside.hash:
            return Verification(count, place, entry.seq, "kepala_berbeda")
        expected, previous, count = expected + 1, entry.hash, count + 1
    end = Head(count, previous)
    if outside is not None and outside.seq > count:
        return Verification(count, end, count + 1, "ekor_hilang")
    return Verification(count, end)


def _entries() -> Iterator[LedgerEntry]:
    last = 0
    while True:
        batch = list(LedgerEntry.select().where(LedgerEntry.seq > last).order_by(LedgerEntry.seq).limit(BATCH))
        yield from batch
        if len(batch) < BATCH:
            return
        last = batch[-1].seq


def _hash(seq: int, at: datetime, actor: str, act: str, subject: str, payload: str, previous: str) -> str:
    instant = at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return hashlib.sha256(canonical([seq, instant, actor, act, subject, payload, previous])).hexdigest()
