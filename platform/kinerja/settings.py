"""Settings of one city, and where the shipped data (rules, workflows, configuration) lies.

A city is a folder with a `kinerja.toml`; what it leaves out comes from `config/default.toml`.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from .core.errors import InputError, Place
from .core.exactjson import read_text

CITY_FILE = "kinerja.toml"
CITY_VARIABLE = "KINERJA_CITY"
SHORTEST_SECRET = 16
EVIDENCE_KINDS = ("pdf", "jpeg", "png", "docx", "xlsx", "csv", "txt")
"""Kinds of files that can be told by their bytes and are safe to hand on (`services.sniffing`)."""
MOST_MEGABYTES = 100


def shipped(name: str) -> Path:
    """The folder of shipped data `rules`, `workflows`, `config` or `docs`: the installed package's, else the checkout's."""
    packaged = Path(str(files("kinerja"))) / "_data" / name
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[2] / name


@dataclass(frozen=True, slots=True)
class Settings:
    """folder: the city's folder, absolute. database: peewee URL; a relative SQLite path is taken from the folder.

    demo_clock: set only for demo cities; the instant their clock starts from. secret: signs cookies. evidence_bytes,
    evidence_kinds: of one file given as evidence.
    """

    folder: Path
    city: str
    short_name: str
    place: str
    database: str
    secret: str
    host: str
    port: int
    demo_clock: datetime | None
    register: str
    evidence_bytes: int
    evidence_kinds: tuple[str, ...]

    @property
    def rules(self) -> Path:
        return self.folder / "rules"

    @property
    def workflows(self) -> Path:
        return self.folder / "workflows"

    @property
    def letters(self) -> Path:
        return self.folder / "letters"

    @property
    def evidence(self) -> Path:
        return self.folder / "evidence"

    @property
    def is_demo(self) -> bool:
        return self.demo_clock is not None


def load_settings(folder: Path) -> Settings:
    """Read a city's settings; InputError names the file and what is wrong with it."""
    folder = folder.resolve()
    values = _read(shipped("config") / "default.toml")
    known = {section: set(keys) for section, keys in values.items()}
    own_file = folder / CITY_FILE
    for section, keys in _read(own_file).items():
        if section not in known or not isinstance(keys, dict) or (unknown := set(keys) - known[section]):
            bad = section if section not in known or not isinstance(keys, dict) else f"{section}.{sorted(unknown)[0]}"
            raise InputError(
                "setelan_tidak_dikenal",
                f"setelan “{bad}” tidak dikenal",
                f'unknown setting "{bad}"',
                place=Place(str(own_file)),
                remedy_id="lihat config/default.toml untuk nama yang berlaku",
                remedy_en="see config/default.toml for the names",
            )
        for key, value in keys.items():
            if type(value) is not type(values[section][key]):
                kind_id, kind_en = _KINDS[type(values[section][key])]
                raise _wrong(own_file, f"{section}.{key}", f"harus {kind_id}", f"must be {kind_en}")
        values[section].update(keys)
    clock = _clock(values["demo"]["clock"], own_file)
    if not 0 < values["web"]["port"] < 65536:
        raise _wrong(own_file, "web.port", "harus 1 sampai 65535", "must be 1 to 65535")
    kinds, largest = values["evidence"]["types"], values["evidence"]["max_megabytes"]
    if any(kind not in EVIDENCE_KINDS for kind in kinds):
        names = ", ".join(EVIDENCE_KINDS)
        raise _wrong(own_file, "evidence.types", f"hanya dapat berisi {names}", f"can only hold {names}")
    if not 0 < largest <= MOST_MEGABYTES:
        raise _wrong(own_file, "evidence.max_megabytes", f"harus 1 sampai {MOST_MEGABYTES}", f"must be 1 to {MOST_MEGABYTES}")
    secret = values["web"]["secret"]
    if secret.startswith("demo-") and not clock:
        raise InputError(
            "rahasia_demo",
            "kunci rahasia demo dipakai di luar demo",
            "the demo's secret is used outside a demo city",
            place=Place(str(own_file)),
            remedy_id="buat kunci baru: kinerja init",
            remedy_en="make a new one: kinerja init",
        )
    if len(secret) < SHORTEST_SECRET and not clock:
        raise _wrong(
            own_file, "web.secret", f"kurang dari {SHORTEST_SECRET} huruf", f"is shorter than {SHORTEST_SECRET} characters"
        )
    return Settings(
        folder=folder,
        city=values["city"]["name"],
        short_name=values["city"]["short_name"],
        place=values["city"]["place"],
        database=values["store"]["url"],
        secret=secret,
        host=values["web"]["host"],
        port=values["web"]["port"],
        demo_clock=clock,
        register=values["letters"]["register"],
        evidence_bytes=largest * 1_000_000,
        evidence_kinds=tuple(kinds),
    )


_KINDS: dict[type, tuple[str, str]] = {
    str: ("teks dalam tanda kutip", "text in quotes"),
    int: ("bilangan bulat", "a whole number"),
    list: ("daftar dalam kurung siku", "a list in brackets"),
}


def _wrong(file: Path, setting: str, why_id: str, why_en: str) -> InputError:
    return InputError(
        "setelan_salah",
        f"setelan {setting} {why_id}",
        f"the setting {setting} {why_en}",
        place=Place(str(file)),
        remedy_id="lihat config/default.toml; kinerja init menulis contohnya",
        remedy_en="see config/default.toml; kinerja init writes an example",
    )


def _clock(text: str, file: Path) -> datetime | None:
    if not text:
        return None
    try:
        clock = datetime.fromisoformat(text)
    except ValueError as error:
        raise _wrong(file, "demo.clock", "bukan saat ISO 8601", "is not an ISO 8601 instant") from error
    if clock.tzinfo is None:
        raise _wrong(file, "demo.clock", "tanpa zona waktu", "has no time zone")
    return clock


def find_city(option: str | None) -> Path | None:
    """The city folder named by the option, by KINERJA_CITY, or the current folder when it is a city; else None."""
    named = option or os.environ.get(CITY_VARIABLE)
    folder = Path(named) if named else Path.cwd()
    if (folder / CITY_FILE).is_file():
        return folder.resolve()
    if named:
        raise InputError(
            "bukan_kota",
            f"folder “{named}” bukan kota Kinerja (tidak ada {CITY_FILE})",
            f'"{named}" is not a Kinerja city (no {CITY_FILE})',
            remedy_id="buat dengan: kinerja init " + named,
            remedy_en="make it with: kinerja init " + named,
        )
    return None


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(read_text(file))
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            "toml_tidak_sah",
            f"TOML tidak sah ({error})",
            f"malformed TOML ({error})",
            place=Place(str(file)),
            remedy_id="perbaiki baris itu",
            remedy_en="mend that line",
        ) from error
