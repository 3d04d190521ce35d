"""Attendance of July comes in, the rules react at once, and HR proposes an examination; nobody is punished by a machine."""

from __future__ import annotations

from datetime import date
from typing import Any

from ...core.indonesian import number
from ...services.casework import tasks
from ...services.stafftables import imports
from ...store import models as db
from ..act import Act, Sight
from ..play import Stage

FILE = "presensi-juli-2026.csv"
ABSENT = (date(2026, 7, 6), date(2026, 7, 7), date(2026, 7, 8))
POSTS = ("perawat", "pengadministrasi_umum")
PREPARE = "siapkan_berkas"
PROPOSAL = {
    "putusan_berkas": "usulkan",
    "fakta_dicocokkan": "ya",
    "pemeriksa": "Atasan langsung yang bersangkutan",
    "hari_pemeriksaan": "2026-07-28",
    "tempat_pemeriksaan": "Ruang rapat perangkat daerah",
    "alasan_berkas": "Sudah ditanyakan dua kali kepada yang bersangkutan; surat keterangan belum diserahkan.",
}


def _papers(stage: Stage) -> Sight | None:
    open_case = db.Case.select(db.Case.person).where(db.Case.state == "open", db.Case.cycle.is_null(False))
    nips = [one.nip for one in stage.roster.members if one.employee and one.post.code in POSTS]
    member: Any = db.Person.select().where(db.Person.nip << nips, db.Person.id << open_case).order_by(db.Person.nip).first()
    if member is None:
        return None
    hr = stage.holder("bkpsdm")
    lines = ["nip,tanggal,terlambat,tidak_masuk,alasan_sah", *(f"{member.nip},{day},,ya,tidak" for day in ABSENT)]
    imports.take_in(hr, "presensi", ("\n".join(lines) + "\n").encode(), FILE)
    papers: Any = db.Case.get_or_none(db.Case.subject.startswith("berkas-disiplin:"), db.Case.person == member.id)
    if papers is None:
        return None
    waiting: Any = db.Task.get(db.Task.case == papers.id, db.Task.task == PREPARE, db.Task.state == "ready")
    tasks.complete(hr, waiting.id, PROPOSAL)
    letter: Any = db.Letter.get(db.Letter.case == papers.id)
    return Sight(
        f"Presensi Juli {member.name}: reaksi aturan langsung menyala; BKPSDM mengusulkan pemeriksaan "
        f"({number(letter.content['total'])} hari, tingkat {letter.content['band']['name']}) dengan surat {letter.number}, "
        "tanpa hukuman apa pun",
        f"/kasus/{papers.id}, /surat/{letter.id}.pdf (bkpsdm)",
    )


ACTS = (Act("berkas pemeriksaan disiplin", 1, _papers),)
