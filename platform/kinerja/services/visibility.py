"""What a person may see of a case. The employee sees a result once it is decided (on a letter), not while it is made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..core.errors import ForbiddenError
from ..store import models as db
from .context import Context, allowed, in_scope, relations, require
from .evaluation.decide import RATING
from .reading import RELEASE, judgement_views, latest_evaluation
from .views import CaseSummary, JudgementView

READERS = ("bkpsdm", "administrator", "auditor")
READING = {
    "pembayaran-tpp": "pay.read",
    "penetapan-aturan": "rules.effects",
    "pembinaan": "coaching.read",
    "berkas-disiplin": "discipline.read",
}
"""Process → the permission to read its cases; all others are read as appraisals are."""


QUIET = frozenset({"berkas-disiplin"})
"""Processes whose cases nobody reads about themselves, whatever roles they hold, before a letter on it is out."""


def require_case(context: Context, case: Any) -> None:
    """Raise ForbiddenError unless the actor may read this case (a row joined with its process)."""
    if _kept_back(context, case):
        raise ForbiddenError("belum_terbit", "kasus ini belum dapat dibaca pegawainya", "its employee may not read this case yet")
    require(context, READING.get(case.process.process, "case.read"), case)


def may_read(context: Context, case: Any) -> bool:
    return not _kept_back(context, case) and allowed(context, READING.get(case.process.process, "case.read"), case)


def _kept_back(context: Context, case: Any) -> bool:
    own = case.process.process in QUIET and "self" in relations(context.actor, case)
    return own and not db.Letter.select().where(db.Letter.case == case.id).exists()


@dataclass(frozen=True, slots=True)
class Sight:
    """own: it is the actor's own case, whatever roles they hold besides. evaluation: the row they may see, None = none yet."""

    own: bool
    evaluation: Any

    @property
    def rating(self) -> str | None:
        return None if self.evaluation is None else self.evaluation.finding["outputs"].get(RATING)

    def summary(self, summary: CaseSummary) -> CaseSummary:
        return replace(summary, rating=self.rating) if self.own else summary

    def judgements(self, case_id: int) -> tuple[JudgementView, ...]:
        """All to officials; to the employee what they said themselves, and what others judged up to the decided evaluation."""
        views = judgement_views(case_id)
        if not self.own:
            return views
        last = 0 if self.evaluation is None else int(self.evaluation.evidence["penilaian"]["last"])
        return tuple(view for view in views if view.role == "pegawai" or view.id <= last)


def sight(context: Context, case: Any) -> Sight:
    own = "self" in relations(context.actor, case)
    return Sight(own, decided_evaluation(case.id) if own else latest_evaluation(case.id))


def decided_evaluation(case_id: int) -> Any:
    """The latest evaluation that stands on a letter."""
    query = (
        db.Evaluation.select(db.Evaluation, *RELEASE)
        .join(db.Release)
        .switch(db.Evaluation)
        .join(db.LetterCase)
        .where(db.LetterCase.case == case_id)
        .order_by(db.Evaluation.id.desc())
    )
    return query.first()


def require_letter(context: Context, letter: Any) -> None:
    """A document is for its employee, their authorities and HR; a decree names many people and is not for each of them.

    Raises ForbiddenError(`tidak_berwenang`).
    """
    cases = [row.case for row in letter.cases]
    if letter.case_id is not None:
        require(context, "letter.read", letter.case)
    elif not any(in_scope(context, role, letter.unit) for role in READERS):
        standing = [case for case in cases if relations(context.actor, case) & {"appraiser", "superior"}]
        require(context, "letter.read", standing[0] if standing else None, letter.unit)
