"""`kinerja init`: a city of one's own."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

import click

from ..bootstrap import drift, establish, founded
from ..core.errors import InputError
from ..settings import CITY_FILE
from .common import guarded, note

SHORTEST_PASSWORD = 10


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", default="Kota Kotalama", show_default=True, help="Name of the city, as letters print it.")
@click.option("--admin", "administrator", default="admin", show_default=True, help="Account name of the first administrator.")
@click.option("--database", default="sqlite:kinerja.db", show_default=True, metavar="URL", help="sqlite:FILE or postgresql://…")
@click.option("--password-stdin", is_flag=True, help="Read the administrator's password from standard input.")
@guarded
def init(folder: Path, name: str, administrator: str, database: str, password_stdin: bool) -> None:
    """Make a city in DIR: rules/, workflows/, config/ to edit, a database, a first release, the first administrator.

    On an existing city it changes nothing and shows how the city's files differ from those that ship now.
    """
    if (folder / CITY_FILE).is_file():
        _show_drift(folder)
        return
    password, shown = _password(password_stdin)
    with founded(folder.resolve(), _settings(name, database)) as draft:
        establish(draft, administrator, password)
    note(f"{name} siap di {folder}/ — rules/, workflows/ dan config/ milik Anda; pemutakhiran tidak menimpanya.")
    click.echo(f"akun: {administrator}")
    if shown:
        click.echo(f"kata sandi: {password}")
    click.echo(f"berikutnya: kinerja serve --city {folder}")


def _password(from_stdin: bool) -> tuple[str, bool]:
    """The password, and whether it was made here and must be shown once."""
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        password = click.prompt("Kata sandi administrator", hide_input=True, confirmation_prompt=True, err=True)
    else:
        return secrets.token_urlsafe(15), True
    if len(password) < SHORTEST_PASSWORD:
        raise InputError(
            "sandi_terlalu_pendek",
            f"kata sandi kurang dari {SHORTEST_PASSWORD} huruf",
            f"the password is shorter than {SHORTEST_PASSWORD} characters",
            remedy_id="pakai kalimat yang mudah diingat",
            remedy_en="use a phrase that is easy to remember",
        )
    return password, False


def _settings(name: str, database: str) -> str:
    short = name.removeprefix("Kota ").removeprefix("Kabupaten ")
    lines = {
        "city": {"name": name, "short_name": short, "place": short},
        "store": {"url": database},
        "web": {"secret": secrets.token_urlsafe(48)},
    }
    return "\n".join(
        f"[{section}]\n" + "".join(f"{key} = {_quoted(value)}\n" for key, value in values.items())
        for section, values in lines.items()
    )


def _quoted(text: str) -> str:
    """A TOML basic string."""
    escaped = "".join(c if c >= " " and c not in '"\\' else f"\\u{ord(c):04x}" for c in text)
    return f'"{escaped}"'


def _show_drift(folder: Path) -> None:
    found = drift(folder)
    note(f"{folder}/ sudah kota Kinerja; tidak ada yang diubah.")
    for word, names in (("berbeda", found.changed), ("tidak ada di sini", found.missing), ("milik kota", found.own)):
        for file in names:
            click.echo(f"{word}: {file}")
    if not (found.changed or found.missing):
        click.echo("sama dengan bawaan paket")
