"""How every change is made: one transaction, one ledger entry, one receipt; the same idempotency key brings the same receipt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import peewee

from ..core.clock import JAKARTA
from ..core.errors import ConflictError
from ..core.exactjson import dumps, loads
from ..store import ledger
from ..store import models as db
from .context import Context
from .views import Receipt


@dataclass(frozen=True, slots=True)
class Done:
    """What an act did. subject: what it was done to ("case:12"); payload: for the ledger; values: for the caller."""

    subject: str
    text_id: str
    text_en: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    held: int | None = None


def perform(context: Context, act: str, work: Callable[[], Done], key: str | None = None) -> Receipt:
    """Run `work` in a transaction, enter it in the ledger, and answer with a receipt.

    Raises whatever `work` raises, with nothing changed; ConflictError(`kunci_terpakai`) when the key belongs to another act.
    """
    store = context.city.store
    try:
        with store.transaction():
            if key is not None and (earlier := _earlier(context, act, key)):
                return earlier
            done = work()
            at = context.city.clock.now()
            head = ledger.append(store, at, context.actor.id, act, done.subject, done.payload)
            receipt = Receipt(act, done.subject, at, head.seq, head.hash, done.text_id, done.text_en, done.held, done.values)
            if key is not None:
                answer = dumps(receipt)
                db.Receipt.insert(key=key, act=act, actor=context.actor.id, answer=answer, issued_at=at).execute()
            return receipt
    except peewee.IntegrityError:
        # Two servers took the same key at once (PostgreSQL): the other one has won, its receipt is the answer.
        if key is not None and (earlier := _earlier(context, act, key)):
            return earlier
        raise


def changed(rows: int, text_id: str, text_en: str, **details: Any) -> None:
    """Raise ConflictError(`sudah_berubah`) unless a conditional update met exactly one row."""
    if rows != 1:
        raise ConflictError(
            "sudah_berubah",
            text_id,
            text_en,
            remedy_id="muat ulang halaman",
            remedy_en="reload the page",
            **details,
        )


def _earlier(context: Context, act: str, key: str) -> Receipt | None:
    row = db.Receipt.get_or_none(db.Receipt.key == key)
    if row is None:
        return None
    if row.act != act or row.actor != context.actor.id:
        raise ConflictError("kunci_terpakai", "kunci ini sudah dipakai untuk hal lain", "this key belongs to another act", key=key)
    values = loads(row.answer)
    return Receipt(
        act=values["act"],
        subject=values["subject"],
        at=datetime.fromisoformat(values["at"]).astimezone(JAKARTA),
        seq=int(values["seq"]),
        hash=values["hash"],
        text_id=values["text_id"],
        text_en=values["text_en"],
        held=None if values["held"] is None else int(values["held"]),
        values=values["values"],
    )
