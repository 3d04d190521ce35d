"""Run by tests as processes of their own: `racing.py approve FOLDER DATABASE NAME` and `racing.py work FOLDER DATABASE`."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from kinerja.core.clock import JAKARTA, FixedClock
from kinerja.core.errors import BusyError, ConflictError
from kinerja.services.casework import tasks
from kinerja.services.city import City
from kinerja.services.context import Actor, Context
from kinerja.services.operations import OPERATIONS
from kinerja.settings import EVIDENCE_KINDS, Settings
from kinerja.store import models as db
from kinerja.store.database import Store


def opened(folder: Path, database: str) -> City:
    settings = Settings(
        folder, "Kota Kotalama", "Kotalama", "Kotalama", database, "rahasia-uji", "127.0.0.1", 8080, None, "", 1, EVIDENCE_KINDS
    )
    return City(settings, Store.open(database, folder), FixedClock(datetime(2026, 7, 20, 8, tzinfo=JAKARTA)), OPERATIONS)


def approve(folder: Path, database: str, worker: str) -> None:
    """Say "ready", wait for a line, then approve every waiting plan, each with answers of our own; print what became of each."""
    city = opened(folder, database)
    waiting = [
        (task.id, task.assignee.nip) for task in db.Task.select().where(db.Task.task == "setujui_skp", db.Task.state == "ready")
    ]
    city.fact_values("kasus.perilaku_kerja")  # rules and engine are up before the race
    print("ready", flush=True)
    sys.stdin.readline()
    for task, nip in waiting:
        try:
            context = Context(city, Actor.of("Kabid", nip))
            tasks.complete(context, task, {"keputusan_skp": "setuju", "catatan_skp": f"disetujui dari jendela {worker}"})
            print(task, "approved")
        except ConflictError as error:
            print(task, error.http_status)
        except BusyError as error:
            print(task, error.http_status)
    city.close()


def work_until_killed(folder: Path, database: str) -> None:
    """Do susun_skp for everyone in turn; say each receipt only after it came back."""
    city = opened(folder, database)
    waiting = db.Task.select().where(db.Task.task == "susun_skp", db.Task.state == "ready").order_by(db.Task.id)
    for task in list(waiting):
        receipt = tasks.complete(Context(city, Actor.of("x", task.assignee.nip)), task.id, {"sudah_baca_standar": True})
        print(task.id, receipt.seq, flush=True)
    print("end", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "approve":
        approve(Path(sys.argv[2]), sys.argv[3], sys.argv[4])
    else:
        work_until_killed(Path(sys.argv[2]), sys.argv[3])
