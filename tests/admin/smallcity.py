"""A small real city for the console's tests: five units, thirteen people, two cases, built through the services alone.

People: `operator` and `rekan` (employees of one division), `penilai` (head of the division), `atasan` (head of the agency), `tim`
(evaluation team, another agency), `hr`, `admin`, `auditor`, `kebijakan`, `penetap`, and `asing` (an employee elsewhere, no role).
"""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher

from kinerja.bootstrap import install_rules, load_workflows
from kinerja.core.clock import JAKARTA, Clock, FixedClock
from kinerja.core.periods import Period
from kinerja.services.casework import tasks
from kinerja.services.city import City
from kinerja.services.context import SYSTEM, Actor, Context
from kinerja.services.cycles import cycle
from kinerja.services.engines import Engines
from kinerja.services.evaluation import measure
from kinerja.services.operations import OPERATIONS
from kinerja.services.staff import accounts, people
from kinerja.settings import load_settings, shipped
from kinerja.store import models as db
from kinerja.store.database import Store

PASSWORD = "kata-sandi-uji"
CYCLE = "2026-S1"
NOON = datetime(2026, 7, 20, 12, 0, tzinfo=JAKARTA)
SETTINGS = """[city]
name = "Kota Uji"

[web]
secret = "demo-test"

[letters]
register = "UJI"

[demo]
clock = "2026-07-20T12:00:00+07:00"
"""
HEAD, DIVISION = "kepala_perangkat_daerah", "kepala_bidang"

# account: (NIP, name, unit, post, roles as (role, unit))
PEOPLE: dict[str, tuple[str, str, str, str, tuple[tuple[str, str], ...]]] = {
    "sekda": ("196501011990031001", "Sulaiman Hakim", "kota", HEAD, ()),
    "atasan": ("197002021995032002", "Nurhayati Idris", "dukcapil", HEAD, ()),
    "penilai": ("197503032000031003", "Bambang Sutrisno", "dukcapil.2", DIVISION, ()),
    "operator": ("198503122010012004", "Dewi Lestari", "dukcapil.2", "operator_layanan_adminduk", ()),
    "rekan": ("198604052011011005", "Agus Setiawan", "dukcapil.2", "operator_layanan_adminduk", ()),
    "kepala": ("197106061996031006", "Made Wirawan", "bkpsdm", HEAD, ()),
    "hr": ("198007072005012007", "Siti Rahmawati", "bkpsdm", "analis_kebijakan", (("bkpsdm", ""),)),
    "kebijakan": ("198108082006011008", "Yosef Manek", "bkpsdm", "analis_kebijakan", (("pejabat_kebijakan", ""),)),
    "penetap": ("198209092007012009", "Maria Ulfa", "bkpsdm", "analis_kebijakan", (("pejabat_penetap", ""),)),
    "asing": ("198810102014011010", "Rangga Pratama", "bkpsdm", "pranata_komputer", ()),
    "inspektur": ("197211111997031011", "Joko Santoso", "inspektorat", HEAD, ()),
    "tim": ("198312122008012012", "Ratna Sari", "inspektorat", "auditor", (("tim_evaluasi", ""),)),
    "auditor": ("198401012009011013", "Hendra Gunawan", "inspektorat", "auditor", (("auditor", ""),)),
}
UNITS = (
    people.UnitEntry("kota", "Pemerintah Kota Uji", "Kota Uji", "region", "", "Sekretaris Daerah"),
    people.UnitEntry("dukcapil", "Dinas Kependudukan dan Pencatatan Sipil", "Disdukcapil", "agency", "kota", "Kepala Dinas"),
    people.UnitEntry("dukcapil.2", "Bidang Pelayanan Pendaftaran Penduduk", "Dafduk", "division", "dukcapil", "Kepala Bidang"),
    people.UnitEntry("bkpsdm", "Badan Kepegawaian", "BKPSDM", "agency", "kota", "Kepala Badan"),
    people.UnitEntry("inspektorat", "Inspektorat", "Inspektorat", "agency", "kota", "Inspektur"),
)
CLASSES = {HEAD: 14, DIVISION: 11, "operator_layanan_adminduk": 6, "analis_kebijakan": 8, "pranata_komputer": 8, "auditor": 10}


def rubric(score: str, comment: str, evidence: str = "BA pemeriksaan 4/2026") -> dict[str, str]:
    """The quality rubric filled in alike for each criterion, so that its total is the score."""
    given = {}
    for name in ("kebenaran", "kelengkapan", "kegunaan"):
        stem = f"skor_mutu_{name}"
        given |= {stem: score, f"{stem}_komentar": comment, f"{stem}_bukti": evidence}
    return given


ANSWERS = {
    "susun_skp": {"sudah_baca_standar": "ya"},
    "setujui_skp": {"keputusan_skp": "setuju"},
    "lapor_realisasi": {"pernyataan_realisasi": "ya"},
    "nilai_perilaku": {
        "perilaku_kerja": "sesuai",
        "alasan_perilaku": "Menjaga antrean tetap tertib saat pindah loket pada bulan Mei.",
    },
    "setujui_penilaian": {"keputusan_atasan": "setuju"},
    "nilai_mutu": rubric("88", "Sampel dua puluh berkas: dua perlu pembetulan kecil.") | {"kalibrasi": "tetap"},
}
DOER = {"pegawai": "", "pejabat_penilai": "penilai", "atasan_pejabat_penilai": "atasan", "tim_evaluasi": "tim", "bkpsdm": "hr"}


@cache
def password_hash(cheap: bool = True) -> str:
    return (PasswordHasher(1, 1024, 1) if cheap else PasswordHasher()).hash(PASSWORD)


def open_city(folder: Path, clock: Clock | None = None, engines: Engines | None = None) -> City:
    """engines: shared with other cities of the test run, which all hold the same rules."""
    settings = load_settings(folder)
    store = Store.open(settings.database, settings.folder)
    store.upgrade()
    return City(settings, store, clock or FixedClock(NOON), OPERATIONS, engines=engines)


def build(folder: Path, clock: Clock | None = None, engines: Engines | None = None) -> City:
    """The city with rules, workflow, people, accounts, an open cycle for `operator` and `rekan`, and their measured results."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "kinerja.toml").write_text(SETTINGS, "utf-8")
    city = open_city(folder, clock, engines)
    system = Context(city, SYSTEM)
    install_rules(city, shipped("rules"), Actor.of("Maria Ulfa", PEOPLE["penetap"][0], ("pejabat_penetap",)))
    load_workflows(city, shipped("workflows"))
    posts = {(unit, post) for _, _, unit, post, _ in PEOPLE.values()}
    people.establish(
        system,
        units=UNITS,
        positions=[
            people.PositionEntry(
                post, post.replace("_", " ").title(), unit, CLASSES[post], leads=post in (HEAD, DIVISION), formation=9
            )
            for unit, post in sorted(posts)
        ],
        people=[people.PersonEntry(nip, name) for nip, name, _, _, _ in PEOPLE.values()],
        assignments=[people.AssignmentEntry(nip, post, unit, date(2025, 1, 1)) for nip, _, unit, post, _ in PEOPLE.values()],
    )
    for account, (nip, _, _, _, roles) in PEOPLE.items():
        accounts.create_account(system, account, password_hash(), nip=nip, roles=roles)
    accounts.create_account(system, "admin", password_hash(), roles=[("administrator", "")])
    chosen = cycle.Selection(people=(PEOPLE["operator"][0], PEOPLE["rekan"][0]))
    cycle.open_cycle(
        context(city, "hr"), CYCLE, "Semester I Tahun 2026", Period(date(2026, 1, 1), date(2026, 6, 30)), "semester", chosen
    )
    for item in db.PlanItem.select().where(db.PlanItem.source != "tim_evaluasi"):
        measure.record(context(city, "hr"), item.case_id, item.code, Fraction(item.target), "rekap-layanan-2026.xlsx")
    return city


def context(city: City, account: str) -> Context:
    return Context(city, accounts.actor_by_name(account))


def case_of(account: str) -> int:
    return int(
        db.Case.select().join(db.Person, on=(db.Case.person == db.Person.id)).where(db.Person.nip == PEOPLE[account][0]).get().id
    )


def task_of(account: str) -> db.Task:
    """The open task of an employee's case."""
    return db.Task.select().where(db.Task.case == case_of(account), db.Task.state == "ready").get()


def advance(city: City, account: str, until: str) -> None:
    """Carry an employee's case through its tasks, each done by who must, until the task named is open."""
    while (task := task_of(account)).task != until:
        tasks.complete(context(city, DOER[task.role] or account), task.id, ANSWERS[task.task])
