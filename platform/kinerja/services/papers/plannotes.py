"""What a letter says of a plan that was changed after both had agreed to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.indonesian import long_date, number
from ...store import models as db
from ...store.queries import objects
from ..evaluation.shares import arithmetic

NAMES = {"target": "target", "target_atas": "batas atas", "bobot": "bobot"}


def plan_notes(case_id: int) -> tuple[str, ...]:
    """One sentence an amendment that both agreed to, in Indonesian."""
    table = db.PlanVersion
    found = table.select().where(table.case == case_id, table.number > 1, table.state == "disepakati").order_by(table.number)
    return tuple(
        f"Rencana diubah dengan kesepakatan kedua pihak, berlaku sejak {long_date(row.since)}: "
        f"{'; '.join(change_words(change) for change in row.changes)}. Alasan: {row.reason.rstrip('.')}."
        for row in objects(found)
    )


def change_words(change: Mapping[str, Any]) -> str:
    """One change of a plan in Indonesian: what it was and what it became."""
    before, after = change["sebelum"], change["sesudah"]
    if before is None:
        return f"{change['kode']} masuk (target {number(after['target'])}, bobot {number(after['bobot'])})"
    if after is None:
        return f"{change['kode']} keluar (target {number(before['target'])}, bobot {number(before['bobot'])})"
    return f"{change['kode']} " + ", ".join(f"{NAMES[key]} {_said(before[key])} → {_said(after[key])}" for key in after)


def _said(value: Any) -> str:
    return "–" if value is None else number(value)


def share_notes(case_id: int) -> tuple[str, ...]:
    """How the targets of a part of the period were divided, one sentence an indicator."""
    items = db.PlanItem.select().where(db.PlanItem.case == case_id, db.IN_FORCE).order_by(db.PlanItem.ordinal)
    return tuple(
        f"Target {item.code} untuk bagian periode ini: {arithmetic(item.share, item.target, item.target_high)[0]}."
        for item in objects(items)
        if item.share is not None
    )
