"""`kinerja case plan|monitor|note|dispute|decide|discipline`: an appraisal's plan, remarks and disputes; examination papers."""

from __future__ import annotations

from dataclasses import asdict

import click

from ..services.casework import discipline as papers
from ..services.casework import monitoring
from ..store.monitoring import NOTE_KINDS
from .acting import acting, as_option
from .common import city_option, emit, guarded, json_option
from .plan import plan
from .task import show_receipt


@click.group()
def case() -> None:
    """An appraisal while it runs: its plan; remarks, feedback; disputed actuals; papers where absences reach a band."""


case.add_command(plan)


@case.command()
@click.argument("case_id", metavar="CASE", type=int)
@as_option
@city_option
@json_option
@guarded
def monitor(case_id: int, account: str, city: str | None, as_json: bool) -> None:
    """Remarks and disputes of a case, and targets past their date without an actual."""
    with acting(city, account) as context:
        found = monitoring.monitoring(context, case_id)
    if as_json:
        emit(asdict(found) | {"expired": sorted(found.expired)})
        return
    for note in found.notes:
        about = f" {note.item}" if note.item else ""
        click.echo(f"{note.at:%Y-%m-%d} {note.author_name}, {note.kind.replace('_', ' ')}{about}: {note.text}")
    for one in found.disputes:
        click.echo(f"sanggahan {one.id} atas {one.item} ({one.state}): {one.reason}{' → ' + one.decision if one.decision else ''}")
    for code in sorted(found.expired):
        click.echo(f"{code}: lewat waktu tanpa realisasi")


@case.command()
@click.argument("case_id", metavar="CASE", type=int)
@click.argument("kind", type=click.Choice(NOTE_KINDS))
@click.argument("text")
@click.option("--item", default="", metavar="CODE", help="The indicator it is about.")
@click.option("--evidence", default="")
@as_option
@city_option
@json_option
@guarded
def note(case_id: int, kind: str, text: str, item: str, evidence: str, account: str, city: str | None, as_json: bool) -> None:
    """Write progress, feedback, coaching, a quarter review, or a word on the plan."""
    with acting(city, account) as context:
        show_receipt(monitoring.note(context, case_id, kind, text, item, evidence), as_json)


@case.command()
@click.argument("case_id", metavar="CASE", type=int)
@click.argument("item", metavar="CODE")
@click.option("--reason", required=True)
@as_option
@city_option
@json_option
@guarded
def dispute(case_id: int, item: str, reason: str, account: str, city: str | None, as_json: bool) -> None:
    """Say that the actual of an indicator is wrong: it is held, and used in no evaluation, until decided."""
    with acting(city, account) as context:
        show_receipt(monitoring.dispute(context, case_id, item, reason), as_json)


@case.command()
@click.argument("dispute_id", metavar="DISPUTE", type=int)
@click.option("--upheld/--dismissed", required=True)
@click.option("--reason", required=True)
@as_option
@city_option
@json_option
@guarded
def decide(dispute_id: int, upheld: bool, reason: str, account: str, city: str | None, as_json: bool) -> None:
    """Decide a dispute: upheld, the actual stays out; dismissed, it counts again."""
    with acting(city, account) as context:
        show_receipt(monitoring.decide_dispute(context, dispute_id, upheld, reason), as_json)


@case.command()
@click.argument("case_id", metavar="CASE", type=int)
@as_option
@city_option
@json_option
@guarded
def discipline(case_id: int, account: str, city: str | None, as_json: bool) -> None:
    """Begin the papers that propose an examination of an employee's absences; HR then does the task. It imposes nothing."""
    with acting(city, account) as context:
        show_receipt(papers.begin(context, case_id), as_json)
