"""A submitted release put in force or turned down: the one place where that happens, whoever decides and by which way.

`publish` decides from the workshop and the command line, the tasks of `workflows/penetapan-aturan` from the desk; both end here.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from ...core.errors import ForbiddenError, NotFoundError
from ...store import ledger
from ...store import models as db
from ..acts import changed
from ..context import WHOLE_CITY, Context, require
from .effects import Effects

SUBJECT = "rilis:"
shown: ContextVar[Effects | None] = ContextVar("shown", default=None)
"""What the approver was shown of the decisions a release touches; stands in the ledger beside the approval."""


def put_in_force(context: Context, fingerprint: str, adopt: bool) -> Any:
    """Publish a submitted release; its row. Runs in the caller's transaction and enters the ledger.

    Raises ForbiddenError(`pengaju_adalah_penyetuju`), ConflictError when it was decided already.
    """
    require(context, "rules.approve", unit=WHOLE_CITY)
    row = release(fingerprint)
    not_author(context, row)
    at = context.city.clock.now()
    update = db.Release.update(state="published", approver=context.actor.id, published_at=at, adopted=adopt)
    rows = update.where(db.Release.id == row.id, db.Release.state == "submitted").execute()
    changed(rows, "rilis ini sudah diputus", "this release has been decided already", state=row.state)
    effects = shown.get()
    touched = {} if effects is None else {"effects": effects.as_json()}
    payload = {"fingerprint": fingerprint, "author": row.author, "adopted": adopt, **touched}
    ledger.append(context.city.store, at, context.actor.id, "rules.approve", f"release:{fingerprint}", payload)
    return row


def turn_down(context: Context, fingerprint: str, reason: str) -> Any:
    """Refuse a submitted release with a reason; its row. As `put_in_force`."""
    require(context, "rules.approve", unit=WHOLE_CITY)
    row = release(fingerprint)
    not_author(context, row)
    update = db.Release.update(state="refused", approver=context.actor.id, note=reason)
    rows = update.where(db.Release.id == row.id, db.Release.state == "submitted").execute()
    changed(rows, "rilis ini sudah diputus", "this release has been decided already", state=row.state)
    payload = {"fingerprint": fingerprint, "reason": reason}
    ledger.append(context.city.store, context.city.clock.now(), context.actor.id, "rules.refuse", f"release:{fingerprint}", payload)
    return row


def release(fingerprint: str) -> Any:
    row = db.Release.get_or_none(db.Release.fingerprint == fingerprint)
    if row is None:
        raise NotFoundError("rilis_tidak_ada", f"rilis {fingerprint[:12]} tidak ada", f"no release {fingerprint[:12]}")
    return row


def not_author(context: Context, row: Any) -> None:
    if row.author == context.actor.id:
        raise ForbiddenError(
            "pengaju_adalah_penyetuju",
            "pengaju aturan tidak boleh memutus pengajuannya sendiri",
            "the author of a release may not decide on it",
            remedy_id="yang boleh: pejabat penetap lain",
            remedy_en="who may: another second signatory",
            alternative="pejabat penetap lain",
        )


# ── as operations of the process ──────────────────────────────────────────────────────────────────────────────────────
def publish_release(context: Context, case: Any, data: dict[str, Any]) -> dict[str, Any]:
    put_in_force(context, case.subject.removeprefix(SUBJECT), bool(data.get("adopsi_aturan")))
    return {}


def refuse_release(context: Context, case: Any, data: dict[str, Any]) -> dict[str, Any]:
    turn_down(context, case.subject.removeprefix(SUBJECT), str(data.get("alasan_penetapan") or ""))
    return {}
