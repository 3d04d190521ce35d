"""What a city may spend on allowances in a year, by agency: `config/anggaran.toml` of the city, or a file of that shape.

[tpp.2026]
basis = "Perda Kota Kotalama 9/2025 tentang APBD 2026"
total = 18_000_000_000                  # optional: otherwise the sum, where every agency has one

[tpp.2026.units]
bapenda = 1_250_000_000                 # code of an agency, rupiah a year
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from ...bulk.simulation import Budget
from ...core.errors import InputError, Place
from ...core.exactjson import read_text
from ..city import City

FILE = "config/anggaran.toml"


def of_city(city: City, year: int) -> Budget:
    """The city's budget of that year; an empty one where it has none."""
    file = city.folder / FILE
    return read_budget(file, year) if file.is_file() else Budget()


def read_budget(file: Path, year: int) -> Budget:
    """Raises InputError(`anggaran_salah`) naming the entry that is not as it should be."""
    try:
        held: dict[str, Any] = tomllib.loads(read_text(file))
    except tomllib.TOMLDecodeError as error:
        raise _wrong(file, f"TOML tidak sah ({error})", f"malformed TOML ({error})") from error
    years = held.get("tpp", {})
    if set(held) - {"tpp"} or not isinstance(years, dict):
        raise _wrong(file, "hanya bagian [tpp.TAHUN] yang dikenal", "only sections [tpp.YEAR] are known")
    chosen = years.get(str(year), {})
    if not isinstance(chosen, dict) or set(chosen) - {"basis", "total", "units"}:
        raise _wrong(file, f"tpp.{year}: hanya basis, total dan units", f"tpp.{year}: only basis, total and units")
    units, total, basis = chosen.get("units", {}), chosen.get("total"), chosen.get("basis", "")
    if not isinstance(units, dict):
        raise _wrong(file, f"tpp.{year}: units bukan daftar perangkat daerah", f"tpp.{year}: units is no list of agencies")
    amounts = {**units, **({} if total is None else {"total": total})}
    for name, amount in amounts.items():
        if type(amount) is not int or amount < 0:
            raise _wrong(file, f"tpp.{year}: {name} bukan rupiah bulat", f"tpp.{year}: {name} is no whole amount of rupiah")
    if not isinstance(basis, str):
        raise _wrong(file, f"tpp.{year}: basis bukan teks", f"tpp.{year}: basis is no text")
    return Budget(units, total, basis)


def _wrong(file: Path, text_id: str, text_en: str) -> InputError:
    return InputError(
        "anggaran_salah",
        text_id,
        text_en,
        place=Place(str(file)),
        remedy_id="lihat contoh dalam docs/operations.md",
        remedy_en="see the example in docs/operations.md",
    )
