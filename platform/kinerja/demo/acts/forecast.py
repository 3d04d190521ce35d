"""A policy officer tries two lower thresholds on the city's own people before asking anyone to sign them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from ...core.indonesian import number, rupiah
from ...policy import load_policy
from ...services.context import Actor
from ...services.files import materialise
from ...services.rulebook import simulation
from ...store import models as db
from ..act import Act, Sight
from ..play import Stage

FILE = "decisions/hasil_kerja.yaml"
CHANGES = (
    ("| >= 110            |", "| >= 105            |"),
    ("| [90..110)         |", "| [88..105)         |"),
    ("| [0..90)           |", "| [0..88)           |"),
)


def try_lower_thresholds(stage: Stage) -> Sight | None:
    """None where nobody is evaluated, or the city's table no longer reads as the shipped one."""
    release = stage.city.release()
    files = dict(db.Release.get(db.Release.fingerprint == release.fingerprint).files)
    if not db.Evaluation.select().exists() or any(old not in files.get(FILE, "") for old, _ in CHANGES):
        return None
    for old, new in CHANGES:
        files[FILE] = files[FILE].replace(old, new)
    officer = stage.cast.policy_officer
    context = stage.context(Actor.of(officer.name, officer.nip, ("pejabat_kebijakan",)))
    with tempfile.TemporaryDirectory() as folder:
        receipt = simulation.keep(context, load_policy(materialise(Path(folder) / "rules", files)))
    if receipt is None:
        return None
    kept = int(receipt.values["simulation"])
    document = simulation.get(context, kept).document
    moved = int(document["movers"]["up"] + document["movers"]["down"])
    total = next(one for one in document["money"] if one["output"] == document["main"]["money"] and not one["group"])
    return Sight(
        f"Rancangan ambang hasil kerja 105 dan 88 disimulasikan pada {number(document['employees'])} pegawai: {number(moved)}"
        f" berpindah predikat, {rupiah(total['yearly']['change'])} setahun; belum diajukan",
        f"/simulasi/{kept} (masuk sebagai penetap)",
    )


ACTS = (Act("simulasi rancangan", 1, try_lower_thresholds),)
