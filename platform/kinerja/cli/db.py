"""`kinerja db upgrade|backup`: the store of a city."""

from __future__ import annotations

from pathlib import Path

import click

from ..core.errors import ConflictError, InputError
from ..settings import load_settings
from ..store.database import Store
from .common import city_folder, city_option, guarded


@click.group()
def db() -> None:
    """The store: bring it up to date, take a copy."""


@db.command()
@city_option
@guarded
def upgrade(city: str | None) -> None:
    """Apply the migrations that are missing."""
    settings = load_settings(city_folder(city))
    with Store.open(settings.database, settings.folder) as store:
        applied = store.upgrade()
    click.echo("\n".join(applied) if applied else "sudah mutakhir")


@db.command()
@click.argument("file", type=click.Path(path_type=Path))
@city_option
@guarded
def backup(file: Path, city: str | None) -> None:
    """Copy an SQLite store into FILE, whole and consistent, while others work, and its evidence into FILE.evidence.tar beside it.

    (PostgreSQL: pg_dump, and a copy of the folder evidence/.)
    """
    from ..services.custody import pack

    settings = load_settings(city_folder(city))
    if file.exists():
        raise ConflictError(
            "berkas_sudah_ada",
            f"“{file}” sudah ada",
            f'"{file}" exists already',
            remedy_id="pilih nama lain",
            remedy_en="choose another name",
        )
    with Store.open(settings.database, settings.folder) as store:
        if not store.is_sqlite:
            raise InputError(
                "bukan_sqlite",
                "basis data kota ini di PostgreSQL",
                "this city's store is on PostgreSQL",
                remedy_id="pakai pg_dump",
                remedy_en="use pg_dump",
            )
        store.database.execute_sql("VACUUM INTO ?", (str(file),))
        click.echo(f"{file}: {file.stat().st_size} byte")
        beside = file.with_name(file.name + ".evidence.tar")
        beside.unlink(missing_ok=True)
        click.echo(f"{beside}: {pack(settings, beside)} berkas bukti")
