"""A release on its way through `workflows/penetapan-aturan`: begun by its submission, decided by its task."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...core.errors import ConflictError
from ...core.indonesian import number
from ...process import FormError
from ...store import models as db
from ..casework.tasks import complete
from ..context import Context
from ..flow import cancel_case
from ..starting import Subject, find_case, start_case
from ..views import Receipt
from .enact import SUBJECT

PROCESS = "penetapan-aturan"
SUBMIT, CHECK, DECIDE = "ajukan_aturan", "periksa_dampak", "tetapkan_aturan"


def begin(context: Context, release: Any, before: Any) -> Any:
    """Start the case of a submitted release; None where the city has not loaded the process. Runs in the submission's transaction.

    What the submission itself has said and done is put down as the first two tasks, by the author: title and reason, and the
    simulation without which nothing is submitted. What their forms do not take stays open on the author's desk.
    """
    if before is None or not db.ProcessVersion.select().where(db.ProcessVersion.process == PROCESS).exists():
        return None
    today = context.city.today()
    name = f"Rilis aturan “{release.title}” ({release.fingerprint[:12]})"
    case = start_case(context, PROCESS, Subject(f"{SUBJECT}{release.fingerprint}", name, today, today))
    told = f"{release.note} Perbedaannya dengan rilis {before.fingerprint[:12]} ada di Bengkel aturan."
    _say(context, case, SUBMIT, {"judul_aturan": release.title, "alasan_aturan": told.strip(), "berlaku_sejak": today.isoformat()})
    _say(context, case, CHECK, {"dampak_dibaca": "ya", "catatan_dampak": _effect(release.fingerprint)})
    return case


def decide(context: Context, fingerprint: str, answers: dict[str, Any], key: str | None) -> Receipt | None:
    """Decide on a release through its case's task; None where it has no case. ConflictError names the task that comes first."""
    case = find_case(f"{SUBJECT}{fingerprint}")
    if case is None:
        return None
    task: Any = db.Task.select().where(db.Task.case == case.id, db.Task.task == DECIDE).order_by(db.Task.id.desc()).first()
    waiting: Any = db.Task.select().where(db.Task.case == case.id, db.Task.state == "ready").first()
    if task is None or (task.state != "ready" and waiting is not None and waiting.task in (SUBMIT, CHECK)):
        raise ConflictError(
            "tahap_sebelumnya",
            f"rilis ini menunggu “{waiting.title}” lebih dahulu",
            f'this release waits for "{waiting.title}" first',
            remedy_id="penyusun mengerjakannya di Tugas saya",
            remedy_en="its author does it on their desk",
        )
    receipt = complete(context, task.id, answers, key)
    return replace(receipt, values={**receipt.values, "fingerprint": fingerprint})


def drop(context: Context, fingerprint: str) -> None:
    """Close the case of a release that was taken back before it was decided."""
    case = find_case(f"{SUBJECT}{fingerprint}")
    if case is not None and case.state == "open":
        cancel_case(context, case)


def _say(context: Context, case: Any, task: str, answers: dict[str, Any]) -> None:
    waiting: Any = db.Task.select().where(db.Task.case == case.id, db.Task.task == task, db.Task.state == "ready").first()
    if waiting is None:
        return
    try:
        complete(context, waiting.id, answers)
    except FormError:  # a city's own form may ask more than a submission tells
        return


def _effect(fingerprint: str) -> str:
    row: Any = db.Simulation.select().where(db.Simulation.draft == fingerprint).order_by(db.Simulation.id.desc()).first()
    if row is None:
        return "Belum ada kasus yang dapat disimulasikan; tidak ada pegawai yang tersentuh."
    movers, people = row.document.get("movers", {}), row.document.get("employees", 0)
    moved = number(movers.get("up", 0) + movers.get("down", 0))
    return f"Simulasi {row.id} pada {number(people)} pegawai: {moved} berpindah; rinciannya di Simulasi."
