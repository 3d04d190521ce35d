"""`kinerja peers ask|result`: the confidential survey of behaviour among peers and subordinates."""

from __future__ import annotations

import click

from ..core.errors import InputError
from ..core.indonesian import long_date
from ..services.casework import peers as surveys
from .acting import acting, as_option
from .common import city_option, emit, guarded, json_option
from .task import show_receipt


@click.group()
def peers() -> None:
    """Behaviour as peers and subordinates see it: asked by the records, answered without names, read as a whole."""


@peers.command()
@click.option("--case", "case_id", type=int, metavar="ID", help="One appraisal.")
@click.option("--cycle", metavar="CODE", help="Every open appraisal of this cycle in --unit.")
@click.option("--unit", metavar="CODE")
@as_option
@city_option
@json_option
@guarded
def ask(case_id: int | None, cycle: str | None, unit: str | None, account: str, city: str | None, as_json: bool) -> None:
    """Ask those who work with somebody; who that is follows from the organisation's records."""
    if (case_id is None) == (cycle is None or unit is None):
        raise InputError(
            "survei_tanpa_pokok", "sebutkan --case ID, atau --cycle dan --unit", "name --case ID, or --cycle with --unit"
        )
    with acting(city, account) as context:
        receipt = surveys.ask(context, case_id) if case_id is not None else surveys.ask_unit(context, str(cycle), str(unit))
    show_receipt(receipt, as_json)
    for name, reason in () if as_json else receipt.values.get("refused", ()):
        click.echo(f"  {name}: {reason}")


@peers.command()
@click.argument("case_id", metavar="CASE", type=int)
@as_option
@city_option
@json_option
@guarded
def result(case_id: int, account: str, city: str | None, as_json: bool) -> None:
    """The whole of the answers, once the survey is closed and enough have answered."""
    with acting(city, account) as context:
        found = surveys.survey(context, case_id)
    if as_json:
        emit(
            None
            if found is None
            else {
                "asked": found.asked,
                "answered": found.answered,
                "closed": found.closed,
                "shown": found.shown,
                "until": found.until,
                "sides": [
                    {
                        "side": side.side or None,
                        "answers": side.answers,
                        "aspects": {aspect.name: None if aspect.counts is None else dict(aspect.counts) for aspect in side.aspects},
                    }
                    for side in found.sides
                ],
                "comments": list(found.comments),
            }
        )
        return
    if found is None:
        click.echo("tidak ada survei untuk kasus ini")
        return
    click.echo(f"{found.answered} dari {found.asked} orang menjawab")
    if not found.shown:
        until = f" (paling lambat {long_date(found.until.date())})" if found.until else ""
        click.echo("terlalu sedikit jawaban untuk dibaca" if found.closed else f"gabungannya dibuka sesudah survei ditutup{until}")
    for side in found.sides:
        click.echo(side.side or "semua")
        for aspect in side.aspects:
            counts = "terlalu sedikit" if aspect.counts is None else ", ".join(f"{k} {n}" for k, n in sorted(aspect.counts.items()))
            click.echo(f"  {aspect.name}: {counts}")
    for comment in found.comments:
        click.echo(f"  “{comment}”")
