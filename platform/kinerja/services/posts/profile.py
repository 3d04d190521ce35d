"""All about a person in their posts: seats, who appraises them and why, absences, ties, how a period is split, what changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from ...core.periods import Period
from ...store import models as db
from ...store.queries import Seat, objects, rows, seats
from ..context import Context, require
from ..staff.appraisers import Authority, chain_of
from ..staff.people import own_record, person_by_nip
from ..staff.seats import DEFINITIVE
from ..staff.splitting import spans_of
from ..visibility import sight

ORDINARY = ("memimpin unit tempat bertugas", "leads the unit of the post")
ABOVE = ("atasan pejabat penilai menurut susunan unit", "the appraiser's superior in the tree of units")


@dataclass(frozen=True, slots=True)
class SeatView:
    """An assignment. running: on today; version: for a form that changes it."""

    id: int
    version: int
    position: int
    title: str
    unit: str
    job_class: int
    kind: str
    first: date
    last: date | None
    running: bool


@dataclass(frozen=True, slots=True)
class AuthorityView:
    """Who appraises (or stands above the appraiser) and since when; why: (id, en), with each post passed over and its reason."""

    nip: str
    name: str
    title: str
    acting: str
    since: date
    why: tuple[str, str]


@dataclass(frozen=True, slots=True)
class AbsenceView:
    kind: str
    first: date
    last: date
    days: int
    note: str


@dataclass(frozen=True, slots=True)
class TieView:
    nip: str
    name: str
    kind: str
    first: date
    last: date | None
    note: str


@dataclass(frozen=True, slots=True)
class SplitLine:
    """A stretch of a period. title "" = no post. acting: posts held besides; away: (kind, days) of absences in it.

    case: its case in the cycle, None where there is none; rating, score: decided ones the reader may see.
    """

    title: str
    unit: str
    first: date
    last: date
    days: int
    months: int
    share: Fraction
    acting: tuple[str, ...]
    away: tuple[tuple[str, int], ...]
    case: int | None
    appraiser: str
    rating: str | None
    score: Fraction | None


@dataclass(frozen=True, slots=True)
class SplitView:
    """A cycle's period by posts; the lines' days and months sum to `days` and `months`. split: more than one stretch."""

    cycle: str
    title: str
    first: date
    last: date
    days: int
    months: int
    lines: tuple[SplitLine, ...]

    @property
    def split(self) -> bool:
        return len(self.lines) > 1


@dataclass(frozen=True, slots=True)
class PersonPage:
    """appraiser, superior None: no lawful one, or no definitive post today; obstacle then says why (id, en)."""

    id: int
    nip: str
    name: str
    status: str
    rank: str
    email: str
    active: bool
    seats: tuple[SeatView, ...]
    appraiser: AuthorityView | None
    superior: AuthorityView | None
    obstacle: tuple[str, str] | None
    absences: tuple[AbsenceView, ...]
    ties: tuple[TieView, ...]
    records: tuple[tuple[str, str, date, str], ...]
    periods: tuple[SplitView, ...]


def person_page(context: Context, nip: str) -> PersonPage:
    """The person's page, for themselves, HR, administrators and auditors; raises ForbiddenError otherwise."""
    person = person_by_nip(nip)
    require(context, "people.read", case=own_record(person))
    today = context.city.today()
    held = _seats(person.id, today)
    appraiser, superior, obstacle = _chain(context, person.id, today)
    away = db.Absence.select().where(db.Absence.person == person.id).order_by(db.Absence.first.desc())
    records = db.PersonnelRecord.select().where(db.PersonnelRecord.person == person.id).order_by(db.PersonnelRecord.day.desc())
    return PersonPage(
        person.id, person.nip, person.name, person.status, person.rank, person.email, bool(person.active), held, appraiser,
        superior, obstacle,
        tuple(AbsenceView(row.kind, row.first, row.last, Period(row.first, row.last).days, row.note) for row in objects(away)),
        _ties(person.id),
        tuple((row.aspect, row.value, row.day, row.source) for row in objects(records)),
        _periods(context, person.id),
    )  # fmt: skip


def _seats(person: int, today: date) -> tuple[SeatView, ...]:
    seat = db.Assignment
    query = seat.select(seat, db.Position, db.Unit).join(db.Position).join(db.Unit).where(seat.person == person)
    return tuple(
        SeatView(
            row.id, row.version, row.position.id, row.position.title, row.position.unit.name, row.position.job_class, row.kind,
            row.first, row.last, row.first <= today and (row.last is None or today <= row.last),
        )
        for row in objects(query.order_by(seat.first.desc(), seat.id.desc()))
    )  # fmt: skip


def _chain(context: Context, person: int, today: date) -> tuple[AuthorityView | None, AuthorityView | None, tuple[str, str] | None]:
    own = [seat for seat in seats(db.Person.id == person, db.Assignment.kind == DEFINITIVE) if seat.holds(today)]
    if not own:
        return None, None, ("tidak menjabat secara definitif hari ini", "holds no post definitively today")
    seat = max(own, key=lambda one: one.first)
    chain = chain_of(context.city.organisation(today), person, seat.unit, today)
    return (
        _authority(chain.appraiser, ORDINARY, seat.first), _authority(chain.superior, ABOVE, seat.first), chain.obstacle,
    )  # fmt: skip


def _authority(found: Authority | None, ordinary: tuple[str, str], begun: date) -> AuthorityView | None:
    if found is None:
        return None
    reasons = "; ".join(found.reasons)
    why = (reasons, f"the nearest lawful authority: {reasons}") if reasons else ordinary
    acting = "" if found.seat.kind == DEFINITIVE else found.seat.kind
    return AuthorityView(found.seat.nip, found.seat.name, found.seat.title, acting, max(found.seat.first, begun), why)


def _ties(person: int) -> tuple[TieView, ...]:
    tie = db.ConflictOfInterest
    found = []
    for row in objects(tie.select().where((tie.person == person) | (tie.other == person)).order_by(tie.first.desc(), tie.id)):
        other = row.other if row.person_id == person else row.person
        found.append(TieView(other.nip, other.name, row.kind, row.first, row.last, row.note))
    return tuple(found)


def _periods(context: Context, person: int) -> tuple[SplitView, ...]:
    """Cycles in which the person has a case, the newest first, by posts held."""
    query = db.Case.select(db.Case, db.Cycle).join(db.Cycle).where(db.Case.person == person).order_by(db.Cycle.first.desc())
    by_cycle: dict[int, list[Any]] = {}
    for case in objects(query):
        by_cycle.setdefault(case.cycle_id, []).append(case)
    held = seats(db.Person.id == person)
    absences = list(rows(db.Absence.select(db.Absence.first, db.Absence.last, db.Absence.kind).where(db.Absence.person == person)))
    return tuple(_split(context, held, absences, own) for own in by_cycle.values())


def _split(context: Context, held: list[Seat], absences: Iterable[tuple[date, date, str]], own: list[Any]) -> SplitView:
    cycle = own[0].cycle
    whole = Period(cycle.first, cycle.last)
    units = context.city.units.nodes
    acting = [seat for seat in held if seat.kind != DEFINITIVE]
    lines = []
    for span in spans_of([seat for seat in held if seat.kind == DEFINITIVE], whole):
        inside = span.period
        case = next(
            (one for one in own if span.seat is not None and one.position_id == span.seat.position and one.first == inside.first),
            None,
        )
        evaluation = sight(context, case).evaluation if case is not None else None
        outputs = evaluation.finding["outputs"] if evaluation is not None else {}
        lines.append(
            SplitLine(
                span.seat.title if span.seat else "", units[span.seat.unit].name if span.seat else "", inside.first, inside.last,
                inside.days, span.months, span.share,
                tuple(f"{seat.kind.capitalize()}. {seat.title}" for seat in acting if _overlap(seat.first, seat.last, inside)),
                tuple((kind, days) for first, last, kind in absences if (days := _overlap(first, last, inside))),
                case.id if case is not None else None,
                case.appraiser.name if case is not None and case.appraiser_id is not None else "",
                outputs.get("predikat"), outputs.get("nilai_hasil_kerja"),
            )
        )  # fmt: skip
    return SplitView(cycle.code, cycle.title, whole.first, whole.last, whole.days, whole.months, tuple(lines))


def _overlap(first: date, last: date | None, whole: Period) -> int:
    """Days of a span inside a period."""
    end = whole.last if last is None else min(last, whole.last)
    return max(0, (end - max(first, whole.first)).days + 1)
