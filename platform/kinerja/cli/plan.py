"""`kinerja case plan`: the plan of an appraisal, as it is agreed and was talked about."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from ..core.indonesian import long_date, number
from ..services.casework import plans
from ..services.views import ItemView, PlanView
from .acting import acting, as_option
from .common import city_option, emit, guarded, json_option


@click.command()
@click.argument("case_id", metavar="CASE", type=int)
@as_option
@city_option
@json_option
@guarded
def plan(case_id: int, account: str, city: str | None, as_json: bool) -> None:
    """The plan of a case: indicators, expected behaviour, who read and agreed what and when, what was said about it."""
    with acting(city, account) as context:
        found = plans.plan_of(context, case_id)
    if as_json:
        emit(document(found))
        return
    for item in found.items:
        click.echo(f"{item.code}  {item.label_id}: target {target_text(item)}, bobot {number(item.weight)} %")
    for one in found.expectations:
        click.echo(f"perilaku {one.label_id}: {one.text}")
    if found.understood:
        click.echo(f"standar dibaca dan dipahami: {found.understood[0]}, {long_date(found.understood[1].date())}")
    for version in found.versions:
        answer = f"; {version.state} oleh {version.answered_name}" if version.answered_at else f"; {version.state}"
        click.echo(f"versi {version.number}: diajukan {version.proposed_name}, {long_date(version.proposed_at.date())}{answer}")
    for said in found.talk:
        click.echo(f"{said.at:%Y-%m-%d} {said.author_name}{' ' + said.item if said.item else ''}: {said.text}")


def target_text(item: ItemView) -> str:
    high = f"–{number(item.target_high)}" if item.target_high is not None else ""
    return f"{number(item.target)}{high} {item.unit}".strip()


def document(found: PlanView) -> dict[str, Any]:
    """The plan as one JSON object."""
    return {
        "case": found.case,
        "agreed": found.agreed,
        "indikator": [
            {
                "kode": i.code, "label": i.label_id, "target": i.target, "target_atas": i.target_high, "bobot": i.weight,
                "satuan": i.unit,
            }
            for i in found.items
        ],
        "ekspektasi": [{"nilai": e.value, "label": e.label_id, "ekspektasi": e.text, "khusus": e.own} for e in found.expectations],
        "standar_dipahami": None if found.understood is None else {"oleh": found.understood[0], "at": found.understood[1]},
        "versi": [asdict(version) for version in found.versions],
        "dialog": [asdict(said) for said in found.talk],
    }  # fmt: skip
