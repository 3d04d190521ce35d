"""A small city, built once through the services and copied for each test: six agencies' worth of trouble in nine people."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from kinerja.core.clock import JAKARTA, FixedClock
from kinerja.core.periods import Period
from kinerja.ingest import load_map, read_events
from kinerja.services.bpmn import processes
from kinerja.services.casework import tasks
from kinerja.services.city import City
from kinerja.services.context import SYSTEM, Actor, Context
from kinerja.services.cycles import cycle
from kinerja.services.engines import Engines
from kinerja.services.evaluation import measure
from kinerja.services.operations import OPERATIONS
from kinerja.services.rulebook import publish
from kinerja.services.staff import accounts, people
from kinerja.services.staff.people import AssignmentEntry, PersonEntry, PositionEntry, UnitEntry
from kinerja.services.views import Receipt, TaskView
from kinerja.settings import EVIDENCE_KINDS, Settings, shipped
from kinerja.store import models as db
from kinerja.store.database import Store

START = datetime(2026, 7, 20, 8, tzinfo=JAKARTA)
PERIOD = Period(date(2026, 1, 1), date(2026, 6, 30))
CYCLE = "2026-S1"

NIPS = {
    "sekda": "197001011995011001", "kadis": "197502021999022001", "kabid": "198003032005031001", "sari": "199004042015042001",
    "budi": "199105052016051002", "citra": "199206062017062003", "kaban": "197407071998071004", "hr": "198508082010081005",
    "hr2": "198609092011092006", "tim": "198710102012101007", "tim2": "198811112013111008",
}  # fmt: skip
ROLES = {"hr": ["bkpsdm"], "hr2": ["bkpsdm"], "tim": ["tim_evaluasi"], "tim2": ["tim_evaluasi"], "sari": ["tim_evaluasi"]}

MAP = """\
title: Loket Disdukcapil
source: catatan uji
columns: {request: id, officer: petugas, service: layanan, started: mulai, finished: selesai, due: tenggat}
timestamps: {format: iso, zone: WIB}
period: {from: 2026-01-01, to: 2026-06-30}
employee: {unit: dukcapil, position: operator_layanan_adminduk, minimum_finished: 1}
"""


def settings(folder: Path, **changes: Any) -> Settings:
    values: dict[str, Any] = {
        "folder": folder, "city": "Kota Kotalama", "short_name": "Kotalama", "place": "Kotalama", "database": "sqlite:kota.db",
        "secret": "rahasia-uji", "host": "127.0.0.1", "port": 8080, "demo_clock": None, "register": "",
        "evidence_bytes": 10_000_000, "evidence_kinds": EVIDENCE_KINDS,
    }  # fmt: skip
    return Settings(**(values | changes))


def opened_city(folder: Path, clock: FixedClock | None = None, engines: Engines | None = None, **changes: Any) -> City:
    values = settings(folder, **changes)
    return City(values, Store.open(values.database, folder), clock or FixedClock(START), OPERATIONS, engines=engines)


@dataclass
class Town:
    """A city with handles on its people by short name."""

    city: City
    clock: FixedClock
    nips: Mapping[str, str] = field(default_factory=lambda: NIPS)
    cycle: str = CYCLE
    period: Period = PERIOD
    way: tuple[tuple[str, str, dict[str, Any]], ...] = field(default_factory=lambda: WAY)

    def context(self, name: str) -> Context:
        return Context(self.city, actor(name))

    @property
    def system(self) -> Context:
        return Context(self.city, SYSTEM)

    def case_of(self, name: str) -> Any:
        return db.Case.select(db.Case).join(db.Person, on=(db.Case.person == db.Person.id)).where(db.Person.nip == NIPS[name]).get()

    def desk(self, name: str, of: str | None = None) -> list[TaskView]:
        found = tasks.desk(self.context(name))
        return [task for task in found if of is None or task.nip == NIPS[of]]

    def do(self, name: str, task: str, of: str, key: str | None = None, **answers: Any) -> Receipt:
        [found] = [view for view in self.desk(name, of) if view.task == task]
        return tasks.complete(self.context(name), found.id, answers, key)

    def records(self, folder: Path) -> tuple[Path, Path]:
        """The service events this city was filled with, and their map, as files."""
        return events(folder)

    def restarted(self) -> Town:
        """The same city in a new process, as far as memory goes."""
        self.city.close()
        return Town(opened_city(self.city.folder, self.clock), self.clock)

    def until(self, of: str, stop: str) -> None:
        """Let people do their tasks for a case until the task `stop` waits."""
        for who, task, answers in WAY:
            if task == stop:
                return
            if task == "nilai_mutu" and not self.desk(who, of):
                continue
            self.do(who if who != "self" else of, task, of, **answers)


def rubric(score: str, comment: str, evidence: str = "BA pemeriksaan 4/2026") -> dict[str, str]:
    """The quality rubric filled in alike for each criterion, so that its total is the score."""
    given = {}
    for name in ("kebenaran", "kelengkapan", "kegunaan"):
        stem = f"skor_mutu_{name}"
        given |= {stem: score, f"{stem}_komentar": comment, f"{stem}_bukti": evidence}
    return given


BEHAVIOUR = {"perilaku_kerja": "sesuai", "alasan_perilaku": "Tiga kali mengambil alih loket saat rekan sakit"}
QUALITY = rubric("82,5", "Dua puluh berkas diperiksa, dua keliru eja") | {"kalibrasi": "tetap"}
WAY: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("self", "susun_skp", {"sudah_baca_standar": True}),
    ("kabid", "setujui_skp", {"keputusan_skp": "setuju"}),
    ("self", "lapor_realisasi", {"pernyataan_realisasi": True}),
    ("kabid", "nilai_perilaku", BEHAVIOUR),
    ("kadis", "setujui_penilaian", {"keputusan_atasan": "setuju"}),
    ("tim", "nilai_mutu", QUALITY),
    ("hr", "terbitkan", {"konfirmasi_terbit": True}),
    ("self", "baca_hasil", {"sudah_baca_alasan": True, "tanggapan": "terima"}),
)


def actor(name: str) -> Actor:
    return Actor.of(name.capitalize(), NIPS[name], ROLES.get(name, ()))


def organise(context: Context) -> None:
    units = [
        UnitEntry("pemkot", "Pemerintah Kota Kotalama", "Pemkot", "region", head_title="Wali Kota Kotalama"),
        UnitEntry("setda", "Sekretariat Daerah", "Setda", "agency", "pemkot"),
        UnitEntry("dukcapil", "Dinas Kependudukan dan Pencatatan Sipil", "Disdukcapil", "agency", "setda"),
        UnitEntry("dukcapil.1", "Bidang Pelayanan Pendaftaran Penduduk", "Dafduk", "division", "dukcapil"),
        UnitEntry("bkpsdm", "Badan Kepegawaian", "BKPSDM", "agency", "setda"),
    ]
    posts = [
        PositionEntry("wali_kota", "Wali Kota", "pemkot", 15, "pejabat_negara", leads=True),
        PositionEntry("kepala_perangkat_daerah", "Sekretaris Daerah", "setda", 14, "struktural", leads=True),
        PositionEntry("kepala_perangkat_daerah", "Kepala Dinas Dukcapil", "dukcapil", 14, "struktural", leads=True),
        PositionEntry("kepala_bidang", "Kepala Bidang Dafduk", "dukcapil.1", 11, "struktural", leads=True),
        PositionEntry("operator_layanan_adminduk", "Operator Layanan", "dukcapil.1", 6, formation=3),
        PositionEntry("kepala_perangkat_daerah", "Kepala BKPSDM", "bkpsdm", 14, "struktural", leads=True),
        PositionEntry("analis_kebijakan", "Analis Kebijakan Ahli Pertama", "bkpsdm", 8, "fungsional", "Ahli Pertama", formation=4),
    ]
    staff = [PersonEntry(nip, name.capitalize(), rank="Penata, III/c") for name, nip in NIPS.items()]
    seats = {
        "sekda": ("kepala_perangkat_daerah", "setda"), "kadis": ("kepala_perangkat_daerah", "dukcapil"),
        "kabid": ("kepala_bidang", "dukcapil.1"), "kaban": ("kepala_perangkat_daerah", "bkpsdm"),
        **dict.fromkeys(("sari", "budi", "citra"), ("operator_layanan_adminduk", "dukcapil.1")),
        **dict.fromkeys(("hr", "hr2", "tim", "tim2"), ("analis_kebijakan", "bkpsdm")),
    }  # fmt: skip
    first = date(2020, 1, 1)
    people.establish(
        context,
        units,
        posts,
        [PersonEntry("wali-kota", "Wali Kota", "pejabat_negara"), *staff],
        [AssignmentEntry("wali-kota", "wali_kota", "pemkot", first)]
        + [AssignmentEntry(NIPS[name], post, unit, first) for name, (post, unit) in seats.items()],
    )
    for name, roles in ROLES.items():
        accounts.create_account(context, name, "x", nip=NIPS[name], roles=[(role, "") for role in roles])


def events(folder: Path) -> tuple[Path, Path]:
    """Twenty identity cards and others for each operator: Sari late once, Budi late five times, Citra with one still open."""
    lines = ["id,petugas,layanan,mulai,selesai,tenggat"]
    for name, late in (("sari", 1), ("budi", 5), ("citra", 0)):
        for number in range(20):
            service = ("ktp_el", "ktp_el", "kartu_keluarga", "akta_kelahiran")[number % 4]
            minutes = 90 + number
            day = f"2026-03-{number % 20 + 1:02d}"
            finished = f"{day}T{8 + minutes // 60:02d}:{minutes % 60:02d}:00"
            if name == "citra" and number == 19:
                finished = ""
            due = f"{day}T09:00:00" if number < late * 4 and number % 4 == 0 else f"{day}T12:00:00"
            lines.append(f"{name}-{number},{NIPS[name]},{service},{day}T08:00:00,{finished},{due}")
    (folder / "peristiwa.csv").write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "peta.yaml").write_text(MAP, "utf-8")
    return folder / "peristiwa.csv", folder / "peta.yaml"


def attendance() -> list[measure.AttendanceEntry]:
    entry = measure.AttendanceEntry
    return [
        entry(NIPS["sari"], date(2026, 6, 1), 0), entry(NIPS["sari"], date(2026, 6, 2), 10),
        entry(NIPS["sari"], date(2026, 6, 3), 45), entry(NIPS["sari"], date(2026, 6, 4), None),
        entry(NIPS["sari"], date(2026, 5, 5), 200),
        entry(NIPS["sari"], date(2026, 6, 5), None, absent=True, excused=True),
        entry(NIPS["budi"], date(2026, 6, 1), None, absent=True), entry(NIPS["budi"], date(2026, 6, 2), None, absent=True),
    ]  # fmt: skip


@pytest.fixture
def open_city(engines: Engines) -> Callable[[Path], City]:
    """Opens a city's folder with the shared engines."""
    return lambda folder: opened_city(folder, engines=engines)


@pytest.fixture(scope="session")
def open_city_session(engines: Engines) -> Callable[[Path], City]:
    """The same for fixtures that outlive a test."""
    return lambda folder: opened_city(folder, engines=engines)


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Town]:
    """People and accounts only."""
    clock = FixedClock(START)
    with opened_city(tmp_path, clock) as city:
        city.store.upgrade()
        organise(Context(city, SYSTEM))
        yield Town(city, clock)


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    """Engines for all tests: starting one takes a second."""
    shared = Engines(tmp_path_factory.mktemp("mesin"))
    yield shared
    shared.close()


def publish_all(city: City, folder: Path) -> None:
    """People, published rules, a loaded process and records; no cycle yet."""
    city.store.upgrade()
    context = Context(city, SYSTEM)
    organise(context)
    author = Context(city, Actor.of("Penyusun", roles=["pejabat_kebijakan"]))
    approver = Context(city, Actor.of("Penetap", roles=["pejabat_penetap"]))
    submitted = publish.submit(author, shipped("rules"), "Aturan Kotalama")
    publish.approve(approver, submitted.values["fingerprint"], adopt=True)
    processes.load(context, shipped("workflows") / "penilaian-kinerja")
    csv, event_map = events(folder)
    loaded = load_map(event_map)
    measure.import_events(context, read_events(csv, loaded), loaded)
    measure.import_attendance(context, attendance(), "presensi.csv")


def open_all(city: City) -> None:
    """An open, measured cycle for everyone who can be appraised."""
    context = Context(city, SYSTEM)
    cycle.open_cycle(context, CYCLE, "Semester I Tahun 2026", PERIOD, "semester")
    measure.measure_cycle(context, CYCLE)


@pytest.fixture(scope="session")
def published(engines: Engines, made_once: Callable[[str, Callable[[Path], None]], Path]) -> Path:
    def build(folder: Path) -> None:
        folder.mkdir()
        with opened_city(folder, engines=engines) as city:
            publish_all(city, folder)

    return made_once("kota-tenang", build)


@pytest.fixture
def postgres_town(tmp_path: Path, engines: Engines, new_postgres: Callable[[], str]) -> Iterator[Town]:
    """The city with its open cycle, on PostgreSQL."""
    clock = FixedClock(START)
    with opened_city(tmp_path, clock, engines, database=new_postgres()) as city:
        publish_all(city, tmp_path)
        open_all(city)
        yield Town(city, clock)


@pytest.fixture(scope="session")
def opened(published: Path, engines: Engines, made_once: Callable[[str, Callable[[Path], None]], Path]) -> Path:
    def build(folder: Path) -> None:
        shutil.copytree(published, folder)
        with opened_city(folder, engines=engines) as city:
            open_all(city)

    return made_once("kota-berjalan", build)


def _copy(source: Path, tmp_path: Path, engines: Engines) -> Iterator[Town]:
    folder = tmp_path / "kota"
    shutil.copytree(source, folder)
    clock = FixedClock(START)
    city = opened_city(folder, clock, engines)
    yield Town(city, clock)
    city.close()


@pytest.fixture
def quiet(published: Path, tmp_path: Path, engines: Engines) -> Iterator[Town]:
    """The city before any cycle."""
    yield from _copy(published, tmp_path, engines)


@pytest.fixture
def town(opened: Path, tmp_path: Path, engines: Engines) -> Iterator[Town]:
    """The city with its open cycle."""
    yield from _copy(opened, tmp_path, engines)


@pytest.fixture
def race() -> Callable[[Path, str], Counter[tuple[str, ...]]]:
    """Eight processes, started together, approve all that waits; how often each (task, result) was said."""
    program = str(Path(__file__).with_name("racing.py"))

    def run(folder: Path, database: str) -> Counter[tuple[str, ...]]:
        workers = [
            subprocess.Popen(
                [sys.executable, program, "approve", str(folder), database, str(number)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )
            for number in range(8)
        ]  # fmt: skip
        for worker in workers:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "ready\n"
        for worker in workers:
            assert worker.stdin is not None
            worker.stdin.write("go\n")
            worker.stdin.flush()
        results = Counter(tuple(line.split()) for worker in workers for line in worker.communicate(timeout=300)[0].splitlines())
        assert [worker.returncode for worker in workers] == [0] * len(workers)
        return results

    return run
