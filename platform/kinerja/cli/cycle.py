"""`kinerja cycle open|status`: evaluation cycles."""

from __future__ import annotations

import click

from ..core.periods import Period, parse_date
from ..services import cycle as cycles
from ..services.planning import Selection
from .acting import acting, as_option
from .common import city_option, emit, guarded, json_option, note
from .task import show_receipt


@click.group()
def cycle() -> None:
    """Evaluation cycles: open one (preview first), see where one stands."""


@cycle.command("open")
@click.argument("code")
@click.option("--title", required=True, help='As letters print it, "Semester I Tahun 2026".')
@click.option("--from", "first", required=True, metavar="DATE")
@click.option("--to", "last", required=True, metavar="DATE")
@click.option("--template", default="tahunan", show_default=True, type=click.Choice(cycles.TEMPLATES))
@click.option("--unit", "units", multiple=True, metavar="CODE", help="Only this agency or unit and all below it; repeatable.")
@click.option("--preview", is_flag=True, help="Only show what would happen, and whom it would leave out and why.")
@as_option
@city_option
@json_option
@guarded
def open_cycle(
    code: str,
    title: str,
    first: str,
    last: str,
    template: str,
    units: tuple[str, ...],
    preview: bool,
    account: str,
    city: str | None,
    as_json: bool,
) -> None:
    """Open a cycle: a case with its plan for everyone whom nothing hinders."""
    period, selection = Period(parse_date(first), parse_date(last)), Selection(units=units)
    with acting(city, account) as context:
        if not preview:
            show_receipt(
                cycles.open_cycle(context, code, title, period, template, selection, progress=lambda n, of: _tell(n, of)), as_json
            )
            return
        seen = cycles.preview(context, code, title, period, selection)
    if as_json:
        emit(
            {
                "ready": len(seen.ready),
                "refused": [
                    {"nip": plan.nip, "person": plan.person, "obstacles": [{"id": i, "en": e} for i, e in plan.obstacles]}
                    for plan in seen.refused
                ],
            }
        )
        return
    click.echo(f"{len(seen.ready)} pegawai siap, {len(seen.refused)} terhalang")
    for plan in seen.refused:
        click.echo(f"  {plan.person} ({plan.position}, {plan.unit}): {'; '.join(text for text, _ in plan.obstacles)}")


@cycle.command()
@click.argument("code", required=False)
@as_option
@city_option
@json_option
@guarded
def status(code: str | None, account: str, city: str | None, as_json: bool) -> None:
    """Where a cycle stands (default: all cycles)."""
    with acting(city, account) as context:
        found = [cycles.status(context, code)] if code else list(cycles.list_cycles(context))
    if as_json:
        emit(
            [
                {
                    "code": s.code,
                    "title": s.title,
                    "state": s.state,
                    "cases": s.cases,
                    "by_stage": dict(s.by_stage),
                    "by_rating": dict(s.by_rating),
                    "overdue": s.overdue,
                    "incidents": s.incidents,
                }
                for s in found
            ]
        )
        return
    for s in found:
        stages = ", ".join(f"{stage} {count}" for stage, count in s.by_stage.items())
        click.echo(f"{s.code}  {s.title} ({s.state}): {s.cases} kasus — {stages}; terlambat {s.overdue}, insiden {s.incidents}")


def _tell(done: int, total: int) -> None:
    if done % 500 == 0 or done == total:
        note(f"  {done}/{total} kasus")
