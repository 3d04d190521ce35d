"""Ratings from before this system, taken in with their letters: pay and career rest on them until a cycle here has decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ..core.errors import InputError, NotFoundError
from ..store import models as db
from ..store.queries import rows
from .acts import Done, perform
from .context import Context, require
from .views import Receipt


@dataclass(frozen=True, slots=True)
class ArchiveEntry:
    """title: the period as its letter names it; first, last: its days; letter: number of the decree; decided_on: its date."""

    nip: str
    title: str
    first: date
    last: date
    rating: str
    letter: str
    decided_on: date


def record_ratings(context: Context, entries: Iterable[ArchiveEntry], source: str, key: str | None = None) -> Receipt:
    """Take ratings in; one known already for that person and period is left as it is. values: {recorded, known}.

    Raises NotFoundError(`pegawai_tidak_ada`), InputError(`predikat_tidak_dikenal`) naming the ratings the rules know.
    """
    require(context, "people.edit")
    given = list(entries)
    allowed = _known_ratings(context)
    wrong = next((entry for entry in given if entry.rating not in allowed), None)
    if wrong is not None:
        known = ", ".join(allowed)
        raise InputError(
            "predikat_tidak_dikenal", f"“{wrong.rating}” tidak dikenal; ada: {known}", f"unknown rating; there is: {known}"
        )

    def work() -> Done:
        people = dict(rows(db.Person.select(db.Person.nip, db.Person.id)))
        unknown = sorted({entry.nip for entry in given} - set(people))
        if unknown:
            raise NotFoundError("pegawai_tidak_ada", f"NIP tidak dikenal: {unknown[0]}", f"unknown NIP: {unknown[0]}", nips=unknown)
        there = set(rows(db.ArchivedRating.select(db.ArchivedRating.person, db.ArchivedRating.last)))
        at = context.city.clock.now()
        fresh = [
            {
                "person": people[entry.nip], "title": entry.title, "first": entry.first, "last": entry.last, "rating": entry.rating,
                "letter": entry.letter, "decided_on": entry.decided_on, "recorded_by": context.actor.id, "recorded_at": at,
            }
            for entry in given
            if (people[entry.nip], entry.last) not in there
        ]  # fmt: skip
        for start in range(0, len(fresh), 500):
            db.ArchivedRating.insert_many(fresh[start : start + 500]).execute()
        values = {"recorded": len(fresh), "known": len(given) - len(fresh)}
        return Done(
            "rating_archive",
            f"{len(fresh)} predikat dari {source} dicatat, {values['known']} sudah ada",
            f"{len(fresh)} ratings from {source} recorded, {values['known']} known already",
            payload=values | {"source": source},
            values=values,
        )

    return perform(context, "rating.archive", work, key)


def _known_ratings(context: Context) -> tuple[str, ...]:
    policy = context.city.policy(context.city.release().fingerprint)
    return tuple(str(value) for value in policy.vocabulary.entities["kepegawaian"].facts["predikat_tahun_lalu"].type.values)
