"""`kinerja whatif`: the smallest changes that lift a case."""

from __future__ import annotations

import click

from ..engine.wording import value_en, value_id
from .asking import judgement_day, open_engine, read_document, standing_at
from .common import emit, guarded, json_option, on_option, rules_option


@click.command()
@click.argument("facts")
@click.option("--goal", metavar="PREDIKAT", help="The rating to reach (default: the next one).")
@click.option("--open", "open_items", metavar="KODE", multiple=True, help="An indicator that may still change (default: all).")
@click.option("--english", is_flag=True, help="Sentences in English.")
@on_option
@rules_option
@json_option
@guarded
def whatif(
    facts: str, goal: str | None, open_items: tuple[str, ...], english: bool, on: str | None, rules: str | None, as_json: bool
) -> None:
    """What lifts the case FACTS.json (or - for standard input) to its next rating, and the margin of today's."""
    document = read_document(facts)
    with open_engine(rules) as engine, standing_at(facts):
        found = engine.whatif(document, goal, on=judgement_day(on), open_items=open_items or None)
    if as_json:
        emit(found.as_json())
        return
    click.echo(f"Rating now: {found.now}" if english else f"Predikat sekarang: {found.now}")
    click.echo(found.text_en if english else found.text_id)
    for one in found.alternatives:
        click.echo(f"Or: {one.text_en}." if english else f"Atau: {one.text_id}.")
    if found.margin is not None:
        click.echo(
            f"Above the floor of today's rating by: {value_en(found.margin)}"
            if english
            else f"Jarak ke batas bawah rating sekarang: {value_id(found.margin)}"
        )
