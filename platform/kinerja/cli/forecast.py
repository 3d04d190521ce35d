"""`kinerja forecast`: what a release was said to change when it was simulated, beside what its cycle decided."""

from __future__ import annotations

import click

from ..core.indonesian import number
from .acting import acting, as_option
from .common import city_option, emit, guarded, json_option


@click.command()
@click.argument("cycle", metavar="CYCLE")
@click.option("--english", is_flag=True, help="Sentences in English.")
@as_option
@city_option
@json_option
@guarded
def forecast(cycle: str, english: bool, account: str, city: str | None, as_json: bool) -> None:
    """Forecast against actual of a cycle: bands and money by agency, and why they differ."""
    from ..services.rulebook import forecast as looking_back

    with acting(city, account) as context:
        found = looking_back.actual(context, cycle)
    if as_json:
        emit(found.as_json())
        return
    for line in found.sentences("en" if english else "id"):
        click.echo(line)
    for one in found.agencies[1:]:
        reasons = ", ".join(f"{looking_back.REASONS[why][english]} {number(count)}" for why, count in one.reasons.items())
        click.echo(f"{one.agency}: {number(one.money[0])} → {number(one.money[1])}; {reasons}")
