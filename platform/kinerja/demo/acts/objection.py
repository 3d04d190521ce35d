"""Two objections, one refused and one upheld with its remedy; and a coaching plan that began with a reviewed result."""

from __future__ import annotations

from typing import Any

from ...services.casework import tasks
from ...services.context import Actor, Context
from ...store import models as db
from ...store.queries import objects
from ..act import Act, Sight
from ..play import Stage

READ = "baca_hasil"
POSTS = ("pengadministrasi_umum", "perawat", "polisi_pamong_praja", "penyuluh_sosial")
OBJECTION = {
    "pokok_keberatan": "perilaku",
    "masukan_keberatan": "Perilaku kerja",
    "bukti_keberatan": "Surat tugas dan daftar hadir regu",
}
SAID = (
    "Tercatat sesuai ekspektasi, padahal dua kali memimpin regu pengganti di luar jadwal.",
    "Menurut saya rating perilaku terlalu rendah dibandingkan rekan yang lain.",
)
ANSWER = {
    "sikap_penilai": "penilaian_tetap",
    "tanggapan_penilai": "Penilaian bersandar pada catatan kehadiran dan dua pengamatan langsung pada triwulan kedua.",
}
RULINGS = (
    ("dikabulkan", "Surat tugas menunjukkan kepemimpinan regu yang belum tercatat ketika perilaku dinilai."),
    ("ditolak", "Bukti yang diajukan tidak menyebut kejadian yang berbeda dari yang sudah dipertimbangkan penilai."),
)
REMEDY = {"perilaku_kerja": "di_atas", "alasan_perilaku": "Dua kali memimpin regu pengganti menurut surat tugas; dinilai ulang."}
PLAN = {
    "sasaran_pembinaan": "Setiap laporan pembinaan selesai tepat waktu dan lolos pemeriksaan mutu pada akhir semester.",
    "dukungan_pembinaan": "Pendampingan seorang rekan senior dan pelatihan penulisan laporan.",
    "jadwal_pertemuan": "Senin pekan pertama tiap bulan",
}


def object_and_decide(stage: Stage) -> Sight | None:
    """Two employees object on the day after their results are out; a superior upholds one and refuses the other."""
    objectors = _objectors(stage)
    if len(objectors) < len(RULINGS):
        return None
    for row, said, (ruling, reason) in zip(objectors, SAID, RULINGS, strict=True):
        case = row.case_id
        _do(stage, case, READ, {"sudah_baca_alasan": "ya", "tanggapan": "keberatan"})
        _do(stage, case, "tulis_keberatan", {**OBJECTION, "uraian_keberatan": said})
        _do(stage, case, "tanggapi_keberatan", ANSWER)
        _do(stage, case, "putuskan_keberatan", {"putusan_keberatan": ruling, "alasan_putusan": reason})
    upheld, refused = objectors
    _do(stage, upheld.case_id, "nilai_perilaku", REMEDY)
    _do(stage, upheld.case_id, "setujui_penilaian", {"keputusan_atasan": "setuju"})
    if _waiting(upheld.case_id, "tinjau_hasil"):
        return None
    _do(stage, upheld.case_id, "terbitkan", {"konfirmasi_terbit": "ya"})
    return Sight(
        f"Keberatan {upheld.case.person.name} dikabulkan (keputusan baru, sebelum dan sesudah), keberatan "
        f"{refused.case.person.name} ditolak; masing-masing dengan surat",
        f"/kasus/{upheld.case_id} dan /kasus/{refused.case_id}",
    )


def plan_coaching(stage: Stage) -> Sight | None:
    """The appraiser of the first low result drafts a plan, the employee agrees; the letter is out, the review in three months."""
    case: Any = (
        db.Case.select().where(db.Case.subject.startswith("pembinaan:"), db.Case.state == "open").order_by(db.Case.id).first()
    )
    if case is None:
        return None
    _do(stage, case.id, "susun_pembinaan", PLAN)
    _do(stage, case.id, "sepakati_pembinaan", {"kesepakatan": "sepakat"})
    return Sight(f"{case.title}: rencana enam bulan disepakati, suratnya terbit, tinjauan menurut jam kota", f"/kasus/{case.id}")


def _objectors(stage: Stage) -> list[Any]:
    """The first two, from different posts, who wait to read their result and are nobody of the cast."""
    cast = stage.cast
    reserved = {cast.employee.nip, cast.appraiser.nip, cast.superior.nip, cast.signatory.nip, cast.policy_officer.nip}
    reserved |= {member.nip for member in (*cast.hr, *cast.team)}
    waiting = (
        db.Task.select(db.Task, db.Case, db.Person, db.Position)
        .join(db.Case)
        .join(db.Person, on=(db.Case.person == db.Person.id), attr="person")
        .switch(db.Case)
        .join(db.Position)
        .where(
            db.Task.task == READ, db.Task.state == "ready", db.Position.code << POSTS, db.Case.rating << ["Baik", "Butuh Perbaikan"]
        )
        .order_by(db.Task.id)
    )
    found: dict[str, Any] = {}
    for row in objects(waiting):
        if row.case.person.nip not in reserved:
            found.setdefault(row.case.position.code, row)
    return list(found.values())[:2]


def _waiting(case: int, task: str) -> Any:
    return db.Task.select().where(db.Task.case == case, db.Task.task == task, db.Task.state == "ready").first()


def _do(stage: Stage, case: int, task: str, answers: dict[str, str]) -> None:
    row = _waiting(case, task)
    if row.assignee_id is not None:
        context: Context = stage.context(Actor.of(row.assignee.name, row.assignee.nip))
    else:
        context = stage.holder(row.role)
    tasks.complete(context, row.id, answers)


ACTS = (Act("dua keberatan", 4, object_and_decide), Act("rencana pembinaan", 2, plan_coaching))
