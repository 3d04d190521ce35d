"""Evidence files of a case for people: what there is, who may open it, and where else the very same file was given.

That a file was given elsewhere too is told to those who judge, as a question to ask; the rules never hear of it. The employee sees
their own files, those of remarks and disputes, and those of judgements once the result is decided.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ...core.errors import NotFoundError
from ...store import models as db
from ...store.queries import objects, rows
from ..context import Context, relations
from ..custody import PREFIX, REFERENCE, load
from ..reading import CASE_JOINS, load_case
from ..sniffing import MEDIA_TYPES
from ..visibility import may_read, require_case, sight


@dataclass(frozen=True, slots=True)
class FileView:
    """elsewhere: how many other cases were given the same file; open: those of them that the reader may open. 0 and () on one's own
    case."""

    case: int
    sha256: str
    name: str
    kind: str
    size: int
    added_by: str
    added_name: str
    added_at: datetime
    elsewhere: int = 0
    open: tuple[int, ...] = ()

    @property
    def reference(self) -> str:
        return PREFIX + self.sha256


def files(context: Context, case_id: int) -> tuple[FileView, ...]:
    """The files of a case that the actor may open, in the order in which they came. Raises ForbiddenError."""
    case = load_case(case_id)
    require_case(context, case)
    found = list(objects(db.EvidenceFile.select().where(db.EvidenceFile.case == case_id).order_by(db.EvidenceFile.id)))
    own = "self" in relations(context.actor, case)
    if own:
        seen = _for_the_employee(context, case)
        found = [row for row in found if row.added_by == context.actor.id or row.sha256 in seen]
    reused = {} if own else _reuse(context, case_id, [row.sha256 for row in found])
    return tuple(
        FileView(
            case_id, row.sha256, row.name, row.kind, row.size, row.added_by, row.added_name, row.added_at,
            *reused.get(row.sha256, (0, ())),
        )
        for row in found
    )  # fmt: skip


def read(context: Context, case_id: int, digest: str) -> tuple[FileView, bytes, str]:
    """A file, its bytes, and the media type to hand it on as; only those who may see it know that it is there.

    Raises ForbiddenError, NotFoundError(`bukti_tidak_ada`), IncidentError(`bukti_hilang`, `bukti_berubah`).
    """
    found = next((view for view in files(context, case_id) if view.sha256 == digest), None)
    if found is None:
        raise NotFoundError("bukti_tidak_ada", "berkas bukti ini tidak ada pada kasus ini", "this case has no such evidence file")
    return found, load(context.city.settings.evidence, found.sha256), MEDIA_TYPES[found.kind]


def _for_the_employee(context: Context, case: Any) -> frozenset[str]:
    """Files that stand in what the employee may read of their case."""
    texts: list[str] = []
    texts += [text for (text,) in rows(db.CaseNote.select(db.CaseNote.evidence).where(db.CaseNote.case == case.id))]
    texts += [text for (text,) in rows(db.Dispute.select(db.Dispute.evidence).where(db.Dispute.case == case.id))]
    for view in sight(context, case).judgements(case.id):
        texts.append(view.evidence)
        texts += [str(score["evidence"]) for score in view.rubric.scores] if view.rubric else []
    measured = db.Measurement.select(db.Measurement.evidence).join(db.PlanItem).where(db.PlanItem.case == case.id)
    texts += [PREFIX + str(row.evidence.get("sha256", "")) for row in objects(measured)]
    return frozenset(digest for text in texts for digest in REFERENCE.findall(text))


def _reuse(context: Context, case_id: int, digests: Iterable[str]) -> dict[str, tuple[int, tuple[int, ...]]]:
    table = db.EvidenceFile
    query = table.select(table.sha256, table.case).where(table.sha256 << (list(digests) or [""]), table.case != case_id)
    cases: dict[str, list[int]] = {}
    for digest, other in rows(query.order_by(table.case)):
        cases.setdefault(digest, []).append(other)
    others = {other for found in cases.values() for other in found}
    open_to = {case.id for case in CASE_JOINS().where(db.Case.id << (list(others) or [0])) if may_read(context, case)}
    return {digest: (len(found), tuple(other for other in found if other in open_to)) for digest, found in cases.items()}
