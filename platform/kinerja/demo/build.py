"""The demo city's ground: rules, workflows, people, accounts, and the records of a half-year."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from argon2.low_level import Type, hash_secret

from ..bootstrap import install_rules, load_workflows
from ..core.errors import ConflictError
from ..ingest import EventLog, EventMap, load_map, read_events
from ..services.city import City
from ..services.context import SYSTEM, Actor, Context
from ..services.evaluation import measure
from ..services.pay import budgets
from ..services.staff import accounts, people
from ..settings import CITY_FILE, load_settings, shipped
from .conduct import Conduct, attendance
from .permits import synthesise_permits
from .roster import CityPlan, Member, Roster
from .summary import Account

PASSWORD = "kotalama-2026"  # noqa: S105 - a demo city's, printed in its summary
SECRET = "demo-secret-of-an-invented-city"  # noqa: S105 - refused outside demo cities
SINCE = date(2025, 1, 1)

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays which part beyond their post: role → people; accounts: what the reader may sign in as."""

    hr: tuple[Member, ...]
    team: tuple[Member, ...]
    policy_officer: Member
    signatory: Member
    auditor: Member
    employee: Member
    appraiser: Member
    superior: Member


def settings_text(plan: CityPlan) -> str:
    return (
        f'[city]\nname = "{plan.city}"\n\n[web]\nsecret = "{SECRET}"\n\n[letters]\nregister = "DEMO"\n\n'
        f'[demo]\nclock = "{plan.clock.isoformat()}"\n'
    )


def clear(folder: Path) -> None:
    """Remove an earlier demo city; anything else in the way is a ConflictError(`bukan_kota_demo`) and stays."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not (folder / CITY_FILE).is_file() or not load_settings(folder).is_demo:
        raise ConflictError(
            "bukan_kota_demo",
            f"“{folder}” bukan kota demo; tidak disentuh",
            f'"{folder}" is not a demo city; left alone',
            remedy_id="pilih folder lain dengan --dir",
            remedy_en="choose another folder with --dir",
        )
    shutil.rmtree(folder)


def settle(city: City, roster: Roster, cast: Cast) -> None:
    """Rules published by two people, workflows loaded, the roster and its accounts established."""
    install_rules(city, city.settings.rules, Actor.of(cast.signatory.name, cast.signatory.nip, ("pejabat_penetap",)))
    load_workflows(city, city.settings.workflows)
    budget = city.folder / budgets.FILE
    budget.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(shipped("config") / "demo" / budget.name, budget)
    system = Context(city, SYSTEM)
    people.establish(
        system,
        units=[
            people.UnitEntry(unit.code, unit.name, unit.short_name, unit.kind, unit.parent, _head_title(roster, unit.code))
            for unit in roster.units
        ],
        positions=_positions(roster),
        people=[
            people.PersonEntry(member.nip, member.name, "PNS" if member.employee else "pejabat_negara", member.rank)
            for member in roster.members
        ],
        assignments=[
            people.AssignmentEntry(member.nip, member.post.code, member.post.unit, SINCE, job_class=member.post.job_class)
            for member in roster.members
        ],
    )
    _accounts(system, cast)


def _head_title(roster: Roster, unit: str) -> str:
    return next((member.post.title for member in roster.members if member.post.unit == unit and member.post.leads), "")


def _positions(roster: Roster) -> list[people.PositionEntry]:
    counts: dict[tuple[str, str], int] = {}
    posts = {}
    for member in roster.members:
        key = (member.post.unit, member.post.code)
        counts[key] = counts.get(key, 0) + 1
        posts[key] = member.post
    return [
        people.PositionEntry(post.code, post.title, post.unit, post.job_class, post.kind, post.level, post.leads, counts[key])
        for key, post in posts.items()
    ]


def choose_cast(roster: Roster, post: str = "operator_layanan_adminduk") -> Cast:
    """The first fitting people, by post and unit; the employee who reads why is the first in `post`."""

    def holders(unit: str, code: str) -> list[Member]:
        return [m for m in roster.members if m.post.unit.split(".")[0] == unit and m.post.code == code]

    def leader(unit: str) -> Member:
        return next(m for m in roster.members if m.post.unit == unit and m.post.leads)

    analysts, auditors = holders("setda", "analis_kebijakan"), holders("inspektorat", "auditor")
    employee = next(m for m in roster.members if m.post.code == post)
    staff = holders("bkpsdm", "analis_kebijakan")
    return Cast(
        hr=(staff[0], staff[1]),
        team=(auditors[0], analysts[1]),
        policy_officer=analysts[2],
        signatory=leader("setda"),
        auditor=auditors[1],
        employee=employee,
        appraiser=leader(employee.post.unit),
        superior=leader(roster.agency_of(employee.post.unit)),
    )


def reader_accounts(cast: Cast) -> tuple[Account, ...]:
    """The sign-ins that the summary names, in the order in which a reader may want them."""
    return (
        Account("penilai", cast.appraiser.name, "menilai perilaku (Tugas saya)"),
        Account("atasan", cast.superior.name, "menyetujui penilaian"),
        Account("tim", cast.team[0].name, "menilai mutu"),
        Account("bkpsdm", cast.hr[0].name, "menekan Terbitkan dan membuka PDF"),
        Account("pegawai", cast.employee.name, "membaca mengapa"),
        Account("admin", "administrator", "melihat semuanya"),
    )


def _accounts(system: Context, cast: Cast) -> None:
    rows = [
        ("admin", "", ["administrator"]),
        ("penilai", cast.appraiser.nip, []),
        ("atasan", cast.superior.nip, []),
        ("pegawai", cast.employee.nip, []),
        ("tim", cast.team[0].nip, ["tim_evaluasi"]),
        ("tim2", cast.team[1].nip, ["tim_evaluasi"]),
        ("bkpsdm", cast.hr[0].nip, ["bkpsdm"]),
        ("bkpsdm2", cast.hr[1].nip, ["bkpsdm"]),
        ("kebijakan", cast.policy_officer.nip, ["pejabat_kebijakan"]),
        ("penetap", cast.signatory.nip, ["pejabat_penetap"]),
        ("auditor", cast.auditor.nip, ["auditor"]),
    ]
    for username, nip, roles in rows:
        accounts.create_account(
            system, username, _hash(username), nip=nip, roles=[(role, "") for role in roles], uniquifier=f"demo-{username}"
        )


def _hash(username: str) -> str:
    """argon2id with a salt of the account's name, so that the demo repeats byte for byte; real accounts get a random one."""
    return hash_secret(PASSWORD.encode(), f"demo-{username}-salt".encode(), 2, 19_456, 1, 32, Type.ID).decode()


def record(city: City, roster: Roster, plan: CityPlan, hr: Context, conduct: Mapping[str, Conduct], progress: Progress) -> None:
    """Service events of the registry and the permit office, and everyone's attendance."""
    config = shipped("config") / "demo"
    operators = [m for m in roster.members if m.post.code == "operator_layanan_adminduk"]
    officers = [m for m in roster.members if m.post.code == "penata_perizinan"]
    data = city.folder / "data"
    data.mkdir(exist_ok=True)
    registry = data / "adminduk-events.csv"
    shutil.copyfile(config / "adminduk-events.csv", registry)
    permits = data / "perizinan-events.csv"
    codes = [f"PTSP-{number:02d}" for number in range(1, len(officers) + 1)]
    permits.write_text(synthesise_permits(codes, plan.period, plan.seed), "utf-8")
    for file, map_file, members in ((registry, "adminduk-map.yaml", operators), (permits, "perizinan-map.yaml", officers)):
        if not members:
            continue
        progress(f"kejadian layanan {file.name}")
        event_map = load_map(config / map_file)
        log = read_events(file, event_map)
        measure.import_events(hr, log, event_map, officers_of(log, event_map, members))
    progress("presensi")
    holidays = frozenset(city.calendar.holidays) if city.calendar else frozenset()
    entries = [
        entry
        for member in roster.members
        if member.employee
        for entry in attendance(member.nip, conduct[member.nip], plan.period, holidays)
    ]
    measure.import_attendance(hr, entries, "mesin presensi (buatan)")


def officers_of(log: EventLog, event_map: EventMap, members: list[Member]) -> dict[str, str]:
    """Officer codes of a log, in their order, to the NIPs of the members, in theirs."""
    names = [name for name in log.officers if name not in event_map.no_letter]
    return {name: member.nip for name, member in zip(names, members, strict=False)}
