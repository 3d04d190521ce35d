"""What is known of those who might fill a post: rated performance, talent, competency; read in bulk, judged nowhere here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ...store import models as db
from ...store.queries import objects, rows
from ..cycles.planning import APPRAISED
from ..evaluation.decide import RATING
from ..staff.seats import DEFINITIVE

COMPETENCY = "kompetensi:"


@dataclass(frozen=True, slots=True)
class Rated:
    """A decided rating. what: the cycle or the paper; last: the last day of what was rated; work: hasil_kerja_akhir, if known."""

    what: str
    rating: str
    last: date
    work: str | None
    case: int | None


@dataclass(frozen=True, slots=True)
class Known:
    """A possible candidate as records know them. ratings: the newest first; competency: name → level."""

    person: int
    nip: str
    name: str
    status: str
    position: int
    title: str
    unit: int
    job_class: int
    ratings: tuple[Rated, ...]
    potential: str | None
    competency: Mapping[str, int]

    def facts(self, job_class: int, asked: Iterable[tuple[str, int]]) -> dict[str, Any]:
        """The facts that the rules ask of a candidate for a post; what no record gives is left out."""
        found: dict[str, Any] = {"kelompok": self.status, "selisih_kelas": job_class - self.job_class}
        if self.ratings:
            newest = self.ratings[0]
            before = next((one for one in self.ratings if one.last.year == newest.last.year - 1), None)
            found |= {"predikat_tahun_ini": newest.rating} | ({"predikat_tahun_lalu": before.rating} if before else {})
            work = next((one.work for one in self.ratings if one.work), None)
            found |= {"kinerja": work} if work else {}
        if self.potential:
            found["potensi"] = self.potential
        wanted = list(asked)
        short = sum(name in self.competency and self.competency[name] < level for name, level in wanted)
        if short or all(name in self.competency for name, _ in wanted):
            found["kompetensi_kurang"] = short
        return found


def pool(day: date) -> list[Known]:
    """Everyone who is appraised and holds a post definitively on a day, by name."""
    seat = db.Assignment
    query = (
        seat.select(
            db.Person.id, db.Person.nip, db.Person.name, db.Person.status, db.Position.id, db.Position.title, db.Position.unit,
            db.Position.job_class,
        )
        .join(db.Person)
        .switch(seat)
        .join(db.Position)
        .where(
            seat.kind == DEFINITIVE, seat.first <= day, seat.last.is_null() | (seat.last >= day), db.Person.active == True,  # noqa: E712
            db.Person.status.in_(APPRAISED),
        )
        .order_by(db.Person.name, db.Person.nip)
    )  # fmt: skip
    ratings, potential, competency = _ratings(), _potential(day), _competency(day)
    found = []
    for person, nip, name, status, position, title, unit, job_class in rows(query):
        rated = tuple(sorted(ratings.get(person, ()), key=lambda one: (one.last, one.case or 0), reverse=True))
        known = potential.get(person), competency.get(person, {})
        found.append(Known(person, nip, name, status, position, title, unit, job_class, rated, *known))
    return found


def _ratings() -> dict[int, list[Rated]]:
    """Decided ratings (those that stand on a letter) and ratings from archives, by person."""
    latest: dict[int, Any] = {}
    query = (
        db.LetterCase.select(db.LetterCase, db.Evaluation, db.Case, db.Cycle)
        .join(db.Evaluation)
        .switch(db.LetterCase)
        .join(db.Case)
        .join(db.Cycle)
        .order_by(db.LetterCase.id)
    )
    for row in objects(query):
        latest[row.case_id] = row
    found: dict[int, list[Rated]] = {}
    for row in latest.values():
        outputs = row.evaluation.finding["outputs"]
        if RATING in outputs:
            rated = Rated(row.case.cycle.title, outputs[RATING], row.case.last, outputs.get("hasil_kerja_akhir"), row.case_id)
            found.setdefault(row.case.person_id, []).append(rated)
    record = db.PersonnelRecord
    archive = record.select(record.person, record.value, record.day, record.source).where(record.aspect == "predikat")
    for person, value, day, source in rows(archive):
        found.setdefault(person, []).append(Rated(source or str(day.year), value, day, None, None))
    return found


def _potential(day: date) -> dict[int, str]:
    record = db.PersonnelRecord
    query = record.select(record.person, record.value).where(record.aspect == "potensi", record.day <= day).order_by(record.day)
    return dict(rows(query))


def _competency(day: date) -> dict[int, dict[str, int]]:
    record = db.PersonnelRecord
    found: dict[int, dict[str, int]] = {}
    query = record.select(record.person, record.aspect, record.value).where(record.aspect.startswith(COMPETENCY), record.day <= day)
    for person, aspect, value in rows(query.order_by(record.day)):
        found.setdefault(person, {})[aspect.removeprefix(COMPETENCY)] = int(value)
    return found
