"""`kinerja training …`: events, attendance, acknowledgements, questions, and where uptake lags."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from ..core.indonesian import long_date
from ..services.openness import questions as asking
from ..services.openness import training as events
from ..services.openness import uptake
from .acting import acting, as_option
from .common import city_option, emit, guarded, json_option
from .task import show_receipt


@click.group()
def training() -> None:
    """Training and socialisation: who is invited, who came, what is read and asked, where uptake lags."""


@training.command("list")
@as_option
@city_option
@json_option
@guarded
def list_events(account: str, city: str | None, as_json: bool) -> None:
    """Events to come and past, and what was asked."""
    with acting(city, account) as context:
        found, asked = events.events(context), asking.questions(context)
    if as_json:
        emit({"events": [asdict(event) for event in found], "questions": [asdict(question) for question in asked]})
        return
    for event in found:
        came = "" if event.came is None else f"hadir {event.came} dari "
        state = f"{came}{event.invited} undangan" if event.past else f"diundang {event.invited}"
        state = "dibatalkan" if event.called_off else state
        click.echo(f"{event.id:>4}  {long_date(event.starts.date())} {event.starts:%H.%M}  {event.title} ({event.place}): {state}")
    for question in asked:
        click.echo(f"tanya {question.id}: {question.text}{f' ({question.asker})' if question.asker else ''}")
        click.echo(f"  {question.answer or 'belum dijawab'}")


@training.command()
@click.argument("title")
@click.option("--at", "at", required=True, metavar="'YYYY-MM-DD HH:MM'", help="Day and hour (WIB).")
@click.option("--place", required=True)
@click.option("--kind", default="sosialisasi", show_default=True)
@click.option("--material", default="")
@click.option(
    "--unit", "units", multiple=True, metavar="CODE", help="Invited units, with all below; repeatable. Default: the whole city."
)
@click.option("--role", "roles", multiple=True, help="Only holders of this role; repeatable.")
@as_option
@city_option
@json_option
@guarded
def create(
    title: str, at: str, place: str, kind: str, material: str, units: tuple[str, ...], roles: tuple[str, ...],
    account: str, city: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Plan an event; the invited are told."""
    with acting(city, account) as context:
        receipt = events.create(context, kind, title, events.moment(at), place, material, units, roles)
    show_receipt(receipt, as_json)


@training.command("call-off")
@click.argument("event", type=int)
@as_option
@city_option
@json_option
@guarded
def call_off(event: int, account: str, city: str | None, as_json: bool) -> None:
    """An event does not take place; the invited are told."""
    with acting(city, account) as context:
        show_receipt(events.call_off(context, event), as_json)


@training.command()
@click.argument("event", type=int)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_option
@city_option
@json_option
@guarded
def attendance(event: int, file: Path, account: str, city: str | None, as_json: bool) -> None:
    """Enter who came, from a list: a NIP a line, or a CSV with a column `nip`."""
    with acting(city, account) as context:
        nips = events.read_list(file.read_text("utf-8-sig"), file.name)
        show_receipt(events.record_attendance(context, event, nips, file.name), as_json)


@training.command()
@click.argument("subject")
@as_option
@city_option
@json_option
@guarded
def acknowledge(subject: str, account: str, city: str | None, as_json: bool) -> None:
    """Say that you have read and understood: event:ID, or release:FINGERPRINT of the rules in force."""
    with acting(city, account) as context:
        show_receipt(events.acknowledge(context, subject), as_json)


@training.command()
@click.argument("text")
@click.option("--event", "event", type=int)
@click.option("--unsigned", is_flag=True, help="Readers are not told who asks.")
@as_option
@city_option
@json_option
@guarded
def ask(text: str, event: int | None, unsigned: bool, account: str, city: str | None, as_json: bool) -> None:
    """Ask what everybody may read."""
    with acting(city, account) as context:
        show_receipt(asking.ask(context, text, event, unsigned), as_json)


@training.command()
@click.argument("question", type=int)
@click.argument("text")
@as_option
@city_option
@json_option
@guarded
def answer(question: int, text: str, account: str, city: str | None, as_json: bool) -> None:
    """Answer a question for everybody to read."""
    with acting(city, account) as context:
        show_receipt(asking.answer(context, question, text), as_json)


@training.command()
@as_option
@city_option
@json_option
@guarded
def adoption(account: str, city: str | None, as_json: bool) -> None:
    """Where uptake lags, by agency; small groups are hidden."""
    with acting(city, account) as context:
        found = uptake.adoption(context)
    if as_json:
        emit(asdict(found))
        return
    for line in (*([found.city] if found.city else []), *found.agencies):
        figures = f"membaca standar {line.read}, menyatakan paham {line.acknowledged}, hadir {line.attended}, bertanya {line.asked}"
        click.echo(f"{line.name or 'Kota'} ({line.people} orang): {figures}")
    if found.hidden:
        click.echo(f"tidak ditampilkan: {found.hidden} unit, {found.hidden_people} orang")
