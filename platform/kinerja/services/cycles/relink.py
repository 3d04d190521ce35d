"""What the indicators of a case serve, once another person appraises it: a result of the new appraiser, or nothing for now.

The new appraiser's result is that which the former one's served itself (the next above), else the one that the standard names, else
the one of the same code (a successor in the same post). Where there is none of these, the link is let go, and employee and
appraiser choose anew on the plan.
"""

from __future__ import annotations

from typing import Any

from ...store import models as db
from ...store.queries import objects
from ..casework import cascade
from ..context import Context


def relink(context: Context, case: Any) -> tuple[int, int]:
    """(links led to the new appraiser's results, links let go) of an open case, within the transaction of whoever calls."""
    target, owner = db.PlanItem.alias("target"), db.Case.alias("owner")
    linked = (
        db.PlanItem.select(db.PlanItem).join(target, on=(db.PlanItem.serves == target.id)).join(owner, on=(target.case == owner.id))
    )
    stale = list(objects(linked.where(db.PlanItem.case == case.id, owner.person != case.appraiser_id).order_by(db.PlanItem.id)))
    if not stale:
        return 0, 0
    offered = cascade.choices(context, case)
    policy = context.city.policy(case.cycle.release or context.city.release().fingerprint)
    led = 0
    for item in stale:
        former = item.serves
        above = next((one for one in offered if one.id == former.serves_id), None)
        new = above or cascade.suggested(policy, item, offered) or next((one for one in offered if one.code == former.code), None)
        db.PlanItem.update(serves=new, version=db.PlanItem.version + 1).where(db.PlanItem.id == item.id).execute()
        led += new is not None
    return led, len(stale) - led
