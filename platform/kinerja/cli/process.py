"""`kinerja process`: check, draw, load, start and move processes. Exit status 1 when a process file has an error."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from ..core.errors import FindingsError, InputError
from ..core.periods import parse_date
from ..process import CheckedProcess, check_path
from ..process import picture as draw
from ..settings import find_city
from .acting import acting, as_option
from .common import city_option, emit, guarded, json_option, note, rules_folder, write_file


@click.group()
def process() -> None:
    """Processes (BPMN): check a file, draw it, load it into the city, start a case, move running cases to a new version."""


@process.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--rules",
    "rules",
    type=click.Path(path_type=Path),
    help="Rules that decision names are checked against (default: the city's release, else rules/ where there is one).",
)
@click.option("--en", "english", is_flag=True, help="English sentences.")
@json_option
@guarded
def check(file: Path, rules: Path | None, english: bool, as_json: bool) -> None:
    """Report everything that is wrong with FILE (a .bpmn file or a process folder) and its forms."""
    checked = _checked(file, rules)
    if as_json:
        emit({
            "file": str(file),
            "process": checked.source.id if checked.source else None,
            "version": checked.definition.version if checked.definition else None,
            "ok": not checked.errors,
            "diagnostics": [found.as_json() for found in checked.diagnostics],
        })  # fmt: skip
    else:
        for found in checked.diagnostics:
            click.echo(found.line("en" if english else "id"))
        note(_summary(checked, english))
    if checked.errors:
        raise SystemExit(FindingsError.exit_status)


@process.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Write here instead of to stdout.")
@click.option("--case", "case", type=int, metavar="ID", help="Mark the way and place of a case, in the version it runs on.")
@click.option("--en", "english", is_flag=True, help="English legend.")
@city_option
@guarded
def picture(file: Path, output: Path | None, case: int | None, english: bool, city: str | None) -> None:
    """Draw the diagram of FILE as SVG."""
    _write(_of_file(file, english) if case is None else _of_case(file, case, city, english), output)


@process.command()
@click.argument("name", metavar="PROCESS")
@click.option("--subject", "key", required=True, help='What the case is about, once each: "pembinaan:12", "audiensi:2026-07".')
@click.option("--title", required=True, help="The same in words, as the desks show it.")
@click.option("--from", "first", required=True, metavar="DATE")
@click.option("--to", "last", required=True, metavar="DATE")
@click.option("--unit", default="", metavar="CODE", help="The unit it concerns; default: the whole city.")
@click.option("--person", "nip", default="", metavar="NIP", help="The employee it concerns, with their post and authorities.")
@as_option
@city_option
@json_option
@guarded
def start(
    name: str, key: str, title: str, first: str, last: str, unit: str, nip: str, account: str, city: str | None, as_json: bool
) -> None:
    """Start a case of a loaded process. The same subject again brings the case that is there."""
    from ..services import starting
    from .task import show_receipt

    with acting(city, account) as context:
        receipt = starting.start(context, name, key, title, parse_date(first), parse_date(last), unit, nip)
    show_receipt(receipt, as_json)


@process.command("list")
@as_option
@city_option
@json_option
@guarded
def list_processes(account: str, city: str | None, as_json: bool) -> None:
    """The city's processes: newest version, and how many cases run on it and on older ones."""
    from ..services.bpmn import workflows

    with acting(city, account) as context:
        found = workflows.processes(context)
    if as_json:
        emit([asdict(line) for line in found])
        return
    for line in found:
        older = f", {line.older} pada versi lama" if line.older else ""
        click.echo(f"{line.process:<20} {line.version[:12]}  {line.running} kasus berjalan{older}  {line.title}")


@process.command()
@click.argument("folder", type=click.Path(path_type=Path))
@as_option
@city_option
@json_option
@guarded
def load(folder: Path, account: str, city: str | None, as_json: bool) -> None:
    """Load a process folder as the newest version; cases that run stay on theirs. The same files again change nothing."""
    from ..services.bpmn import processes
    from .task import show_receipt

    with acting(city, account) as context:
        receipt = processes.load(context, folder.resolve())
    show_receipt(receipt, as_json)


@process.command()
@click.argument("name", metavar="PROCESS")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@as_option
@city_option
@guarded
def export(name: str, folder: Path, account: str, city: str | None) -> None:
    """Write the files of the newest version below DIR, as `kinerja process load DIR/PROCESS` reads them."""
    from ..services.bpmn import workflows

    with acting(city, account) as context:
        files = workflows.files_of(context, name)
    for file, text in files.items():
        write_file(folder / file, text, folders=True)
    note(f"{len(files)} berkas → {folder / name}")


@process.command()
@click.argument("name", metavar="PROCESS")
@click.option("--preview", is_flag=True, help="Only count what would move, and what is blocked and why.")
@click.option(
    "--map", "renamed", multiple=True, metavar="OLD=NEW", help="A task that has another id in the new version; repeatable."
)
@click.option("--undo", "batch", metavar="BATCH", help="Put back the cases of an earlier move that have not gone on since.")
@as_option
@city_option
@json_option
@guarded
def migrate(
    name: str, preview: bool, renamed: tuple[str, ...], batch: str | None, account: str, city: str | None, as_json: bool
) -> None:
    """Move the running cases of PROCESS to its newest version. Timers keep their instant; those that fired stay fired."""
    from ..services.bpmn import migrating
    from .task import show_receipt

    mapping = _mapping(renamed)
    with acting(city, account) as context:
        if not preview:
            receipt = migrating.undo(context, batch) if batch else migrating.migrate(context, name, mapping)
            show_receipt(receipt, as_json)
            if not as_json and not batch:
                note(f"kembali: kinerja process migrate {name} --undo {receipt.values['batch']}")
            return
        found = migrating.preview(context, name, mapping)
    if as_json:
        emit({version: seen.as_json() for version, seen in found.items()})
        return
    for version, seen in found.items():
        click.echo(f"dari versi {version[:12]}: {seen.movable} dapat dipindah, {len(seen.blocked)} terhalang")
        for move, count in seen.moves:
            there = "" if move.to_name == move.name else f" → {move.to_name}"
            click.echo(f"  {count:>5}  {move.name}{there}")
        for stays in seen.blocked:
            click.echo(f"  kasus {stays.case}: {stays.text_id}")
    if not found:
        click.echo("semua kasus yang berjalan sudah pada versi terbaru")


def _mapping(renamed: tuple[str, ...]) -> dict[str, str] | None:
    pairs = [text.partition("=") for text in renamed]
    for old, sign, new in pairs:
        if not (old and sign and new):
            raise InputError(
                "peta_tugas",
                f"“{old}{sign}{new}” bukan pasangan tugas",
                f'"{old}{sign}{new}" is no pair of tasks',
                remedy_id="tulis --map LAMA=BARU",
                remedy_en="write --map OLD=NEW",
            )
    return {old: new for old, _, new in pairs} or None


def _of_case(file: Path, case: int, city: str | None, english: bool) -> str:
    """The case's own version with its marks; FILE must be the process the case runs in."""
    from ..services.casework.cases import case_page
    from ..services.reading import load_case

    source = _checked(file, None).source
    with acting(city) as context:
        runs_by = load_case(case).process.process
        if source is not None and source.id != runs_by:
            raise InputError(
                "proses_lain",
                f"kasus {case} berjalan menurut proses “{runs_by}”, bukan “{source.id}”",
                f'case {case} runs by the process "{runs_by}", not "{source.id}"',
                remedy_id=f"sebutkan workflows/{runs_by}/process.bpmn",
                remedy_en=f"name workflows/{runs_by}/process.bpmn",
            )
        return case_page(context, case, "en" if english else "id").picture


def _of_file(file: Path, english: bool) -> str:
    checked = _checked(file, None)
    if checked.source is None or not checked.source.drawing.shapes:
        first = checked.errors[0]
        raise FindingsError(
            "gambar_tidak_ada",
            first.text_id,
            first.text_en,
            place=first.place,
            remedy_id=first.remedy_id,
            remedy_en=first.remedy_en,
        )
    return draw(checked.source, language="en" if english else "id")


def _write(svg: str, output: Path | None) -> None:
    if output is None:
        click.echo(svg, nl=False)
        return
    write_file(output, svg, folders=True)
    note(str(output))


def _checked(file: Path, rules: Path | None) -> CheckedProcess:
    from ..services.operations import LETTERS, OPERATIONS

    checked = check_path(file, tuple(OPERATIONS), None, tuple(LETTERS))
    folder = rules or (_rules_beside(file) if checked.names_decisions else None)
    if folder is None:
        return checked
    from ..policy import load_policy

    return check_path(file, tuple(OPERATIONS), tuple(load_policy(folder).decisions), tuple(LETTERS))


def _rules_beside(file: Path) -> Path | None:
    """The rules that a process is meant for: the city's release, else rules/ here or beside workflows/; never a guess."""
    if find_city(None) is not None:
        return rules_folder(None)
    folder = file if file.is_dir() else file.parent
    near = (Path("rules"), folder.absolute().parent.parent / "rules")
    return next((rules for rules in near if (rules / "vocabulary.yaml").is_file()), None)


def _summary(checked: CheckedProcess, english: bool) -> str:
    errors, notices = len(checked.errors), len(checked.diagnostics) - len(checked.errors)
    if english:
        said = "no errors" if not errors else "1 error" if errors == 1 else f"{errors} errors"
        return f"{said}, {notices} notice{'' if notices == 1 else 's'}"
    return f"{errors} galat, {notices} catatan" if errors else f"tidak ada galat, {notices} catatan"
