"""The invented roster: units, posts and people, drawn deterministically from `config/demo/city.yaml`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

import yaml

from ..core.periods import Period

RANKS = {5: "Pengatur Muda, II/a", 6: "Pengatur, II/c", 7: "Penata Muda, III/a", 8: "Penata Muda Tk. I, III/b", 9: "Penata, III/c"}
SENIOR_RANKS = {10: "Penata Tk. I, III/d", 11: "Pembina, IV/a", 12: "Pembina Tk. I, IV/b", 14: "Pembina Utama Muda, IV/c"}


@dataclass(frozen=True, slots=True)
class Unit:
    """kind: region, agency or division. parent: code, "" at the top."""

    code: str
    name: str
    short_name: str
    kind: str
    parent: str


@dataclass(frozen=True, slots=True)
class Post:
    """code: position code of rules/standards/. leads: the holder appraises the people of the unit."""

    code: str
    title: str
    unit: str
    job_class: int
    kind: str
    level: str | None
    leads: bool


@dataclass(frozen=True, slots=True)
class Member:
    """One person in one post. employee: False for the elected heads, who appraise but have no case."""

    nip: str
    name: str
    rank: str
    post: Post
    employee: bool = True


@dataclass(frozen=True, slots=True)
class Roster:
    units: tuple[Unit, ...]
    members: tuple[Member, ...]

    @property
    def agencies(self) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.units if unit.kind == "agency")

    def agency_of(self, unit: str) -> str:
        return unit.split(".")[0]


@dataclass(frozen=True, slots=True)
class CityPlan:
    """What the file says, read once."""

    city: str
    seed: int
    clock: datetime
    cycle_code: str
    cycle_title: str
    period: Period
    raw: dict[str, Any]


def load_plan(file: Path) -> CityPlan:
    raw = yaml.safe_load(file.read_text("utf-8"))
    cycle = raw["cycle"]
    return CityPlan(raw["city"], raw["seed"], raw["clock"], cycle["code"], cycle["title"], Period(cycle["from"], cycle["to"]), raw)


def draw_roster(plan: CityPlan, agencies: tuple[str, ...] | None = None) -> Roster:
    """Units, posts and people of the plan (or of the named agencies only)."""
    random = Random(plan.seed)  # noqa: S311 - invented people, not secrets
    names = _names(plan.raw["names"], random)
    units = [
        Unit("provinsi", "Pemerintah Provinsi", "Provinsi", "region", ""),
        Unit("pemkot", f"Pemerintah {plan.city}", "Pemkot", "region", "provinsi"),
    ]
    members = [
        Member(
            "GUBERNUR", "Gubernur", "", Post("gubernur", "Gubernur", "provinsi", 15, "pejabat_negara", None, True), employee=False
        ),
        Member(
            "WALIKOTA",
            f"Wali {plan.city}",
            "WALIKOTA",
            Post("wali_kota", f"Wali {plan.city}", "pemkot", 15, "pejabat_negara", None, True),
            employee=False,
        ),
    ]
    serial = 0
    for agency in plan.raw["agencies"]:
        code, name = agency["code"], agency["name"]
        wanted = agencies is None or code in agencies
        parent = "pemkot" if code == "setda" else "setda"
        people: list[Member] = []
        rooms = [Unit(code, name, agency["short"], "agency", parent)]
        head = _post(plan, "kepala_perangkat_daerah", code, _head_title(name), leads=True)
        people.append(_member(head, names, random, serial := serial + 1))
        for index, (division, posts) in enumerate(agency["divisions"].items()):
            room = f"{code}.{index + 1}"
            rooms.append(Unit(room, division, division, "division", code))
            chief, title = _chief(division)
            people.append(_member(_post(plan, chief, room, title, leads=True), names, random, serial := serial + 1))
            for post_code, number in posts.items():
                post = _post(plan, post_code, room, plan.raw["posts"][post_code]["title"], leads=False)
                people.extend(_member(post, names, random, serial := serial + 1) for _ in range(number))
        if wanted or code == "setda":
            units.extend(rooms)
            members.extend(people if wanted else people[:1])
    return Roster(tuple(units), tuple(members))


def _head_title(agency: str) -> str:
    if agency.startswith("Sekretariat Daerah"):
        return "Sekretaris Daerah"
    if agency.startswith("Inspektorat"):
        return "Inspektur"
    if agency.startswith("Rumah Sakit"):
        return "Direktur " + agency
    return "Kepala " + agency.replace("Satuan Polisi", "Satuan Polisi")


def _chief(division: str) -> tuple[str, str]:
    if division == "Sekretariat":
        return "sekretaris", "Sekretaris"
    if division.startswith("Inspektur Pembantu"):
        return "kepala_bidang", division
    return "kepala_bidang", "Kepala " + division


def _post(plan: CityPlan, code: str, unit: str, title: str, *, leads: bool) -> Post:
    raw = plan.raw["posts"][code]
    return Post(code, title, unit, raw["class"], raw["kind"], raw.get("level"), leads)


def _member(post: Post, names: Iterator[tuple[str, bool]], random: Random, serial: int) -> Member:
    name, female = next(names)
    senior = post.job_class >= 11
    born = date(
        random.randrange(1968, 1979) if senior else random.randrange(1980, 1999), random.randrange(1, 13), random.randrange(1, 29)
    )
    appointed = born.year + random.randrange(23, 28)
    nip = f"{born:%Y%m%d}{appointed}{random.randrange(1, 13):02d}{2 if female else 1}{serial:03d}"
    return Member(nip, name, (RANKS | SENIOR_RANKS)[post.job_class], post)


def _names(raw: dict[str, list[str]], random: Random) -> Iterator[tuple[str, bool]]:
    """Distinct invented names, in a shuffled order; (name, is a woman's)."""
    pairs = [
        (f"{first} {last}", female)
        for female, key in ((False, "first_male"), (True, "first_female"))
        for first in raw[key]
        for last in raw["last"]
    ]
    random.shuffle(pairs)
    yield from pairs
