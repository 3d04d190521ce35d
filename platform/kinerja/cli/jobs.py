"""`kinerja jobs list|show|resume`: work on many cases, how far it is, and going on with it."""

from __future__ import annotations

import click

from ..core.indonesian import number
from ..services.batches import JobView
from ..services.cycles import joblist, rehearsal
from .acting import acting, as_option
from .common import city_option, emit, guarded, json_option, note
from .task import show_receipt

STATES = {"running": "berjalan", "stopped": "terhenti", "done": "selesai", "undone": "dibatalkan"}


@click.group()
def jobs() -> None:
    """Work on many cases at once: list it, look at one, go on with one that was cut off."""


@jobs.command("list")
@as_option
@city_option
@json_option
@guarded
def list_jobs(account: str, city: str | None, as_json: bool) -> None:
    """The jobs of the city, the newest first."""
    with acting(city, account) as context:
        found = joblist.jobs(context)
    if as_json:
        emit([_row(one) for one in found])
        return
    for one in found:
        click.echo(_line(one))
    if not found:
        click.echo("belum ada pekerjaan")


@jobs.command()
@click.argument("job_id", metavar="ID", type=int)
@as_option
@city_option
@json_option
@guarded
def show(job_id: int, account: str, city: str | None, as_json: bool) -> None:
    """A job, with the parts of it that were refused or are held, and why."""
    with acting(city, account) as context:
        one, parts = joblist.job(context, job_id)
    if as_json:
        emit(_row(one) | {"parts": [{"subject": p.subject, "state": p.state, "id": p.note_id, "en": p.note_en} for p in parts]})
        return
    click.echo(_line(one))
    if one.trouble:
        click.echo(f"  terhenti: {one.trouble['text']['id']}")
    for part in parts:
        click.echo(f"  {part.subject}: {part.note_id}")


@jobs.command()
@click.argument("job_id", metavar="ID", type=int)
@as_option
@city_option
@json_option
@guarded
def resume(job_id: int, account: str, city: str | None, as_json: bool) -> None:
    """Go on with a job that was cut off or stopped, to its end."""
    with acting(city, account) as context:
        receipt = joblist.resume(context, job_id, progress=tell)
    if receipt is not None:
        show_receipt(receipt, as_json)


@jobs.command(hidden=True)
@click.argument("job_id", metavar="ID", type=int)
@city_option
@guarded
def play(job_id: int, city: str | None) -> None:
    """Play a rehearsal that was asked for in the console; what a served city starts by itself."""
    with acting(city) as context:
        rehearsal.play(context.city, job_id, lambda month: note(f"  {month}"))


def tell(done: int, total: int) -> None:
    """Progress on stderr."""
    note(f"  {done}/{total}")


def _line(one: JobView) -> str:
    left = f", sisa {number(one.left)}" if one.left else ""
    counts = f"{number(one.done)} selesai, {number(one.held)} tertahan, {number(one.refused)} tidak dapat{left}"
    return f"{one.id:>5}  {one.title} ({STATES[one.state]}, {one.percent} %): {counts}"


def _row(one: JobView) -> dict[str, object]:
    names = ("id", "kind", "subject", "title", "state", "total", "done", "held", "refused", "left", "percent", "actor", "trouble")
    return {name: getattr(one, name) for name in names} | {"started_at": one.started_at, "finished_at": one.finished_at}
