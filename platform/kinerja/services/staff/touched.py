"""Which cases an assignment change reaches back to: those of the person in the days that change, and those they lead or led.

Nothing is edited. The list is what a correction must look at: results, letters and payments that rest on the assignment as it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ...store import models as db
from ...store.queries import objects, rows
from ..context import Context, require

FOREVER = date.max
OWN = ("hari-hari yang berubah ada dalam periode penilaiannya", "the days that change lie in their own period")
LED = ("dinilai oleh pemegang jabatan yang berubah", "appraised by the holder of the post that changes")


@dataclass(frozen=True, slots=True)
class AssignmentChange:
    """A person's assignment to a post before and after, as (first, last); None = there is none. last None: until further notice."""

    person: int
    position: int
    before: tuple[date, date | None] | None
    after: tuple[date, date | None] | None

    @property
    def days(self) -> tuple[tuple[date, date], ...]:
        """The days that the change adds or takes away, as spans in order."""
        if self.before is None or self.after is None:
            span = self.before or self.after
            return () if span is None else ((span[0], span[1] or FOREVER),)
        (old_first, old_end), (new_first, new_end) = self.before, self.after
        old_last, new_last = old_end or FOREVER, new_end or FOREVER
        spans = []
        if old_first != new_first:
            spans.append((min(old_first, new_first), max(old_first, new_first) - timedelta(days=1)))
        if old_last != new_last:
            spans.append((min(old_last, new_last) + timedelta(days=1), max(old_last, new_last)))
        return tuple(spans)


@dataclass(frozen=True, slots=True)
class TouchedCase:
    """A case that the change reaches. letters: numbers of letters that decided it; why: (id, en)."""

    case: int
    cycle: str
    nip: str
    person: str
    first: date
    last: date
    stage: str
    rating: str | None
    letters: tuple[str, ...]
    why: tuple[str, str]


def touched_by(context: Context, changes: Iterable[AssignmentChange]) -> tuple[TouchedCase, ...]:
    """Cases begun before today that these changes reach, by cycle and person; () for changes that lie in the future alone."""
    require(context, "people.edit")
    return touched(context, changes)


def touched(context: Context, changes: Iterable[AssignmentChange]) -> tuple[TouchedCase, ...]:
    """As `touched_by`, inside an act that has asked for permission itself."""
    found: dict[int, tuple[Any, tuple[str, str]]] = {}
    for change in changes:
        position: Any = db.Position.get_by_id(change.position)
        for first, last in change.days:
            overlap = (db.Case.first <= last) & (db.Case.last >= first)
            for row in _cases(overlap & (db.Case.person == change.person)):
                found.setdefault(row.id, (row, OWN))
            if position.leads_unit:
                below = [id for (id,) in rows(db.Unit.select(db.Unit.id).where(db.Unit.parent == position.unit_id))]
                led = db.Case.unit.in_([position.unit_id, *below]) & (db.Case.person != change.person)
                for row in _cases(overlap & led):
                    found.setdefault(row.id, (row, LED))
    ordered = sorted(found.values(), key=lambda pair: (pair[0].cycle.code, pair[0].person.name, pair[0].first))
    letters = _letters([row.id for row, _ in ordered])
    return tuple(
        TouchedCase(
            row.id, row.cycle.code, row.person.nip, row.person.name, row.first, row.last, row.stage, row.rating,
            letters.get(row.id, ()), why,
        )
        for row, why in ordered
    )  # fmt: skip


def _cases(condition: Any) -> Iterable[Any]:
    query = (
        db.Case.select(db.Case, db.Cycle, db.Person)
        .join(db.Cycle)
        .switch(db.Case)
        .join(db.Person, on=(db.Case.person == db.Person.id), attr="person")
        .where(condition)
    )
    return list(objects(query))


def _letters(cases: list[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    query = db.LetterCase.select(db.LetterCase.case, db.Letter.number).join(db.Letter).where(db.LetterCase.case.in_(cases))
    for case, number in rows(query.order_by(db.Letter.id)):
        found[case] = (*found.get(case, ()), number)
    return found
