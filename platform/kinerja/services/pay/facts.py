"""Whom an agency pays for a month, and the facts the rules are asked with: posts, days, attendance, the rating in force."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ...core.indonesian import MONTHS
from ...core.periods import Period
from ...store import models as db
from ...store.queries import Seat, objects, seats
from ..context import Context
from ..evaluation.decide import RATING
from ..papers.letterbook import DECREE
from ..staff import dated
from ..staff.splitting import parts_of

PAID = ("PNS", "PPPK", "CPNS")
RATED = "predikat_kinerja.predikat"


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating in force. basis: the letter that decided it; since: the day from which it holds."""

    rating: str
    basis: str
    since: date


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One person's days in one post of the agency in a month, with the facts for the rules. rated None: no rating is in force."""

    person: int
    nip: str
    name: str
    position: int
    period: Period
    rated: Rated | None
    facts: Mapping[str, Any]


def month_of(day: date) -> Period:
    """The calendar month of a day."""
    return Period(day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1]))


def month_words(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.year}"


def months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def entitled(context: Context, agency: int, month: Period) -> list[Entitlement]:
    """By name of unit and person; who changed post, status or class in the month comes once for each. Days sum to those served."""
    tree = context.city.units
    inside = {unit for unit in tree.nodes if tree.agency(unit).id == agency}
    held: dict[int, list[Seat]] = {}
    acting: dict[int, list[Seat]] = {}
    touching = (db.Assignment.first <= month.last) & (db.Assignment.last.is_null() | (db.Assignment.last >= month.first))
    for seat in seats(touching):
        (held if seat.kind == "definitif" else acting).setdefault(seat.person, []).append(seat)
    whole = {person: parts_of(found, month) for person, found in held.items()}
    whole = {person: own for person, own in whole.items() if any(part.seat.unit in inside for part in own)}
    people = sorted(whole)
    status = dated.read("person", people)
    classes = dated.read("position", {part.seat.position for own in whole.values() for part in own})
    parts = [
        (part, days, index == len(own) - 1 and days.last == part.period.last)
        for own in whole.values()
        for index, part in enumerate(own)
        if part.seat.unit in inside
        for stretch in status[part.seat.person].cut(part.period)
        for days in classes[part.seat.position].cut(stretch)
        if status[part.seat.person].on(days.first) in PAID
    ]
    rated = ratings_in_force(people, month.last)
    present = _attendance(people, month)
    found = [
        Entitlement(
            part.seat.person, part.seat.nip, part.seat.name, part.seat.position, days, rated.get(part.seat.person),
            {
                RATED: rated[part.seat.person].rating if part.seat.person in rated else None,
                "kasus.kelas_jabatan": int(classes[part.seat.position].on(days.first)),
                "kepegawaian.kelompok": status[part.seat.person].on(days.first),
                **_presence(present.get(part.seat.person, ()), days),
                "hari_dijabat": days.days,
                # the supplement is paid once: with the post held at the month's end
                "hari_plt": _acting_days(acting.get(part.seat.person, ()), month) if last else 0,
                "hari_sebulan": month.days,
            },
        )
        for part, days, last in parts
    ]  # fmt: skip
    place = {part.seat.position: tree.nodes[part.seat.unit].code for part, _, _ in parts}
    return sorted(
        found, key=lambda one: (place[one.position], -int(classes[one.position].now), one.name, one.nip, one.period.first)
    )


def ratings_in_force(people: Iterable[int], day: date) -> dict[int, Rated]:
    """Person → the last rating decided on a letter by a day, here or, by the personnel record, before this system.

    A rating holds from the day of the case's first Keputusan; a later Keputusan on the same case (an objection upheld, a
    correction) replaces it from that same day on, so that months already paid are corrected and none is paid twice.
    """
    wanted = list(people)
    found: dict[int, tuple[tuple[date, date], Rated]] = {}
    record = db.PersonnelRecord
    before = record.select().where(record.person << wanted, record.aspect == "predikat", record.day <= day)
    for row in objects(before):
        _later(found, row.person_id, (row.day, row.day), Rated(row.value, row.source or f"arsip {row.day}", row.day))
    decided = (
        db.LetterCase.select(db.LetterCase, db.Letter, db.Case, db.Evaluation)
        .join(db.Letter)
        .switch(db.LetterCase)
        .join(db.Case)
        .switch(db.LetterCase)
        .join(db.Evaluation)
        .where(db.Letter.kind == DECREE, db.Case.person << wanted)
        .order_by(db.Letter.id)
    )
    first: dict[int, date] = {}
    newest: dict[int, Any] = {}
    for link in objects(decided):
        first.setdefault(link.case_id, link.letter.issued_at.date())
        newest[link.case_id] = link
    for case, link in newest.items():
        rating = link.evaluation.finding["outputs"].get(RATING)
        if first[case] <= day and rating is not None:
            _later(found, link.case.person_id, (first[case], link.case.last), Rated(rating, link.letter.number, first[case]))
    return {person: rated for person, (_, rated) in found.items()}


def _later(found: dict[int, tuple[tuple[date, date], Rated]], person: int, order: tuple[date, date], rated: Rated) -> None:
    if person not in found or found[person][0] <= order:
        found[person] = order, rated


def _attendance(people: list[int], month: Period) -> dict[int, list[Any]]:
    table = db.Attendance
    days = (
        table.select().where(table.person << people, table.day.between(month.first, month.last)).order_by(table.person, table.day)
    )
    found: dict[int, list[Any]] = {}
    for row in objects(days.order_by(table.person, table.day)):
        found.setdefault(row.person_id, []).append(row)
    return found


def _presence(days: Iterable[Any], period: Period) -> dict[str, Any]:
    """Days late or without check-in, and days absent, as an evaluation has them; days on time are no fact of lateness."""
    own = [row for row in days if period.contains(row.day)]
    return {
        "kasus.menit_terlambat": [row.minutes_late for row in own if not row.absent and not row.excused and row.minutes_late != 0],
        "kasus.hari_absen": sum(row.absent and not row.excused for row in own),
    }


def _acting_days(held: Iterable[Seat], month: Period) -> int:
    """Days of the month on which a person was Plt. of at least one post."""
    days: set[date] = set()
    for seat in held:
        if seat.kind == "plt":
            first, last = max(seat.first, month.first), min(seat.last or month.last, month.last)
            days |= {date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)}
    return len(days)
