"""`kinerja dmn`: files of the DMN standard."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.exactjson import dumps
from .common import ENGLISH, emit, guarded, json_object, json_option, note

if TYPE_CHECKING:
    from ..core.errors import KinerjaError
    from ..policy import Policy


@click.group()
def dmn() -> None:
    """Berkas DMN (1.1–1.5) / files of the DMN standard."""


@dmn.command()
@click.argument("file", metavar="FILE.dmn")
@click.option("--input", "given", metavar="JSON|@FILE", help="The model's input data as a JSON object, or @ and a file.")
@click.option("--decision", metavar="NAME", help="Decision or decision service (default: the decisions that no other requires).")
@json_option
@guarded
def run(file: str, given: str | None, decision: str | None, as_json: bool) -> None:
    """Run FILE.dmn on inputs and print the value of its decisions; what became null on the way goes to stderr."""
    from ..dmn import explain_decision

    values, problems = explain_decision(Path(file), json_object(given, "--input"), decision)
    for problem in problems:
        note(f"{problem.element}: {problem.error.line('id')}")
    if as_json:
        emit(values)
        return
    for name, value in values.items():
        click.echo(f"{name}: {dumps(value)}")


@dmn.command("export")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.argument("target", type=click.Path(path_type=Path), metavar="FILE.dmn")
@ENGLISH
@guarded
def export_command(folder: Path, target: Path, english: bool) -> None:
    """Write the rule files of DIR as one DMN 1.3 model; what DMN cannot hold goes along as extensions."""
    from ..policy.dmnfile import export_model

    count = export_model(folder, target)
    note(f"{target}: {count} {'decisions' if english else 'keputusan'}")


@dmn.command("import")
@click.argument("source", type=click.Path(path_type=Path), metavar="FILE.dmn")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--partial", is_flag=True, help="Write what can be held of another tool's model, leaving out what is refused.")
@ENGLISH
@json_option
@guarded
def import_command(source: Path, folder: Path, dry_run: bool, partial: bool, english: bool, as_json: bool) -> None:
    """Make rule files in DIR of FILE.dmn (DMN 1.1-1.5 of any tool, or one that export wrote, changed since).

    Shows what it changes and what it cannot hold, then writes the files whose content differs. Errors write nothing.
    """
    from ..policy.dmnfile import is_own, prepare_foreign, prepare_import
    from .sheets import finish_import

    if is_own(source):
        finish_import(prepare_import(source, folder), folder, dry_run=dry_run, as_json=as_json, english=english)
        return
    foreign = prepare_foreign(source, folder, _beyond_the_engines)
    held, known = len(foreign.brought.places) - foreign.lost, foreign.elements
    note(f"{source}: {held} dari {known} keputusan dapat dipegang berkas aturan / {held} of {known} decisions can be held")
    finish_import(
        foreign.prepared, folder, dry_run=dry_run, as_json=as_json, english=english, refused=foreign.refused,
        stop=not (foreign.whole or partial),
    )  # fmt: skip


def _beyond_the_engines(policy: Policy) -> Mapping[str, KinerjaError]:
    from ..engine.integer import Program

    return Program(policy, None).refused()
