"""`kinerja sheets`: rule files as one workbook, and back."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from ..policy import Diagnostic
from ..policy.sheets import Import, export_workbook, import_workbook, prepare_import
from .common import ENGLISH, emit, guarded, json_option, note


@click.group()
def sheets() -> None:
    """Rule files in a spreadsheet: export, import."""


@sheets.command("export")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.argument("target", type=click.Path(path_type=Path), metavar="FILE.xlsx")
@ENGLISH
@guarded
def export_command(folder: Path, target: Path, english: bool) -> None:
    """Write the rule files of DIR to FILE.xlsx, a sheet a file."""
    count = export_workbook(folder, target)
    note(f"{target}: {count} {'sheets' if english else 'lembar'}")


@sheets.command("import")
@click.argument("source", type=click.Path(path_type=Path), metavar="FILE.xlsx")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@ENGLISH
@json_option
@guarded
def import_command(source: Path, folder: Path, dry_run: bool, english: bool, as_json: bool) -> None:
    """Check FILE.xlsx, show what it changes in DIR, and write the files whose content differs. Errors write nothing."""
    finish_import(prepare_import(source, folder), folder, dry_run=dry_run, as_json=as_json, english=english)


def finish_import(
    prepared: Import,
    folder: Path,
    *,
    dry_run: bool,
    as_json: bool,
    english: bool = False,
    refused: Sequence[Diagnostic] = (),
    stop: bool = False,
) -> None:
    """Show what an import would change, ask where somebody can answer, and write it; exit status 1 on errors.

    refused: what of the source is not taken over; stop: that keeps the rest from being written.
    """
    language = "en" if english else "id"
    if as_json:
        emit(_document(prepared, folder, refused))
    else:
        for found in refused:
            click.echo(found.line(language))
        for change in prepared.changes:
            click.echo(change.line(language))
        for found in prepared.errors(folder):
            click.echo(found.line(language))
    if prepared.report.errors or stop:
        note("there are errors; nothing is written" if english else "ada galat; tidak ada yang ditulis")
        raise SystemExit(1)
    written, removed = len(prepared.written), len(prepared.removed)
    note(f"{written} files change, {removed} are removed" if english else f"{written} berkas berubah, {removed} dihapus")
    asked = sys.stdin.isatty() and folder.is_dir() and bool(prepared.written or prepared.removed) and not as_json
    if dry_run or (asked and not click.confirm("Write these changes?" if english else "Tulis perubahan ini?")):
        return
    import_workbook(prepared, folder)


def _document(prepared: Import, folder: Path, refused: Sequence[Diagnostic]) -> dict[str, object]:
    return {
        "fingerprint": prepared.report.policy.fingerprint if prepared.report.policy else None,
        "changes": [change.as_json() for change in prepared.changes],
        "diagnostics": [found.as_json() for found in (*refused, *prepared.errors(folder))],
        "written": sorted(prepared.written),
        "removed": list(prepared.removed),
    }
