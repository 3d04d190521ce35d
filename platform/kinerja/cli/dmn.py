"""`kinerja dmn`: files of the DMN standard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..core.exactjson import dumps, load, loads
from .common import emit, guarded, json_option, note


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

    values, problems = explain_decision(Path(file), _inputs(given), decision)
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
@guarded
def export_command(folder: Path, target: Path) -> None:
    """Write the rule files of DIR as one DMN 1.3 model; what DMN cannot hold goes along as extensions."""
    from ..policy.dmnfile import export_model

    count = export_model(folder, target)
    note(f"{target}: {count} keputusan")


@dmn.command("import")
@click.argument("source", type=click.Path(path_type=Path), metavar="FILE.dmn")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@json_option
@guarded
def import_command(source: Path, folder: Path, dry_run: bool, as_json: bool) -> None:
    """Check FILE.dmn, show what it changes in DIR, and write the files whose content differs. Errors write nothing."""
    from ..policy.dmnfile import prepare_import
    from .sheets import finish_import

    finish_import(prepare_import(source, folder), folder, dry_run=dry_run, as_json=as_json)


def _inputs(given: str | None) -> dict[str, Any]:
    if given is None:
        return {}
    value = load(Path(given[1:])) if given.startswith("@") else loads(given, file="--input")
    if not isinstance(value, dict):
        from .asking import not_an_object

        raise not_an_object(given[1:] if given.startswith("@") else "--input")
    return value
