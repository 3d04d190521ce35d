"""Sentences of a letter on measurements that were disputed and held."""

from __future__ import annotations

from ...store import models as db
from ...store.queries import objects


def held_notes(case_id: int) -> tuple[str, ...]:
    """What a letter says of measurements that were held when it was written."""
    found = objects(db.Dispute.select().where(db.Dispute.case == case_id, db.Dispute.state != "dismissed").order_by(db.Dispute.id))
    return tuple(
        f"Realisasi indikator {row.item} disanggah dan ditahan"
        + (" (sanggahan diterima)" if row.state == "upheld" else "")
        + "; realisasi itu tidak dipakai dalam penilaian ini."
        for row in found
    )
