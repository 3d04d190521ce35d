"""`kinerja bulk`: the policy on a whole population."""

from __future__ import annotations

from pathlib import Path

import click

from ..core.indonesian import number
from ..policy import load_policy
from .asking import judgement_day
from .common import emit, existing_folder, guarded, json_option, note, on_option, rules_folder, rules_option


@click.command()
@click.argument("folder", metavar="DIR")
@click.option(
    "--out", "target", required=True, metavar="DIR", type=click.Path(path_type=Path, file_okay=False), help="Where the results go."
)
@click.option(
    "--engine",
    type=click.Choice(["auto", "numpy", "duckdb", "python"]),
    default="auto",
    show_default=True,
    help="numpy: in columns; duckdb: one SQL query; python: one case at a time; auto: the first that can.",
)
@on_option
@rules_option
@json_option
@guarded
def bulk(folder: str, target: Path, engine: str, on: str | None, rules: str | None, as_json: bool) -> None:
    """Take every case of DIR (kasus.parquet, indikator.parquet, penilaian.parquet) through the rules.

    Writes hasil.parquet, items.parquet and errors.parquet; a case that fails is in errors only.
    """
    from ..bulk import run

    report = run(load_policy(rules_folder(rules)), existing_folder(folder), target, engine=engine, on=judgement_day(on), note=note)
    if as_json:
        emit(report.as_json())
        return
    click.echo(f"{number(report.cases)} kasus: {number(report.answered)} terjawab, {number(report.failed)} gagal")
    for code, count in report.errors.items():
        click.echo(f"  {code}: {number(count)}")
    for file in report.files:
        click.echo(str(target / file))
