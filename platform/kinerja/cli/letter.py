"""`kinerja letter list|issue|print`: the letters of a city."""

from __future__ import annotations

import click

from ..services.papers import issue as issuing
from ..services.papers import printing
from ..services.reading import load_cycle
from .acting import acting, as_option
from .common import city_option, emit, guarded, json_option
from .task import show_receipt


@click.group()
def letter() -> None:
    """Letters: what waits, issuing, printing."""


@letter.command()
@click.argument("cycle")
@as_option
@city_option
@json_option
@guarded
def waiting(cycle: str, account: str, city: str | None, as_json: bool) -> None:
    """Units whose cases wait for their Keputusan, and how many."""
    with acting(city, account) as context:
        counts = issuing.issuing_units(context, load_cycle(cycle).code)
    if as_json:
        emit(counts)
        return
    for unit, count in counts.items():
        click.echo(f"{unit}: {count}")
    if not counts:
        click.echo("tidak ada yang menunggu")


@letter.command()
@click.argument("cycle")
@click.argument("unit")
@as_option
@city_option
@json_option
@guarded
def issue(cycle: str, unit: str, account: str, city: str | None, as_json: bool) -> None:
    """Press Terbitkan for all cases of an issuing unit that wait for it."""
    with acting(city, account) as context:
        receipt = issuing.issue_unit(context, load_cycle(cycle).code, unit)
    show_receipt(receipt, as_json)


@letter.command("print")
@click.argument("letter_id", metavar="ID", type=int)
@as_option
@city_option
@guarded
def print_letter(letter_id: int, account: str, city: str | None) -> None:
    """Print a letter (once; later calls bring the same bytes) and tell where it lies."""
    with acting(city, account) as context:
        click.echo(printing.letter_file(context, letter_id))
