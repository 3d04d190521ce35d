"""What every command shares: errors to exit statuses, the current city, the rules to use, JSON out."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn, ParamSpec, TypeVar

import click

from ..core.errors import IncidentError, InputError, KinerjaError, Place
from ..core.exactjson import dumps, load, loads
from ..settings import find_city, shipped

P = ParamSpec("P")
R = TypeVar("R")

json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
rules_option = click.option("--rules", "rules", metavar="DIR", help="Rules folder (default: the city's release, else rules/).")
on_option = click.option("--on", "on", metavar="DATE", help="Judgement day, YYYY-MM-DD (default: the latest version).")
city_option = click.option("--city", "city", metavar="DIR", help="City folder (default: $KINERJA_CITY, else this folder).")

ENGLISH = click.option("--en", "english", is_flag=True, help="English sentences.")


def guarded(command: Callable[P, R]) -> Callable[P, R]:
    """Turn a KinerjaError into its exit status: one line on stderr and, with --json, an {"error": …} document on stdout.

    A mistake of our own is an incident on one line too; with KINERJA_TRACEBACK set it is raised as it is.
    """

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except KinerjaError as error:
            _tell(error, **_wanted(kwargs))
        except BrokenPipeError:  # the reader (head, less) has gone: nothing more to say
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:
            if os.environ.get("KINERJA_TRACEBACK"):
                raise
            told = _refused_by_the_system(error) if isinstance(error, OSError) and error.filename else _incident(error)
            _tell(told, **_wanted(kwargs))

    return run


def _wanted(options: Mapping[str, Any]) -> dict[str, bool]:
    return {"as_json": bool(options.get("as_json")), "english": bool(options.get("english"))}


def _tell(error: KinerjaError, *, as_json: bool, english: bool) -> NoReturn:
    if as_json:
        emit({"error": error.as_json()})
    click.echo(error.line("en" if english else "id"), err=True)
    sys.exit(error.exit_status)


def _refused_by_the_system(error: OSError) -> InputError:
    return InputError(
        "sistem_menolak",
        f"sistem menolak ({error.strerror})",
        f"the system refuses ({error.strerror})",
        place=Place(str(error.filename)),
        remedy_id="periksa nama, izin dan ruang penyimpanan",
        remedy_en="check name, permissions and space",
    )


def _incident(error: Exception) -> IncidentError:
    return IncidentError(
        "insiden",
        f"kesalahan di dalam Kinerja ({type(error).__name__}: {error})",
        f"a mistake inside Kinerja ({type(error).__name__}: {error})",
        remedy_id="ulangi dengan KINERJA_TRACEBACK=1 dan laporkan keluarannya",
        remedy_en="run it again with KINERJA_TRACEBACK=1 and report the output",
    )


def emit(document: Any) -> None:
    """One JSON document on stdout."""
    click.echo(dumps(document, indent=2))


def json_object(given: str | None, option: str) -> dict[str, Any]:
    """The value of an option JSON|@FILE, exact; {} when it was not given. InputError(`bentuk_salah`) for anything but an object."""
    if given is None:
        return {}
    value = load(Path(given[1:])) if given.startswith("@") else loads(given, file=option)
    if not isinstance(value, dict):
        raise not_an_object(given[1:] if given.startswith("@") else option)
    return value


def not_an_object(file: str, line: int = 0) -> InputError:
    return InputError(
        "bentuk_salah",
        "isinya harus sebuah objek JSON",
        "a JSON object is expected",
        place=Place(file, line),
        remedy_id="mulai dengan { dan tutup dengan }",
        remedy_en="begin with { and end with }",
    )


def note(text: str) -> None:
    """Progress and notes: stderr."""
    click.echo(text, err=True)


def rules_folder(option: str | None) -> Path:
    """The rules to use: the option; else the published release of the current city; else the shipped rules."""
    if option is not None:
        return existing_folder(option)
    city = find_city(None)
    if city:
        from ..bootstrap import released_rules

        return released_rules(city)
    own = Path("rules")
    return own if (own / "vocabulary.yaml").is_file() else shipped("rules")


def existing_folder(name: str) -> Path:
    folder = Path(name)
    if not name or not folder.is_dir():
        raise InputError(
            "folder_tidak_ada",
            f"folder “{name}” tidak ada",
            f'there is no folder "{name}"',
            remedy_id="periksa nama folder",
            remedy_en="check the folder's name",
        )
    return folder


def city_folder(option: str | None) -> Path:
    """The city of the option, else of the environment, else this folder; InputError(`tidak_ada_kota`) when there is none."""
    folder = find_city(option)
    if folder is None:
        raise InputError(
            "tidak_ada_kota",
            "perintah ini memerlukan kota",
            "this command needs a city",
            remedy_id="sebutkan --city DIR, misalnya --city var/demo",
            remedy_en="name one: --city DIR, for example --city var/demo",
        )
    return folder


def new_file(file: Path, data: bytes) -> None:
    """Write bytes into a file that there is not yet. InputError(`berkas_tidak_tertulis`)."""
    try:
        with file.open("xb") as opened:
            opened.write(data)
    except OSError as error:
        raise _not_written(file, error) from error


def write_file(file: Path, text: str, *, folders: bool = False) -> None:
    """Write a text file; folders: make those it stands in. InputError(`berkas_tidak_tertulis`) when the system refuses."""
    try:
        if folders:
            file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    except OSError as error:
        raise _not_written(file, error) from error


def _not_written(file: Path, error: OSError) -> InputError:
    return InputError(
        "berkas_tidak_tertulis",
        f"berkas tidak dapat ditulis ({error.strerror})",
        f"cannot write the file ({error.strerror})",
        place=Place(str(file)),
        remedy_id="periksa folder dan izinnya",
        remedy_en="check the folder and its permissions",
    )
