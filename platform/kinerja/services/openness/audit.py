"""The ledger for those who check: does the chain hold, where does it end, and do past evaluations compute the same again."""

from __future__ import annotations

from ...store import ledger
from ...store import models as db
from ...store.ledger import Head
from ...store.queries import rows
from ..context import Context, require
from ..custody import Trouble, troubles
from ..evaluation.decide import recompute
from ..views import LedgerReport, TimelineEntry

REASONS = {
    "": ("rantai utuh", "the chain holds"),
    "isi_berubah": ("isi catatan tidak cocok dengan sidiknya", "an entry's content does not fit its hash"),
    "rantai_putus": ("catatan tidak menyambung ke catatan sebelumnya", "an entry does not link to the one before"),
    "urutan_berlubang": ("catatan hilang dari urutan", "an entry is missing from the sequence"),
    "ekor_hilang": (
        "catatan terakhir hilang dibanding kepala yang disimpan di luar",
        "the tail is cut against the head kept outside",
    ),
    "kepala_berbeda": (
        "rantai ditulis ulang; berbeda dari kepala yang disimpan di luar",
        "the chain was rewritten; the outside head differs",
    ),
}


def verify_ledger(context: Context, outside: Head | None = None) -> LedgerReport:
    """Walk the whole chain; `outside` is a head printed on a letter or exported earlier."""
    require(context, "ledger.verify")
    found = ledger.verify(context.city.store, outside)
    reason_id, reason_en = REASONS[found.reason]
    return LedgerReport(found.count, found.head.hash, found.bad, reason_id, reason_en)


def verify_evidence(context: Context) -> tuple[int, tuple[Trouble, ...]]:
    """Read every evidence file again: how many there are, and those that are gone, altered, or named by the ledger alone."""
    require(context, "ledger.verify")
    return troubles(context.city.settings)


def ledger_head(context: Context) -> Head:
    require(context, "ledger.verify")
    return ledger.head(context.city.store)


def entries(context: Context, after: int = 0, limit: int = 100) -> tuple[TimelineEntry, ...]:
    """Ledger entries in their order, from the one after `after`."""
    require(context, "ledger.verify")
    table = db.LedgerEntry
    query = table.select().where(table.seq > after).order_by(table.seq).limit(limit)
    return tuple(TimelineEntry(row.seq, row.at, row.actor, row.act, row.payload) for row in query)


def recompute_all(context: Context, limit: int | None = None) -> tuple[int, tuple[int, ...]]:
    """Run stored evaluations again from their stored facts on their own release: (how many, case ids that differ)."""
    require(context, "ledger.verify")
    query = db.Evaluation.select(db.Evaluation.case).distinct().order_by(db.Evaluation.case)
    ids = [case for (case,) in rows(query.limit(limit) if limit else query)]
    return len(ids), tuple(case for case in ids if not recompute(context, case)[0])
