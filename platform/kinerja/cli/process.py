"""`kinerja process`: check and draw BPMN files. Exit status 1 when a process has an error."""

from __future__ import annotations

from pathlib import Path

import click

from ..core.errors import FindingsError, InputError
from ..process import CheckedProcess, check_path
from ..process import picture as draw
from .common import emit, guarded, json_option, note


@click.group()
def process() -> None:
    """Process files (BPMN): check, draw."""


@process.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--rules", "rules", type=click.Path(path_type=Path), help="Also check decision names against this rules folder.")
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
@click.option("--en", "english", is_flag=True, help="English legend.")
@guarded
def picture(file: Path, output: Path | None, english: bool) -> None:
    """Draw the diagram of FILE as SVG."""
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
    svg = draw(checked.source, language="en" if english else "id")
    if output is None:
        click.echo(svg, nl=False)
        return
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(svg, "utf-8")
    except OSError as error:
        raise InputError(
            "berkas_tidak_tertulis",
            f"“{output}” tidak dapat ditulis ({error.strerror})",
            f'cannot write "{output}" ({error.strerror})',
        ) from error
    note(str(output))


def _checked(file: Path, rules: Path | None) -> CheckedProcess:
    from ..services.operations import OPERATIONS

    decisions = None
    if rules is not None:
        from ..policy import load_policy

        decisions = tuple(load_policy(rules).decisions)
    return check_path(file, tuple(OPERATIONS), decisions)


def _summary(checked: CheckedProcess, english: bool) -> str:
    errors, notices = len(checked.errors), len(checked.diagnostics) - len(checked.errors)
    if english:
        return f"{errors} errors, {notices} notices" if errors else f"no errors, {notices} notices"
    return f"{errors} galat, {notices} catatan" if errors else f"tidak ada galat, {notices} catatan"
