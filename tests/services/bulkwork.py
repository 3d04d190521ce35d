"""Run by tests as a process of its own: `bulk.py open|advance FOLDER DATABASE`, on a city that `crowd` has filled."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

from kinerja.core.clock import JAKARTA, FixedClock
from kinerja.core.periods import Period
from kinerja.services import batches
from kinerja.services.city import City
from kinerja.services.context import SYSTEM, Actor, Context
from kinerja.services.cycles import advance, cycle, opening
from kinerja.services.operations import OPERATIONS
from kinerja.settings import EVIDENCE_KINDS, Settings
from kinerja.store import models as db
from kinerja.store.database import Store

CYCLE, PERIOD = "2026-S1", Period(date(2026, 1, 1), date(2026, 6, 30))
KABID = "198003032005031001"


def opened(folder: Path, database: str) -> City:
    settings = Settings(
        folder, "Kota Kotalama", "Kotalama", "Kotalama", database, "rahasia-uji", "127.0.0.1", 8080, None, "", 1, EVIDENCE_KINDS
    )
    return City(settings, Store.open(database, folder), FixedClock(datetime(2026, 7, 20, 8, tzinfo=JAKARTA)), OPERATIONS)


def crowd(people: int) -> None:
    """So many more operators in the registry."""
    post = db.Position.get(db.Position.code == "operator_layanan_adminduk")
    with db.Person._meta.database.atomic():
        for number in range(people):
            person = db.Person.create(nip=f"2000{number:014d}", name=f"Orang {number:03d}")
            db.Assignment.create(person=person, position=post, first=date(2020, 1, 1))


def open_it(city: City) -> Any:
    return cycle.open_cycle(Context(city, SYSTEM), CYCLE, "Semester I Tahun 2026", PERIOD, "semester", progress=tell)


def advance_it(city: City) -> Any:
    """The appraiser agrees to every plan that waits."""
    return advance.advance(Context(city, Actor.of("Kabid", KABID)), CYCLE, "setujui_skp", progress=tell)


def tell(done: int, total: int) -> None:
    print(done, total, flush=True)


def small(kind: batches.Kind, size: int) -> batches.Kind:
    """The same kind in batches small enough to be cut between."""
    return batches.Kind(kind.name, size, kind.ready, kind.work, kind.finish)


def with_small_batches() -> None:
    cycle.OPENING = small(opening.OPENING, 4)  # type: ignore[misc]
    advance.ADVANCING = small(advance.ADVANCING, 3)  # type: ignore[misc]


if __name__ == "__main__":
    with_small_batches()
    city = opened(Path(sys.argv[2]), sys.argv[3])
    print("ready", flush=True)
    receipt = {"open": open_it, "advance": advance_it}[sys.argv[1]](city)
    print("end", dict(receipt.values), flush=True)
