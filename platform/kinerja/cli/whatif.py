"""`kinerja whatif`: the smallest changes that lift a case."""

from __future__ import annotations

import click

from ..engine.wording import value_id
from .asking import judgement_day, open_engine, read_document, standing_at
from .common import emit, guarded, json_option, on_option, rules_option


@click.command()
@click.argument("facts")
@click.option("--goal", metavar="PREDIKAT", help="The rating to reach (default: the next one).")
@click.option("--open", "open_items", metavar="KODE", multiple=True, help="An indicator that may still change (default: all).")
@on_option
@rules_option
@json_option
@guarded
def whatif(facts: str, goal: str | None, open_items: tuple[str, ...], on: str | None, rules: str | None, as_json: bool) -> None:
    """What lifts the case FACTS.json (or - for standard input) to its next rating, and the margin of today's."""
    document = read_document(facts)
    with open_engine(rules) as engine, standing_at(facts):
        found = engine.whatif(document, goal, on=judgement_day(on), open_items=open_items or None)
    if as_json:
        emit(found.as_json())
        return
    click.echo(f"Predikat sekarang: {found.now}")
    click.echo(found.text_id)
    for one in found.alternatives:
        click.echo(f"Atau: {one.text_id}.")
    if found.margin is not None:
        click.echo(f"Jarak ke batas bawah rating sekarang: {value_id(found.margin)}")
