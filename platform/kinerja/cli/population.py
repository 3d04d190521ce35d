"""`kinerja population`: an invented population of any size."""

from __future__ import annotations

from pathlib import Path

import click

from ..core.indonesian import number
from ..policy import load_policy
from .common import emit, guarded, json_option, rules_folder, rules_option


@click.command()
@click.option("--cases", type=int, required=True, metavar="N", help="How many cases.")
@click.option("--seed", type=int, default=1, show_default=True, metavar="S", help="The same seed gives the same people.")
@click.option(
    "--out", "target", required=True, metavar="DIR", type=click.Path(path_type=Path, file_okay=False), help="Where the files go."
)
@click.option("--bad", type=int, default=0, show_default=True, metavar="PERCENT", help="Cases that have a fault.")
@click.option("--indicators", type=int, metavar="N", help="That many a case, instead of its standard's own.")
@click.option("--months", type=int, default=1, show_default=True, metavar="N", help="Rows of that many months for each employee.")
@rules_option
@json_option
@guarded
def population(
    cases: int, seed: int, target: Path, bad: int, indicators: int | None, months: int, rules: str | None, as_json: bool
) -> None:
    """Write kasus, indikator, penilaian and unit.parquet of invented people who follow the standards of the rules."""
    from ..bulk.population import population as invent

    found = invent(load_policy(rules_folder(rules)), cases, seed, target, bad=bad, indicators=indicators, months=months)
    if as_json:
        emit({"cases": found.cases, "items": found.items, "judgements": found.judgements, "files": list(found.files)})
        return
    click.echo(f"{number(found.cases)} kasus, {number(found.items)} indikator, {number(found.judgements)} penilaian")
    for file in found.files:
        click.echo(str(target / file))
