"""The table of permissions in words: what each act is, and who may do it. For the reference page, the console and auditors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..process.forms import Text
from .context import PERMITS, Context, require

ROLES = (
    "administrator", "bkpsdm", "tim_evaluasi", "pejabat_kebijakan", "pejabat_penetap", "auditor",
)  # fmt: skip
RELATIONS = ("self", "appraiser", "superior")

ACTS: Mapping[str, Text] = {
    "people.edit": Text("mengubah unit, jabatan, orang dan penugasan", "change units, posts, people and assignments"),
    "people.read": Text("membaca halaman seorang pegawai", "read a person's page"),
    "people.map": Text("membaca peta jabatan", "read the position map"),
    "people.import": Text("mengimpor data pegawai dan membatalkannya", "import staff tables and undo that"),
    "vacancy.read": Text("membaca jabatan lowong dan calonnya", "read vacancies and their candidates"),
    "conflict.declare": Text("menyatakan benturan kepentingan", "declare a tie"),
    "accounts.edit": Text("membuat akun dan memberi peran", "make accounts and give roles"),
    "process.read": Text("membaca alur kerja", "read processes"),
    "process.load": Text("memuat versi alur kerja", "load a version of a process"),
    "process.migrate": Text("memindahkan kasus berjalan ke versi lain", "move running cases to another version"),
    "cycle.open": Text("merencanakan dan membuka siklus", "plan and open a cycle"),
    "cycle.close": Text("menutup siklus", "close a cycle"),
    "cycle.advance": Text("memajukan banyak kasus sekaligus", "advance many cases at once"),
    "cycle.rehearse": Text("menggladi siklus pada salinan", "rehearse a cycle on a copy"),
    "case.pause": Text("menangguhkan dan melanjutkan kasus", "pause a case and let it go on"),
    "case.end": Text("mengakhiri kasus tanpa predikat", "end a case without a rating"),
    "jobs.read": Text("membaca pekerjaan besar dan kemajuannya", "read large jobs and their progress"),
    "case.read": Text("membuka penilaian", "open an appraisal"),
    "case.start": Text("memulai kasus proses lain", "start a case of another process"),
    "case.list": Text("membaca papan siklus", "read the cycle board"),
    "measure.import": Text("mengimpor kejadian layanan dan presensi, lalu mengukur", "import events and attendance, and measure"),
    "measure.record": Text("mencatat realisasi yang dilaporkan", "record a reported actual"),
    "case.assume": Text("menyatakan asumsi untuk fakta yang tidak tercatat", "declare assumptions for facts that no record gives"),
    "incident.settle": Text("menyelesaikan insiden", "settle an incident"),
    "letter.issue": Text("menerbitkan surat", "issue letters"),
    "letter.read": Text("membaca surat", "read letters"),
    "coaching.read": Text("membaca kasus pembinaan", "read coaching cases"),
    "discipline.prepare": Text("menyiapkan berkas pemeriksaan disiplin", "prepare papers for an examination"),
    "discipline.read": Text("membaca berkas pemeriksaan disiplin", "read papers for an examination"),
    "pay.open": Text("membuka pembayaran sebulan", "open a month's pay run"),
    "pay.read": Text("membaca daftar pembayaran", "read pay lists"),
    "rules.submit": Text("mengajukan aturan", "submit rules"),
    "rules.approve": Text("menetapkan atau menolak aturan", "approve or refuse rules"),
    "rules.read": Text("membaca aturan yang berlaku", "read the rules in force"),
    "rules.effects": Text("membaca siapa tersentuh aturan lain", "read whom other rules touch"),
    "simulation.run": Text("menyimulasikan rancangan", "simulate a draft"),
    "simulation.read": Text("membaca hasil simulasi", "read simulations"),
    "simulation.people": Text("membaca nama dalam simulasi", "read names in simulations"),
    "overview.read": Text("membaca ringkasan kota", "read the city's overview"),
    "case.note": Text("menulis catatan pada penilaian", "write remarks on an appraisal"),
    "plan.serve": Text("menetapkan hasil atasan yang didukung rencana", "say which of the superior's results a plan serves"),
    "plan.amend": Text("mengusulkan dan menyepakati perubahan rencana", "propose and agree a change of a plan"),
    "measure.dispute": Text("menyanggah realisasi", "dispute an actual"),
    "measure.decide": Text("memutus sanggahan atas realisasi", "decide a dispute"),
    "training.read": Text("membaca sosialisasi dan pelatihan", "read training and socialisation"),
    "training.edit": Text("mengatur sosialisasi dan mencatat hadir", "arrange events and record attendance"),
    "training.adoption": Text("membaca di mana serapan tertinggal", "read where uptake lags"),
    "peers.ask": Text("meminta survei perilaku", "ask for a behaviour survey"),
    "peers.read": Text("membaca gabungan survei perilaku", "read the whole of a survey"),
    "fairness.read": Text("membaca kalibrasi dan keadilan", "read calibration and fairness"),
    "achievement.record": Text("mencatat capaian unit", "record a unit's achievement"),
    "calibration.override": Text("mengesampingkan pola dengan alasan", "set the pattern aside with a reason"),
    "ledger.verify": Text("memeriksa buku besar dan berkas bukti", "verify the ledger and the evidence"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """Who may do one act. everyone: all who are known. roles: where they hold for the unit; relations: on the case or record."""

    act: str
    words: Text
    everyone: bool
    roles: tuple[str, ...]
    relations: tuple[str, ...]


def table() -> tuple[Line, ...]:
    """Every act of `context.PERMITS`, in its order."""
    found = []
    for act in dict.fromkeys(permit.act for permit in PERMITS):
        permits = [permit for permit in PERMITS if permit.act == act]
        found.append(
            Line(
                act, ACTS[act], any(one.role == "*" and not one.relation for one in permits),
                tuple(role for role in ROLES if any(one.role == role for one in permits)),
                tuple(relation for relation in RELATIONS if any(one.relation == relation for one in permits)),
            )
        )  # fmt: skip
    return tuple(found)


def read(context: Context) -> tuple[Line, ...]:
    """The table for those who check the city: auditors and administrators."""
    require(context, "ledger.verify")
    return table()
