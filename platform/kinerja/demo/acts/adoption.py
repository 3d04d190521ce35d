"""A change of the rules on its lawful way: simulated, submitted by one officer, adopted by another through the task, announced."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from ...policy import load_policy
from ...services.casework import tasks
from ...services.context import Actor
from ...services.files import materialise
from ...services.rulebook import publish, simulation
from ...store import models as db
from ..act import Act, Sight
from ..play import Stage

CHANGES = (
    (
        "parameters/responden_maksimum_survei.yaml",
        "  - {from: 2022-02-03, value: 8}\n",
        "  - {from: 2022-02-03, to: 2026-12-31, value: 8}\n  - {from: 2027-01-01, value: 12}\n",
    ),
    ("decisions/survei_perilaku.yaml", "diminta: 8}, note: selebihnya", "diminta: 12}, note: selebihnya"),
)
"""File, as it reads, as it is to read: the parameter, and the case that names what it gives."""
TITLE = "Survei perilaku sampai 12 orang mulai 2027"
NOTE = "Pejabat dengan banyak bawahan didengar lebih luas: paling banyak 12 orang menjawab, bukan 8. Tahun berjalan tidak berubah."
ADOPT = {"keputusan_aturan": "tetapkan", "adopsi_aturan": ""}
ANNOUNCE = {
    "isi_pengumuman": "Mulai 1 Januari 2027 sampai 12 orang, bukan 8, diundi untuk menjawab survei perilaku seorang pejabat.",
    "tempat_bertanya": "BKPSDM, loket konsultasi kinerja",
}


def _adopt(stage: Stage) -> Sight | None:
    """None where nobody is evaluated yet, or the city's files no longer read as the shipped ones."""
    release = stage.city.release()
    files = dict(db.Release.get(db.Release.fingerprint == release.fingerprint).files)
    if not db.Evaluation.select().exists() or any(old not in files.get(file, "") for file, old, _ in CHANGES):
        return None
    for file, old, new in CHANGES:
        files[file] = files[file].replace(old, new)
    officer, signatory = stage.cast.policy_officer, stage.cast.signatory
    writes = stage.context(Actor.of(officer.name, officer.nip, ("pejabat_kebijakan",)))
    signs = stage.context(Actor.of(signatory.name, signatory.nip, ("pejabat_penetap",)))
    with tempfile.TemporaryDirectory() as folder:
        rules = materialise(Path(folder) / "rules", files)
        if simulation.keep(writes, load_policy(rules)) is None:
            return None
        fingerprint = publish.submit(writes, rules, TITLE, NOTE).values["fingerprint"]
    case: Any = db.Case.get(db.Case.subject == f"rilis:{fingerprint}")
    for context, task, answers in ((signs, "tetapkan_aturan", ADOPT), (stage.holder("bkpsdm"), "umumkan_aturan", ANNOUNCE)):
        waiting: Any = db.Task.get(db.Task.case == case.id, db.Task.task == task, db.Task.state == "ready")
        tasks.complete(context, waiting.id, answers)
    return Sight(
        f"Aturan “{TITLE}” diajukan {officer.name}, ditetapkan {signatory.name} lewat tugasnya, lalu diumumkan; "
        "tidak ada keputusan tahun ini yang tersentuh",
        f"/kasus/{case.id} (penetap) · kinerja rules log",
    )


ACTS = (Act("penetapan aturan", 2, _adopt),)
