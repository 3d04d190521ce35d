"""`kinerja calendar`: deadlines in the city's working days."""

from __future__ import annotations

from pathlib import Path

import click

from ..core.periods import parse_date
from ..process import Calendar, load_calendar
from ..settings import find_city, shipped
from .common import city_option, guarded, note


@click.group()
def calendar() -> None:
    """Working days, holidays and deadlines."""


@calendar.command()
@click.argument("day", metavar="DATE")
@click.option("--working-days", "days", type=int, required=True, metavar="N", help="Length of the period in working days.")
@city_option
@guarded
def deadline(day: str, days: int, city: str | None) -> None:
    """Print the date on which a period of N working days after DATE (day 0) ends.

    A year whose holidays are an estimate is told on stderr; a year without a file is an error that names it.
    """
    known, start = _calendar(city), parse_date(day)
    end = known.deadline(start, days)
    click.echo(end.isoformat())
    for year, why in sorted(known.estimated.items()):
        if start.year <= year <= end.year:
            note(f"perkiraan: {year}: {why}")


def _calendar(city: str | None) -> Calendar:
    """The calendar of the city, else of ./config, else the shipped one."""
    folder = find_city(city)
    places = [folder / "config"] if folder else [Path("config")]
    own = next((place / "calendars" for place in places if (place / "calendars").is_dir()), None)
    return load_calendar(own or shipped("config") / "calendars")
